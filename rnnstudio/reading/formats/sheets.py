"""Sheets of a workbook: the first with numbers becomes a table, with the types that the workbook gives its cells."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rnnstudio.core.account import Account
from rnnstudio.core.byte_budget import MAX_BYTES, ByteBudget
from rnnstudio.core.errors import DataError
from rnnstudio.core.missing import count_of
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.variable_account import VariableAccount
from rnnstudio.reading.file_checks import join_names
from rnnstudio.reading.reading_progress import report_reading
from rnnstudio.reading.table import Table
from rnnstudio.reading.text.closing_rows import closing_rows_note, count_closing_rows, dated_total_note
from rnnstudio.reading.text.text_header import column_names, find_layout, typed_columns
from rnnstudio.reading.text.text_layout import (
    is_time_column,
    is_typed,
)

_MAX_ROWS, _MAX_COLUMNS = 1 << 20, 1 << 14  # Excel's own limits
_CELL_BYTES = 16  # of a cell in a row, beside its text
_REPORT_ROWS = 500  # from one report of progress to the next
_COVER_ROWS, _LONGER = 20, 5  # rows of a cover at most, and how many times as many a sheet of data has at least
_HEAD_ROWS, _TAIL_ROWS = 1000, 50  # from which header and closing rows are found


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook.

    Attributes:
        title: Its name.
        rows: Returns the cells of its rows, one after the other: numbers, text, True and False, dates, or None.
        count: Its number of rows, as the workbook declares it; 0 where it does not.
    """

    title: str
    rows: Callable[[], Iterable[Sequence[Any]]]
    count: int = 0


def first_table(
    name: str, sheets: Sequence[Sheet], options: ReadOptions, format_name: str, budget: ByteBudget | None = None
) -> Table:
    """Return the first sheet that contains numbers, or the one that `options.variable` names.

    A first sheet of few rows is a cover if a later one has many. Numbers that are stored as text count where no sheet
    has others.

    Args:
        name: Name of the file in messages.
        sheets: Its sheets.
        options: How text is read.
        format_name: What the account calls the file.
        budget: What its cells may take in memory.

    Raises:
        DataError: No sheet contains a number, there is no sheet of that name, or a sheet is too large.
        SettingError: An option does not fit the file.

    >>> sheet = Sheet("data", lambda: [["day", "sales"], ["mon", 1], ["tue", 2]])
    >>> first_table("a.xlsx", [sheet], ReadOptions(), "Excel workbook").numbers(["sales"]).tolist()
    [[1.0], [2.0]]
    """
    budget = budget or ByteBudget(MAX_BYTES)
    titles = [sheet.title for sheet in sheets]
    if options.variable and options.variable not in titles:
        raise DataError(f"{name} has no sheet {options.variable!r}. Its sheets: {join_names(titles) or 'none'}.")
    of_text: tuple[Sheet, list[tuple[int, Sequence[Any]]]] | None = None
    for sheet in sheets:
        if options.variable not in ("", sheet.title):
            continue
        rows, has_numbers = _rows(sheet.rows(), sheet.count, name, budget)
        if has_numbers:
            break
        if of_text is None and _has_numbers_as_text(rows):
            of_text = sheet, rows
    else:
        if of_text is None:
            wanted = f"the sheet {options.variable!r}" if options.variable else "a sheet"
            raise DataError(
                f"{name} must have {wanted} with numbers; none was found. Its sheets: {join_names(titles) or 'none'}."
            )
        sheet, rows = of_text
    reason = "the first with numbers"
    if not options.variable and (longer := _longer_sheet(name, len(rows), sheets[sheets.index(sheet) + 1 :], budget)):
        reason = f"because {sheet.title!r} before it has only {count_of(len(rows), 'row')}"
        sheet, rows = longer
    said = ""
    if not options.variable and len(sheets) > 1:
        said = f"The sheet {sheet.title!r} is read, {reason}; set variable to read another one."
    return _with_sheets(_table(name, said, rows, options, format_name), titles, sheet.title)


def _longer_sheet(
    name: str, rows: int, others: Sequence[Sheet], budget: ByteBudget
) -> tuple[Sheet, list[tuple[int, Sequence[Any]]]] | None:
    """Return the next sheet with numbers that is much longer than one of few rows, as data are than a cover."""
    for sheet in others if rows < _COVER_ROWS else ():
        if sheet.count >= _LONGER * rows:
            found, has_numbers = _rows(sheet.rows(), sheet.count, name, budget)
            if has_numbers and len(found) >= _LONGER * rows:
                return sheet, found
    return None


def _has_numbers_as_text(rows: Sequence[tuple[int, Sequence[Any]]]) -> bool:
    """Return whether text below the first row of a sheet is a number, perhaps with marks or signs."""
    cells = (cell for _, row in rows[1:_HEAD_ROWS] for cell in row if isinstance(cell, str))
    return any(any(map(str.isdigit, cell)) and is_typed(cell) for cell in cells)


def _with_sheets(table: Table, titles: Sequence[str], current: str) -> Table:
    """Return a table whose account lists the sheets of its workbook."""
    if len(titles) < 2 or table.account is None:
        return table
    variables = tuple(VariableAccount(title, "sheet") for title in titles)
    return replace(table, account=replace(table.account, variables=variables, variable=current))


def _table(
    name: str, said: str, rows: list[tuple[int, Sequence[Any]]], options: ReadOptions, format_name: str
) -> Table:
    from rnnstudio.reading.table_of_columns import table_of_columns
    from rnnstudio.reading.value_columns import value_column

    texts = [(number, [_cell_text(cell) for cell in row]) for number, row in rows[:_HEAD_ROWS]]
    layout = find_layout(name, texts, options.header)
    data = [(number, row) for number, row in rows if number >= layout.first_row]
    head = [(number, row) for number, row in texts if number >= layout.first_row]
    tail = [(number, [_cell_text(cell) for cell in row]) for number, row in data[-_TAIL_ROWS:]]
    times = [j for j in range(layout.width) if is_time_column(head, j)]
    typed = typed_columns(head, layout.width)
    closing = count_closing_rows(tail, times, typed)
    data = data[: len(data) - closing]
    names, unnamed = column_names(layout)
    units = layout.units or ("",) * layout.width
    columns = {}
    for j, (column, unit) in enumerate(zip(names, units, strict=True)):
        report_reading(j, layout.width, "columns")
        columns[column] = value_column(column, [row[j] for _, row in data], options, unit)
    assumed = [*layout.notes]
    if said:
        assumed.append(said)
    if closing:
        assumed.append(closing_rows_note(tail, closing, " "))
    elif note := dated_total_note(tail, times, typed):
        assumed.append(note)
    about = Account(
        name, format_name, rows=0, columns=(), header=layout.header, units_row=layout.units_row,
        skipped_above=layout.skipped_above, skipped_below=closing, assumed=tuple(assumed),
        questions=(layout.question,) if layout.question else (),
    )  # fmt: skip
    return table_of_columns(columns, [number for number, _ in data], options, about, unnamed)


def _rows(
    sheet: Iterable[Sequence[Any]], count: int, name: str, budget: ByteBudget
) -> tuple[list[tuple[int, Sequence[Any]]], bool]:
    """Return the rows of a sheet that are not blank, padded to equal width, and whether any cell is a number."""
    # Tuples, not lists: Python's garbage collection passes over them, which else blocks other threads for long.
    rows: list[tuple[int, Sequence[Any]]] = []
    has_numbers, width, cell_count, texts = False, 0, 0, 0
    for number, row in enumerate(sheet, start=1):
        if number % _REPORT_ROWS == 0:
            report_reading(number, count, "rows")
        if number > _MAX_ROWS or len(row) > _MAX_COLUMNS:
            raise DataError(
                f"{name}: a sheet has at most {_MAX_ROWS:,} rows and {_MAX_COLUMNS:,} columns; received a cell beyond "
                "that. The file may be damaged."
            )
        if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row):
            continue
        has_numbers = has_numbers or any(isinstance(cell, (int, float)) for cell in row)
        rows.append((number, tuple(row)))
        width = max(width, len(row))
        cell_count += len(row)
        texts += sum(len(cell) for cell in row if isinstance(cell, str))  # cells may share one long text
        cells = max(cell_count, width * len(rows))  # rows become equally wide
        budget.check(name, _CELL_BYTES * cells + texts, f"the first {number:,} rows of a sheet")
    return [(number, (*row, *[None] * (width - len(row)))) for number, row in rows], has_numbers


def _cell_text(cell: object) -> str:
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ")
    return "" if cell is None else repr(cell) if isinstance(cell, float) else str(cell).strip()
