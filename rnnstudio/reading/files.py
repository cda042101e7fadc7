"""Any file with a series as a table of columns, and what a file is by its ending and contents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.reading.excel import read_excel
from rnnstudio.reading.file_checks import existing_file
from rnnstudio.reading.matlab import read_matlab
from rnnstudio.reading.numpy_files import member_names, read_npy, read_npz
from rnnstudio.reading.parquet import read_parquet
from rnnstudio.reading.pickles import read_pickle
from rnnstudio.reading.table import Table
from rnnstudio.reading.text_rows import unique_names
from rnnstudio.reading.text_table import read_table
from rnnstudio.reading.variables import Variables
from rnnstudio.reading.wav import read_wav

_VARIABLES = {
    ".mat": read_matlab, ".npz": read_npz, ".npy": read_npy, ".wav": read_wav, ".wave": read_wav,
    ".h5": read_matlab, ".hdf5": read_matlab,
}  # fmt: skip
_TABLES = {".xlsx": read_excel, ".xlsm": read_excel, ".parquet": read_parquet, ".pq": read_parquet}
_PICKLES = (".pkl", ".pickle")
ENDINGS = tuple(sorted({".csv", ".tsv", ".txt", ".ts", *_PICKLES, *_VARIABLES, *_TABLES}))
_OTHERS = {".xls": "Save it as .xlsx or .csv.", ".mp3": "Save it as .wav.", ".flac": "Save it as .wav."}


def read_variables(path: str | Path) -> Variables | None:
    """Return the named arrays of a file; None where it is a table.

    Raises:
        DataError: The file is missing or damaged.
    """
    ending = Path(path).suffix.lower()
    if ending in _PICKLES:
        return pickled(path)
    return _VARIABLES[ending](path) if ending in _VARIABLES else None


def read_file(path: str | Path, wanted: str = "") -> Table:
    """Return the columns of a file of any kind that is read as a series.

    Args:
        path: Its ending says what it is; one that is not known is read as a text table.
        wanted: For files of arrays: the variable or column whose length the columns have; the usual one when empty.

    Raises:
        DataError: The file is missing, damaged, or holds no series.
    """
    ending = Path(path).suffix.lower()
    if ending == ".ts":
        raise DataError(
            f"{Path(path).name} holds separate labelled sequences, not one series. Use the data set sequences."
        )
    if ending in _OTHERS:
        raise DataError(f"{Path(path).name}: files ending in {ending} cannot be read. {_OTHERS[ending]}")
    found = read_variables(path)
    if found is not None:
        return columns_of(found, wanted)
    return _TABLES.get(ending, read_table)(path)


def columns_of(variables: Variables, wanted: str = "") -> Table:
    """Return the variables of one length as a table, that which is wanted the usual one."""
    import pandas as pd

    columns, usual = variables.series(wanted)
    frame = pd.DataFrame(columns, copy=False)
    return Table(variables.name, frame, range(1, len(frame) + 1), preferred_target=usual, rate=variables.rate)


def pickled(path: str | Path) -> Variables:
    """Return the arrays of a pickle; one alone is called `value`.

    Raises:
        DataError: It is damaged, would run code, or holds no arrays of numbers.
    """
    file = existing_file(path, "a pickle of arrays")
    found = read_pickle(file)
    if isinstance(found, (list, tuple)) and all(isinstance(v, (int, float)) for v in found):
        found = np.array(found, np.float64)
    if isinstance(found, (list, tuple)):
        found = {f"item{i}": v for i, v in enumerate(found, start=1)}
    named = found if isinstance(found, dict) else {"value": found}
    arrays: dict[str, NDArray[Any]] = {}
    others = []
    for name, value in zip(unique_names([str(key) for key in named]), named.values(), strict=True):
        if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
            arrays[name] = value
        else:
            others.append(f"{name} ({getattr(value, 'dtype', type(value).__name__)})")
    shapes = {name: value.shape for name, value in arrays.items()}
    return Variables(file.name, shapes, arrays.__getitem__, tuple(others))


def holds_sequences(path: str | Path) -> bool:
    """Return whether a file is one of separate labelled sequences, as far as its name and list of arrays say."""
    ending = Path(path).suffix.lower()
    if ending != ".npz":
        return ending == ".ts"
    names = {name.lower() for name in member_names(path)}
    return {"x", "y"} <= names or {"x_train", "y_train"} <= names
