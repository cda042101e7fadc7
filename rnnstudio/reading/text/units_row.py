"""The row of units below the names of the columns, and the units in it without their brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rnnstudio.reading.text.text_layout import Row

_WORD = re.compile(r"units?|einheit(?:en)?|unit\u00e9s?|unidad(?:es)?|unit\u00e0", re.IGNORECASE)
_TYPE = re.compile(
    r"[0-9]+[sdn]|date(?:time)?|timestamp|time|float(?:32|64)?|double|real|u?int(?:eger|8|16|32|64)?|long|num(?:ber|eric)?|str(?:ing)?|text|bool(?:ean)?|"
    r"char|varchar|object|category",
    re.IGNORECASE,
)
_MAX_BLANKS, _MAX_UNIT = 3, 24  # blanks in a unit, and characters of one with so many
_BRACKETED = re.compile(r"(?:in )?\[([^]]*)\]|(?:in )?\(([^)]*)\)|in (.+)")


def units_among(rows: Sequence[Row]) -> tuple[tuple[str, ...], int]:
    """Return the units, and their line, from the rows between the names and the data.

    They stand in the row that begins with a word for units, else in the first. A row that is repeated holds no units.

    >>> units_among([(2, ["", "Rate of the bank"]), (3, ["Unit", "in (%)"])])
    (('', '%'), 3)
    """
    line, units = next((row for row in rows if _WORD.fullmatch(row[1][0].strip(": "))), rows[0])
    if any(row == units for number, row in rows if number != line) or _are_no_units(units):
        return (), 0
    return tuple(map(unit, units)), line


def _are_no_units(cells: Sequence[str]) -> bool:
    """Return whether cells are types, formats or descriptions of columns, and no units."""
    given = [cell for cell in cells if cell]
    are_types = all(_TYPE.fullmatch(cell) for cell in given)
    return are_types or any(cell.count(" ") >= _MAX_BLANKS and len(cell) > _MAX_UNIT for cell in given)


def unit(cell: str) -> str:
    """Return a unit without the brackets around it.

    >>> [unit(cell) for cell in ("[s]", "in (%)", "m (wet)", "-", "Einheit:")]
    ['s', '%', 'm (wet)', '', '']
    """
    match = _BRACKETED.fullmatch(cell)
    inner = cell if match is None else next(filter(None, match.groups()), "")
    return "" if inner in ("-", "--") or _WORD.fullmatch(inner.strip(": ")) else inner.strip()
