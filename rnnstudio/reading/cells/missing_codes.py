"""Numbers that stand for missing values, such as -9999: marks of the caller, and those that are asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rnnstudio.core.account import Question
from rnnstudio.core.missing import count_of
from rnnstudio.core.precision import Floats
from rnnstudio.reading.cells.column import Column, count_few

_LIMITS = {32767.0, -32768.0, 65535.0, 2147483647.0, -2147483648.0, 4294967295.0}  # of whole numbers in files
_HUGE = 1e19  # as 1e20 and 9.96921e36, which no column holds beside small numbers
_MIN_OTHERS = 3  # numbers beside a code
_MAX_CODES = 3  # of a column
_MANY = 3  # rows in which a negative number stands, among numbers that are not


def use_number_marks(columns: Sequence[Column], marks: Sequence[str]) -> None:
    """Read the numbers that the caller names as marks of missing values as such, in place, however they are written."""
    numbers = {number: mark for mark in marks if (number := _number(mark)) is not None}
    for column in columns if numbers else ():
        if column.account.kind != "number":
            continue
        for number, mark in numbers.items():
            found = column.values == number
            if count := int(found.sum()):
                column.values = np.where(found, np.nan, column.values)
                known = column.account.missing_marks
                column.account = replace(
                    column.account,
                    missing=column.account.missing + count,
                    missing_marks={**known, mark: known.get(mark, 0) + count},
                    distinct=count_few(column.values),
                )


def ask_about_codes(columns: Sequence[Column], marks: Sequence[str]) -> None:
    """Ask about the numbers of columns that look like codes of missing values, in place, or say what they may be.

    A code is further from all other numbers of the column than these lie apart: nines, a number beyond all measures,
    the largest whole number of a type, or a negative number in several rows of a column whose other numbers differ and
    are not negative.

    Args:
        columns: Columns that are no times and count no rows.
        marks: What the caller names as marks of missing values; "none" where such numbers are numbers.
    """
    for column in columns if "none" not in marks else ():
        if column.account.kind == "number":
            for code, count, others in _codes(column.values):
                _ask(column, code, count, others, marks)


def _ask(column: Column, code: float, count: int, others: tuple[float, float], marks: Sequence[str]) -> None:
    name, shown = column.account.name, f"{code:.10g}"
    shown = shown if float(shown) == code else repr(code)  # the mark must mean this number
    low, high = (f"{value:.6g}" for value in others)
    between = f"{low} to {high}" if low != high else f"all {low}"
    holds = f"Column {name!r} holds {shown} in {count_of(count, 'row')}, and its other numbers are {between}"
    distance = max(others[0] - code, code - others[1])
    is_sure = code < 0 or code >= _HUGE or (code == round(code) and distance > 3 * (others[1] - others[0]))
    if not (is_sure and _is_code(code)):
        column.notes.append(f"{holds}; if {shown} stands for missing values, set missing_values to {shown}.")
        return
    choices = {",".join([*marks, shown]): "missing values", ",".join([*marks, "none"]): "numbers"}
    column.questions.append(Question("missing_values", choices, f"{holds}; {shown} can mean a missing value.", name))


def _codes(values: Floats) -> list[tuple[float, int, tuple[float, float]]]:
    """Return the numbers at the ends of a column that look like codes: number, rows, and the range of the others."""
    found: list[tuple[float, int, tuple[float, float]]] = []
    known = values
    while len(found) < _MAX_CODES and (code := _code_at_an_end(known)) is not None:
        number, others = code
        count = int((known == number).sum())
        if not _is_code(number) and count < _MANY:
            break
        found.append((number, count, others))
        known = known[known != number]
    return found


def _code_at_an_end(values: Floats) -> tuple[float, tuple[float, float]] | None:
    """Return the smallest or largest number, where it may be a code, and the range of the others; else None."""
    if not len(values) or np.isnan(low := float(np.fmin.reduce(values))):
        return None
    for end in (low, float(np.fmax.reduce(values))):
        is_negative = end == low < 0 and end == round(end) if np.isfinite(end) else False
        if not (_is_code(end) or is_negative):
            continue
        others = values[np.isfinite(values) & (values != end)]
        if len(others) < _MIN_OTHERS:
            continue
        first, last = float(others.min()), float(others.max())
        is_far = max(first - end, end - last) > last - first
        if is_far and (_is_code(end) or 0 <= first < last):  # -1 and 1 alone are the two values of a switch
            return end, (first, last)
    return None


def _is_code(number: float) -> bool:
    """Return whether a number is written in nines, is beyond all measures, or is a limit of whole numbers."""
    if abs(number) >= _HUGE or number in _LIMITS:
        return bool(np.isfinite(number))
    digits = f"{abs(number):.10g}".replace(".", "")
    return set(digits) == {"9"} and len(digits) >= (2 if number < 0 else 3) and abs(number) > 90


def _number(mark: str) -> float | None:
    try:
        number = float(mark)
    except ValueError:
        return None
    return number if np.isfinite(number) else None
