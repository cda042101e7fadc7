"""Whether a first row of numbers holds the names of the columns: years, or the numbers of channels, shops or depths."""

from __future__ import annotations

from itertools import pairwise

from rnnstudio.core.numerals import is_number
from rnnstudio.reading.cells.missing_marks import is_missing_mark
from rnnstudio.reading.stamps.stretched_rows import MIN_TIMES
from rnnstudio.reading.text.header_width import NAMED_TIME
from rnnstudio.reading.text.text_layout import Row, is_typed
from rnnstudio.reading.times.time_text import CLOCK_ONLY, is_written_as_time


def are_numbers_names(body: list[Row]) -> bool:
    """Return whether a first row of numbers names the columns: years, or 0, 1, 2, ... unlike the rows below."""
    body = _without_empty_ends(body)
    row, width = body[0][1], len(body[0][1])
    numbers = [cell for cell in row if is_number(cell)]
    if len(numbers) < 2 or not all(cell.isdecimal() for cell in numbers) or len(set(numbers)) < len(numbers):
        return False
    if any(is_typed(cell) for cell in row if not is_number(cell)):
        return False  # an amount of money, say
    values = [int(cell) for cell in numbers]
    steps = {b - a for a, b in pairwise(values)}
    are_years = all(map(_is_year, numbers))
    counts_from_zero = values[0] in (0, 1) and steps == {1}
    others = [r for _, r in body[1:20]]
    are_years_apart = min(steps) > 0 and len(numbers) < width and not any(all(map(_is_year, r[1:])) for r in others)
    is_regular = are_years and (len(steps) == 1 or are_years_apart)
    is_regular = is_regular or (counts_from_zero and (len(numbers) == width or row[0] == ""))
    below = [cell for r in others for cell in r[width - len(numbers) :]]
    has_decimals = any(not cell.isdecimal() for cell in below if cell)
    repeated = sum(_steps(r) == steps for r in others) > len(others) / 4
    has_text = len(numbers) < width
    return is_regular and not repeated and (has_text or has_decimals or width > 2)


def are_times_names(body: list[Row], typed: list[bool]) -> bool:
    """Return whether a first row of times and words names the columns: below the times stand numbers.

    >>> are_times_names([(1, ["day", "00:00", "06:00", "12:00"]), (2, ["3 May 2024", "1", "2", "3"])], [True] * 4)
    True
    """
    body = _without_empty_ends(body)
    row, others = body[0][1], [r for _, r in body[1:20]]
    times = [j for j, cell in enumerate(row) if typed[j] and _is_time(cell)]
    if len(times) < MIN_TIMES or len({row[j] for j in times}) < len(times):
        return False
    if not all(is_number(r[j]) or is_missing_mark(r[j]) or not _is_time(r[j]) for r in others for j in times):
        return False
    return not any(is_typed(cell) for j, cell in enumerate(row) if j not in times)


def _is_time(cell: str) -> bool:
    return is_written_as_time(cell) or CLOCK_ONLY.fullmatch(cell) is not None


def numbers_the_columns(body: list[Row]) -> bool:
    """Return whether a first row below the names only numbers the columns: (1), (2), ..., or 1, 2, ... beside dates.

    >>> numbers_the_columns([(2, ["1", "2"]), (3, ["1 May 2024", "507"]), (4, ["2 May 2024", "411"])])
    True
    """
    if len(body) < 2:
        return False
    row, others = body[0][1], [r for _, r in body[1:20]]
    counted = [str(j) for j in range(1, len(row) + 1)]
    if len(row) > 1 and any(row == [f"{left}{j}{right}" for j in counted] for left, right in ("()", "[]")):
        return True
    return row == counted and any(all(_is_time(r[j]) for r in others) for j in range(len(row)))


def names_most(body: list[Row], typed: list[bool]) -> bool:
    """Return whether a first row with a number among its cells names the columns: the others hold numbers below."""
    names = numbers = 0
    for j in [j for j, is_of_numbers in enumerate(typed) if is_of_numbers]:
        if is_typed(body[0][1][j]):
            numbers += 1
        elif not is_missing_mark(body[0][1][j]) and all(is_typed(r[j]) or is_missing_mark(r[j]) for _, r in body[1:]):
            names += 1
    return names >= numbers > 0


def _without_empty_ends(body: list[Row]) -> list[Row]:
    """Return rows without the last columns if these are empty, as where rows end in separators."""
    width = max((j + 1 for _, row in body for j, cell in enumerate(row) if cell), default=0)
    return [(line, row[:width]) for line, row in body]


def is_row_without_numbers(body: list[Row], typed: list[bool]) -> bool:
    """Return whether a first row of text is one of data whose numbers are missing, not the names of the columns.

    It has text that stands below it, too, or the row below it lacks the numbers as well.

    >>> is_row_without_numbers([(1, ["", "red"]), (2, ["2.5", "blue"]), (3, ["3.5", "red"])], [True, False])
    True
    """
    if len(body) < 2 or not any(typed):
        return False
    (_, first), (_, second) = body[:2]
    lacks = [
        all(is_missing_mark(cell) for cell, is_number in zip(row, typed, strict=True) if is_number)
        for row in (first, second)
    ]
    repeated = any(
        first[j] and not typed[j] and any(row[j] == first[j] for _, row in body[1:]) for j in range(len(first))
    )
    return lacks[0] and (lacks[1] or repeated)


def _is_year(cell: str) -> bool:
    return cell.isdecimal() and 1800 <= int(cell) <= 2200


def _steps(row: list[str]) -> set[int]:
    values = [int(cell) for cell in row if cell.isdecimal()]
    return {b - a for a, b in pairwise(values)}


def names_beside_time(body: list[Row], typed: list[bool]) -> bool:
    """Return whether a first row of different numbers names the columns, because it names the first one in words.

    The first column holds times or other numbers below. Where its name is no word for a time, the numbers must increase
    unlike those of the rows.

    >>> rows = [(1, ["date", "20", "10"]), (2, ["2024-01-01", "5", "6"]), (3, ["2024-01-02", "7", "8"])]
    >>> names_beside_time(rows, [True, True, True])
    True
    """
    body = _without_empty_ends(body)
    row, others = body[0][1], [r for _, r in body[1:20]]
    first, numbers = row[0], row[1:]
    if not numbers or not typed[0] or is_typed(first) or is_missing_mark(first):
        return False
    if len(set(numbers)) < len(numbers) or not all(map(is_number, numbers)):
        return False
    data = others[:-1] if 1 < len(others) == len(body) - 1 else others  # without a total in the last row
    if not all(is_typed(r[0]) or is_missing_mark(r[0]) for r in data):
        return False
    if NAMED_TIME.fullmatch(first):
        return True
    return len(numbers) > 1 and _increase(numbers) and sum(_increase(r[1:]) for r in others) < len(others) / 2


def _increase(cells: list[str]) -> bool:
    values = [float(cell) if is_number(cell) else float("nan") for cell in cells]
    return all(a < b for a, b in pairwise(values))
