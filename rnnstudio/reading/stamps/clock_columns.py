"""The time of day in a column beside the dates: clock times, hours, or numbers of the parts of a day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import Question
from rnnstudio.core.time_account import STANDARD_TIME
from rnnstudio.reading.cells.column import Column
from rnnstudio.reading.cells.part_columns import is_part, whole_numbers
from rnnstudio.reading.times.clock_changes import midnights_in_standard_time
from rnnstudio.reading.times.digit_dates import evenness
from rnnstudio.reading.times.time_names import plain_name, says_clock
from rnnstudio.reading.times.time_parts import Stamps
from rnnstudio.reading.times.time_text import CLOCK_ONLY, clock_times

_PARTS_OF_DAY = (24, 48, 96, 144, 288)
_PART_NAMES = {
    "period", "settlement period", "settlement_period", "sp", "interval", "half hour", "half_hour", "halfhour",
    "quarter hour", "quarter_hour", "viertelstunde", "periodo", "mtu", "slot",
}  # fmt: skip
_NAMED_CLOCK = re.compile(
    rf"{CLOCK_ONLY.pattern}(?: ?[-–] ?\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?|\d{{1,2}}\.\d{{2}}\.\d{{2}}|"
    r"\d{1,2} ?[AaPp]\.?[Mm]\.?"
)
_MIN_EVEN, _EVEN, _UNEVEN = 10, 0.7, 0.5  # dates, and shares of their steps that are equal
_HALVES = ("am", "pm")
_HHMM = 100  # numbers of hours and minutes, such as 1330, reach this
_MIN_DAYS = 10_000  # below which a number is a year, not the digits of a day
_NS_A_DAY = 86_400 * 10**9


@dataclass(frozen=True)
class FoundClock:
    """The time of day of each row.

    Attributes:
        columns: The column, or those of hours and minutes.
        stamps: The dates with the times of day; the dates alone where these are unclear.
        note: What was assumed.
        zone: What is known of the time zone.
        question: What is open.
    """

    columns: tuple[str, ...]
    stamps: Stamps
    note: str = ""
    zone: str = ""
    question: Question | None = None


def clock_beside(columns: Mapping[str, Column], date: str, stamps: Stamps, is_chosen: bool) -> FoundClock | None:
    """Return dates with the times of day of another column; None where no column holds them.

    A column of clock times belongs to the dates if it is called so, or if the dates repeat.

    Args:
        columns: The columns of the table.
        date: The column of the dates.
        stamps: The dates, NaT for none.
        is_chosen: Whether the caller chose these columns.
    """
    known = stamps[~np.isnat(stamps)]
    do_repeat = len(np.unique(known)) < len(known)
    clocks = [name for name in columns if _is_clock(columns[name], says_clock(name))]
    named = [name for name in clocks if says_clock(name) or name.startswith("column")]
    if named or (clocks and (do_repeat or is_chosen)):
        name = (named or clocks)[0]
        times, halves = _with_halves(clock_times(columns[name].values), columns)
        if not is_chosen and not do_repeat and _is_of_an_event(known, (stamps + times)[~np.isnat(stamps)]):
            return FoundClock((), stamps, _event_note(date, name))
        return _added(stamps, times, date, name, halves)
    if not do_repeat or _holds_years(columns.get(date)):
        return None
    for name, column in columns.items():
        is_hour = is_part(name, "H") or plain_name(name).lower() == "time"
        fractions = _of_fractions(column) if says_clock(name) else None
        if fractions is not None and _is_in_order(stamps + fractions):
            return _added(stamps, fractions, date, name)
        if not is_hour and plain_name(name).lower() not in _PART_NAMES:
            continue
        numbers = whole_numbers(column, "H")
        if numbers is None or not len(numbers) or numbers.min() < 0:
            continue
        if is_hour and numbers.max() <= 24 and not _has_changes(stamps, numbers):
            hours, halves = _with_halves(numbers.astype("timedelta64[h]"), columns)
            return _with_minutes(_added(stamps, hours, date, name, halves), columns)
        if is_hour and numbers.max() >= _HHMM and (minutes := _of_digits(numbers)) is not None:
            return FoundClock((name,), stamps + minutes, _note(date, name))
        if found := _of_numbered_parts(name, numbers, date, stamps):
            return found
        if is_hour and numbers.max() <= 24:
            return FoundClock((name,), stamps + numbers.astype("timedelta64[h]"), _note(date, name))
        if is_hour and numbers.max() < _HHMM:
            return FoundClock((name,), stamps, question=_hours_question(name, numbers, date))
    return None


def _with_halves(
    times: NDArray[np.timedelta64], columns: Mapping[str, Column]
) -> tuple[NDArray[np.timedelta64], tuple[str, ...]]:
    """Return times of day with the halves of the day in a column of AM and PM, and its name."""
    import pandas as pd

    half = np.timedelta64(12, "h")
    for name, column in columns.items():
        if column.account.kind != "text" or column.account.distinct != len(_HALVES) or (times >= half + half).any():
            continue
        codes, distinct = pd.factorize(column.values)
        halves = [str(cell).lower().replace(".", "").strip() for cell in distinct]
        is_whole = set(halves) == set(_HALVES) and (codes >= 0).all()
        if is_whole and (times < half + np.timedelta64(1, "h")).all():
            return times % half + np.where(np.array(halves)[codes] == "pm", half, np.timedelta64(0, "h")), (name,)
    return times, ()


def _added(
    stamps: Stamps, times: NDArray[np.timedelta64], date: str, name: str, halves: tuple[str, ...] = ()
) -> FoundClock:
    """Return dates with times of day; 24:00 begins the day where the rows are only then in order."""
    names, said = (name, *halves), f" and {halves[0]!r}" if halves else ""
    joined, note = stamps + times, f"{_note(date, name)[:-1]}{said}."
    is_midnight = times == np.timedelta64(24, "h")
    if is_midnight.any() and not _is_in_order(joined):
        begun = np.where(is_midnight, stamps, joined)
        if _is_in_order(begun):
            said = f"24:00 is read as the beginning of the day in column {date!r}, because the rows are in order then."
            return FoundClock(names, begun, f"{note} {said}")
    return FoundClock(names, joined, note)


def _is_in_order(stamps: Stamps) -> bool:
    steps = np.diff(stamps[~np.isnat(stamps)])
    return bool((steps >= np.timedelta64(0)).all() or (steps <= np.timedelta64(0)).all())


def _of_fractions(column: Column) -> NDArray[np.timedelta64] | None:
    """Return the times of day of fractions of a day, as Excel writes them where no format says so; None for others."""
    values = column.values
    if column.account.kind != "number" or values.dtype.kind != "f" or column.unread or not np.isfinite(values).all():
        return None
    seconds = values * 86_400
    rounded = np.round(seconds / 60) * 60
    if values.min() < 0 or values.max() >= 1 or not (values % 1 > 0).any() or (np.abs(seconds - rounded) > 1).any():
        return None
    times: NDArray[np.timedelta64] = rounded.astype("timedelta64[s]")
    return times


def _is_of_an_event(dates: Stamps, times: Stamps) -> bool:
    """Return whether dates are evenly spaced, and no longer with the clock times beside them, as of the day's storm."""
    if len(dates) < _MIN_EVEN or np.isnat(times).any():
        return False
    steps = [evenness(np.sort(stamps).view(np.int64)) for stamps in (dates, times)]
    return steps[0] >= _EVEN and steps[1] < _UNEVEN


def _with_minutes(clock: FoundClock, columns: Mapping[str, Column]) -> FoundClock:
    """Return times of hours with the minutes of another column, if there is one."""
    for name, column in columns.items():
        minutes = whole_numbers(column, "M") if is_part(name, "M") else None
        if minutes is not None and len(minutes) and minutes.min() >= 0 and minutes.max() < 60:
            note = f"{clock.note[:-1]}, and the minutes in column {name!r}."
            return FoundClock((*clock.columns, name), clock.stamps + minutes.astype("timedelta64[m]"), note)
    return clock


def _of_digits(numbers: NDArray[np.int64]) -> NDArray[np.timedelta64] | None:
    """Return the times of day of numbers such as 1330 or 133059; None for others."""
    seconds, rest = (numbers % 100, numbers // 100) if numbers.max() > 2400 else (np.zeros_like(numbers), numbers)
    minutes, hours = rest % 100, rest // 100
    if (seconds > 59).any() or (minutes > 59).any() or (hours > 24).any():
        return None
    times: NDArray[np.timedelta64] = ((hours * 60 + minutes) * 60 + seconds).astype("timedelta64[s]")
    return times


def _holds_years(column: Column | None) -> bool:
    """Return whether a column holds years as numbers, which are no days that hours could belong to."""
    if column is None or column.account.kind != "number" or column.values.dtype.kind != "f":
        return False
    return bool(np.fmax.reduce(column.values) < _MIN_DAYS)


def _note(date: str, name: str) -> str:
    return f"The times are the dates in column {date!r} with the clock times in column {name!r}."


def _event_note(date: str, name: str) -> str:
    return f"The clock times in column {name!r} are not added to the dates in column {date!r}, which are even alone."


def _hours_question(name: str, numbers: NDArray[np.int64], date: str) -> Question:
    return Question(
        "time",
        {date: "the rows of a day stay in the order of the file", "none": "all rows are in order"},
        f"Column {name!r} beside the dates in column {date!r} holds numbers up to {numbers.max()}, which are neither "
        "hours nor the numbers of equal parts of a day.",
    )


def _is_clock(column: Column, is_named: bool) -> bool:
    """Return whether the cells are times of day; in a column called so also with points, or with their end."""
    if column.account.kind != "text" or not len(column.values):
        return False
    sample = [cell for cell in column.values[:50] if cell is not None]
    return bool(sample) and all((_NAMED_CLOCK if is_named else CLOCK_ONLY).fullmatch(cell) for cell in sample)


def _has_changes(stamps: Stamps, numbers: NDArray[np.int64]) -> bool:
    """Return whether hours 1 to 24 are numbered through on a day of 23 hours, as at a clock change."""
    if numbers.min() != 1 or np.isnat(stamps).any():
        return False
    days, index, counts = np.unique(stamps, return_inverse=True, return_counts=True)
    last = np.zeros(len(days), np.int64)
    np.maximum.at(last, index, numbers)
    is_whole = last == counts
    return bool((counts[1:-1] == 23).any() and is_whole[1:-1].all() and (counts[1:-1] >= 23).all())


def _of_numbered_parts(name: str, numbers: NDArray[np.int64], date: str, stamps: Stamps) -> FoundClock | None:
    """Return dates with the times of the numbered parts of a day; days of 23 or 25 hours are those of clock changes."""
    if np.isnat(stamps).any() or numbers.min() > 1:
        return None
    first = int(numbers.min())
    days, index, counts = np.unique(stamps, return_inverse=True, return_counts=True)
    last = np.zeros(len(days), np.int64)
    np.maximum.at(last, index, numbers)
    lowest = np.full(len(days), np.iinfo(np.int64).max)
    np.minimum.at(lowest, index, numbers)
    is_even = len(np.unique(index * (numbers.max() + 1) + numbers)) == len(numbers)
    inner = slice(1, -1) if len(days) > 2 else slice(None)
    if not is_even or (counts != last - lowest + 1).any() or (lowest[inner] != first).any():
        return None
    sizes, of_size = np.unique(counts, return_counts=True)
    parts = int(sizes[np.argmax(of_size)])
    if parts not in _PARTS_OF_DAY:
        return None
    step = np.timedelta64(_NS_A_DAY // parts, "ns")
    example = str(np.datetime64(0, "ns") + step)[11:16]
    note = f"Column {name!r} numbers the {parts} parts of each day of column {date!r}; 1 is read as {example}."
    hour = parts // 24
    long, short = days[counts == parts + hour], days[inner][counts[inner] == parts - hour]
    if not len(long) and not len(short):
        return FoundClock((name,), stamps + numbers * step, note) if last.max() - first < parts else None
    others = np.setdiff1d(counts[inner], [parts, parts + hour, parts - hour])
    changed = midnights_in_standard_time(days, long, short)
    if changed is None or len(others) or last.max() - first >= parts + hour:
        return None
    midnights, zone = changed
    when = ", ".join(str(day.astype("datetime64[D]")) for day in np.sort(np.concatenate([long, short]))[:3])
    change = (
        f"Days of 23 or 25 hours ({when}) are those of the clock change, as in {zone}; the times are read as standard "
        "time, which in summer is an hour earlier."
    )
    return FoundClock((name,), midnights[index] + numbers * step, f"{note} {change}", STANDARD_TIME)
