"""Data frames as CSV, with decimal points or decimal commas."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from rnnstudio.core.errors import SettingError
from rnnstudio.core.times import iso_texts
from rnnstudio.export.writing import write_file

if TYPE_CHECKING:
    import pandas as pd

_MARKS = {"point": (",", "."), "comma": (";", ",")}  # between columns, and before decimals


def check_decimal(decimal: str) -> None:
    """Check the name of a decimal mark of CSV.

    Raises:
        SettingError: It is neither point nor comma.

    >>> check_decimal("comma")
    """
    if decimal not in _MARKS:
        raise SettingError(f"decimal must be one of {', '.join(_MARKS)}; received {decimal!r}.", "decimal")


def csv_text(table: pd.DataFrame, decimal: str = "point") -> str:
    """Return a data frame as CSV.

    Args:
        table: The data frame. Stamps are written as ISO 8601.
        decimal: point separates columns by commas; comma separates them by semicolons, as spreadsheets expect where
            the comma is the decimal mark.

    Raises:
        SettingError: `decimal` is neither.

    >>> import pandas as pd
    >>> print(csv_text(pd.DataFrame({"step": [1], "value": [0.5]}), "comma"), end="")
    step;value
    1;0,5
    """
    check_decimal(decimal)
    separator, mark = _MARKS[decimal]
    stamps = table.select_dtypes("datetime").columns
    table = table.assign(**{name: iso_texts(table[name].to_numpy("datetime64[ns]")) for name in stamps})
    return str(table.to_csv(index=False, lineterminator="\n", sep=separator, decimal=mark))


def write_csv(table: pd.DataFrame, path: str | os.PathLike[str], decimal: str = "point") -> Path:
    """Write a data frame as UTF-8 CSV and return the path.

    Args:
        table: The data frame.
        path: The file.
        decimal: point or comma, as in `csv_text`.

    Raises:
        SettingError: `decimal` is neither.
        StoreError: It cannot be written. An existing file stays unchanged.
    """
    text = csv_text(table, decimal)
    return write_file(path, lambda file: file.write_text(text, encoding="utf-8", newline=""))
