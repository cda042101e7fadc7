"""Reading HDF5 files, among them those of MATLAB 7.3, and nothing outside the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.reading.file_checks import check_size, decoding, existing_file, shape_text
from rnnstudio.reading.variables import Variables

_KIND = "an HDF5 file (as MATLAB 7.3 writes)"
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_MOST_NAMES, _DEEPEST = 10_000, 4
_NO_NUMBERS = (b"char", b"cell")  # MATLAB writes them as whole numbers and references
_RATIO = 1100 * 32


def is_hdf5(file: Path) -> bool:
    """Return whether a file is HDF5; MATLAB puts 512 bytes of its own before it."""
    with decoding(file, _KIND), file.open("rb") as stream:
        head = stream.read(520)
    return head.startswith(_SIGNATURE) or head[512:] == _SIGNATURE


def _walk(group: Any, before: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield the names of what is in a group and in groups within, as paths, and the things; None for links.

    Groups that are too deep to be sensible, as a group within itself is, are yielded as they are.
    """
    import h5py

    for name in group:
        if name.startswith("#"):  # MATLAB keeps what cells point to there
            continue
        link = group.get(name, getlink=True)
        found = group.get(name) if isinstance(link, h5py.HardLink) else None
        if isinstance(found, h5py.Group) and len(found) and depth < _DEEPEST:
            yield from _walk(found, f"{before}{name}/", depth + 1)
        else:
            yield f"{before}{name}", found


def read_hdf5(path: str | Path) -> Variables:
    """Return the arrays of an HDF5 file, those in groups by their paths.

    Links to elsewhere and other files' data are never followed.

    Raises:
        DataError: It is no such file, is damaged, or its numbers lie in another file.
    """
    import h5py

    file = existing_file(path, _KIND)
    shapes: dict[str, tuple[int, ...]] = {}
    others = []
    with file.open("rb") as stream:
        matlab = stream.read(6) == b"MATLAB"
    with decoding(file, _KIND), h5py.File(file, "r") as store:
        for number, (name, found) in enumerate(_walk(store)):
            if number >= _MOST_NAMES:
                raise DataError(f"{file.name} holds too many variables; at most {_MOST_NAMES:,} are read.")
            if found is None:
                others.append(f"{name} (a link)")
                continue
            if not isinstance(found, h5py.Dataset) or found.shape is None:
                others.append(f"{name} (a group)")
                continue
            kind = found.attrs.get("MATLAB_class", b"")
            if found.dtype.kind not in "biuf" or kind in _NO_NUMBERS or "MATLAB_empty" in found.attrs:
                what = kind.decode(errors="replace") if isinstance(kind, bytes) and kind else found.dtype
                others.append(f"{name} ({what} {shape_text(found.shape)})")
                continue
            if found.is_virtual or found.external:
                raise DataError(f"{name} in {file.name} has its numbers in another file, which is not read.")
            # MATLAB counts the axes the other way round.
            shapes[name] = found.shape[::-1] if matlab else found.shape
            check_size(f"{name} in {file.name}", found.shape, _RATIO * file.stat().st_size)

    def read(name: str) -> NDArray[Any]:
        with decoding(file, _KIND), h5py.File(file, "r") as store:
            values = np.asarray(store[name][()])
        return values.T if matlab else values

    return Variables(file.name, shapes, read, tuple(others))
