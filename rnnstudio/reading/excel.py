"""Excel workbooks (.xlsx, .xlsm)."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from rnnstudio.core.errors import DataError
from rnnstudio.reading.file_checks import decoding, existing_file, join_names
from rnnstudio.reading.table import Table
from rnnstudio.reading.text_rows import Rows, table_from_rows

_KIND = "an Excel workbook (.xlsx)"
_MAX_UNPACKED_BYTES = 1 << 30
_MAX_RATIO = 200  # sheets compress to about a tenth of their size
_MAX_ROWS, _MAX_COLUMNS = 1 << 20, 1 << 14  # Excel's own limits
_MAX_CELLS = 50_000_000


def read_excel(path: str | Path) -> Table:
    """Return the first sheet of a workbook that contains numbers. Formulas are read as their last computed values.

    Raises:
        DataError: The file is not a workbook, is damaged, or no sheet contains a number.
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
                    return table_from_rows(file.name, rows)
        finally:
            book.close()
    raise DataError(
        f"{file.name} must have a sheet with numbers; none was found. Its sheets: "
        f"{join_names([sheet.title for sheet in sheets]) or 'none'}."
    )


def _rows(sheet: Any, name: str) -> tuple[Rows, bool]:
    """Return the rows of a sheet that are not blank, as text of equal width, and whether any cell is a number."""
    sheet.reset_dimensions()  # the declared size of a sheet is not reliable
    rows: Rows = []
    has_numbers, width, cell_count = False, 0, 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > _MAX_ROWS or len(row) > _MAX_COLUMNS:
            raise DataError(
                f"{name}: a sheet has at most {_MAX_ROWS:,} rows and {_MAX_COLUMNS:,} columns; received a cell beyond "
                "that. The file may be damaged."
            )
        if all(cell is None for cell in row):
            continue
        has_numbers = has_numbers or any(isinstance(cell, (int, float)) for cell in row)
        rows.append((number, [_cell_text(cell) for cell in row]))
        width = max(width, len(row))
        cell_count += len(row)
        if max(cell_count, width * len(rows)) > _MAX_CELLS:
            raise DataError(f"{name}: a sheet may have at most {_MAX_CELLS:,} cells. Save it as Parquet or .npy.")
    return [(number, row + [""] * (width - len(row))) for number, row in rows], has_numbers


def _cell_text(cell: object) -> str:
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
