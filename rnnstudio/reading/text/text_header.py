"""The header of a text table: the rows above it, its names in one or several rows, and a row of units."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from rnnstudio.core.account import Question
from rnnstudio.core.errors import SettingError
from rnnstudio.core.numerals import is_number
from rnnstudio.core.wording import enumeration
from rnnstudio.reading.cells.missing_marks import is_missing_mark
from rnnstudio.reading.text.header_width import (
    data_above_question,
    names_above_other_rows,
    names_of_given_row,
    names_of_other_width,
    open_names_question,
)
from rnnstudio.reading.text.names_above import join_names, with_groups, without_keys
from rnnstudio.reading.text.numeric_header import (
    are_numbers_names,
    are_times_names,
    is_row_without_numbers,
    names_beside_time,
    names_most,
    numbers_the_columns,
)
from rnnstudio.reading.text.preamble_rows import without_comments, without_preamble, without_sign
from rnnstudio.reading.text.text_layout import Row, is_time_column, is_typed, no_numbers_error
from rnnstudio.reading.text.unique_names import unique_names
from rnnstudio.reading.times.time_text import is_written_as_time

_MAX_TITLES = 30
_RULE = re.compile(r":?[-=+]{3,}:?|:-+:?|-+:")  # a line that is drawn below the names
_NO_UNIT = ("", "-", "--")  # what stands in a row of units for columns without one


@dataclass(frozen=True)
class Layout:
    """Where the parts of a text table lie.

    Attributes:
        names: Names of the columns; empty where the file names none.
        units: Unit of each column; empty without a row of units.
        header: Lines with the names.
        units_row: Line with the units; 0 for none.
        first_row: Line of the first row of data.
        width: Number of columns.
        skipped_above: Lines above the header or the data that are not read, without blank ones.
        notes: Sentences about what was assumed.
        question: What is open about the names.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    header: tuple[int, ...]
    units_row: int
    first_row: int
    width: int
    skipped_above: int
    notes: tuple[str, ...] = ()
    question: Question | None = None


def find_layout(name: str, rows: list[Row], header: str = "", separator: str = "") -> Layout:
    """Return the layout of a table from the rows at its beginning.

    Args:
        name: Name of the file in messages.
        rows: Its first rows.
        header: Lines with the names, such as "3" or "2-4", or "none"; found when empty.
        separator: What stands between the cells; empty where they need none.

    Raises:
        SettingError: `header` names no rows.

    >>> find_layout("lab.csv", [(1, ["t", "p"]), (2, ["s", "bar"]), (3, ["0", "1.5"]), (4, ["1", "1.6"])]).units
    ('s', 'bar')
    """
    if not rows:
        raise no_numbers_error(name)
    if header:
        return _with_header(name, [without_sign(row) for row in rows], _width(rows), header, separator)
    rows, preamble = without_preamble(rows)
    rows, comments = without_comments(rows)
    width = _width(rows)
    rows = [row for i, row in enumerate(rows) if i >= _MAX_TITLES or not _is_rule(row[1])]
    titles, body = _split_titles(rows, width)
    typed = typed_columns(body, width)
    is_dated = is_time_column(body, 0)
    data = next(
        (i for i, (_, row) in enumerate(body) if _is_data(row, typed) and not (is_dated and _is_foreword(row, typed))),
        len(body),
    )
    if data == 0 and len(body) > 1 and typed[0] and not any(typed[1:]) and not body[0][1][0] and all(body[0][1][1:]):
        data = 1  # names beside the running numbers of the rows
    if data == 1 and not titles and is_row_without_numbers(body, typed):
        data = 0
    while data > 1 and _stands_below(body[data - 1][1], [row for _, row in body[data:]]):
        data -= 1
    notes: list[str] = []
    question = None
    if data == 0 and len(body) > 1 and (are_numbers_names(body) or names_beside_time(body, typed)):
        data = next((i for i in range(1, len(body)) if _is_data(body[i][1], typed)), 1)
        notes.append(f"Row {body[0][0]} holds the names of the columns, which are numbers.")
    elif data == 0 and len(body) > 1 and are_times_names(body, typed):
        data = next((i for i in range(1, len(body)) if _is_data(body[i][1], typed)), 1)
    elif data == 0 and len(body) > 1 and names_most(body, typed):
        data = 1
    elif data == 0 and titles and body:
        at = names_above_other_rows(titles)
        found = names_of_other_width(name, titles[at], body, separator)
        if found and (found[1] or all(len(row) > width for _, row in titles[at + 1 :])):
            cells, question = found
            body.insert(0, (titles[at][0], cells))
            titles = titles[:at]
            data = 1
    heads, keys = without_keys(body[:data])
    titles += keys
    question = question or data_above_question(name, titles, heads[0][0] if heads else 0)
    first = body[data][0] if data < len(body) else (body[-1][0] + 1 if body else 1)
    first = _first_row(rows, heads[-1][0] if heads else 0, first, typed)
    numbered = int(bool(heads) and numbers_the_columns(body[data:]))
    if numbered:
        notes.append(f"Row {first} numbers the columns and is left out.")
        first = body[data + 1][0]
    names, units, units_row, skipped = join_names(heads, width)
    names, groups = with_groups(names, titles)
    if heads and not question:
        question = open_names_question(name, heads[-1][0], names, body[data:], separator)
    if skipped:
        listed = enumeration(sorted(skipped))
        notes.append(f"Rows between the names and the data are left out: {listed}.")
    lines = tuple(line for line, _ in heads if line != units_row and line not in skipped)
    above = len(titles) - bool(groups) + len(skipped) + numbered + comments + preamble
    return Layout(
        names, units, (groups,) * bool(groups) + lines, units_row, first, width, above, tuple(notes), question,
    )  # fmt: skip


def _is_rule(row: list[str]) -> bool:
    """Return whether a row only draws a line below the names."""
    cells = [cell for cell in row if cell]
    return all(map(_RULE.fullmatch, cells)) and (len(row) > 1 or len(row[0]) > len("---"))


def _first_row(rows: list[Row], header: int, first: int, typed: list[bool]) -> int:
    """Return the line of the first row of data, which may have another width.

    One with numbers only is no title, nor is one below the names whose numbers and texts are where they are in the
    other rows, or with numbers in more cells than they have.
    """
    for line, row in rows:
        if header < line < first and len(row) >= len(typed) / 2 and _holds_data(row, typed, header > 0):
            return line
    return first


def _holds_data(row: list[str], typed: list[bool], is_named: bool) -> bool:
    are_typed = [None if is_missing_mark(cell) else is_typed(cell) for cell in row]
    if False not in are_typed or True not in are_typed:
        return False not in are_typed
    if len(row) > len(typed):
        return is_named or are_typed[0] == typed[0]
    return is_named and all(own in (None, usual) for own, usual in zip(are_typed, typed, strict=False))


def _width(rows: list[Row]) -> int:
    widths = Counter(len(row) for _, row in rows[len(rows) // 4 :])
    return max(widths.items(), key=lambda item: (item[1], item[0]))[0]


def _split_titles(rows: list[Row], width: int) -> tuple[list[Row], list[Row]]:
    """Return the rows above the table, which have another width or few cells only, and those of the table."""
    if begin := _row_of_names(rows, width):
        return rows[:begin], [r for r in rows[begin:] if len(r[1]) == width]
    used = len({j for _, row in rows if len(row) == width for j, cell in enumerate(row) if not is_missing_mark(cell)})
    for i, (_, row) in enumerate(rows):
        filled = [cell for cell in row if cell]
        is_title = len(row) != width or (
            used > 1
            and (row[0] or used > 3)  # else a name beside a column without one
            and len(filled) <= max(1, used // 3)
            and not any(map(is_typed, row))
        )
        if not is_title:
            return rows[:i], [r for r in rows[i:] if len(r[1]) == width]
    return [], [r for r in rows if len(r[1]) == width]


def _row_of_names(rows: list[Row], width: int) -> int:
    """Return the index of a row of names that stands below rows with empty cells at their ends; 0 if there is none."""
    if width < 3:
        return 0
    later = [row for _, row in rows[-_MAX_TITLES:] if len(row) == width]
    used = {j for row in later for j, cell in enumerate(row) if not is_missing_mark(cell)}
    last = max(used, default=0)
    for i, (line, row) in enumerate(rows[:_MAX_TITLES]):
        is_below_blank = i > 0 and line > rows[i - 1][0] + 1 and not is_typed(rows[0][1][0])
        if is_below_blank and len(row) == width and all(row[j] for j in used):
            return i  # names that are numbers, or data, below titles
        if len(row) == width and row[last] and sum(map(bool, row)) > len(used) / 2 and not any(map(is_typed, row)):
            return i
        if len(row) == width and row[last]:
            return 0
    return 0


def typed_columns(body: list[Row], width: int) -> list[bool]:
    """Return for each column whether most cells are numbers or dates, decided by the later rows."""
    later = [row for _, row in body[min(len(body) // 2, 5) :]] or [row for _, row in body]
    typed = []
    for j in range(width):
        cells = [row[j] for row in later if not is_missing_mark(row[j])]
        cells = cells or [row[j] for _, row in body if not is_missing_mark(row[j])]
        typed.append(bool(cells) and sum(map(is_typed, cells)) >= 0.5 * len(cells))
    return typed


def _is_data(row: list[str], typed: list[bool]) -> bool:
    cells = [cell for cell, is_of_numbers in zip(row, typed, strict=True) if is_of_numbers]
    return any(map(is_typed, cells)) or (
        bool(cells) and all(map(is_missing_mark, cells)) and (any(row) or len(row) == 1)
    )


def _stands_below(cells: list[str], rows: list[list[str]]) -> bool:
    """Return whether all cells of a row, two or one beside N/A at least, stand in their columns below, as in data."""
    known = [j for j, cell in enumerate(cells) if not is_missing_mark(cell)]
    has_mark = any(is_missing_mark(cell) and cell not in _NO_UNIT for cell in cells)
    return len(known) + has_mark > 1 and bool(known) and all(any(row[j] == cells[j] for row in rows) for j in known)


def _is_foreword(row: list[str], typed: list[bool]) -> bool:
    """Return whether a row above dated ones holds a date beside words, such as the day of an update, but no number."""
    if is_typed(row[0]) or is_missing_mark(row[0]):
        return False
    cells = [cell for cell, is_of_numbers in zip(row, typed, strict=True) if is_of_numbers and is_typed(cell)]
    return all(is_written_as_time(cell) and not is_number(cell) for cell in cells)


def _with_header(name: str, rows: list[Row], width: int, header: str, separator: str) -> Layout:
    """Return the layout where the caller names the rows of the header."""
    if header.strip().lower() in ("none", "0"):
        first = next((line for line, row in rows if len(row) == width), 1)
        return Layout((), (), (), 0, first, width, sum(line < first for line, _ in rows))
    match = re.fullmatch(r"\s*(\d+)\s*(?:-\s*(\d+)\s*)?", header)
    begin, end = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    heads = [(line, row) for line, row in rows if begin <= line <= end]
    below = [(line, row) for line, row in rows if line > end]
    if not heads or not below:
        raise SettingError(
            f"header must be a row of {name} with the names of the columns, such as 1 or 2-4, or none; received "
            f"{header!r}.",
            "header",
        )
    regular = [r for r in below if len(r[1]) == width]
    typed = typed_columns(regular, width)
    question = None
    if len(heads) == 1 and len(heads[0][1]) < width and regular:
        cells, question = names_of_given_row(name, heads[0], regular, separator)
        heads = [(heads[0][0], cells)]
    heads = [(line, (row + [""] * width)[:width]) for line, row in heads]
    names, units, units_row, skipped = join_names(heads, width, may_have_units=False)
    first, line = below[0][0], 0
    if not units and len(below) > 1 and len(below[0][1]) == width and not _is_data(below[0][1], typed):
        units, line = tuple(below[0][1]), below[0][0]
        first = below[1][0]
    return Layout(
        names, units, tuple(n for n, _ in heads if n != units_row), units_row or line, first, width,
        sum(n < begin for n, _ in rows) + len(skipped), question=question,
    )  # fmt: skip


def without_open_commas(layout: Layout) -> Layout:
    """Return a layout without the question whether its commas stand within numbers, where these are quoted."""
    choices = layout.question.choices if layout.question else {}
    is_asked = "none" in choices and any(str(line) in choices for line in layout.header)
    return replace(layout, question=None) if is_asked else layout


def column_names(layout: Layout) -> tuple[list[str], list[str]]:
    r"""Return the names of the columns and those among them that the file does not name: column1, column2, ...

    Names are unique and without control characters, which could change the state of a terminal.
    """
    given = layout.names or ("",) * layout.width
    names = unique_names([name or f"column{i}" for i, name in enumerate(given, start=1)])
    return names, [name for name, own in zip(names, given, strict=True) if not own]
