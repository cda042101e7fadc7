"""The rows of data in a text: where they begin and end, what stands below them, and their cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rnnstudio.core.errors import DataError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.cells.plain_numbers import are_plain_numbers
from rnnstudio.reading.text.closing_rows import closing_rows_note, count_closing_rows, dated_total_note
from rnnstudio.reading.text.further_tables import further_table
from rnnstudio.reading.text.long_bytes import count_bytes
from rnnstudio.reading.text.text_cells import read_cells
from rnnstudio.reading.text.text_header import Layout, column_names, find_layout, typed_columns
from rnnstudio.reading.text.text_layout import Row, is_time_column, no_numbers_error, rows_of

_TAIL_LINES = 50  # among which closing rows are searched


@dataclass(frozen=True)
class TextRows:
    """The rows of data in a text.

    Attributes:
        columns: Their cells as text, or as numbers, by column.
        lines: The line of each row.
        closing: Number of rows below that hold no data.
        notes: What is to be said about the rows.
    """

    columns: Sequence[Any]
    lines: Sequence[int]
    closing: int
    notes: tuple[str, ...]

    @property
    def are_one_table(self) -> bool:
        """Whether a column of numbers without gaps goes down to the end, so that no further names stand between."""
        return not self.closing and any(
            str(column.type) == "double" and not column.null_count for column in self.columns
        )


def first_table(name: str, text: bytes, sign: str, rows: list[Row], options: ReadOptions) -> tuple[Layout, TextRows]:
    r"""Return what stands above the rows of a text, and the rows; those of the first table, if more stand below it.

    Args:
        name: Name of the file.
        text: Its text in UTF-8.
        sign: What separates the columns.
        rows: Its first rows.
        options: How it is read.

    Raises:
        DataError: There are no rows of data, or they have different numbers of cells.

    >>> text = b"day,x\n1,2\n2,3\n\nshop,area\na,5\n"
    >>> layout, found = first_table("a.csv", text, ",", rows_of(text.decode().splitlines(), ","), ReadOptions())
    >>> layout.names, list(found.lines), found.notes
    (('day', 'x'), [2, 3], ("Row 5 begins another table ('shop,area'); it is left out.",))
    """
    layout = find_layout(name, rows, options.header, sign)

    def below() -> tuple[int, int, str] | None:
        begin = _start_of_line(text, layout.first_row)
        return further_table(text, begin, sign, layout.names) if layout.names else None

    try:
        found = _read_rows(name, text, sign, layout, rows, options)
        further = None if found.are_one_table else below()
    except DataError:  # rows of a further table can have another number of cells
        if (further := below()) is None:
            raise
    if further is None:
        return layout, found
    end, line, note = further
    rows = [row for row in rows if row[0] < line]
    layout = find_layout(name, rows, options.header, sign)
    found = _read_rows(name, text[:end], sign, layout, rows, options)
    return layout, replace(found, notes=(note, *found.notes))


def _read_rows(name: str, text: bytes, sign: str, layout: Layout, rows: list[Row], options: ReadOptions) -> TextRows:
    """Return the rows of data below a layout; see `first_table`."""
    data_rows = [(line, row) for line, row in rows if line >= layout.first_row]
    body = _find_body(name, text, sign, layout, data_rows)
    numbers = [
        j
        for j, own in enumerate(column_names(layout)[0])
        if own not in options.names and are_plain_numbers([r[j] for _, r in data_rows if len(r) > j], options)
    ]
    part = memoryview(text)[body.begin : body.end]
    columns, lines, note = read_cells(name, part, sign, layout.width, body.lines, numbers)
    return TextRows(columns, lines, body.closing, tuple(filter(None, (body.note, note))))


@dataclass(frozen=True)
class _Body:
    """The rows of data in a text.

    Attributes:
        begin: Where the first one begins.
        end: Where the last one ends.
        lines: Lines of the first and the last one.
        closing: Number of rows below that hold no data.
        note: The sentence about these; empty for none.
    """

    begin: int
    end: int
    lines: tuple[int, int]
    closing: int
    note: str


def _find_body(name: str, text: bytes, sign: str, layout: Layout, data_rows: list[Row]) -> _Body:
    """Return the rows of data.

    Args:
        name: Name of the file.
        text: Its text.
        sign: What separates the columns.
        layout: What stands above the rows.
        data_rows: The first rows.

    Raises:
        DataError: There are none.
    """
    begin = _start_of_line(text, layout.first_row)
    tail_begin = _tail(text, begin)
    last_line = count_bytes(text, b"\n") + (not text.endswith(b"\n"))
    tail_lines = lines_of_text(text[tail_begin:])
    tail_line = last_line - len(tail_lines) + 1
    tail = rows_of(tail_lines, sign, tail_line)
    times = [j for j in range(layout.width) if is_time_column(data_rows, j)]
    typed = typed_columns([row for row in data_rows if len(row[1]) == layout.width], layout.width)
    closing = count_closing_rows(tail, times, typed)
    if closing:
        last_line = tail[-closing][0] - 1
        end = _start_of_line(text, last_line - tail_line + 2, tail_begin)
    else:
        end = _last_row_end(text, tail_begin, sign)
        last_line -= text.count(b"\n", end) + (end < len(text) and not text.endswith(b"\n"))
    if end <= begin:
        if layout.header and layout.width > 1 and not data_rows and not text.strip().count(b"\n"):
            raise DataError(
                f"{name}: rows of numbers are expected; its only row holds words, such as the names of columns."
            )
        raise no_numbers_error(name)
    note = closing_rows_note(tail, closing, sign) if closing else dated_total_note(tail, times, typed)
    return _Body(begin, end, (layout.first_row, last_line), closing, note)


def _start_of_line(text: bytes, line: int, begin: int = 0) -> int:
    """Return where a line, counted from 1, starts after a position."""
    position = begin
    for _ in range(line - 1):
        found = text.find(b"\n", position)
        if found < 0:
            return len(text)
        position = found + 1
    return position


def _last_row_end(text: bytes, tail_begin: int, separator: str) -> int:
    """Return the end of the last line with more than separators and blanks."""
    filled = tail_begin + len(text[tail_begin:].rstrip(separator.encode() + b" \t\r\n"))
    end = text.find(b"\n", filled)
    return len(text) if end < 0 else end + 1


def _tail(text: bytes, begin: int) -> int:
    """Return where the last lines of the data start."""
    position = len(text)
    for _ in range(_TAIL_LINES):
        found = text.rfind(b"\n", begin, position)
        if found < 0:
            return begin
        position = found
    return position + 1


def lines_of_text(text: bytes) -> list[str]:
    r"""Return the lines of a text in UTF-8 without their ends.

    >>> lines_of_text(b"1;2\r\n3;4\n")
    ['1;2', '3;4']
    """
    return [line.removesuffix("\r") for line in text.decode("utf-8").removesuffix("\n").split("\n")]
