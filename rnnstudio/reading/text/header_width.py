"""Rows above the data that have another number of cells: names that do not fit the rows, and rows that hold data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rnnstudio.core.account import Question
from rnnstudio.core.missing import count_of
from rnnstudio.core.numerals import is_number
from rnnstudio.reading.cells.missing_marks import is_missing_mark
from rnnstudio.reading.text.split_decimals import can_be_split, is_counted, likely_split_numbers, most_apart
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
    which are all different. Any other header with too few names leaves open which column each of them belongs to, and
    so does one of R where commas can be decimal marks.

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
    if not cells or len(cells) > width or (len(cells) == 1 and width > 2):
        return None
    has_numbers = any(map(is_typed, cells))
    if has_numbers and (len(cells) >= filled or is_typed(cells[0]) or len(set(cells)) < len(cells)):
        return None
    if len(cells) >= filled:
        return [*cells, *[""] * (columns - len(cells))], None
    rows = [row[:width] for _, row in body]
    first = [row[0] for row in rows]
    question = _question(name, title[0], len(cells), body[0], separator)
    is_split = separator == "," and can_be_split(rows, width - len(cells))
    are_times = all(is_written_as_time(cell) and not is_number(cell) for cell in first)
    is_named_time = are_times and any(map(NAMED_TIME.fullmatch, cells))
    if len(cells) == width - 1 and not has_numbers:
        can_name_rows = not is_named_time and len(set(first)) == len(first)
        if can_name_rows and not (is_split and are_times):
            is_likely = not all(map(_is_name, first)) or likely_split_numbers(rows, int(is_counted(first)))
            is_open = is_split and (not cells[0] or (is_likely and not _name_times_beside(cells, rows)))
            meaning = "the first column has no name" if cells[0] else "the first 2 columns have no names"
            choices = {str(title[0]): meaning, **question.choices}
            names = ["", *cells, *[""] * (columns - width)]
            return names, replace(question, choices=choices) if is_open else None
    elif not is_split and (has_numbers or not is_named_time or not all(cells)):
        return None
    return [*cells, *[""] * (columns - len(cells))], question


def _name_times_beside(cells: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Return whether a name is a word for times, which stand in the column to the right of its own."""
    named = [j for j, cell in enumerate(cells, start=1) if NAMED_TIME.fullmatch(cell)]
    return any(all(is_written_as_time(row[j]) and not is_number(row[j]) for row in rows) for j in named)


def _is_name(cell: str) -> bool:
    """Return whether a cell can be the name of a row: a text or whole number."""
    return cell.isdecimal() or not is_number(cell)


def names_of_given_row(
    name: str, title: Row, body: Sequence[Row], separator: str = ""
) -> tuple[list[str], Question | None]:
    """Return what `names_of_other_width` does for a row of which is known that it holds the names.

    Its question remains where this does not answer it, and numbers can be split.
    """
    names, question = names_of_other_width(name, title, body, separator) or (title[1], None)
    if question and str(title[0]) in question.choices:
        return names, None
    lacking = len(body[0][1]) - len(title[1])
    is_split = separator == "," and can_be_split([row for _, row in body], lacking)
    return names, question if is_split else None


def names_above_other_rows(titles: Sequence[Row]) -> int:
    """Return which of the rows above the data holds names; rows below it are data with another number of cells.

    >>> names_above_other_rows([(1, ["Kiel"]), (2, ["day", "v"]), (3, ["2024-01-01", "16"])])
    1
    """
    at = len(titles) - 1
    while at and any(map(is_typed, titles[at][1])) and len(titles[at][1]) >= len(titles[at - 1][1]) > 1:
        at -= 1
    return at


def open_names_question(
    name: str, line: int, names: Sequence[str], body: Sequence[Row], separator: str
) -> Question | None:
    """Return the question about as many names as cells, of which some can be parts of names or numbers.

    >>> rows = [(2, ["16", "3", "41", "7"]), (3, ["17", "6", "42", "4"]), (4, ["19", "9", "43", "1"])]
    >>> open_names_question("a.csv", 1, ["a", "", "b", ""], rows, ",").choices
    {'1': '2 columns have no names of their own', 'none': '4 columns without names'}
    >>> open_names_question("a.csv", 1, ["a (in m", "mean)", "b", "c"], rows, ",").choices["1"]
    "columns 'a (in m' and 'mean)'"
    """
    rows = [row for _, row in body]
    if separator != "," or not rows:
        return None
    filled = [j for j in range(1, len(names)) if not all(is_missing_mark(row[j]) for row in rows)]
    unnamed = [j for j in filled if names[j] in ("", names[j - 1])]
    begin = int(not names[0] or is_counted([row[0] for row in rows]))
    cut = [j for j in range(len(names) - 1) if _opens(names[j]) and _opens(names[j + 1], ")]", "([")]
    if cut and can_be_split(rows, len(cut)):
        meaning = f"columns {names[cut[0]]!r} and {names[cut[0] + 1]!r}"
    elif unnamed and most_apart(likely_split_numbers(rows, begin)) >= len(unnamed):
        own = "has no name of its own" if len(unnamed) == 1 else "have no names of their own"
        meaning = f"{count_of(len(unnamed), 'column')} {own}"
    else:
        return None
    question = _question(name, line, len(names) - len(cut or unnamed), body[0], separator)
    return replace(question, choices={str(line): meaning, **question.choices})


def _opens(name: str, left: str = "([", right: str = ")]") -> bool:
    """Return whether a name holds a bracket that it does not close."""
    return any(name.count(a) > name.count(b) for a, b in zip(left, right, strict=True))


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
