"""Pickles: arrays are read from every protocol; anything that could run code is refused by its name, and not run."""

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

from rnnstudio.core.errors import DataError
from rnnstudio.reading.pickles import read_pickle

Write = Callable[[bytes], Path]
PROTOCOLS = range(6)

# as Python 2.7 with NumPy 1.16 writes np.array([1.0, -2.5, 3.0]) with protocol 2
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
    "a view": np.arange(10)[::2],
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


class Runs:
    """Leaves a mark when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.mark),)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_come_back_in_the_machines_own_byte_order(write: Write, name: str, protocol: int) -> None:
    array = ARRAYS[name]
    found = read_pickle(write(pickle.dumps(array, protocol)))
    assert found.dtype == array.dtype.newbyteorder("=")
    assert found.shape == array.shape
    np.testing.assert_array_equal(found, array)
    found[...] = found  # the caller's own, to be written to


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_lists_tuples_and_dicts_of_arrays_numbers_and_texts_come_back(write: Write, protocol: int) -> None:
    found = read_pickle(
        write(pickle.dumps({"signal": [np.arange(3), (np.float32(2.5), 1, None)], "rate": 12_000.0, 7: "x"}, protocol))
    )
    assert list(found) == ["signal", "rate", 7]
    np.testing.assert_array_equal(found["signal"][0], [0, 1, 2])
    assert found["signal"][1] == (2.5, 1, None)
    assert (found["rate"], found[7]) == (12_000.0, "x")


def test_a_pickle_of_python_2_is_read(write: Write) -> None:
    np.testing.assert_array_equal(read_pickle(write(PYTHON_2)), [1.0, -2.5, 3.0])


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_code_is_refused_by_its_name_and_not_run(write: Write, tmp_path: Path, protocol: int) -> None:
    mark = tmp_path / "ran"
    for thing in (Runs(mark), [np.arange(3), {"a": Runs(mark)}]):
        with pytest.raises(DataError, match=r"signal\.pkl asks for (posix|nt)\.mkdir, which may run code"):
            read_pickle(write(pickle.dumps(thing, protocol)))
    assert not mark.exists()


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("thing", "asked"),
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
def test_whatever_is_no_array_is_refused_by_its_name(write: Write, protocol: int, thing: object, asked: str) -> None:
    with pytest.raises(DataError, match=f"asks for {asked}"):
        read_pickle(write(pickle.dumps(thing, protocol)))


def test_an_object_of_a_class_is_refused_by_the_class_in_the_oldest_protocols_too(write: Write) -> None:
    error = type("Mine", (), {"__module__": __name__})
    globals()["Mine"] = error
    try:
        raw = pickle.dumps(error(), 0)
    finally:
        del globals()["Mine"]
    with pytest.raises(DataError, match=r"asks for .*test_pickles\.Mine"):
        read_pickle(write(raw))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("array", "what"),
    [
        (np.array([1, None], object), "objects"),
        (np.array([(1, 2.0)], "i4,f8"), "type"),
        (np.array(["2020-01-01"], "M8[D]"), "type"),
    ],
)
def test_arrays_that_are_no_plain_numbers_are_refused(write: Write, protocol: int, array: Any, what: str) -> None:
    with pytest.raises(DataError, match=f"holds an array of {what}"):
        read_pickle(write(pickle.dumps(array, protocol)))


def test_what_is_handed_out_cannot_be_changed_from_within_the_file(write: Write) -> None:
    changed = b"c_codecs\nencode\n(dS'__call__'\nI1\nsb."
    with pytest.raises(DataError, match="it changes what it calls"):
        read_pickle(write(changed))
    np.testing.assert_array_equal(read_pickle(write(pickle.dumps(np.arange(3), 0))), [0, 1, 2])


def bomb() -> bytes:
    """Lists of ten times the list before, thirty deep."""
    found: Any = [1.0]
    for _ in range(15):
        found = [found] * 10
    return pickle.dumps(found, 4)


def deep(opening: bytes, closing: bytes, end: bytes = b".") -> bytes:
    return opening * 200_000 + closing * 200_000 + end


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(bomb(), id="ten to the fifteenth numbers in a few bytes"),
        pytest.param(b"\x80\x05\x96" + struct.pack("<Q", 1 << 60) + b"x.", id="announces an exabyte"),
        pytest.param(b"\x80\x04\x8e" + struct.pack("<Q", 1 << 60) + b"x.", id="announces an exabyte of bytes"),
        pytest.param(deep(b"(", b"l"), id="lists two hundred thousand deep"),
        pytest.param(b"}" + b"N" + b"\x85" * 500_000 + b"Ns.", id="a key half a million deep"),
        pytest.param(b"]\x940h\x00h\x00a.", id="a list within itself"),
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
def test_damaged_and_hostile_pickles_are_refused_in_a_sentence(write: Write, raw: bytes) -> None:
    with pytest.raises(DataError, match=r"signal\.pkl") as caught:
        read_pickle(write(raw))
    assert len(str(caught.value)) < 900


@pytest.mark.timeout(20)
def test_a_memo_of_two_thousand_million_places_takes_no_room(write: Write) -> None:
    assert read_pickle(write(b"\x80\x02Nr\xff\xff\xff\x7f.")) is None


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no file"):
        read_pickle(tmp_path / "none.pkl")
    with pytest.raises(DataError, match="cannot be read"):
        read_pickle(tmp_path)
