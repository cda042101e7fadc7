"""Excel workbooks of before 2007 (.xls)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from rnnstudio.core.byte_budget import ByteBudget
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.file_checks import decoding, existing_file
from rnnstudio.reading.formats.excel import read_excel
from rnnstudio.reading.formats.misnamed_workbooks import read_misnamed
from rnnstudio.reading.formats.sheets import Sheet, first_table
from rnnstudio.reading.table import Table

_KIND = "an Excel workbook (.xls)"
_ZIP = b"PK\x03\x04"  # with which newer workbooks begin
_MAX_EXACT = 1e15  # up to which a whole number is shown without decimals


def read_old_excel(path: str | Path, options: ReadOptions | None = None) -> Table:
    """Return the first sheet of a workbook that contains numbers. Formulas are read as their last computed values.

    Dates count from 1900 or from 1904, as the workbook says. A newer workbook that was called .xls is read as well.

    Raises:
        DataError: The file is not a workbook, is damaged, or no sheet contains a number.
        SettingError: An option does not fit the file.
    """
    import xlrd

    file = existing_file(path, _KIND)
    with decoding(file, _KIND), file.open("rb") as stream:
        is_newer = stream.read(len(_ZIP)) == _ZIP
    if (table := read_misnamed(file, options)) is not None:
        return table
    if is_newer:
        return read_excel(file, options)
    with (
        decoding(file, _KIND),
        xlrd.open_workbook(str(file), logfile=io.StringIO(), on_demand=True, ragged_rows=True) as book,
    ):
        sheets = [Sheet(title, partial(_rows, book, i)) for i, title in enumerate(book.sheet_names())]
        return first_table(
            file.name, sheets, options or ReadOptions(), "Excel workbook of before 2007", ByteBudget.of_file(file)
        )


def _rows(book: Any, index: int) -> Iterator[list[Any]]:
    sheet = book.sheet_by_index(index)
    for row in range(sheet.nrows):
        yield [_value(cell, book.datemode) for cell in sheet.row(row)]


def _value(cell: Any, datemode: int) -> Any:
    """Return the value of a cell with the type that the workbook gives it."""
    import xlrd

    match cell.ctype:
        case xlrd.XL_CELL_NUMBER:
            return int(cell.value) if cell.value == round(cell.value) and abs(cell.value) < _MAX_EXACT else cell.value
        case xlrd.XL_CELL_DATE:
            stamp = xlrd.xldate_as_datetime(cell.value, datemode)
            return stamp.time() if cell.value < 1 else stamp  # a time of day has no date
        case xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        case xlrd.XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(cell.value, "#N/A")
        case xlrd.XL_CELL_TEXT:
            return cell.value
    return None
