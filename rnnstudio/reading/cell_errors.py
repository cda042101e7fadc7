"""Cells that are quoted where a table has no column of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from rnnstudio.core.errors import DataError
from rnnstudio.core.names import text_of
from rnnstudio.core.numerals import NEARLY_A_NUMBER, is_number

_MAX_MARKS = 5  # different cells that are no numbers, up to which they may be marks of missing values
_MAX_ROWS = 100  # at the beginning of a table, in which a cell to quote is searched


def quoted_cell(names: Sequence[str], rows: Iterable[tuple[int | str, list[Any]]]) -> str:
    """Return the first cell of text that may be meant as a number, to follow a sentence; empty where there is none.

    It stands in the last column with such cells, because names, dates and series stand in the first ones.

    >>> quoted_cell(["who", "sales"], [(2, ["a1", None]), (3, ["b2", "Fr. 5"])])
    "; row 3 of column 'sales' holds 'Fr. 5'"
    """
    found: dict[int, str] = {}
    for number, row in islice(rows, _MAX_ROWS):
        for j, cell in enumerate(row):
            if isinstance(cell, str) and j not in found and any(map(str.isdigit, cell)) and not is_number(cell):
                place = number if isinstance(number, str) else f"row {number}"
                found[j] = f"; {place} of column {names[j]!r} holds {cell[:40]!r}"
    return found[max(found)] if found else ""


def possible_marks(cells: Iterable[str]) -> list[str]:
    """Return the different cells of a column of numbers that are none, where so few can be marks of missing values.

    >>> possible_marks(["broken", "*", "broken"]), possible_marks("abcdef")
    (['broken', '*'], [])
    """
    texts = list(dict.fromkeys(map(str.strip, cells)))
    return texts if len(texts) <= _MAX_MARKS else []


def missing_hint(cells: Iterable[str]) -> str:
    """Return what to do about cells of a column of numbers that are none; empty where they are too many to be marks.

    >>> missing_hint(["<0.5"])
    ' Set missing_values to <0.5 where it is to be missing, correct the file, or choose another column.'
    """
    marks = possible_marks(cells)
    if not marks:
        return ""
    named = f"{text_of(marks)} where {'it is' if len(marks) == 1 else 'they are'} to be missing"
    return f" Set missing_values to {named}, correct the file, or choose another column."


def number_format_error(
    name: str, rows: Iterable[tuple[int | str, list[Any]]], names: Sequence[str]
) -> DataError | None:
    """Return the error for the first number in a wrong format, such as "1.101,00" or "$10"; None if there is none.

    Args:
        name: Name of the file in messages.
        rows: Number and cells of each row.
        names: Names of the columns.
    """
    for number, row in rows:
        for j, cell in enumerate(map(str, row)):
            if not is_number(cell) and NEARLY_A_NUMBER.fullmatch(cell):
                column = names[j] if j < len(names) else f"column{j + 1}"
                return DataError(
                    f"{name}, row {number}, column {column!r}: a plain number such as 1101.5 is expected; received "
                    f"{cell[:40]!r}. Remove signs for currency, percent and thousands."
                )
    return None
