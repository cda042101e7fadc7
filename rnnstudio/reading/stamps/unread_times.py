"""Columns that seem to hold times and are not read as such: they are named, and asked about where they fall."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import Question
from rnnstudio.reading.cells.column import DURATION, Column
from rnnstudio.reading.stamps.time_numbers import times_of_numbers
from rnnstudio.reading.times.month_names import MONTH_NUMBERS
from rnnstudio.reading.times.time_names import says_date, says_order, says_past, says_steps, says_time

_LIKE_DATE = re.compile(r"(?<![\d.])(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}:\d{2}(?::\d{2})?)(?![\d.])|\d年")
_NUMBERS = re.compile(r"\d+")
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|2[0-2])\d\d(?!\d)")
_DAY_AND_MONTH = re.compile(r"(?P<day>\d{1,2})?[^\w]*(?P<word>[^\W\d]{3,})[^\w]*(?P<behind>\d{1,2})?")
_SAMPLE = 500
_MIN_LIKE_DATE = 0.5  # share of the cells
_MIN_ROWS, _WEEKDAYS = 3, 7
_AGO = re.compile(r"\d.*\b(?:ago|BP)$|^(?:vor|hace|il y a) \d", re.IGNORECASE)
_UNNAMED, _MIN_COUNTED = re.compile(r"column\d+"), 10
_YEARS = re.compile(r"(?:.*[_ ])?(?:year|jahr|period|periode|quarter|quartal|year_?month|year_?week)", re.IGNORECASE)


@dataclass(frozen=True)
class UnreadTime:
    """What is said, or asked, about a column that seems to hold times.

    Attributes:
        note: The sentence; empty where it is asked.
        question: The question; None where it is said.
    """

    note: str = ""
    question: Question | None = None


def unread_time(columns: Mapping[str, Column]) -> UnreadTime:
    """Return what is to be said about the first column that is named or written like times; empty where there is none.

    Its rows are asked about where its cells fall from row to row: the newest row could be the first one.
    """
    notes = []
    for name, column in columns.items():
        if not _is_suspected(name, column):
            continue
        steps = _directions(column)
        example = _example(column)
        if _counts_back(name, column):
            if _falls(-steps):
                return UnreadTime(question=_past_question(name, example))
            continue
        if _falls(steps):
            return UnreadTime(question=_falling_question(name, example))
        if column.account.kind == "number" and (_only_counts(name, column) or (len(steps) and (steps > 0).all())):
            continue  # they are in the order that the column counts
        cells = "texts" if column.account.kind == "text" else "numbers"
        reason = "is named like a time" if says_order(name) else "seems to hold times"
        notes.append(
            f"Column {name!r} {reason}, but its {cells}, such as {example!r}, are not read as times; the rows are read "
            "in the order of the file."
        )
    return UnreadTime(notes[0]) if notes else UnreadTime()


def step_values(columns: Mapping[str, Column], time: str) -> NDArray[np.float64] | None:
    """Return numbers by which the column that the setting `time` names orders the rows, although it holds no times.

    They are its numbers, such as seconds or steps, or count the rows where the numbers in its texts rise or fall.
    None where it holds times or others.
    """
    if time not in columns:
        return None
    column = columns[time]
    counts_back = _counts_back(time, column)
    if column.account.kind == "text" and column.dates is None:
        steps = -_directions(column) if counts_back else _directions(column)
        rows = np.arange(len(column.values), dtype=np.float64)
        is_ordered = len(steps) and ((steps > 0).all() or (steps < 0).all())
        return (rows if steps[0] > 0 else rows[::-1]) if is_ordered else None
    if column.values.dtype.kind != "f" or column.account.missing or column.unread:
        return None
    values: NDArray[np.float64] = column.values
    if counts_back:
        return -values
    return None if times_of_numbers(column, time, is_first=True, is_named=True) else values


def _is_suspected(name: str, column: Column) -> bool:
    rows = len(column.values)
    if _counts_back(name, column):
        return True
    if column.account.kind == "number":
        if column.unread or column.account.missing:
            return says_date(name)
        if _UNNAMED.fullmatch(name):
            return _counts_down(column.values)
        if column.account.written == DURATION:
            return True
        if says_time(name) or says_steps(name) or _YEARS.fullmatch(name.strip()):
            return True
        return says_order(name) and _falls(_directions(column))
    if column.account.kind != "text" or 0 < column.account.distinct * 2 < rows:
        return False
    cells = [cell for cell in _spread(column.values) if cell is not None]
    if says_order(name):
        return any(map(_NUMBERS.search, cells)) or (says_date(name) and column.account.distinct > _WEEKDAYS)
    return len(cells) >= _MIN_ROWS and sum(map(bool, map(_LIKE_DATE.search, cells))) >= _MIN_LIKE_DATE * len(cells)


def _counts_back(name: str, column: Column) -> bool:
    """Return whether a column counts from the present into the past, such as years BP, or hours ago."""
    if column.account.kind == "number":
        return says_past(name) or says_past(column.account.unit)
    cells = [str(cell) for cell in _spread(column.values)] if column.account.kind == "text" else []
    return bool(cells) and all(map(_AGO.search, cells))


def _only_counts(name: str, column: Column) -> bool:
    return says_steps(name) or column.account.written == DURATION


def _spread(values: NDArray[Any]) -> NDArray[Any]:
    """Return some values, from the first to the last."""
    return values[np.unique(np.linspace(0, max(len(values) - 1, 0), min(_SAMPLE, len(values))).astype(np.int64))]


def _example(column: Column) -> str:
    if column.account.kind == "text":
        return str(next((cell for cell in column.values if cell is not None), ""))[:30]
    known = column.values[~np.isnan(column.values)]
    return f"{known[0]:.15g}" if len(known) else ""


def _directions(column: Column) -> NDArray[np.int64]:
    """Return for each step from cell to cell whether it rises (1) or falls (-1); none for too few or missing cells.

    Texts are compared by the numbers in them, from the first to the last or from the last to the first, or by the month
    and day, or the year, in each. Months and years may repeat, and so may numbers that fall.
    """
    if column.account.kind == "number":
        values = column.values[~np.isnan(column.values)]
        steps = np.sign(np.diff(values)).astype(np.int64) if len(values) >= _MIN_ROWS else np.zeros(0, np.int64)
        return _of_one_direction(steps) if (steps <= 0).all() else steps
    cells = _spread(column.values)
    if len(cells) < _MIN_ROWS or any(cell is None for cell in cells):
        return np.zeros(0, np.int64)
    keys = [[int(text[:18]) for text in _NUMBERS.findall(cell)] for cell in cells]
    if len({len(key) for key in keys}) == 1 and keys[0]:
        for ordered in (keys, [key[::-1] for key in keys]):
            if abs(sum(steps := _signs(ordered))) == len(ordered) - 1:
                return np.array(steps)
    days = [_day_of_year(cell) for cell in cells]
    years = [_YEAR.findall(cell) for cell in cells]
    for known in (days, years):
        if all(known) and len(steps := _of_one_direction(np.array(_signs(known)))):
            return steps
    return np.zeros(0, np.int64)


def _signs(keys: Sequence[Any]) -> list[int]:
    return [(after > before) - (after < before) for before, after in pairwise(keys)]


def _of_one_direction(steps: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the steps all as rising or all as falling, where none goes the other way; else none."""
    rises, falls = bool((steps > 0).any()), bool((steps < 0).any())
    return np.full(len(steps), 1 if rises else -1) if rises != falls else np.zeros(0, np.int64)


def _day_of_year(cell: str) -> tuple[int, int] | None:
    """Return the month and the day of a cell such as 02-May or May 2, which names no year; None for others."""
    match = _DAY_AND_MONTH.fullmatch(cell.strip())
    month = MONTH_NUMBERS.get(match["word"].lower()) if match else None
    day = (match["day"] or match["behind"]) if match else None
    return (month, int(day)) if month and day else None


def _counts_down(values: NDArray[np.float64]) -> bool:
    """Return whether the numbers of a column without a name fall by the same number from row to row."""
    steps = np.diff(values)
    return len(values) >= _MIN_COUNTED and bool(steps[0] < 0 and (steps == steps[0]).all())


def _past_question(name: str, example: str) -> Question:
    return Question(
        "time",
        {name: "the rows are sorted by it, the last row first", "none": "the rows are in order, the first row first"},
        f"Column {name!r} seems to count into the past, from {example!r} on: the newest row could be the first one.",
    )


def _falls(steps: NDArray[np.int64]) -> bool:
    return len(steps) > 0 and bool((steps < 0).all())


def _falling_question(name: str, example: str) -> Question:
    return Question(
        "time",
        {name: "the rows are sorted by it, the last row first", "none": "the rows are in order, the first row first"},
        f"Column {name!r} falls from row to row, from {example!r} on, and is not read as times; the newest row could "
        "be the first one.",
    )
