"""Rows above the data that have another number of cells: names that do not fit the rows, and rows that hold data."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rnnstudio.core.account import Question
from rnnstudio.core.numerals import is_number
from rnnstudio.reading.text.text_layout import Row, is_typed
from rnnstudio.reading.times.time_text import is_written_as_time

NAMED_TIME = re.compile(
    r"(?:.*[_ ])?(?:date|datum|fecha|data|dato|datetime|time|timestamp|zeit|zeitstempel|zeitpunkt|period|periode|year|"
    r"jahr|month|monat|day|tag|week|hour|stunde|index)",
    re.IGNORECASE,
)
_MIN_DATA = 2  # rows with a date above the header, from which on they are data and no remarks
_SHOWN = 60  # characters of a row in a question


def names_of_other_width(
    name: str, title: Row, body: Sequence[Row], separator: str = ""
) -> tuple[list[str], Question | None] | None:
    """Return the names of the columns from the row above the data, which has another number of cells.

    A separator at the end of the names or of all rows makes no column. R writes no name above the names of the rows,
    which are all different. Any other header with too few names leaves open which column each of them belongs to.

    Args:
        name: Name of the file in messages.
        title: The row above the data.
        body: The rows of data, all of one width.
        separator: What stands between the cells; empty where they need none.

    Returns:
        A name for each column, empty where there is none, and the question about them; None where the row holds no
        names.

    >>> names_of_other_width("a.csv", (1, ["day", "a"]), [(2, ["mon", "5", ""]), (3, ["tue", "6", ""])])
    (['day', 'a', ''], None)
    >>> names_of_other_width("a.csv", (1, ["a", "b"]), [(2, ["mon", "5", "7"]), (3, ["tue", "6", "8"])])
    (['', 'a', 'b'], None)
    """
    columns = width = len(body[0][1])
    filled = max((j + 1 for _, row in body for j, cell in enumerate(row) if cell), default=0)
    cells = list(title[1])
    while cells and not cells[-1] and (len(cells) > columns or width > filled):  # else it is a column without a name
        cells.pop()
        width -= width > filled  # names and rows end in the same separator
    if not cells or len(cells) > width or any(map(is_typed, cells)) or (len(cells) == 1 and width > 2):
        return None
    if len(cells) >= filled:
        return [*cells, *[""] * (columns - len(cells))], None
    first = [row[0] for _, row in body]
    are_times = all(is_written_as_time(cell) and not is_number(cell) for cell in first)
    is_named_time = are_times and any(map(NAMED_TIME.fullmatch, cells))
    if len(cells) == width - 1:
        may_have_decimals = separator == "," and are_times and _has_whole_neighbours(body)
        if not is_named_time and len(set(first)) == len(first) and not may_have_decimals:
            return ["", *cells, *[""] * (columns - width)], None
    elif not is_named_time or not all(cells):
        return None
    return [*cells, *[""] * (columns - len(cells))], _question(name, title[0], len(cells), body[0], separator)


def _has_whole_neighbours(body: Sequence[Row]) -> bool:
    """Return whether the cells of two columns can be the two parts of one number with a decimal comma."""
    width = len(body[0][1])
    are_digits = [all(row[j].isdecimal() for _, row in body) for j in range(1, width)]
    are_whole = [all(row[j].lstrip("-").isdecimal() for _, row in body) for j in range(1, width)]
    return any(whole and digits for whole, digits in zip(are_whole, are_digits[1:], strict=False))


def _question(name: str, line: int, names: int, row: Row, separator: str) -> Question:
    sign = separator or ","
    mark = {",": "a comma", " ": "a blank"}.get(sign, "a separator")
    return Question(
        "header",
        {"none": f"{len(row[1])} columns without names"},
        f"{name}: row {line} names {names} {'column' if names == 1 else 'columns'}, row {row[0]} has {len(row[1])} "
        f"cells ({sign.join(row[1])[:_SHOWN]!r}). If {mark} also stands within numbers, save the table with another "
        "separator.",
    )


def data_above_question(name: str, titles: Sequence[Row], header: int) -> Question | None:
    """Return the question about rows of data with another number of cells, which stand above the header.

    >>> rows = [(1, ["time", "a"]), (2, ["2024-01-01", "5"]), (3, ["2024-01-02", "6"])]
    >>> data_above_question("a.csv", rows, 4).choices
    {'4': 'they are left out'}
    """
    data = [
        line
        for line, row in titles
        if len(row) > 1 and is_written_as_time(row[0]) and not is_number(row[0]) and any(map(is_typed, row[1:]))
    ]
    data = data if len(data) >= _MIN_DATA else _numbers_below_names(titles)
    if len(data) < _MIN_DATA or not header:
        return None
    return Question(
        "header",
        {str(header): "they are left out"},
        f"{name}: rows {data[0]} to {data[-1]}, above the header in row {header}, hold data with another number of "
        "columns. Write them into a file of their own to read them.",
    )


def _numbers_below_names(rows: Sequence[Row]) -> list[int]:
    """Return the lines of rows with a name and two numbers or more, which stand below names of as many columns."""
    found: list[int] = []
    names = 0
    for line, row in rows:
        are_typed = [is_typed(cell) for cell in row]
        if len(row) > 2 and not any(are_typed):
            names = len(row)
        elif len(row) == names > 2 and all(are_typed[1:]):
            found.append(line)
    return found
