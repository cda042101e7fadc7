"""MATLAB files: versions 4, 5 to 7, and 7.3 (which is HDF5).

SciPy reads these files too, but a damaged file can crash the whole process there. Here only numbers are decoded, with
NumPy.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.byte_budget import ByteBudget
from rnnstudio.reading.file_checks import decoding, existing_file, shape_text
from rnnstudio.reading.formats import matlab4, matlab5
from rnnstudio.reading.formats.hdf5 import is_hdf5, read_hdf5
from rnnstudio.reading.formats.variables import Variables

_KIND = "a MATLAB file"
_HEADER = 128  # bytes
_NUMERIC_TYPES = frozenset({*matlab4.TYPES, *matlab5.CLASSES.values()})


def read_matlab(path: str | Path) -> Variables:
    """Return the variables of a MATLAB file. Text, cells, structures and objects are listed but not read.

    Raises:
        DataError: The file is not a MATLAB file, or is damaged.
    """
    file = existing_file(path, _KIND)
    if is_hdf5(file):
        return read_hdf5(file)
    with decoding(file, _KIND), file.open("rb") as stream:
        header = stream.read(_HEADER)
        if header[126:] in (b"IM", b"MI"):
            order = ">" if header[126:] == b"MI" else "<"
            elements, read_element = matlab5.elements(stream, order), matlab5.read_element
        else:
            order = matlab4.byte_order(header)
            elements, read_element = matlab4.elements(stream, order), matlab4.read_element
    numeric = {element.name: element for element in elements if element.kind in _NUMERIC_TYPES}

    def read(name: str) -> NDArray[Any]:
        with decoding(file, _KIND), file.open("rb") as stream:
            return read_element(stream, numeric[name], order)

    others = tuple(f"{e.name} ({e.kind} {shape_text(e.shape)})" for e in elements if e.name not in numeric)
    shapes = {name: element.shape for name, element in numeric.items()}
    types = {name: np.dtype(element.kind).name for name, element in numeric.items()}
    return Variables(file.name, shapes, read, others, types=types, budget=ByteBudget.of_file(file))
