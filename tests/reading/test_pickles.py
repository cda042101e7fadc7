"""Pickles: arrays of every protocol are read; names that could run code are refused, and the code is not run."""

from __future__ import annotations

import datetime
import os
import pickle
import struct
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from rnnstudio.core.errors import DataError
from rnnstudio.reading.formats.pickles import load_pickle, read_pickle

Write = Callable[[bytes], Path]
PROTOCOLS = range(6)

# np.array([1.0, -2.5, 3.0]) as written by Python 2.7 with NumPy 1.16 and protocol 2
PYTHON_2 = (
    b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85U\x01b\x87Rq\x03(K\x01K\x03\x85"
    b"cnumpy\ndtype\nq\x04U\x02f8K\x00K\x01\x87Rq\x05(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89U\x18"
    + struct.pack("<3d", 1.0, -2.5, 3.0)
    + b"tb."
)
ARRAYS = {
    "floats": np.linspace(-1, 1, 7),
    "fortran order": np.asfortranarray(np.arange(6, dtype=np.float32).reshape(2, 3)),
    "big endian": np.arange(5, dtype=">i4"),
    "view": np.arange(10)[::2],
    "no rows": np.empty((0, 3)),
    "no axes": np.array(2.5),
    "half precision": np.ones((2, 2), np.float16),
    "flags": np.array([True, False]),
    "complex": np.array([1 + 2j]),
    "text": np.array(["walking", "lying"]),
    "bytes": np.array([b"walking"]),
}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(raw: bytes) -> Path:
        file = tmp_path / "signal.pkl"
        file.write_bytes(raw)
        return file

    return to_file


class RunsCode:
    """Creates a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.folder),)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_are_read_in_native_byte_order(write: Write, name: str, protocol: int) -> None:
    array = ARRAYS[name]
    loaded = load_pickle(write(pickle.dumps(array, protocol)))
    assert loaded.dtype == array.dtype.newbyteorder("=")
    assert loaded.shape == array.shape
    np.testing.assert_array_equal(loaded, array)
    loaded[...] = loaded  # the array is writable


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_lists_tuples_and_dicts_of_arrays_numbers_and_text_are_read(write: Write, protocol: int) -> None:
    content = {"signal": [np.arange(3), (np.float32(2.5), 1, None)], "rate": 12_000.0, 7: "x"}
    loaded = load_pickle(write(pickle.dumps(content, protocol)))
    assert list(loaded) == ["signal", "rate", 7]
    np.testing.assert_array_equal(loaded["signal"][0], [0, 1, 2])
    assert loaded["signal"][1] == (2.5, 1, None)
    assert (loaded["rate"], loaded[7]) == (12_000.0, "x")


def test_a_pickle_of_python_2_is_read(write: Write) -> None:
    np.testing.assert_array_equal(load_pickle(write(PYTHON_2)), [1.0, -2.5, 3.0])


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_code_is_refused_by_name_and_not_run(write: Write, tmp_path: Path, protocol: int) -> None:
    folder = tmp_path / "created"
    for content in (RunsCode(folder), [np.arange(3), {"a": RunsCode(folder)}]):
        with pytest.raises(DataError, match=r"signal\.pkl was not read: it refers to (posix|nt)\.mkdir, which may run"):
            load_pickle(write(pickle.dumps(content, protocol)))
    assert not folder.exists()


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (datetime.date(2020, 1, 1), "datetime.date"),
        (OrderedDict(a=1), "collections.OrderedDict"),
        (np.ma.array([1]), "numpy.ma.core._mareconstruct"),
        (Path("x"), "pathlib"),
        (np.random.default_rng(0), "numpy.random"),
        (print, r"(builtins|__builtin__).print"),
        (np.frombuffer, r"numpy.*frombuffer"),
    ],
)
def test_other_objects_are_refused_by_name(write: Write, protocol: int, content: object, name: str) -> None:
    with pytest.raises(DataError, match=f"it refers to {name}"):
        load_pickle(write(pickle.dumps(content, protocol)))


def test_the_class_of_an_object_is_named_in_the_oldest_protocol_too(write: Write) -> None:
    own_class = type("OwnClass", (), {"__module__": __name__})
    globals()["OwnClass"] = own_class
    try:
        raw = pickle.dumps(own_class(), 0)
    finally:
        del globals()["OwnClass"]
    with pytest.raises(DataError, match=r"it refers to .*test_pickles\.OwnClass"):
        load_pickle(write(raw))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("array", "kind"),
    [
        (np.array([1, None], object), "objects"),
        (np.array([(1, 2.0)], "i4,f8"), "type"),
        (np.array(["2020-01-01"], "M8[D]"), "type"),
    ],
)
def test_arrays_of_other_types_are_refused(write: Write, protocol: int, array: Any, kind: str) -> None:
    with pytest.raises(DataError, match=f"received an array of {kind}"):
        load_pickle(write(pickle.dumps(array, protocol)))


def test_a_pickle_cannot_change_a_placeholder(write: Write) -> None:
    changes_call = b"c_codecs\nencode\n(dS'__call__'\nI1\nsb."
    with pytest.raises(DataError, match="it sets attributes of a function"):
        load_pickle(write(changes_call))
    np.testing.assert_array_equal(load_pickle(write(pickle.dumps(np.arange(3), 0))), [0, 1, 2])


def bomb() -> bytes:
    """Return a pickle of nested lists, 15 deep, each with ten references to the same list."""
    content: Any = [1.0]
    for _ in range(15):
        content = [content] * 10
    return pickle.dumps(content, 4)


def nested(opening: bytes, closing: bytes, end: bytes = b".") -> bytes:
    return opening * 200_000 + closing * 200_000 + end


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(bomb(), id="10 ** 15 numbers in a few bytes"),
        pytest.param(b"\x80\x05\x96" + struct.pack("<Q", 1 << 60) + b"x.", id="declares a bytearray of an exabyte"),
        pytest.param(b"\x80\x04\x8e" + struct.pack("<Q", 1 << 60) + b"x.", id="declares bytes of an exabyte"),
        pytest.param(nested(b"(", b"l"), id="200,000 nested lists"),
        pytest.param(b"}" + b"N" + b"\x85" * 500_000 + b"Ns.", id="a key of 500,000 nested tuples"),
        pytest.param(b"]\x940h\x00h\x00a.", id="a list that contains itself"),
        pytest.param(
            b"cnumpy.core.numeric\n_frombuffer\n(C\x08"
            + bytes(8)
            + b"cnumpy\ndtype\n(V\xb2f8\ntR(I1000000000\ntVC\ntR.",
            id="a shape larger than its values",
        ),
        pytest.param(b"\x80\x04\x8f.", id="a set"),
        pytest.param(b"not a pickle at all", id="text"),
        pytest.param(b"", id="empty"),
        pytest.param(pickle.dumps(np.arange(100))[:-50], id="truncated"),
        pytest.param(b"Pnumber\n.", id="a persistent object"),
        pytest.param(b"\x82\x01.", id="an extension"),
    ],
)
@pytest.mark.timeout(20)
def test_damaged_and_hostile_pickles_are_refused_with_a_short_message(write: Write, raw: bytes) -> None:
    with pytest.raises(DataError, match=r"signal\.pkl") as caught:
        load_pickle(write(raw))
    assert len(str(caught.value)) < 900


@pytest.mark.timeout(20)
def test_a_large_memo_index_allocates_no_memory(write: Write) -> None:
    assert load_pickle(write(b"\x80\x02Nr\xff\xff\xff\x7f.")) is None


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no file"):
        load_pickle(tmp_path / "none.pkl")
    with pytest.raises(DataError, match="cannot be read"):
        load_pickle(tmp_path)


NUMBERS = st.sampled_from(["<f8", ">f4", "<f2", "i1", ">i4", "<u8", "?", "<c8", "<U3", "S2"]).map(np.dtype)


@given(NUMBERS.flatmap(lambda kind: arrays(kind, array_shapes(min_dims=0, max_dims=4, min_side=0))), st.integers(0, 5))
@settings(max_examples=100, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_array_is_unchanged_after_pickling(tmp_path: Path, array: Any, protocol: int) -> None:
    file = tmp_path / "a.pkl"
    file.write_bytes(pickle.dumps(array, protocol))
    loaded = load_pickle(file)
    assert loaded.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(loaded, array)


@given(st.lists(arrays(np.float64, 3), min_size=1, max_size=3))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_arrays_of_a_dict_are_variables(tmp_path: Path, values: Any) -> None:
    file = tmp_path / "a.pkl"
    file.write_bytes(pickle.dumps({f"v{i}": array for i, array in enumerate(values)}))
    variables = read_pickle(file)
    for i, array in enumerate(values):
        loaded = variables.load(f"v{i}")
        assert loaded.dtype.kind == "f"
        np.testing.assert_array_equal(loaded, array)
