"""Data files of any supported format as a table; the file name ending decides the format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rnnstudio.core.errors import DataError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.changed_files import unchanged
from rnnstudio.reading.formats.arff_tables import read_arff
from rnnstudio.reading.formats.excel import read_excel
from rnnstudio.reading.formats.excel_before_2007 import read_old_excel
from rnnstudio.reading.formats.matlab import read_matlab
from rnnstudio.reading.formats.numpy_files import read_npy, read_npz
from rnnstudio.reading.formats.parquet import read_parquet
from rnnstudio.reading.formats.pickles import read_pickle
from rnnstudio.reading.formats.ts_file import holds_series
from rnnstudio.reading.formats.ts_series import read_ts_series
from rnnstudio.reading.formats.tsf_file import read_tsf
from rnnstudio.reading.formats.variables import Variables
from rnnstudio.reading.formats.wav import read_wav
from rnnstudio.reading.table import Table
from rnnstudio.reading.text.text_table import HEAD_BYTES, read_first_rows, read_table

_ARRAY_READERS = {
    ".mat": read_matlab, ".npz": read_npz, ".npy": read_npy, ".wav": read_wav, ".wave": read_wav,
    ".h5": read_matlab, ".hdf5": read_matlab, ".pkl": read_pickle, ".pickle": read_pickle,
}  # fmt: skip
_TABLE_READERS = {
    ".xlsx": read_excel, ".xlsm": read_excel, ".xls": read_old_excel, ".parquet": read_parquet, ".pq": read_parquet,
    ".tsf": read_tsf, ".arff": read_arff,
}  # fmt: skip
_HDF5 = (".h5", ".hdf5")
ENDINGS = tuple(sorted({".csv", ".tsv", ".txt", ".gz", ".ts", *_ARRAY_READERS, *_TABLE_READERS}))
_UNSUPPORTED = {".mp3": "Save it as .wav.", ".flac": "Save it as .wav."}


def read_variables(path: str | Path) -> Variables | None:
    """Return the named arrays of a file, or None if the format is a table.

    Raises:
        DataError: The file is missing or damaged.
    """
    ending = Path(path).suffix.lower()
    return _ARRAY_READERS[ending](path) if ending in _ARRAY_READERS else None


def reads_variables(path: str | Path) -> bool:
    """Return whether a file may hold several arrays, of which the column to predict chooses one.

    >>> reads_variables("signal.mat"), reads_variables("sales.csv")
    (True, False)
    """
    return Path(path).suffix.lower() in _ARRAY_READERS


def read_file(path: str | Path, variable: str = "", options: ReadOptions | None = None) -> Table:
    """Return the columns of a data file.

    Args:
        path: The file. A file with an unknown ending is read as a text table.
        variable: For files with several arrays, where the options name none: a variable or one of its columns. The
            table has the columns of the same length. A default is chosen if empty.
        options: How a table is read, where the file leaves it open or the guess is wrong.

    Raises:
        DataError: The file is missing or damaged, changes while it is read, or contains no series.
        SettingError: An option does not fit the file.

    Example:
        >>> from rnnstudio.core.paths import resource
        >>> read_file(resource("data/airline.csv")).columns
        ['Month', 'Passengers']
    """
    with unchanged(path):
        return _read_file(path, variable, options)


def _read_file(path: str | Path, variable: str, options: ReadOptions | None) -> Table:
    ending = Path(path).suffix.lower()
    if ending == ".ts" and holds_series(path):
        return read_ts_series(path, options)
    if ending == ".ts":
        raise DataError(
            f"{Path(path).name}: one series is expected; received separate labelled sequences. Use the data set "
            "sequences."
        )
    if ending in _UNSUPPORTED:
        raise DataError(f"{Path(path).name}: files ending in {ending} cannot be read. {_UNSUPPORTED[ending]}")
    if ending in _HDF5 and (table := _read_pandas(path, options)) is not None:
        return table
    variables = read_variables(path)
    if variables is not None:
        return table_from_variables(variables, variable, options)
    return _TABLE_READERS.get(ending, read_table)(path, options)


def _read_pandas(path: str | Path, options: ReadOptions | None) -> Table | None:
    from rnnstudio.reading.formats.pandas_hdf5 import read_pandas_hdf5  # pandas takes 0.3 s

    return read_pandas_hdf5(path, options)


def read_head(path: str | Path, options: ReadOptions | None = None) -> Table | None:
    """Return the first rows of a long text table, which are read fast; None for short files and other formats.

    Raises:
        DataError: The file is missing or damaged, or its beginning is no table.
        SettingError: An option does not fit the file.
    """
    file = Path(path)
    if not is_text_table(path) or not file.is_file() or file.stat().st_size <= HEAD_BYTES:
        return None
    return read_first_rows(path, options or ReadOptions())


def is_text_table(path: str | Path) -> bool:
    """Return whether a file is read as a text table; its ending decides."""
    return Path(path).suffix.lower() not in {".ts", *_UNSUPPORTED, *_ARRAY_READERS, *_TABLE_READERS}


def table_from_variables(variables: Variables, variable: str = "", options: ReadOptions | None = None) -> Table:
    """Return the variables that have the same length as a table.

    Args:
        variables: The variables of a file.
        variable: The preferred target: a variable or one of its columns, where the options name none. A default is
            chosen if empty.
        options: How the table is read.

    Raises:
        DataError: There is no such variable, or it is not a series.
    """
    import pandas as pd

    from rnnstudio.reading.value_columns import frame_table

    wanted = (options.variable if options else "") or variable
    columns, target = variables.series(wanted)
    frame = pd.DataFrame(columns, copy=False)
    table = frame_table(variables.name, frame, options, "arrays")
    assert table.account is not None
    several = variables.series_accounts()
    current = variables.holder(wanted) if len(several) > 1 else ""
    fitting = {table.account.target, *table.account.other_targets} - {target}
    others = tuple(name for name in columns if name in fitting)
    account = replace(
        table.account, target=target, target_reason="", other_targets=others, class_columns=(), rate=variables.rate,
        variables=several if current else (), variable=current,
    )  # fmt: skip
    return replace(table, preferred_target=target, rate=variables.rate, has_names=False, account=account)
