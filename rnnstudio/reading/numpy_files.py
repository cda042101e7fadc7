"""Reading NumPy's own files, .npy and .npz, without ever running a pickle."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.reading.file_checks import check_size, decoding, existing_file
from rnnstudio.reading.variables import Variables

_RATIO = 1100  # deflate packs no tighter than 1 to 1032
_KIND_NPY, _KIND_NPZ = "an array of NumPy (.npy)", "arrays of NumPy (.npz)"
_MOST_MEMBERS = 10_000

Header = tuple[tuple[int, ...], bool, np.dtype[Any]]


def read_npy(path: str | Path) -> Variables:
    """Return the one array of a .npy file; it is called `value`, or its columns `column1`, `column2` ...

    Raises:
        DataError: It is no such file, is damaged, or holds no numbers.
    """
    file = existing_file(path, _KIND_NPY)
    with decoding(file, _KIND_NPY), file.open("rb") as stream:
        shape, _, dtype = _header(stream)
        _check(file.name, shape, dtype, file.stat().st_size - stream.tell())
    if dtype.kind not in "biuf":
        raise DataError(f"{file.name} must hold real numbers; received an array of {_kind(dtype)}.")

    def read(name: str) -> NDArray[Any]:
        with decoding(file, _KIND_NPY), file.open("rb") as stream:
            return np.asarray(np.lib.format.read_array(stream, allow_pickle=False))

    width = min(n for n in shape if n != 1) if len([n for n in shape if n != 1]) == 2 else 1
    columns = {"value": tuple(f"column{i + 1}" for i in range(min(width, 100_000)))} if width > 1 else {}
    return Variables(file.name, {"value": shape}, read, columns=columns)


def read_npz(path: str | Path) -> Variables:
    """Return the arrays of a .npz file.

    Raises:
        DataError: It is no such file or is damaged.
    """
    file = existing_file(path, _KIND_NPZ)
    shapes: dict[str, tuple[int, ...]] = {}
    others = []
    for name, (shape, _, dtype) in _headers(file).items():
        if dtype.kind in "biuf":
            shapes[name] = shape
        else:
            others.append(f"{name} ({_kind(dtype)})")
    return Variables(file.name, shapes, lambda name: read_member(file, name), tuple(others))


def read_member(path: str | Path, name: str) -> NDArray[Any]:
    """Return one array of a .npz file, of numbers or of text.

    Raises:
        DataError: There is none of that name, it holds objects, or it is damaged.
    """
    file = existing_file(path, _KIND_NPZ)
    headers = _headers(file)
    if name not in headers:
        raise DataError(f"{file.name} has no array {name!r}. It holds {', '.join(headers) or 'none'}.")
    shape, _, dtype = headers[name]
    if dtype.kind not in "biufcSU":
        raise DataError(f"{name} in {file.name} must hold numbers or text; received an array of {_kind(dtype)}.")
    with decoding(file, _KIND_NPZ), zipfile.ZipFile(file) as archive:
        member = archive.getinfo(name if name in archive.namelist() else f"{name}.npy")
        _check(f"{name} in {file.name}", shape, dtype, member.file_size)
        with archive.open(member) as stream:
            return np.asarray(np.lib.format.read_array(stream, allow_pickle=False))


def member_names(path: str | Path) -> list[str]:
    """Return the names of a .npz file's arrays; none where it cannot be read."""
    try:
        return list(_headers(existing_file(path, _KIND_NPZ)))
    except DataError:
        return []


def _headers(file: Path) -> dict[str, Header]:
    size = file.stat().st_size
    with decoding(file, _KIND_NPZ), zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        if len(members) > _MOST_MEMBERS:
            raise DataError(f"{file.name} holds {len(members):,} arrays; at most {_MOST_MEMBERS:,} are read.")
        found = {}
        for member in members:
            if member.file_size > _RATIO * max(1, min(member.compress_size, size)):
                raise DataError(f"{member.filename} in {file.name} claims to unpack to more than it can; damaged?")
            with archive.open(member) as stream:
                found[member.filename.removesuffix(".npy")] = _header(stream)
    return found


def _header(stream: IO[bytes]) -> Header:
    """Return shape, order and type, read as literals: no code is run."""
    version = np.lib.format.read_magic(stream)
    readers: dict[tuple[int, int], Callable[[IO[bytes]], Header]] = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    if version not in readers:
        raise ValueError(f"version {version[0]}.{version[1]}")
    shape, order, dtype = readers[version](stream)
    if any(isinstance(n, bool) or n < 0 for n in shape):
        raise ValueError(f"shape {shape}")
    return shape, order, dtype


def _check(name: str, shape: tuple[int, ...], dtype: np.dtype[Any], held: int) -> None:
    """Refuse what is not there before room is made for it."""
    check_size(name, shape)
    if dtype.kind != "O" and prod(shape) * dtype.itemsize > held:
        raise DataError(
            f"{name} is cut short: {prod(shape):,} values are announced, and there is room for "
            f"{held // max(1, dtype.itemsize):,}. Get the file again."
        )


def _kind(dtype: np.dtype[Any]) -> str:
    kinds = {"O": "objects", "U": "text", "S": "text", "c": "complex numbers", "M": "dates", "m": "durations"}
    return kinds.get(dtype.kind, f"type {dtype.str}")
