"""HDF5 files, including those of MATLAB 7.3. Data outside the file are never read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.byte_budget import ByteBudget
from rnnstudio.core.errors import DataError
from rnnstudio.reading.file_checks import decoding, existing_file, shape_text
from rnnstudio.reading.formats.variables import Variables

_KIND = "an HDF5 file (as written by MATLAB 7.3)"
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_MATLAB_HEADER = 512  # bytes before the signature
_MAX_VARIABLES, _MAX_DEPTH = 10_000, 4
_NOT_NUMERIC = (b"char", b"cell")  # MATLAB stores them as integers and references


def is_hdf5(file: Path) -> bool:
    """Return whether a file is an HDF5 file, with or without the header of MATLAB."""
    with decoding(file, _KIND), file.open("rb") as stream:
        head = stream.read(_MATLAB_HEADER + len(_SIGNATURE))
    return head.startswith(_SIGNATURE) or head[_MATLAB_HEADER:] == _SIGNATURE


def read_hdf5(path: str | Path) -> Variables:
    """Return the arrays of an HDF5 file. The name of an array in a group is its path, such as `day1/wave`.

    Links to other files and data stored in other files are not read.

    Raises:
        DataError: The file is not an HDF5 file, is damaged, or stores its numbers in another file.
    """
    import h5py

    file = existing_file(path, _KIND)
    shapes: dict[str, tuple[int, ...]] = {}
    types: dict[str, str] = {}
    others, budget = [], ByteBudget.of_file(file)
    with file.open("rb") as stream:
        is_matlab = stream.read(6) == b"MATLAB"
    with decoding(file, _KIND), h5py.File(file, "r") as store:
        for number, (name, item) in enumerate(_walk(store)):
            if number >= _MAX_VARIABLES:
                raise DataError(f"{file.name}: at most {_MAX_VARIABLES:,} variables can be read; it contains more.")
            if item is None:
                others.append(f"{name} (a link)")
                continue
            if not isinstance(item, h5py.Dataset) or item.shape is None:
                others.append(f"{name} (a group)")
                continue
            matlab_class = item.attrs.get("MATLAB_class", b"")
            if item.dtype.kind not in "biuf" or matlab_class in _NOT_NUMERIC or "MATLAB_empty" in item.attrs:
                is_named = isinstance(matlab_class, bytes) and matlab_class
                kind = matlab_class.decode(errors="replace") if is_named else item.dtype
                others.append(f"{name} ({kind} {shape_text(item.shape)})")
                continue
            if item.is_virtual or item.external:
                raise DataError(
                    f"{name} in {file.name} must be stored in the file itself; its numbers are in another file, which "
                    "is not read."
                )
            shapes[name] = item.shape[::-1] if is_matlab else item.shape  # MATLAB stores the axes in reverse order
            types[name] = item.dtype.name

    def read(name: str) -> NDArray[Any]:
        with decoding(file, _KIND), h5py.File(file, "r") as store:
            item = store[name]
            for shape in (item.shape, item.chunks or ()):  # the decoder unpacks a whole chunk
                budget.check_array(f"{name} in {file.name}", shape, item.dtype.itemsize)
            values = np.asarray(item[()])
        return values.T if is_matlab else values

    return Variables(file.name, shapes, read, tuple(others), types=types, budget=budget)


def _walk(group: Any, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield path and item for all items in a group and its subgroups; the item is None for a link.

    Subgroups below the maximum depth are yielded as items. This ends the recursion if a group contains itself.
    """
    import h5py

    for name in group:
        if name.startswith("#"):  # MATLAB's storage for the contents of cells
            continue
        link = group.get(name, getlink=True)
        item = group.get(name) if isinstance(link, h5py.HardLink) else None
        if isinstance(item, h5py.Group) and len(item) and depth < _MAX_DEPTH:
            yield from _walk(item, f"{prefix}{name}/", depth + 1)
        else:
            yield f"{prefix}{name}", item
