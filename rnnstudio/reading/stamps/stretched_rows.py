"""Tables in which each row holds several steps in its columns: the months of a year, or a series from date to date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rnnstudio.core.account import Question
from rnnstudio.core.time_account import TimeAccount
from rnnstudio.reading.times.month_names import MONTH_NUMBERS
from rnnstudio.reading.times.time_text import CLOCK_ONLY, is_written_as_time

_QUARTER = re.compile(r"(?:q|t|qtr|quarter|quartal|trimestre)[ _]?([1-4])", re.IGNORECASE)
_HOUR = re.compile(r"(?:h|hr|he|hour|std|stunde|kl|hora|heure)?[ _.]?([0-9]{1,2})", re.IGNORECASE)
_DAY = re.compile(r"(?:d|day|tag|jour|dia)?[ _.]?([0-9]{1,2})", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?:h|hour|value|wert)?[ _]?([0-9]{1,2})[:.]?([0-9]{2})(?: ?[-–] ?[0-9]{1,2}[:.]?[0-9]{2})?", re.IGNORECASE
)
_WEEKS = (  # the beginnings of the names of weekdays, from Monday on
    "mo tu we th fr sa su", "mo di mi do fr sa so", "lu ma me je ve sa di", "lu ma mi ju vi sá do",
    "lu ma mi ju vi sa do", "lu ma me gi ve sa do", "se te qu qu se sá do", "ma di wo do vr za zo",
)  # fmt: skip
MIN_TIMES = 3  # columns that times name
_STEPS_A_DAY = (24, 48, 96, 144, 288)
_MINUTES_A_DAY = 1440


def stretch_question(name: str, columns: Sequence[str], time: TimeAccount) -> Question | None:
    """Return the question whether each row of a table holds the steps of a stretch of time; None for other tables.

    Args:
        name: Name of the file.
        columns: Its columns of numbers.
        time: Its time column.

    >>> year = TimeAccount("Year", "YS-JAN", "every year", "2000", "2020")
    >>> stretch_question("a.csv", ["Q1", "Q2", "Q3", "Q4"], year).choices
    {'Year': 'each row is a step, and each column a series of its own'}
    """
    found = _stretch(columns, time.frequency)
    if found is None:
        return None
    stretch, steps = found
    sentence = (
        f"Each row of {name} may be a {stretch} of {len(steps)} steps, in the columns {steps[0]} to {steps[-1]}; write "
        "these below each other in that case, so that each row is a step."
    )
    return Question("time", {time.column: "each row is a step, and each column a series of its own"}, sentence)


def series_in_rows_question(name: str, columns: Sequence[str]) -> Question | None:
    """Return the question whether each row of a table without times is a series; None where no times name its columns.

    Args:
        name: Name of the file.
        columns: Its columns of numbers.

    >>> series_in_rows_question("a.csv", ["Lat", "1/22/20", "1/23/20", "1/24/20"]).choices
    {'none': 'each row is a step of one series'}
    """
    steps = [column for column in columns if is_written_as_time(column) or CLOCK_ONLY.fullmatch(column)]
    if len(steps) < MIN_TIMES:
        return None
    sentence = (
        f"Each row of {name} may be a series of {len(steps):,} steps, in the columns {steps[0]} to {steps[-1]}; turn "
        "the table in that case, so that each row is a step and each series a column."
    )
    return Question("time", {"none": "each row is a step of one series"}, sentence)


def _stretch(columns: Sequence[str], frequency: str) -> tuple[str, list[str]] | None:
    """Return what a row holds and the columns of its steps."""
    unit = frequency.split("-")[0]
    if unit in ("YS", "YE", ""):
        months = {name: MONTH_NUMBERS.get(name.strip().lower().rstrip("."), 0) for name in columns}
        if [number for number in months.values() if number] == [*range(1, 13)]:
            return "year", [name for name, number in months.items() if number]
        if steps := _counted(columns, _QUARTER, ([1, 2, 3, 4],)):
            return "year", steps
    if unit in ("W", "7D", "") and (steps := _weekdays(columns)):
        return "week", steps
    if unit in ("MS", "ME") and (steps := _counted(columns, _DAY, ([*range(1, 32)],))):
        return "month", steps
    if unit in ("D", "B", "") and (
        steps := _counted(columns, _HOUR, ([*range(24)], [*range(1, 25)])) or _clock_times(columns)
    ):
        return "day", steps
    return None


def _counted(columns: Sequence[str], pattern: re.Pattern[str], expected: tuple[list[int], ...]) -> list[str]:
    matches = {name: match for name in columns if (match := pattern.fullmatch(name.strip()))}
    return list(matches) if [int(match[1]) for match in matches.values()] in expected else []


def _weekdays(columns: Sequence[str]) -> list[str]:
    for week in _WEEKS:
        days = week.split()
        steps = [name for name in columns if name.strip().lower()[:2] in days]
        begins = [name.strip().lower()[:2] for name in steps]
        if begins in (days, [days[-1], *days[:-1]]):
            return steps
    return []


def _clock_times(columns: Sequence[str]) -> list[str]:
    """Return the columns called after evenly spaced times of day, from the first to the last one."""
    minutes = {
        name: int(match[1]) * 60 + int(match[2]) for name in columns if (match := _CLOCK.fullmatch(name.strip()))
    }
    steps = {after - before for before, after in pairwise(minutes.values())}
    is_day = len(minutes) in _STEPS_A_DAY and all(step * len(minutes) == _MINUTES_A_DAY for step in steps)
    return list(minutes) if is_day else []
