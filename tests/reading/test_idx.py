"""IDX files, plain and compressed: all types are read, damaged files are refused."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.reading.formats.idx import read_idx


def idx(array: Any, type_code: int = 8) -> bytes:
    """Return an array as an IDX file."""
    shape = np.shape(array)
    return bytes([0, 0, type_code, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + np.asarray(array).tobytes()


VALID = idx(np.arange(12, dtype=np.uint8).reshape(3, 4))
VALID_GZIP = gzip.compress(VALID, mtime=0)  # without a time, because test workers must agree on the parameters below


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize(
    ("type_code", "dtype"), [(8, "u1"), (9, "i1"), (11, ">i2"), (12, ">i4"), (13, ">f4"), (14, ">f8")]
)
def test_every_type_is_read(tmp_path: Path, type_code: int, dtype: str, compressed: bool) -> None:
    array = np.arange(24).reshape(2, 3, 4).astype(dtype)
    content = idx(array, type_code)
    file = tmp_path / ("data-idx3.gz" if compressed else "data-idx3")
    file.write_bytes(gzip.compress(content) if compressed else content)
    result = read_idx(file)
    assert result.dtype == np.dtype(dtype).newbyteorder("=")
    np.testing.assert_array_equal(result, array)


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (VALID[:-1], "is truncated: 12 bytes are expected after its header; received 11"),
        (VALID + b"x", "is longer than its header declares"),
        (VALID[:9], "ends within its header"),
        (b"", "is not an IDX file"),
        (b"\0\0\x07\1" + VALID[4:], "is not an IDX file"),
        (b"\0\0\x08\0" + VALID[4:], "is not an IDX file"),
        (b"\0\0\x08\3" + struct.pack(">3I", 60_000, 28, 28), "more than a file of its size can contain|is truncated"),
        (b"\0\0\x08\3" + b"\xff" * 12, "more than a file of its size can contain"),
        (b"\0\0\x08\3" + bytes(4) + b"\xff" * 8, "more than a file of its size can contain"),
    ],
)
def test_damaged_files_are_refused(tmp_path: Path, content: bytes, message: str, compressed: bool) -> None:
    file = tmp_path / ("digits.gz" if compressed else "digits")
    file.write_bytes(gzip.compress(content) if compressed else content)
    with pytest.raises(DataError, match=f"{file.name} .*({message})"):
        read_idx(file)


def test_a_gzip_bomb_is_not_decompressed_beyond_its_header(tmp_path: Path) -> None:
    file = tmp_path / "digits.gz"
    file.write_bytes(gzip.compress(VALID + bytes(200_000_000)))
    with pytest.raises(DataError, match="longer than its header declares"):
        read_idx(file)


@pytest.mark.parametrize("content", [VALID_GZIP[:-8], VALID_GZIP[:-20], b"\x1f\x8b\x08nothing", VALID])
def test_damaged_gzip_files_are_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "digits.gz"
    file.write_bytes(content)
    with pytest.raises(DataError, match=r"digits\.gz is (damaged|truncated)"):
        read_idx(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no file"):
        read_idx(tmp_path / "none.gz")
