"""Excel workbooks since 2007 (.xlsx, .xlsm)."""

from __future__ import annotations

import gc
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from rnnstudio.core.errors import DataError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.file_checks import decoding, existing_file
from rnnstudio.reading.formats.misnamed_workbooks import read_misnamed
from rnnstudio.reading.formats.sheets import Sheet, first_table
from rnnstudio.reading.table import Table

_KIND = "an Excel workbook (.xlsx)"
_MAX_UNPACKED_BYTES = 1 << 30
_MAX_RATIO = 200  # sheets compress to about a tenth of their size


def read_excel(path: str | Path, options: ReadOptions | None = None) -> Table:
    """Return the first sheet of a workbook that contains numbers. Formulas are read as their last computed values.

    Raises:
        DataError: The file is not a workbook, is damaged, or no sheet contains a number.
        SettingError: An option does not fit the file.
    """
    import openpyxl

    file = existing_file(path, _KIND)
    if (table := read_misnamed(file, options)) is not None:
        return table
    with decoding(file, _KIND), file.open("rb") as stream:  # openpyxl refuses some endings of a path
        _check_unpacked_size(file)
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        try:
            sheets = [
                Sheet(sheet.title, partial(_rows, sheet), sheet.max_row or 0)
                for sheet in book.worksheets
                if hasattr(sheet, "iter_rows")
            ]
            with _no_search_for_garbage():
                return first_table(file.name, sheets, options or ReadOptions(), "Excel workbook")
        finally:
            book.close()


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Keep Python from searching for garbage: openpyxl keeps an object for each row, and all threads wait meanwhile."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _rows(sheet: Any) -> Iterable[Sequence[Any]]:
    sheet.reset_dimensions()  # the declared size of a sheet is not reliable
    return sheet.iter_rows(values_only=True)  # type: ignore[no-any-return]


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
