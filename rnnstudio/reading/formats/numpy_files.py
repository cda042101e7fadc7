"""NumPy's own files, .npy and .npz. Pickled objects in them are never loaded, because that could run code."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.byte_budget import ByteBudget, array_bytes
from rnnstudio.core.errors import DataError
from rnnstudio.reading.array_headers import Header, check_header, check_members, read_header
from rnnstudio.reading.file_checks import decoding, existing_file, join_names
from rnnstudio.reading.formats.variables import Variables
from rnnstudio.reading.reading_progress import ReportingStream

_KIND_NPY, _KIND_NPZ = "a .npy file of NumPy", "a .npz file of NumPy"
_MAX_NAMED_COLUMNS = 100_000
_TYPE_NAMES = {"O": "objects", "U": "text", "S": "text", "c": "complex numbers", "M": "dates", "m": "durations"}


def read_npy(path: str | Path) -> Variables:
    """Return the array of a .npy file as the variable `value`. The columns of a matrix are `column1`, `column2` ...

    Raises:
        DataError: The file is not a .npy file, is damaged, or does not contain real numbers.
    """
    file = existing_file(path, _KIND_NPY)
    with decoding(file, _KIND_NPY), file.open("rb") as stream:
        header = read_header(stream)
        budget = ByteBudget.of_file(file)
        check_header(file.name, header, file.stat().st_size - stream.seek(0, io.SEEK_CUR), budget)
    if header.dtype.kind not in "biuf":
        raise DataError(f"{file.name} must contain real numbers; received an array of {_type_name(header.dtype)}.")

    def read(name: str) -> NDArray[Any]:
        with decoding(file, _KIND_NPY), file.open("rb") as stream:
            return np.asarray(np.lib.format.read_array(stream, allow_pickle=False))

    axes = [n for n in header.shape if n != 1]
    width = min(axes) if len(axes) == 2 else 1
    columns = {"value": tuple(f"column{i + 1}" for i in range(min(width, _MAX_NAMED_COLUMNS)))} if width > 1 else {}
    types = {"value": header.dtype.name}
    return Variables(file.name, {"value": header.shape}, read, columns=columns, types=types, budget=budget)


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
    return Variables(
        file.name,
        shapes,
        lambda name: read_member(file, name),
        tuple(others),
        types=types,
        beside=beside,
        budget=ByteBudget.of_file(file),
    )


def read_member(path: str | Path, name: str, budget: ByteBudget | None = None) -> NDArray[Any]:
    """Return one array of numbers, text or dates of a .npz file.

    Args:
        path: The file.
        name: Name of the array.
        budget: What all arrays of the file may take that are kept together; that of this array alone where None.

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
        budget = budget or ByteBudget.of_file(file)
        check_header(f"{name} in {file.name}", header, member.file_size, budget)
        budget.take(name, array_bytes(header.shape, header.dtype.itemsize, header.dtype.kind))
        with archive.open(member) as stream:
            reported: Any = ReportingStream(stream, member.file_size)
            return np.asarray(np.lib.format.read_array(reported, allow_pickle=False))


def member_names(path: str | Path) -> list[str]:
    """Return the names of the arrays in a .npz file; empty if it cannot be read."""
    try:
        return list(_headers(existing_file(path, _KIND_NPZ)))
    except DataError:
        return []


def _headers(file: Path) -> dict[str, Header]:
    size = file.stat().st_size
    with decoding(file, _KIND_NPZ), zipfile.ZipFile(file) as archive:
        check_members(file.name, archive, size, ByteBudget(size))
        headers = {}
        for member in archive.infolist():
            with archive.open(member) as stream:
                headers[member.filename.removesuffix(".npy")] = read_header(stream)
    return headers


def _type_name(dtype: np.dtype[Any]) -> str:
    return _TYPE_NAMES.get(dtype.kind, f"type {dtype.str}")
