"""Data frames as Excel workbooks: numbers as numbers, and dates as dates, whatever the language of the program."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnstudio.core.errors import StoreError
from rnnstudio.core.times import resolution_of
from rnnstudio.export.writing import write_file

if TYPE_CHECKING:
    import pandas as pd

MAX_ROWS = 1_048_575  # of a sheet, without the names
_FORMATS = {"day": "yyyy-mm-dd", "minute": "yyyy-mm-dd hh:mm", "second": "yyyy-mm-dd hh:mm:ss"}
_NARROWEST = 10  # characters of a column


def write_excel(table: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a data frame as the only sheet of an .xlsx file, and return the path.

    Args:
        table: The data frame. Missing values are empty cells.
        path: The file.

    Raises:
        StoreError: It has more rows than a sheet, or cannot be written. An existing file stays unchanged.

    >>> import tempfile, pandas as pd
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_excel(pd.DataFrame({"step": [1], "sales": [0.5]}), f"{folder}/sales.xlsx")
    ...     pd.read_excel(path).to_dict("records")
    [{'step': 1, 'sales': 0.5}]
    """
    if len(table) > MAX_ROWS:
        raise StoreError(
            f"A sheet of Excel holds {MAX_ROWS:,} rows, and the table has {len(table):,}. Write a .csv file."
        )
    return write_file(path, lambda file: _write(table, file))


def _write(table: pd.DataFrame, file: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("rnnstudio")
    sheet.freeze_panes = "A2"
    names = [str(name) for name in table.columns]
    columns = [_cells(table.iloc[:, i]) for i in range(len(names))]
    for i, (name, (_, form)) in enumerate(zip(names, columns, strict=True), start=1):
        sheet.column_dimensions[get_column_letter(i)].width = max(_NARROWEST, len(name) + 2, len(form) + 2)
    header = [WriteOnlyCell(sheet, name) for name in names]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    for row in zip(*(cells for cells, _ in columns), strict=True):
        sheet.append([_cell(sheet, value, form) for value, (_, form) in zip(row, columns, strict=True)])
    with file.open("wb") as out:
        book.save(out)


def _cell(sheet: Any, value: Any, form: str) -> Any:
    if not form or value is None:
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value)
    cell.number_format = form
    return cell


def _cells(column: pd.Series) -> tuple[list[Any], str]:
    """Return the values of a column for cells, None where one is missing, and the format of dates."""
    if column.dtype.kind == "M":
        times = column.to_numpy("datetime64[ns]")
        form = _FORMATS.get(resolution_of(times, ""), _FORMATS["second"])
        return [None if np.isnat(t) else t.astype("datetime64[us]").item() for t in times], form
    values = list(column.to_numpy()) if column.dtype == np.float32 else column.to_numpy(object)
    missing = column.isna().to_numpy()
    return [None if gone else _plain(value) for value, gone in zip(values, missing, strict=True)], ""


def _plain(value: Any) -> Any:
    """Return a number or text of Python; a float32 number with the digits that it is written with."""
    if isinstance(value, np.float32):
        return float(str(value))
    return value.item() if isinstance(value, np.generic) else value
