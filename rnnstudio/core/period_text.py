"""A number of steps as a time in words: 7 steps of daily data are a week."""

from __future__ import annotations

import re

_SECONDS = {"D": 86_400.0, "h": 3_600.0, "min": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_MONTHS = {"MS": 1, "ME": 1, "BMS": 1, "BME": 1, "QS": 3, "QE": 3, "BQS": 3, "BQE": 3, "YS": 12, "YE": 12}
_SINGLE = {604_800: "a week", 86_400: "a day", 3_600: "an hour", 60: "a minute"}
_UNITS = {604_800: "week", 86_400: "day", 3_600: "hour", 60: "minute", 1: "second"}
_YEAR = 365.0 * 86_400, 366.0 * 86_400  # in seconds


def period_text(steps: int, frequency: str = "", step_name: str = "step") -> str:
    """Return a number of steps as a time, such as "a week"; as steps where the time between them is unknown.

    Args:
        steps: Number of steps.
        frequency: Time from one step to the next as pandas writes it; empty where it is irregular or unknown.
        step_name: Name of one step, such as "sample", where there is no frequency.

    >>> [period_text(steps, frequency) for steps, frequency in ((7, "D"), (24, "h"), (12, "MS"), (10, "YS"), (24, ""))]
    ['a week', 'a day', 'a year', '10 years', '24 steps']
    """
    match = re.fullmatch(r"(\d*)([A-Za-z]+)", frequency.split("-")[0])
    every, unit = (int(match[1] or 1), match[2]) if match else (1, "")
    if not unit and step_name == "month":
        unit = "MS"
    count = steps * every
    if unit in _MONTHS:
        return _of_months(count * _MONTHS[unit])
    if unit == "W":
        return "a year" if count == 52 else _counted(count, "week")
    if unit == "B":
        return "a week" if count == 5 else _counted(count, "working day")
    if unit in _SECONDS:
        return _of_seconds(count * _SECONDS[unit])
    return _counted(steps, step_name)


def _of_months(months: int) -> str:
    years, rest = divmod(months, 12)
    if rest:
        return "a month" if months == 1 else "a quarter" if months == 3 else f"{months:,} months"
    return "a year" if years == 1 else f"{years:,} years"


def _of_seconds(seconds: float) -> str:
    if _YEAR[0] <= seconds <= _YEAR[1]:
        return "a year"
    if seconds in _SINGLE:
        return _SINGLE[int(seconds)]
    size = next((size for size in _UNITS if seconds >= size and seconds % size == 0), 0)
    return _counted(int(seconds) // size, _UNITS[size]) if size else f"{seconds:.4g} seconds"


def _counted(count: int, name: str) -> str:
    return f"{count:,} {name}" if count == 1 else f"{count:,} {name}s"
