"""Pickles of plain NumPy arrays. No code in a pickle is run (see `unpickler`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.reading.file_checks import existing_file
from rnnstudio.reading.formats.unpickler import unpickle
from rnnstudio.reading.formats.variables import Variables
from rnnstudio.reading.text.unique_names import unique_names

_KIND = "a pickle of arrays"


def read_pickle(path: str | Path) -> Variables:
    """Return the arrays of a pickle. A single array is the variable `value`, those of a list `item1`, `item2` ...

    Raises:
        DataError: The file is damaged, would run code, or contains arrays of objects.
    """
    file = existing_file(path, _KIND)
    content = load_pickle(file)
    if isinstance(content, (list, tuple)) and all(isinstance(item, (int, float)) for item in content):
        content = np.array(content, np.float64)
    if isinstance(content, (list, tuple)):
        content = {f"item{i}": item for i, item in enumerate(content, start=1)}
    items = content if isinstance(content, dict) else {"value": content}
    arrays: dict[str, NDArray[Any]] = {}
    others = []
    for name, item in zip(unique_names([str(key) for key in items]), items.values(), strict=True):
        if isinstance(item, np.ndarray) and item.dtype.kind in "biuf":
            arrays[name] = item
        else:
            others.append(f"{name} ({getattr(item, 'dtype', type(item).__name__)})")
    shapes = {name: array.shape for name, array in arrays.items()}
    types = {name: array.dtype.name for name, array in arrays.items()}
    return Variables(file.name, shapes, arrays.__getitem__, tuple(others), types=types)


def load_pickle(path: str | Path) -> Any:
    """Return the content of a pickle: an array, or lists, tuples and dicts of arrays, numbers and text.

    Protocols 0 to 5 are read, including pickles of Python 2. Nothing that the file refers to is imported or called.

    Raises:
        DataError: The file refers to anything but plain arrays (the message names it), contains arrays of objects, is
            damaged, or cannot be read.
    """
    file = Path(path).expanduser()
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        raise DataError(f"There is no file {file}. Check the path.") from None
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from None
    try:
        return unpickle(raw, file.name)
    except DataError:
        raise
    except Exception as error:  # a damaged pickle raises any exception
        cause = str(error) or type(error).__name__
        raise DataError(
            f"{file.name} is not a pickle of plain NumPy arrays, or it is damaged ({cause[:200]}). "
            "Save the array with numpy.save instead."
        ) from None
