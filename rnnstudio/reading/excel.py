"""Excel workbooks (.xlsx, .xlsm)."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path
from typing import Any

from rnnstudio.core.account import Account
from rnnstudio.core.errors import DataError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.file_checks import decoding, existing_file, join_names
from rnnstudio.reading.table import Table
from rnnstudio.reading.text_header import column_names, find_layout
from rnnstudio.reading.text_layout import (
    closing_rows_note,
    count_closing_rows,
    is_time_column,
)

_KIND = "an Excel workbook (.xlsx)"
_MAX_UNPACKED_BYTES = 1 << 30
_MAX_RATIO = 200  # sheets compress to about a tenth of their size
_MAX_ROWS, _MAX_COLUMNS = 1 << 20, 1 << 14  # Excel's own limits
_MAX_CELLS = 50_000_000
_HEAD_ROWS, _TAIL_ROWS = 1000, 50  # from which header and closing rows are found


def read_excel(path: str | Path, options: ReadOptions | None = None) -> Table:
    """Return the first sheet of a workbook that contains numbers. Formulas are read as their last computed values.

    Raises:
        DataError: The file is not a workbook, is damaged, or no sheet contains a number.
        SettingError: An option does not fit the file.
    """
    import openpyxl

    file = existing_file(path, _KIND)
    with decoding(file, _KIND):
        _check_unpacked_size(file)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
            for sheet in sheets:
                rows, has_numbers = _rows(sheet, file.name)
                if has_numbers:
                    return _table(file.name, sheet.title if len(sheets) > 1 else "", rows, options or ReadOptions())
        finally:
            book.close()
    raise DataError(
        f"{file.name} must have a sheet with numbers; none was found. Its sheets: "
        f"{join_names([sheet.title for sheet in sheets]) or 'none'}."
    )


def _table(name: str, sheet: str, rows: list[tuple[int, list[Any]]], options: ReadOptions) -> Table:
    from rnnstudio.reading.table_of_columns import table_of_columns
    from rnnstudio.reading.value_columns import value_column

    texts = [(number, [_cell_text(cell) for cell in row]) for number, row in rows[:_HEAD_ROWS]]
    layout = find_layout(name, texts, options.header)
    data = [(number, row) for number, row in rows if number >= layout.first_row]
    head = [(number, row) for number, row in texts if number >= layout.first_row]
    tail = [(number, [_cell_text(cell) for cell in row]) for number, row in data[-_TAIL_ROWS:]]
    closing = count_closing_rows(tail, [j for j in range(layout.width) if is_time_column(head, j)])
    data = data[: len(data) - closing]
    names, unnamed = column_names(layout)
    units = layout.units or ("",) * layout.width
    columns = {
        column: value_column(column, [row[j] for _, row in data], options, unit)
        for j, (column, unit) in enumerate(zip(names, units, strict=True))
    }
    assumed = [*layout.notes]
    if sheet:
        assumed.append(f"The sheet {sheet!r} is read, the first with numbers.")
    if closing:
        assumed.append(closing_rows_note(tail, closing, " "))
    about = Account(
        name, "Excel workbook", rows=0, columns=(), header=layout.header, units_row=layout.units_row,
        skipped_above=layout.skipped_above, skipped_below=closing, assumed=tuple(assumed),
    )  # fmt: skip
    return table_of_columns(columns, [number for number, _ in data], options, about, unnamed)


def _rows(sheet: Any, name: str) -> tuple[list[tuple[int, list[Any]]], bool]:
    """Return the rows of a sheet that are not blank, padded to equal width, and whether any cell is a number."""
    sheet.reset_dimensions()  # the declared size of a sheet is not reliable
    rows: list[tuple[int, list[Any]]] = []
    has_numbers, width, cell_count = False, 0, 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > _MAX_ROWS or len(row) > _MAX_COLUMNS:
            raise DataError(
                f"{name}: a sheet has at most {_MAX_ROWS:,} rows and {_MAX_COLUMNS:,} columns; received a cell beyond "
                "that. The file may be damaged."
            )
        if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row):
            continue
        has_numbers = has_numbers or any(isinstance(cell, (int, float)) for cell in row)
        rows.append((number, list(row)))
        width = max(width, len(row))
        cell_count += len(row)
        if max(cell_count, width * len(rows)) > _MAX_CELLS:
            raise DataError(f"{name}: a sheet may have at most {_MAX_CELLS:,} cells. Save it as Parquet or .npy.")
    return [(number, row + [None] * (width - len(row))) for number, row in rows], has_numbers


def _cell_text(cell: object) -> str:
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ")
    return "" if cell is None else repr(cell) if isinstance(cell, float) else str(cell).strip()


def _check_unpacked_size(file: Path) -> None:
    """Refuse a zip bomb. Reading a member never returns more than the size that the archive declares."""
    with zipfile.ZipFile(file) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    packed = file.stat().st_size
    if unpacked > _MAX_UNPACKED_BYTES or unpacked > max(_MAX_RATIO * packed, 1 << 24):
        raise DataError(
            f"{file.name} would unpack from {packed:,} to {unpacked:,} bytes, which is too large for a workbook; it "
            "was not read. Save the sheet as .csv."
        )
