"""Whatever was written is read as it was; whatever the bytes, an array or a sentence comes of them, soon."""

from __future__ import annotations

import pickle
import sys
from functools import cache
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.io import savemat, wavfile

from rnnstudio.core.errors import DataError, RnnStudioError, SettingError
from rnnstudio.core.missing import impute_series
from rnnstudio.core.splitting import split_sequences
from rnnstudio.reading.files import pickled, read_file
from rnnstudio.reading.matlab import read_matlab
from rnnstudio.reading.numpy_files import read_npy, read_npz
from rnnstudio.reading.ts_file import read_ts
from tests.samples import KINDS

FINITE = st.floats(-(2.0**99), 2.0**99, width=32)
NAMES = st.from_regex(r"[a-z]\w{0,20}", fullmatch=True, alphabet=st.characters(max_codepoint=122))
DTYPES = st.sampled_from(["<f8", ">f8", "<f4", "i1", "<i2", ">i4", "<i8", "u1", "<u2", "<u8"]).map(np.dtype)
NUMBERS = DTYPES.flatmap(lambda kind: arrays(kind, array_shapes(min_dims=1, max_dims=3, max_side=6)))
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
many = settings(max_examples=150, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture])


def same(found: Any, wanted: Any) -> bool:
    return found.dtype.kind == wanted.dtype.kind and np.array_equal(found, wanted, equal_nan=wanted.dtype.kind == "f")


@given(NUMBERS, st.booleans())
@quick
def test_numpy_files_give_the_same_arrays(tmp_path: Path, values: Any, packed: bool) -> None:
    np.save(tmp_path / "a.npy", values)
    assert same(read_npy(tmp_path / "a.npy").load("value"), values)
    (np.savez_compressed if packed else np.savez)(tmp_path / "a.npz", these=values)
    assert same(read_npz(tmp_path / "a.npz").load("these"), values)


@given(st.dictionaries(NAMES, NUMBERS, min_size=1, max_size=4), st.booleans())
@quick
def test_matlab_files_give_the_same_arrays(tmp_path: Path, values: dict[str, Any], packed: bool) -> None:
    savemat(tmp_path / "a.mat", values, do_compression=packed, oned_as="column")
    found = read_matlab(tmp_path / "a.mat")
    assert set(found.shapes) == set(values)
    for name, wanted in values.items():
        assert same(found.load(name), wanted[:, None] if wanted.ndim == 1 else wanted)


@given(arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=8)), st.sampled_from([None, "gzip", "lzf"]))
@quick
def test_matlab_7_3_gives_the_same_arrays(tmp_path: Path, values: Any, packing: str | None) -> None:
    with h5py.File(tmp_path / "a.mat", "w", userblock_size=512) as store:
        store.create_dataset("wave", data=values.T, compression=packing)
    with (tmp_path / "a.mat").open("r+b") as stream:
        stream.write(b"MATLAB 7.3 MAT-file")
    assert same(read_matlab(tmp_path / "a.mat").load("wave"), values)


@given(
    st.sampled_from([np.uint8, np.int16, np.int32, np.float32, np.float64]),
    st.integers(3, 40),
    st.integers(1, 2),
    st.integers(1, 192_000),
    st.randoms(use_true_random=False),
)
@quick
def test_sounds_give_the_same_samples(
    tmp_path: Path, kind: Any, samples: int, channels: int, rate: int, random: Any
) -> None:
    values = np.array([random.uniform(-1, 1) for _ in range(samples * channels)]).reshape(samples, channels)
    full = 1.0 if kind in (np.float32, np.float64) else float(np.iinfo(kind).max // (2 if kind is np.uint8 else 1))
    offset = 128 if kind is np.uint8 else 0
    wavfile.write(tmp_path / "a.wav", rate, (values * full + offset).astype(kind))
    table = read_file(tmp_path / "a.wav")
    assert table.rate == rate
    np.testing.assert_allclose(table.numbers(table.columns), values, atol=0.02 if kind is np.uint8 else 1e-4)


@given(st.lists(st.tuples(FINITE, FINITE), min_size=1, max_size=20), st.sampled_from([".xlsx", ".parquet", ".csv"]))
@quick
def test_tables_give_the_same_numbers(tmp_path: Path, rows: Any, ending: str) -> None:
    file, frame = tmp_path / f"a{ending}", pd.DataFrame(rows, columns=["first", "second"])
    if ending == ".parquet":
        frame.to_parquet(file)
    else:
        (frame.to_excel if ending == ".xlsx" else frame.to_csv)(file, index=False)
    table = read_file(file)
    assert table.columns == ["first", "second"]
    np.testing.assert_array_equal(table.numbers(table.columns), frame.to_numpy(np.float32))


SEQUENCES = st.integers(1, 3).flatmap(
    lambda width: st.lists(
        st.tuples(
            st.integers(1, 6).flatmap(lambda n: arrays(np.float64, (n, width), elements=FINITE | st.just(np.nan))),
            st.sampled_from(["up", "down"]),
        ),
        min_size=1,
        max_size=6,
    )
)


@given(SEQUENCES, st.sampled_from(["?", "NaN"]))
@quick
def test_ucr_files_give_the_same_sequences(tmp_path: Path, sequences: Any, gap: str) -> None:
    lines = ["@dimensions " + str(sequences[0][0].shape[1]), "@classLabel true up down", "@data"]
    for values, label in sequences:
        dimensions = [",".join(gap if np.isnan(v) else repr(float(v)) for v in column) for column in values.T]
        lines.append(":".join([*dimensions, label]))
    (tmp_path / "a.ts").write_text("\n".join(lines))
    found = read_ts(tmp_path / "a.ts")
    assert found.labels == [label for _, label in sequences]
    for ours, (theirs, _) in zip(found.sequences, sequences, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@cache
def samples(kind: str) -> list[bytes]:
    """Return the valid files of a kind, always the same: some formats write the time into them."""
    return KINDS[kind].samples()


@st.composite
def spoiled(draw: st.DrawFn, kind: str) -> bytes:
    """Return a valid file of this kind with some of its bytes changed, taken out, put in or cut off."""
    raw = bytearray(draw(st.sampled_from(samples(kind))))
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, max(0, len(raw) - 1)))
        some = draw(st.binary(max_size=8) | st.sampled_from([b"\xff" * 4, b"\0" * 8, b"\x7f\xff\xff\xff", b"9" * 9]))
        match draw(st.sampled_from(["change", "change", "insert", "remove", "cut", "repeat"])):
            case "change":
                raw[place : place + len(some)] = some
            case "insert":
                raw[place:place] = some
            case "remove":
                del raw[place : place + draw(st.integers(1, 40))]
            case "cut":
                del raw[max(1, place) :]
            case _:
                raw[place:place] = raw[place : place + 30]
    return bytes(raw)


@pytest.fixture
def opened() -> Any:
    """Files opened while a reader is at work."""
    found: list[str] = []
    _WATCHERS.append(found)
    yield found
    _WATCHERS.remove(found)


_WATCHERS: list[list[str]] = []


def _watch(event: str, args: Any) -> None:
    if _WATCHERS and event in ("open", "os.remove", "subprocess.Popen", "os.system"):
        for found in _WATCHERS:
            found.append(f"{event} {args[0]} {args[1] if len(args) > 1 else ''}")


sys.addaudithook(_watch)


@pytest.mark.parametrize("kind", KINDS)
def test_valid_files_are_read(tmp_path: Path, kind: str) -> None:
    for i, raw in enumerate(KINDS[kind].samples()):
        file = tmp_path / f"a{i}{KINDS[kind].ending}"
        file.write_bytes(raw)
        KINDS[kind].read(file)


@pytest.mark.parametrize("kind", KINDS)
@given(choices=st.data())
@many
def test_a_spoiled_file_is_read_or_refused_in_a_sentence(
    tmp_path: Path, opened: list[str], kind: str, choices: st.DataObject
) -> None:
    file = tmp_path / f"a{KINDS[kind].ending}"
    file.write_bytes(choices.draw(spoiled(kind)))
    del opened[:]
    try:
        KINDS[kind].read(file)
    except RnnStudioError as error:
        said = str(error)
        if not (0 < len(said) < 900 and said.rstrip("…").endswith((".", ")", "?"))):
            pytest.fail(f"no sentence: {said}")
    harmless = (str(tmp_path), "/lib/python", "site-packages")  # what is imported on the way
    assert not [entry for entry in opened if not any(place in entry for place in harmless)]


@given(arrays(np.float64, st.tuples(st.integers(1, 30), st.integers(1, 3)), elements=FINITE | st.just(np.nan)))
@quick
def test_mended_series_hold_no_gaps_and_keep_what_was_there(values: Any) -> None:
    for how in ("drop", "interpolate"):
        try:
            found = impute_series(values, how, lambda i, j: f"{i} {j}", "x")  # type: ignore[arg-type]
        except DataError:
            assert np.isnan(values).all(axis=0).any() or (how == "drop" and np.isnan(values).any(axis=1).all())
            continue
        assert not np.isnan(found.values).any()
        there = ~np.isnan(values[found.kept])
        np.testing.assert_array_equal(found.values[there], values[found.kept][there].astype(np.float32))
        assert bool(found.notes) == bool(np.isnan(values).any())


@given(
    st.lists(st.integers(0, 4), min_size=2, max_size=60),
    st.floats(0, 0.9),
    st.floats(0, 0.5),
    st.integers(0, 2**31 - 1),
    st.booleans(),
)
@quick
def test_parts_never_overlap_and_no_group_is_in_two(
    kinds: list[int], test: float, valid: float, seed: int, grouped: bool
) -> None:
    given_kinds = np.array(kinds, np.int32)
    options: dict[str, Any] = {"groups" if grouped else "classes": given_kinds}
    try:
        parts = split_sequences(len(kinds), seed, test_fraction=test, val_fraction=valid, **options)
    except SettingError:  # nothing would be left to train on
        return
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(kinds)))
    assert len(parts[0])
    if grouped:
        people = [set(given_kinds[part].tolist()) for part in parts]
        assert sum(map(len, people)) == len(set.union(*people))


@given(st.lists(arrays(np.float64, 3), min_size=1, max_size=3))
@quick
def test_pickled_arrays_are_variables(tmp_path: Path, values: Any) -> None:
    (tmp_path / "a.pkl").write_bytes(pickle.dumps({f"v{i}": v for i, v in enumerate(values)}))
    found = pickled(tmp_path / "a.pkl")
    assert all(same(found.load(f"v{i}"), v) for i, v in enumerate(values))
