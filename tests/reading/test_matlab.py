"""MATLAB files of versions 4 to 7.3."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from scipy.io import savemat

from rnnstudio.core.errors import DataError
from rnnstudio.reading.formats.matlab import read_matlab

WAVE = np.sin(np.arange(300) / 9)


def write_matlab_7_3(file: Path, **arrays: Any) -> Path:
    """Write a file as MATLAB 7.3 does: with a header of 512 bytes and the axes in reverse order."""
    with h5py.File(file, "w", userblock_size=512) as store:
        for name, values in arrays.items():
            store.create_dataset(name, data=np.asarray(values).T).attrs["MATLAB_class"] = np.bytes_("double")
    with file.open("r+b") as stream:
        stream.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64")
    return file


@pytest.mark.parametrize("options", [{}, {"do_compression": True}, {"format": "4"}])
def test_numbers_are_read_as_they_were_written(tmp_path: Path, options: dict[str, Any]) -> None:
    savemat(tmp_path / "a.mat", {"wave": WAVE[:, None], "pair": np.eye(2), "text": "abc"}, **options)
    variables = read_matlab(tmp_path / "a.mat")
    assert set(variables.shapes) == {"wave", "pair"}
    np.testing.assert_array_equal(variables.load("wave")[:, 0], WAVE)
    assert "text (char" in variables.contents()


def test_matlab_7_3_is_read_with_its_axes_in_the_correct_order(tmp_path: Path) -> None:
    file = write_matlab_7_3(tmp_path / "a.mat", wave=WAVE[:, None], table=np.arange(6).reshape(3, 2))
    variables = read_matlab(file)
    np.testing.assert_array_equal(variables.load("wave"), WAVE[:, None])
    np.testing.assert_array_equal(variables.load("table"), [[0, 1], [2, 3], [4, 5]])


@pytest.mark.parametrize("rows", [-1, 2**31 - 1])
def test_impossible_sizes_are_refused_before_memory_is_allocated(tmp_path: Path, rows: int) -> None:
    (tmp_path / "a.mat").write_bytes(struct.pack("<5i", 0, rows, 1, 0, 2) + b"x\0" + bytes(80))
    with pytest.raises(DataError, match="cannot be read as a MATLAB file; it may be damaged"):
        read_matlab(tmp_path / "a.mat")
