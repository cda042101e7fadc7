"""NumPy's files: objects, truncated files and zip bombs are refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.reading.formats.numpy_files import read_member, read_npy, read_npz
from tests.samples import zip_of

WAVE = np.sin(np.arange(300) / 9)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_npz_files_are_read(tmp_path: Path, save: Any) -> None:
    save(tmp_path / "a.npz", x=np.arange(6).reshape(2, 3), y=np.array(["a"]))
    variables = read_npz(tmp_path / "a.npz")
    assert list(variables.shapes) == ["x"]
    np.testing.assert_array_equal(variables.load("x"), [[0, 1, 2], [3, 4, 5]])
    assert read_member(tmp_path / "a.npz", "y").tolist() == ["a"]
    assert "y (text)" in variables.contents()


def test_objects_are_refused_without_unpickling_them(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([1, "a"], object))
    with pytest.raises(DataError, match=r"a.npy must contain real numbers; received an array of objects"):
        read_npy(tmp_path / "a.npy")
    np.savez(tmp_path / "a.npz", objects=np.array([1, "a"], object), wave=WAVE)
    assert list(read_npz(tmp_path / "a.npz").shapes) == ["wave"]
    with pytest.raises(
        DataError, match=r"objects in a.npz must contain numbers, text or dates; received an array of objects"
    ):
        read_member(tmp_path / "a.npz", "objects")


@pytest.mark.parametrize("length", [9, 2**31 * 9])
def test_headers_that_declare_too_many_values_are_refused_before_memory_is_allocated(
    tmp_path: Path, length: int
) -> None:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f8", "fortran_order": False, "shape": (length,)})
    (tmp_path / "a.npy").write_bytes(stream.getvalue())
    with pytest.raises(DataError, match=r"a.npy.*(is truncated|at most)"):
        read_npy(tmp_path / "a.npy")
    (tmp_path / "a.npz").write_bytes(zip_of({"x.npy": stream.getvalue()}))
    with pytest.raises(DataError, match=r"a.npz.*(may be damaged|at most)"):
        read_npz(tmp_path / "a.npz").load("x")


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bomb.npz"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("x.npy", bytes(8_000_000))
    with pytest.raises(DataError, match=r"bomb.npz declares a larger size than it can unpack to"):
        read_npz(file)


def test_small_files_that_unpack_to_much_are_refused(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "zeros.npz", x=np.zeros(120_000_000, np.uint8))
    with pytest.raises(
        DataError, match=r"zeros.npz was not read: a file of 116.9 kB may .* 67.1 MB in memory; its arrays"
    ):
        read_npz(tmp_path / "zeros.npz")
    np.savez_compressed(tmp_path / "small.npz", x=np.zeros(50_000_000, np.uint8), y=np.zeros(1_000_000))
    small = read_npz(tmp_path / "small.npz")
    assert small.load("y").shape == (1_000_000,)
    with pytest.raises(DataError, match=r"x in small.npz .* array of the shape 50000000 would take 400.0 MB"):
        small.load("x")


def test_a_matrix_that_is_declared_too_large_is_refused_before_its_columns_are_named(tmp_path: Path) -> None:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f4", "fortran_order": False, "shape": (2**32, 2**32)})
    wave = io.BytesIO()
    np.save(wave, WAVE)
    (tmp_path / "a.npz").write_bytes(zip_of({"x.npy": stream.getvalue(), "wave.npy": wave.getvalue()}))
    with pytest.raises(DataError, match=r"x in a.npz was not read: .* at most 67.1 MB in memory; .* 4294967296 x"):
        read_npz(tmp_path / "a.npz").series("x")
    assert read_npz(tmp_path / "a.npz").series("wave")[1] == "wave"
