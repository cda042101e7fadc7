"""Reading MATLAB files: versions 4 to 7 by SciPy, 7.3 (which is HDF5) by h5py."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.reading.hdf5 import is_hdf5, read_hdf5
from rnnstudio.reading.opening import check_size, decoding, existing, shaped
from rnnstudio.reading.variables import Variables

_KIND = "a MATLAB file"
_NUMBERS = {"double", "single", "logical"} | {f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
_RATIO = 1100 * 8  # deflate packs no tighter than 1 to 1032, and doubles may be stored as bytes
_FIVE = b"MATLAB 5"
_BYTES_V4 = (8, 4, 4, 2, 2, 1)  # per number, by the type's code


def read_matlab(path: str | Path) -> Variables:
    """Return the variables of a MATLAB file; text, cells, structures and objects are left unread.

    Raises:
        DataError: It is no such file or is damaged.
    """
    file = existing(path, _KIND)
    if is_hdf5(file):
        return read_hdf5(file)
    import scipy.io

    with decoding(file, _KIND):
        version, _ = scipy.io.matlab.matfile_version(str(file), appendmat=False)
        if version == 0:
            _check_version_4(file)
        found = scipy.io.whosmat(str(file), appendmat=False)
    size = file.stat().st_size
    shapes: dict[str, tuple[int, ...]] = {}
    others = []
    for name, shape, kind in found:
        if kind in _NUMBERS:
            shapes[name] = tuple(int(n) for n in shape)
            if min(shapes[name], default=0) < 0:
                raise DataError(f"{file.name} cannot be read as {_KIND}; it is damaged ({name} has a shape below 0).")
            check_size(f"{name} in {file.name}", shapes[name], _RATIO * size)
        else:
            others.append(f"{name} ({kind} {shaped(shape)})")

    def read(name: str) -> NDArray[Any]:
        with decoding(file, _KIND):
            # Named, so that nothing else in the file is decoded.
            values = scipy.io.loadmat(str(file), appendmat=False, variable_names=[name])[name]
            return np.asarray(values)

    return Variables(file.name, shapes, read, tuple(others))


def _check_version_4(file: Path) -> None:
    """Walk along the headers of an old file, whose sizes SciPy believes even below 0, and would read without end."""
    raw = file.read_bytes()
    place = 0
    order = "<" if struct.unpack("<i", raw[:4])[0] in range(5000) else ">"
    while place < len(raw):
        code, rows, columns, imaginary, name = struct.unpack_from(f"{order}5i", raw, place)
        kind = code // 10 % 10
        if min(code, rows, columns, name) < 0 or imaginary not in (0, 1) or kind >= len(_BYTES_V4):
            raise ValueError("sizes that cannot be")
        place += 20 + name + rows * columns * _BYTES_V4[kind] * (1 + imaginary)
    if place > len(raw):
        raise ValueError("cut short")
