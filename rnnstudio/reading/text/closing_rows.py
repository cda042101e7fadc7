"""Rows at the end of a table that hold no data: totals, remarks, sources, and counts of rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rnnstudio.core.numerals import is_number
from rnnstudio.reading.cells.missing_marks import is_missing_mark
from rnnstudio.reading.text.text_layout import Row, is_typed
from rnnstudio.reading.times.time_text import is_written_as_time

_TOTAL = re.compile(
    r"(?:grand |sub)?-?totals?|sum|mean|average|avg|median|min|max|std|count|gesamt\w*|summen?|zwischensumme|"
    r"mittelwert|durchschnitt|totale|totaal|somme|moyenne|suma|media|promedio|razem|celkem",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"(?:sources?|quellen?|fuentes?|fonti?|notes?|notas?|anmerkung(?:en)?|hinweise?)\s*:", re.IGNORECASE
)
_ROW_COUNT = re.compile(r"\(\s*\d[\d,. ]*[^\W\d_][^()]*\)")  # such as (60 rows affected)
_AMBIGUOUS = re.compile(r"[-+]?\d{1,3}\.\d{3}")
_SUMS = (
    "total",
    "grand total",
    "sum",
    "gesamt",
    "summe",
    "summen",
    "totale",
    "totaal",
    "somme",
    "suma",
    "razem",
    "celkem",
)


def count_closing_rows(rows: list[Row], time_columns: Sequence[int], typed: Sequence[bool]) -> int:
    """Return how many rows at the end hold no data: rows that do not fit the columns, and totals.

    A row with a date is data, whatever it is called, and so is one that is smaller than its name says, or goes on
    counting the rows.

    Args:
        rows: The last rows.
        time_columns: Index of the columns of dates, in which the word above a total stands out.
        typed: For each column whether it holds numbers or dates.
    """
    width = max((j + 1 for _, row in rows for j, cell in enumerate(row) if cell), default=0)  # separators at the ends
    rows, typed = [(line, row[:width] or [""]) for line, row in rows], typed[:width]
    usual = {cell for _, row in rows[: len(rows) // 2] for cell in row[:2]}
    beside_numbers = {row[0] for _, row in rows if len(row) == len(typed) and any(map(is_typed, row[1:]))}
    last = max((i for i, (_, row) in enumerate(rows) if any(map(is_typed, row[1:]))), default=0)
    may_be_alone = any(_is_alone(row, typed) for _, row in rows[:last])
    shapes = {_shape(row[j]) for _, row in rows[: len(rows) // 2] for j in time_columns if j < len(row)}
    count = 0
    for _, row in reversed(rows):
        breaks_dates = any(
            j < len(row) and not is_missing_mark(row[j]) and not is_typed(row[j]) and _shape(row[j]) not in shapes
            for j in time_columns
        )
        is_remark = len(row) < len(typed) and typed[0] and not is_typed(row[0]) and not is_missing_mark(row[0])
        is_remark = is_remark or bool(_REMARK.match(row[0]) or _is_row_count(" ".join(row)))
        is_remark = is_remark or (len(row) == 1 < len(typed) - 1 and count > 0)
        is_total = bool(_total(row, usual)) and not _has_time(row, time_columns) and _may_be_total(row, rows, typed)
        is_data = any(map(is_typed, row)) or _is_without_values(row, typed, usual, beside_numbers)
        is_data = is_data or (may_be_alone and _is_alone(row, typed)) or _is_misspelled("".join(row))
        if is_data and not is_total and not breaks_dates and not is_remark:
            break
        count += 1
    return count


def _is_misspelled(text: str) -> bool:
    """Return whether digits without letters are no number, such as 1.2.3."""
    return any(map(str.isdigit, text)) and not any(map(str.isalpha, text)) and not text.startswith("(")


def _is_row_count(text: str) -> bool:
    """Return whether a row says how many rows there are; (5 EUR) is a negative amount."""
    return bool(_ROW_COUNT.fullmatch(text)) and not is_typed(text) and not is_typed(text.strip("()"))


def _total(row: list[str], usual: set[str]) -> str:
    """Return the word in one of the first cells that names a total; empty where there is none."""
    return next((cell for cell in row[:2] if cell not in usual and _TOTAL.fullmatch(cell.rstrip(":. "))), "")


def _has_time(row: list[str], time_columns: Sequence[int]) -> bool:
    return any(j < len(row) and is_written_as_time(row[j]) and not is_number(row[j]) for j in time_columns)


def _may_be_total(row: list[str], rows: Sequence[Row], typed: Sequence[bool]) -> bool:
    """Return whether the numbers of a row are as large as its name says, compared with the rows above.

    A column without numbers in the row, or with marks that can be of decimals or thousands, decides nothing.
    """
    word = _total(row, set()).lower().rstrip(":. ")
    others = [r for _, r in rows if len(r) == len(row) and not _total(r, set())]
    for j in [j for j, is_of_numbers in enumerate(typed) if is_of_numbers and j < len(row)]:
        cells = [r[j] for r in others if not is_missing_mark(r[j])]
        if not cells or not all(is_number(cell) and not _AMBIGUOUS.fullmatch(cell) for cell in (row[j], *cells)):
            continue
        value, numbers = float(row[j]), [float(cell) for cell in cells]
        if len(numbers) > 2 and {b - a for a, b in pairwise((*numbers, value))} == {1.0}:
            return False  # it goes on counting the rows
        if (word == "min" and value > min(numbers)) or (word in ("max", *_SUMS) and value < max(numbers)):
            return False
    return True


def dated_total_note(rows: Sequence[Row], time_columns: Sequence[int], typed: Sequence[bool]) -> str:
    """Return the sentence about a last row that is called a total and has a date; empty where there is none."""
    if not rows:
        return ""
    line, row = rows[-1]
    word = _total(row, {cell for _, r in rows[: len(rows) // 2] for cell in r[:2]})
    if not word or not _has_time(row, time_columns) or not _may_be_total(row, rows, typed):
        return ""
    return f"Row {line} is read as data, because it has a date; {word!r} can be a total."


def _shape(cell: str) -> str:
    return re.sub("[^\\W\\d_]+", "a", re.sub(r"\d", "0", cell))


def _is_alone(row: list[str], typed: Sequence[bool]) -> bool:
    """Return whether a row of full width holds a text alone, in a column of text."""
    return len(row) == len(typed) > 1 and not typed[0] and bool(row[0]) and not any(row[1:])


def _is_without_values(row: list[str], typed: Sequence[bool], usual: set[str], beside_numbers: set[str]) -> bool:
    """Return whether a row without numbers is one of data, in which they are missing, rather than a closing remark.

    Its first cell, where it is no number, stands beside numbers in other rows too.
    """
    if len(row) != len(typed):
        return False
    if row[0] in beside_numbers and all(map(is_missing_mark, row[1:])):
        return True
    if not row[0] or (all(row) and not typed[0] and len(row) > 1):
        return True  # a remark stands in the first cell, and fills the others hardly
    is_alone = not any(row[1:]) and not all(typed) and row[0] not in usual
    if is_alone and not is_missing_mark(row[0]):
        return False
    return all(is_missing_mark(cell) for cell, is_of_numbers in zip(row, typed, strict=True) if is_of_numbers)


def closing_rows_note(tail: Sequence[Row], closing: int, separator: str) -> str:
    """Return the sentence about closing rows that are left out; it shows the first."""
    line, row = tail[-closing]
    shown = separator.join(filter(None, row))[:60]
    if closing == 1:
        return f"Row {line} is left out as a total or remark ({shown!r})."
    return f"The last {closing} rows, from row {line}, are left out as totals or remarks (the first: {shown!r})."
