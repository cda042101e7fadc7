"""A further table below the first one in a text file, after a blank row and with names of its own."""

from __future__ import annotations

from collections.abc import Sequence

from rnnstudio.reading.cells.missing_marks import is_missing_mark
from rnnstudio.reading.text.long_bytes import find_bytes, has_pair
from rnnstudio.reading.text.text_layout import is_typed, rows_of

_MAX_TRIED = 20  # blank rows below which names are searched
_SHOWN = 60  # characters of the names in a note
_ROWS = 4_000  # bytes below a blank row in which these stand


def further_table(text: bytes, begin: int, separator: str, names: Sequence[str]) -> tuple[int, int, str] | None:
    r"""Return the position and line at which a further table begins, and what to say; None where there is none.

    Below the blank row stand names, of which none is a number or date or stands in its column above, and a row with a
    number or date. The names of the first table, which programs repeat on each page, begin no other one.

    Args:
        text: The file in UTF-8.
        begin: Where the rows of the first table begin.
        separator: What stands between the cells.
        names: Names of the columns of the first table.

    >>> further_table(b"day,x\n1,2\n2,3\n\nshop,area\na,5\n", 6, ",", ["day", "x"])
    (15, 5, "Row 5 begins another table ('shop,area'); it is left out.")
    """
    first = text.find(b"\n")
    end = b"\r\n" if text[max(first - 1, 0) : first + 1] == b"\r\n" else b"\n"
    blanks = {b"\n" + end}
    if separator != " ":
        blanks.add(b"\n" + separator.encode() * (len(names) - 1) + end)
    for position in sorted(_positions(text, begin, blanks))[:_MAX_TRIED]:
        below = text[position + 1 : position + _ROWS].decode("utf-8", "ignore").splitlines()
        rows = rows_of(below, separator)
        if len(rows) < 2 or len(rows[0][1]) < 2 or [cell for cell in rows[0][1] if cell] == list(filter(None, names)):
            continue
        heads = [cell for cell in rows[0][1] if cell]
        if any(map(is_missing_mark, heads)) or _stands_above(rows[0][1], text[begin : position + 1], separator):
            continue
        if len(heads) > 1 and not any(map(is_typed, heads)) and any(map(is_typed, rows[1][1])):
            start = position + 1 + text[position + 1 :].index(b"\n") + 1
            line = text.count(b"\n", 0, start) + rows[0][0] - 1
            shown = separator.join(rows[0][1])[:_SHOWN]
            return start, line, f"Row {line} begins another table ({shown!r}); it is left out."
    return None


def _stands_above(cells: Sequence[str], above: bytes, separator: str) -> bool:
    """Return whether a cell also stands in its column in the rows above, as in data."""
    lines = above[-_ROWS:].decode("utf-8", "ignore").splitlines()[1 if len(above) > _ROWS else 0 :]
    return any(
        cell and cell == other for _, row in rows_of(lines, separator) for cell, other in zip(cells, row, strict=False)
    )


def _positions(text: bytes, begin: int, blanks: set[bytes]) -> list[int]:
    """Return where the first blank rows stand."""
    positions = []
    for blank in blanks:
        if not has_pair(text, blank[:2]):
            continue
        position = begin - 1
        for _ in range(_MAX_TRIED):
            position = find_bytes(text, blank, position + 1)
            if position < 0:
                break
            positions.append(position)
    return positions
