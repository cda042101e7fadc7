"""Reading tables that are no text: Excel workbooks and Parquet files."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from rnnstudio.core.errors import DataError
from rnnstudio.reading.opening import MOST_VALUES, check_size, decoding, existing, listed
from rnnstudio.reading.table import Table
from rnnstudio.reading.tables import Rows, table_of, unlike

_EXCEL, _PARQUET = "an Excel workbook (.xlsx)", "a Parquet file"
_MOST_UNPACKED = 1 << 30
_RATIO = 200  # sheets pack to a tenth or so
_MOST_ROWS, _MOST_COLUMNS = 1 << 20, 1 << 14  # of a sheet of Excel
_MOST_CELLS = 50_000_000


def read_excel(path: str | Path) -> Table:
    """Return the first sheet of a workbook that holds numbers; formulas stand for their last results.

    Raises:
        DataError: It is no workbook, is damaged, or no sheet holds a number.
    """
    import openpyxl

    file = existing(path, _EXCEL)
    with decoding(file, _EXCEL):
        _check_unpacked(file)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
            for sheet in sheets:
                rows, numbers = _rows(sheet, file.name)
                if numbers:
                    return table_of(file.name, rows, "of one width")
        finally:
            book.close()
    raise DataError(f"{file.name} holds no numbers. Its sheets: {listed([s.title for s in sheets]) or 'none'}.")


def _rows(sheet: Any, name: str) -> tuple[Rows, bool]:
    """Return the rows of a sheet that are not blank, as text and equally wide, and whether any cell is a number."""
    sheet.reset_dimensions()  # what a sheet says about its size may be anything
    rows: Rows = []
    numbers, width, cells = False, 0, 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > _MOST_ROWS or len(row) > _MOST_COLUMNS:
            raise DataError(f"{name} has a cell far beyond the last row or column of a sheet; it may be damaged.")
        if all(cell is None for cell in row):
            continue
        numbers = numbers or any(isinstance(cell, (int, float)) for cell in row)
        rows.append((number, [_text(cell) for cell in row]))
        width = max(width, len(row))
        cells += len(row)
        if max(cells, width * len(rows)) > _MOST_CELLS:
            raise DataError(f"{name} has more than {_MOST_CELLS:,} cells in a sheet; save it as Parquet or .npy.")
    return [(number, row + [""] * (width - len(row))) for number, row in rows], numbers


def _text(cell: object) -> str:
    return "" if cell is None else repr(cell) if isinstance(cell, float) else str(cell).strip()


def _check_unpacked(file: Path) -> None:
    """Refuse a workbook that would unpack to more than can be; members never give more than they announce."""
    with zipfile.ZipFile(file) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > _MOST_UNPACKED or unpacked > max(_RATIO * file.stat().st_size, 1 << 24):
        raise DataError(
            f"{file.name} would unpack from {file.stat().st_size:,} to {unpacked:,} bytes, more than a workbook does; "
            "it was not read. Save the sheet as .csv."
        )


def read_parquet(path: str | Path) -> Table:
    """Return the columns of a Parquet file that are numbers, text or dates; lists and structures are left out.

    Raises:
        DataError: It is no such file, is damaged, or has no such columns.
    """
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = existing(path, _PARQUET)
    with decoding(file, _PARQUET), pq.ParquetFile(file) as store:
        schema = store.schema_arrow
        plain = [f.name for f in schema if _is_plain(f.type, pa.types)]
        if len(set(schema.names)) < len(schema.names):
            raise DataError(f"{file.name} has two columns of one name; write it anew with different ones.")
        if not plain or not store.metadata.num_rows:
            raise DataError(
                f"{file.name} has no rows or no column of numbers. Its columns: {listed(schema.names) or 'none'}."
            )
        check_size(file.name, (len(plain), store.metadata.num_rows), MOST_VALUES)
        table = store.read(plain, use_threads=False, use_pandas_metadata=False)
        table.validate(full=True)  # text that is none would fail only when it is looked at
        columns = unlike([str(name) for name in table.column_names])
        cells = {
            name: values.to_pandas(ignore_metadata=True) if hasattr(values, "to_pandas") else values
            for name, values in zip(columns, table.columns, strict=True)
        }
        frame = pd.DataFrame({name: _decoded(values) for name, values in cells.items()})
    return Table(file.name, frame, range(1, len(frame) + 1))


def _decoded(values: Any) -> Any:
    """Return categories as what they stand for."""
    return values.astype(values.cat.categories.dtype) if values.dtype.name == "category" else values


def _is_plain(kind: Any, types: Any) -> bool:
    if types.is_dictionary(kind):
        kind = kind.value_type
    tests = ("integer", "floating", "boolean", "decimal", "string", "large_string", "date", "timestamp")
    return any(getattr(types, f"is_{test}")(kind) for test in tests)
