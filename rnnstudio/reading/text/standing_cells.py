"""Rows of a table whose columns stand below each other: cells that a row leaves blank are found by their position."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rnnstudio.core.wording import enumeration
from rnnstudio.reading.text.text_layout import is_typed

_CELL = re.compile(r"\S+")
_MIN_FULL = 3  # rows that show where the columns stand
_MAX_SHOWN = 5  # numbers of rows in a note


def with_blank_cells(body: bytes, width: int, first_line: int) -> tuple[bytes, str] | None:
    r"""Return rows with tabs between their cells, some of which are empty, and what was done; None where that is open.

    The cells of each column stand between two positions in all rows with all cells. A cell of another row belongs to
    the column that it stands in, if it touches no other one; words behind the last column are left out.

    Args:
        body: The rows in UTF-8, with blanks between their cells.
        width: The usual number of cells.
        first_line: Line of the first row in the file.

    >>> with_blank_cells(b"a  1.5  2\nb  1.0  3\nc  2.5  4\nd       5\n", 3, 2)[0]
    b'a\t1.5\t2\nb\t1.0\t3\nc\t2.5\t4\nd\t\t5\n'
    """
    text = body.decode("utf-8")
    if "\t" in text or '"' in text:
        return None
    rows = [[match.span() for match in _CELL.finditer(line)] for line in text.split("\n")]
    full = [row for row in rows if len(row) == width]
    if len(full) < _MIN_FULL:
        return None
    begins = [min(row[j][0] for row in full) for j in range(width)]
    ends = [max(row[j][1] for row in full) for j in range(width)]
    if any(end >= begin for end, begin in zip(ends, begins[1:], strict=False)):
        return None
    lines, short, longer = [], [], []
    for number, (line, cells_of) in enumerate(zip(text.split("\n"), rows, strict=True), first_line):
        row = cells_of
        if len(row) > width:
            row = [span for span in row if span[0] <= ends[-1]]
            if any(is_typed(line[begin:end]) for begin, end in cells_of[len(row) :]):
                return None
            longer.append(number)
        columns = list(range(width)) if len(row) == width else _columns(row, begins, ends)
        if columns is None:
            return None
        cells = [""] * width if row else []
        for column, (begin, end) in zip(columns, row, strict=True):
            cells[column] = line[begin:end]
        lines.append("\t".join(cells))
        short += [number] * (0 < len(row) < width)
    notes = []
    if short:
        notes.append(
            f"Rows with blank cells are read by where their cells stand (row {enumeration(short, most=_MAX_SHOWN)})."
        )
    if longer:
        notes.append(f"Words behind the last column are left out (row {enumeration(longer, most=_MAX_SHOWN)}).")
    return ("\n".join(lines).encode(), " ".join(notes)) if notes else None


def _columns(row: Sequence[tuple[int, int]], begins: Sequence[int], ends: Sequence[int]) -> list[int] | None:
    """Return the column that each cell of a row stands in; None where one stands in none or in several."""
    columns = []
    for begin, end in row:
        touched = [j for j in range(len(begins)) if begin < ends[j] and end > begins[j]]
        if len(touched) != 1 or touched[0] in columns:
            return None
        columns += touched
    return columns
