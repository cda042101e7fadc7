"""Rows above a table that belong to no table: comments, and what a program writes about a measurement."""

from __future__ import annotations

from rnnstudio.reading.cells.missing_marks import is_missing_mark
from rnnstudio.reading.text.text_layout import COMMENTS, Row, is_typed

_END_OF_PREAMBLE, _NO_NAME = "***End_of_Header***", "Comment"  # of LabVIEW, which leaves the last column out


def without_preamble(rows: list[Row]) -> tuple[list[Row], int]:
    """Return the rows below the line that ends a preamble, as LabVIEW writes it, and the number of those above.

    >>> without_preamble([(1, ["Date", "2024/03/01"]), (2, ["***End_of_Header***", ""]), (3, ["X", "Y"])])
    ([(3, ['X', 'Y'])], 2)
    """
    data = next((i for i, (_, row) in enumerate(rows) if all(map(is_typed, filter(None, row)))), len(rows))
    above = max((i + 1 for i, (_, row) in enumerate(rows[:data]) if row[0] == _END_OF_PREAMBLE), default=0)
    below = rows[above:]
    if not above or not below:
        return rows, 0
    line, names = below[0]
    if names[-1] == _NO_NAME and all(len(row) < len(names) for _, row in below[1:]):
        below[0] = (line, names[:-1])
    return below, above


def without_comments(rows: list[Row]) -> tuple[list[Row], int]:
    """Return the rows without the comments at the beginning, and the number of these.

    Where no names follow, the last comment remains if it can hold them; it loses its sign.
    """
    count = next(
        (i for i, (_, row) in enumerate(rows) if not row[0].startswith(COMMENTS) or is_missing_mark(row[0])), 0
    )
    first = [row for _, row in rows[:count]]
    if not count or any(
        row[0].startswith(COMMENTS)
        and not is_missing_mark(row[0])
        and len(row) == len(rows[0][1]) > 1
        and row not in first
        for _, row in rows[count:]
    ):
        return rows, 0  # cells such as #1
    below = rows[count][1]
    line, cells = without_sign(rows[count - 1])
    is_header = len(cells) == len(below) and any(map(is_typed, below)) and not any(map(is_typed, cells))
    return ([(line, cells), *rows[count:]], count - 1) if is_header else (rows[count:], count)


def without_sign(row: Row) -> Row:
    """Return a row without the sign of a comment in front.

    >>> without_sign((1, ["# day", "x"]))
    (1, ['day', 'x'])
    """
    line, cells = row
    if not cells[0].startswith(COMMENTS):
        return row
    first = cells[0].lstrip("#%/ ")
    return line, [first, *cells[1:]] if first else cells[1:]
