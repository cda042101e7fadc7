"""Whether neighbouring cells can be the two parts of one number, whose decimal comma was taken for a separator."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from rnnstudio.reading.cells.number_signs import SIGNS

Cells = Sequence[Sequence[str]]
_SIGN = f"(?:{'|'.join(map(re.escape, SIGNS))})"
_MINUS, _APOSTROPHE = "\N{MINUS SIGN}", "\N{RIGHT SINGLE QUOTATION MARK}"
_GROUPS = rf"[0-9]{{1,3}}(?P<mark>[.\s'{_APOSTROPHE}])[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*"
_WHOLE = re.compile(rf"[-+({_MINUS}]?{_SIGN}? ?[-+{_MINUS}]?(?:[0-9]+|{_GROUPS})?")  # empty as in ,25
_DECIMALS = re.compile(rf"(?P<digits>[0-9]+)(?:[eE][-+]?[0-9]+)? ?{_SIGN}?[-)]?")
_WITH_POINT = re.compile(rf"[-+({_MINUS}]?{_SIGN}? ?[-+]?[0-9]*\.[0-9]+ ?{_SIGN}?\)?")
_THOUSANDS = re.compile(r"(?<![0-9])[0-9]{1,3}(?:\.[0-9]{3})+(?![0-9])")
_SAMPLE = 200  # rows that decide
_MIN_SHARE = 0.9  # of the rows; others can be totals
_FEW = 20  # rows that hold too few digits to speak against decimals
_MIN_FEW_VALUES, _MIN_VALUES, _HALVES = 3, 5, {"0", "5"}  # different single digits
_SURE = 40  # cells of two digits or more, among which some would begin with 0


def split_numbers(rows: Cells, begin: int = 0) -> list[int]:
    """Return the columns from one on whose cells, with those to the right, can be numbers with decimal commas.

    >>> split_numbers([["mon", "16", "3"], ["tue", "-17", "05"]])
    [1]
    """
    sample = rows[:_SAMPLE]
    columns = list(zip(*sample, strict=True))
    least = _MIN_SHARE * len(sample)
    are_decimals = [_count(_DECIMALS, column) >= least for column in columns]
    return [
        j
        for j in range(begin, len(columns) - 1)
        if are_decimals[j + 1] and sample and _count(_WHOLE, columns[j]) >= least
    ]


def can_be_split(rows: Cells, lacking: int) -> bool:
    """Return whether in most rows so many numbers with decimal commas can each have become two cells.

    >>> can_be_split([["mon", "16", "3"], ["tue", "-17", "05"]], 1)
    True
    """
    sample = rows[:_SAMPLE]
    return sum(most_apart(_split_cells(row)) >= lacking for row in sample) >= _MIN_SHARE * len(sample)


def _split_cells(row: Sequence[str]) -> list[int]:
    return [j for j, (a, b) in enumerate(pairwise(row)) if _DECIMALS.fullmatch(b) and _WHOLE.fullmatch(a)]


def likely_split_numbers(rows: Cells, begin: int = 0) -> list[int]:
    """Return the columns as `split_numbers`, without those that are likely whole numbers beside whole numbers.

    A decimal point elsewhere speaks against decimal commas, and so do digits that do not look like decimals.

    >>> likely_split_numbers([["16", "30"], ["17", "2"]]), likely_split_numbers([["16", "3"], ["17", "05"]])
    ([], [0])
    """
    found = split_numbers(rows, begin)
    if not found or any(_WITH_POINT.fullmatch(c) and not _THOUSANDS.search(c) for row in rows for c in row):
        return []
    return [j for j in found if any(row[j] for row in rows) and _look_like_decimals([row[j + 1] for row in rows])]


def most_apart(columns: Sequence[int]) -> int:
    """Return how many of the columns can be joined with those to their right at once.

    >>> most_apart([0, 1, 3])
    2
    """
    count, end = 0, -1
    for column in columns:
        if column > end:
            count, end = count + 1, column + 1
    return count


def is_whole_numbers(cells: Sequence[str]) -> bool:
    """Return whether most cells are whole numbers."""
    return 2 * sum(bool(cell and _WHOLE.fullmatch(cell)) for cell in cells) > len(cells)


def is_counted(cells: Sequence[str]) -> bool:
    """Return whether whole numbers count the rows, each the same step from the one before.

    >>> is_counted(["0", "10", "20"]), is_counted(["7", "7"])
    (True, False)
    """
    if not all(cell.isdecimal() for cell in cells):
        return False
    if len(cells) == 1:
        return cells[0] in ("0", "1")
    steps = {int(after) - int(cell) for cell, after in pairwise(cells)}
    return len(steps) == 1 and steps != {0}


def _count(form: re.Pattern[str], cells: Sequence[str]) -> int:
    return sum(form.fullmatch(cell) is not None for cell in cells)


def _look_like_decimals(cells: Sequence[str]) -> bool:
    """Return whether digits can be decimals.

    Of decimals, some begin with 0. Zeros at the end are kept, so that all are equally long, or none has them. Single
    ones take many values, unless they are halves.
    """
    digits = [match["digits"] for cell in cells if (match := _DECIMALS.fullmatch(cell))]
    long = [text for text in digits if len(text) > 1]
    if any(text.startswith("0") for text in long):
        return True
    usual = max(Counter(map(len, digits)).values(), default=0)
    if usual < _MIN_SHARE * len(digits) and any(text.endswith("0") for text in long):
        return False
    if long:
        return len(long) < _SURE
    values = set(digits)
    if len(digits) < _FEW:
        return len(values) >= _MIN_FEW_VALUES or values <= _HALVES
    return ("0" in values and len(values) >= _MIN_VALUES) or values <= _HALVES
