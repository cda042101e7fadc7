"""NumPy's own files, .npy and .npz. Pickled objects in them are never loaded, because that could run code."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.reading.file_checks import check_size, decoding, existing_file, join_names
from rnnstudio.reading.formats.variables import Variables
from rnnstudio.reading.reading_progress import ReportingStream

_KIND_NPY, _KIND_NPZ = "a .npy file of NumPy", "a .npz file of NumPy"
_MAX_RATIO = 1100  # the deflate method compresses to 1/1032 at best
_MAX_UNPACKED, _USUAL_RATIO = 100 << 20, 100  # bytes that any file may unpack to; larger ones so many times their size
_MAX_MEMBERS = 10_000
_MAX_NAMED_COLUMNS = 100_000
_TYPE_NAMES = {"O": "objects", "U": "text", "S": "text", "c": "complex numbers", "M": "dates", "m": "durations"}


class _Header(NamedTuple):
    """What the header of a .npy file declares."""

    shape: tuple[int, ...]
    is_fortran: bool
    dtype: np.dtype[Any]


def read_npy(path: str | Path) -> Variables:
    """Return the array of a .npy file as the variable `value`. The columns of a matrix are `column1`, `column2` ...

    Raises:
        DataError: The file is not a .npy file, is damaged, or does not contain real numbers.
    """
    file = existing_file(path, _KIND_NPY)
    with decoding(file, _KIND_NPY), file.open("rb") as stream:
        header = _read_header(stream)
        _check(file.name, header, file.stat().st_size - stream.seek(0, io.SEEK_CUR))
    if header.dtype.kind not in "biuf":
        raise DataError(f"{file.name} must contain real numbers; received an array of {_type_name(header.dtype)}.")

    def read(name: str) -> NDArray[Any]:
        with decoding(file, _KIND_NPY), file.open("rb") as stream:
            return np.asarray(np.lib.format.read_array(stream, allow_pickle=False))

    axes = [n for n in header.shape if n != 1]
    width = min(axes) if len(axes) == 2 else 1
    columns = {"value": tuple(f"column{i + 1}" for i in range(min(width, _MAX_NAMED_COLUMNS)))} if width > 1 else {}
    types = {"value": header.dtype.name}
    return Variables(file.name, {"value": header.shape}, read, columns=columns, types=types)


def read_npz(path: str | Path) -> Variables:
    """Return the arrays of a .npz file.

    Raises:
        DataError: The file is not a .npz file, or is damaged.
    """
    file = existing_file(path, _KIND_NPZ)
    shapes: dict[str, tuple[int, ...]] = {}
    types: dict[str, str] = {}
    others = []
    beside = {}
    for name, header in _headers(file).items():
        if header.dtype.kind in "biuf":
            shapes[name], types[name] = header.shape, header.dtype.name
        else:
            if header.dtype.kind in "MUS" and len(header.shape) == 1:
                beside[name] = header.shape[0]
            others.append(f"{name} ({_type_name(header.dtype)})")
    return Variables(file.name, shapes, lambda name: read_member(file, name), tuple(others), types=types, beside=beside)


def read_member(path: str | Path, name: str) -> NDArray[Any]:
    """Return one array of numbers, text or dates of a .npz file.

    Raises:
        DataError: There is no such array, it contains objects, or it is damaged.
    """
    file = existing_file(path, _KIND_NPZ)
    headers = _headers(file)
    if name not in headers:
        raise DataError(f"{file.name} has no array {name!r}. Its arrays: {join_names(list(headers)) or 'none'}.")
    header = headers[name]
    if header.dtype.kind not in "biufcSUM":
        raise DataError(
            f"{name} in {file.name} must contain numbers, text or dates; received an array of "
            f"{_type_name(header.dtype)}."
        )
    with decoding(file, _KIND_NPZ), zipfile.ZipFile(file) as archive:
        member = archive.getinfo(name if name in archive.namelist() else f"{name}.npy")
        _check(f"{name} in {file.name}", header, member.file_size)
        with archive.open(member) as stream:
            reported: Any = ReportingStream(stream, member.file_size)
            return np.asarray(np.lib.format.read_array(reported, allow_pickle=False))


def member_names(path: str | Path) -> list[str]:
    """Return the names of the arrays in a .npz file; empty if it cannot be read."""
    try:
        return list(_headers(existing_file(path, _KIND_NPZ)))
    except DataError:
        return []


def _headers(file: Path) -> dict[str, _Header]:
    size = file.stat().st_size
    with decoding(file, _KIND_NPZ), zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        if len(members) > _MAX_MEMBERS:
            raise DataError(f"{file.name}: at most {_MAX_MEMBERS:,} arrays can be read; received {len(members):,}.")
        unpacked = sum(member.file_size for member in members)
        most = max(_MAX_UNPACKED, _USUAL_RATIO * size)
        if unpacked > most:
            raise DataError(
                f"{file.name}: a file of {size / 1e6:,.1f} MB may unpack to at most {most / 1e6:,.0f} MB; it would "
                f"unpack to {unpacked / 1e6:,.0f} MB. Save the arrays uncompressed, with np.savez."
            )
        headers = {}
        for member in members:
            if member.file_size > _MAX_RATIO * max(1, min(member.compress_size, size)):
                raise DataError(
                    f"{member.filename} in {file.name} declares a larger size than it can unpack to. The file may be "
                    "damaged."
                )
            with archive.open(member) as stream:
                headers[member.filename.removesuffix(".npy")] = _read_header(stream)
    return headers


def _read_header(stream: IO[bytes]) -> _Header:
    """Return shape, order and type. The header is parsed as a literal, so no code is run."""
    version = np.lib.format.read_magic(stream)
    readers: dict[tuple[int, int], Callable[[IO[bytes]], tuple[tuple[int, ...], bool, np.dtype[Any]]]] = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    if version not in readers:
        raise ValueError(f"unknown version {version[0]}.{version[1]}")
    header = _Header(*readers[version](stream))
    if any(isinstance(n, bool) or n < 0 for n in header.shape):
        raise ValueError(f"invalid shape {header.shape}")
    return header


def _check(name: str, header: _Header, available: int) -> None:
    """Check size and completeness before memory is allocated; `available` is the number of bytes after the header."""
    check_size(name, header.shape)
    count, size = prod(header.shape), header.dtype.itemsize
    if header.dtype.kind != "O" and count * size > available:
        raise DataError(
            f"{name} is truncated: {count:,} values are expected; received {available // max(1, size):,}. Copy or "
            "download the file again."
        )


def _type_name(dtype: np.dtype[Any]) -> str:
    return _TYPE_NAMES.get(dtype.kind, f"type {dtype.str}")
