"""Files of every format give back the values they were written from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.io import savemat, wavfile

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.files import read_file
from rnnstudio.reading.formats.matlab import read_matlab
from rnnstudio.reading.formats.numpy_files import read_npy, read_npz
from rnnstudio.reading.formats.ts_file import read_ts

FINITE = st.floats(-(2.0**99), 2.0**99, width=32)
NAMES = st.from_regex(r"[a-z]\w{0,20}", fullmatch=True, alphabet=st.characters(max_codepoint=122))
DTYPES = st.sampled_from(["<f8", ">f8", "<f4", "i1", "<i2", ">i4", "<i8", "u1", "<u2", "<u8"]).map(np.dtype)
NUMBERS = DTYPES.flatmap(lambda dtype: arrays(dtype, array_shapes(min_dims=1, max_dims=3, max_side=6)))
few_examples = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def is_same(array: Any, expected: Any) -> bool:
    """Return whether two arrays have the same kind of type, shape and values."""
    is_float = expected.dtype.kind == "f"
    return array.dtype.kind == expected.dtype.kind and np.array_equal(array, expected, equal_nan=is_float)


@given(NUMBERS, st.booleans())
@few_examples
def test_numpy_files(tmp_path: Path, values: Any, compressed: bool) -> None:
    np.save(tmp_path / "a.npy", values)
    assert is_same(read_npy(tmp_path / "a.npy").load("value"), values)
    (np.savez_compressed if compressed else np.savez)(tmp_path / "a.npz", x=values)
    assert is_same(read_npz(tmp_path / "a.npz").load("x"), values)


@given(st.dictionaries(NAMES, NUMBERS, min_size=1, max_size=4), st.booleans())
@few_examples
def test_matlab_files(tmp_path: Path, values: dict[str, Any], compressed: bool) -> None:
    savemat(tmp_path / "a.mat", values, do_compression=compressed, oned_as="column")
    variables = read_matlab(tmp_path / "a.mat")
    assert set(variables.shapes) == set(values)
    for name, expected in values.items():
        assert is_same(variables.load(name), expected[:, None] if expected.ndim == 1 else expected)


@given(arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=8)), st.sampled_from([None, "gzip", "lzf"]))
@few_examples
def test_files_of_matlab_7_3(tmp_path: Path, values: Any, compression: str | None) -> None:
    with h5py.File(tmp_path / "a.mat", "w", userblock_size=512) as store:
        store.create_dataset("wave", data=values.T, compression=compression)
    with (tmp_path / "a.mat").open("r+b") as stream:
        stream.write(b"MATLAB 7.3 MAT-file")
    assert is_same(read_matlab(tmp_path / "a.mat").load("wave"), values)


@given(
    st.sampled_from([np.uint8, np.int16, np.int32, np.float32, np.float64]),
    st.integers(3, 40),
    st.integers(1, 2),
    st.integers(1, 192_000),
    st.randoms(use_true_random=False),
)
@few_examples
def test_sound_files(tmp_path: Path, dtype: Any, samples: int, channels: int, rate: int, random: Any) -> None:
    values = np.array([random.uniform(-1, 1) for _ in range(samples * channels)]).reshape(samples, channels)
    full_scale = 1.0
    if np.issubdtype(dtype, np.integer):
        full_scale = float(np.iinfo(dtype).max // (2 if dtype is np.uint8 else 1))
    offset = 128 if dtype is np.uint8 else 0
    wavfile.write(tmp_path / "a.wav", rate, (values * full_scale + offset).astype(dtype))
    table = read_file(tmp_path / "a.wav")
    assert table.rate == rate
    np.testing.assert_allclose(table.numbers(table.columns), values, atol=0.02 if dtype is np.uint8 else 1e-4)


@given(st.lists(st.tuples(FINITE, FINITE), min_size=1, max_size=20), st.sampled_from([".xlsx", ".parquet", ".csv"]))
@few_examples
def test_tables(tmp_path: Path, rows: Any, ending: str) -> None:
    file, frame = tmp_path / f"a{ending}", pd.DataFrame(rows, columns=["left", "right"])
    if ending == ".parquet":
        frame.to_parquet(file)
    else:
        (frame.to_excel if ending == ".xlsx" else frame.to_csv)(file, index=False)
    table = read_file(file, "", ReadOptions(missing_values=("none",)))  # 1e20 may be the code of a missing value
    assert table.columns == ["left", "right"]
    np.testing.assert_allclose(table.numbers(table.columns), frame, rtol=1e-15)  # workbooks have 16 digits


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
@few_examples
def test_ts_files(tmp_path: Path, sequences: Any, missing: str) -> None:
    lines = ["@dimensions " + str(sequences[0][0].shape[1]), "@classLabel true up down", "@data"]
    for values, label in sequences:
        dimensions = [",".join(missing if np.isnan(v) else repr(float(v)) for v in column) for column in values.T]
        lines.append(":".join([*dimensions, label]))
    (tmp_path / "a.ts").write_text("\n".join(lines))
    content = read_ts(tmp_path / "a.ts")
    assert content.labels == [label for _, label in sequences]
    for sequence, (expected, _) in zip(content.sequences, sequences, strict=True):
        np.testing.assert_array_equal(sequence, expected)
