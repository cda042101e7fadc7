"""Excel workbooks since 2007 (.xlsx, .xlsm)."""

from __future__ import annotations

import gc
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from rnnstudio.core.byte_budget import ByteBudget
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.file_checks import decoding, existing_file
from rnnstudio.reading.formats.misnamed_workbooks import read_misnamed
from rnnstudio.reading.formats.sheets import Sheet, first_table
from rnnstudio.reading.table import Table

_KIND = "an Excel workbook (.xlsx)"
_OBJECTS_RATIO = 20  # memory for a byte of XML that is kept as objects: styles, and texts that cells share
_ALWAYS_KEPT = 1 << 20  # bytes of these that any workbook may have
_TYPES = "[Content_Types].xml"


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
        budget = _budget_of(file)
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        try:
            sheets = [
                Sheet(sheet.title, partial(_rows, sheet), sheet.max_row or 0)
                for sheet in book.worksheets
                if hasattr(sheet, "iter_rows")
            ]
            with _no_search_for_garbage():
                return first_table(file.name, sheets, options or ReadOptions(), "Excel workbook", budget)
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


def _budget_of(file: Path) -> ByteBudget:
    """Return what the cells of a workbook may take, after its other parts.

    Reading a part never returns more than the size that the archive declares.

    Raises:
        DataError: It is a zip bomb.
    """
    budget = ByteBudget.of_file(file)
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        budget.check(file.name, sum(part.file_size for part in parts), "its parts")
        sheets = _sheets_in(archive)
    kept = sum(part.file_size for part in parts if part.filename not in sheets)
    objects = _OBJECTS_RATIO * max(0, kept - _ALWAYS_KEPT)
    budget.take(file.name, min(kept, _ALWAYS_KEPT) + objects, "its styles and shared texts")
    return budget


def _sheets_in(archive: zipfile.ZipFile) -> set[str]:
    """Return the names of the parts that are declared to be sheets, and nothing else."""
    if _TYPES not in archive.namelist() or archive.getinfo(_TYPES).file_size > _ALWAYS_KEPT:
        return set()
    declared: dict[str, list[str]] = {}
    for element in ElementTree.fromstring(archive.read(_TYPES)):
        declared.setdefault(element.get("PartName", "").lstrip("/"), []).append(element.get("ContentType", ""))
    return {name for name, types in declared.items() if len(types) == 1 and types[0].endswith("worksheet+xml")}
