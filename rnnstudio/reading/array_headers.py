"""The headers of NumPy's arrays in files and archives: shape and type, before memory is allocated for the values."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from math import prod
from typing import IO, Any, NamedTuple

import numpy as np

from rnnstudio.core.byte_budget import ByteBudget, array_bytes
from rnnstudio.core.errors import DataError

MAX_DEFLATE_RATIO = 1100  # the deflate method compresses to 1/1032 at best
_MAX_MEMBERS = 10_000
_ZIP, _NPY = b"PK\x03\x04", b"\x93NUMPY"


class Header(NamedTuple):
    """What the header of a .npy file declares."""

    shape: tuple[int, ...]
    is_fortran: bool
    dtype: np.dtype[Any]


def read_header(stream: IO[bytes]) -> Header:
    """Return shape, order and type. The header is parsed as a literal, so no code is run.

    Raises:
        ValueError: It is damaged; other errors are possible too.
    """
    version = np.lib.format.read_magic(stream)
    readers: dict[tuple[int, int], Callable[[IO[bytes]], tuple[tuple[int, ...], bool, np.dtype[Any]]]] = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    if version not in readers:
        raise ValueError(f"unknown version {version[0]}.{version[1]}")
    header = Header(*readers[version](stream))
    if any(isinstance(n, bool) or n < 0 for n in header.shape):
        raise ValueError(f"invalid shape {header.shape}")
    return header


def check_header(name: str, header: Header, available: int, budget: ByteBudget) -> None:
    """Check size and completeness of an array before memory is allocated.

    Args:
        name: What messages name.
        header: Its header.
        available: The number of bytes after the header.
        budget: What the file may take in memory.

    Raises:
        DataError: It is too large, or truncated.
    """
    budget.check_array(name, header.shape, header.dtype.itemsize, header.dtype.kind)
    count, size = prod(header.shape), header.dtype.itemsize
    if header.dtype.kind != "O" and count * size > available:
        raise DataError(
            f"{name} is truncated: {count:,} values are expected; received {available // max(1, size):,}. Copy or "
            "download the file again."
        )


def check_members(name: str, archive: zipfile.ZipFile, size: int, budget: ByteBudget) -> None:
    """Check that the members of a .npz file have the sizes that they declare, as far as can be said beforehand.

    Args:
        name: What messages name.
        archive: The file.
        size: Its size in bytes.
        budget: What the file may take in memory.

    Raises:
        DataError: There are too many, they would unpack to too much, or one declares more than it can unpack to.
    """
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS:
        raise DataError(f"{name}: at most {_MAX_MEMBERS:,} arrays can be read; received {len(members):,}.")
    budget.check(name, sum(member.file_size for member in members), "its arrays")
    for member in members:
        if member.file_size > MAX_DEFLATE_RATIO * max(1, min(member.compress_size, size)):
            raise DataError(
                f"{member.filename} in {name} declares a larger size than it can unpack to. The file may be damaged."
            )


def check_arrays(content: bytes, name: str, budget: ByteBudget) -> None:
    """Check bytes that may be a .npy or .npz file, before a reader allocates memory for the arrays in it.

    Args:
        content: The bytes; anything but arrays is accepted as it is.
        name: What messages name.
        budget: What the file around them may take in memory, from which the arrays take.

    Raises:
        DataError: An array would take too much, or is truncated.
    """
    if content.startswith(_NPY):
        _take(name, io.BytesIO(content), len(content), budget)
    if not content.startswith(_ZIP):
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except Exception:  # a damaged central directory raises any exception, and whoever reads it says so
        return
    with archive:
        check_members(name, archive, len(content), budget)
        for member in archive.infolist():
            if member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) and not member.flag_bits & 1:
                try:
                    with archive.open(member) as stream:
                        _take(f"{member.filename} in {name}", stream, member.file_size, budget)
                except DataError:
                    raise
                except Exception:  # a damaged member raises any exception, and whoever reads it says so
                    continue
            else:
                raise DataError(f"{member.filename} in {name} is encrypted, or packed by a method that is not read.")


def _take(name: str, stream: IO[bytes], size: int, budget: ByteBudget) -> None:
    try:
        header = read_header(stream)
    except Exception:  # no array; damaged headers raise any exception, and whoever reads it says so
        return
    check_header(name, header, size - stream.seek(0, io.SEEK_CUR), budget)
    budget.take(name, array_bytes(header.shape, header.dtype.itemsize, header.dtype.kind))
