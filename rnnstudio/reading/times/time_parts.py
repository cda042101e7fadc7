"""Times made of their parts: year, month, day, quarter, week, hour and so on, for a whole column at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.reading.times.month_names import MONTH_NUMBERS

Stamps = NDArray[np.datetime64]
Whole = NDArray[np.int64]
Words = dict[str, tuple[Whole, list[str]]]
ABSENT = -1
_FIRST_YEAR, _LAST_YEAR = 1678, 2261  # those that nanoseconds since 1970 hold fully
_LATEST = 2049  # no year of two digits is later
_SECOND = 10**9


def stamps_of_parts(parts: Mapping[str, Any], count: int) -> Stamps:
    """Return the times that parts stand for; NaT where the calendar has no such date.

    Args:
        parts: Whole numbers by their letter in `time_patterns`, `(count,)`; -1 where absent. `f` is in nanoseconds and
            `p` is 0 for a.m., 1 for p.m. Without a day, quarters, half-years, months and years begin with their first,
            weeks with their Monday. Hour 24 is the end of the day, if its minutes are 0.
        count: Number of times.

    >>> parts = {"y": [2024, 2023], "n": [2, 2], "d": [29, 29], "H": [24, 24]}
    >>> stamps_of_parts(parts, 2).astype("datetime64[h]").astype(str).tolist()
    ['2024-03-01T00', 'NaT']
    """
    part = {letter: np.asarray(values, np.int64) for letter, values in parts.items()}
    year = part["y"]
    valid = (year >= _FIRST_YEAR) & (year <= _LAST_YEAR)
    year = np.where(valid, year, 1970)
    if "w" in part:
        days, fits = _of_week(year, part["w"], part.get("u"))
    elif "j" in part:
        leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
        fits = (part["j"] >= 1) & (part["j"] <= 365 + leap)
        days = _first_days(year, np.ones_like(year)) + part["j"] - 1
    else:
        days, fits = _of_month(year, part)
    clock, runs = _clock(part, count)
    nanoseconds = days * (86_400 * _SECOND) + clock
    stamps: Stamps = nanoseconds.astype("datetime64[ns]")
    stamps[~(valid & fits & runs)] = np.datetime64("NaT")
    return stamps


def clock_of_parts(parts: Mapping[str, Any], count: int) -> NDArray[np.timedelta64]:
    """Return the time of day that parts stand for; NaT where there is none.

    >>> clock_of_parts({"H": [12, 25], "M": [30, 0], "p": [0, -1]}, 2).astype("timedelta64[m]").tolist()
    [datetime.timedelta(seconds=1800), None]
    """
    clock, valid = _clock({letter: np.asarray(values, np.int64) for letter, values in parts.items()}, count)
    times = clock.astype("timedelta64[ns]")
    times[~valid] = np.timedelta64("NaT")
    return times


def parts_of_texts(texts: Any, pattern: str) -> tuple[NDArray[np.bool_], dict[str, Whole], Words]:
    """Return which cells match a pattern, the numbers of their parts (-1 for none) and their zones (codes, words)."""
    import pyarrow.compute as pc

    extracted = pc.extract_regex(texts, pattern)
    matched = np.asarray(pc.is_valid(extracted))
    parts: dict[str, Whole] = {}
    words: dict[str, tuple[Whole, list[str]]] = {}
    for field in extracted.type:
        column = pc.struct_field(extracted, field.name)
        lengths = pc.fill_null(pc.binary_length(column), 0)
        if not (longest := pc.max(lengths).as_py()):
            continue
        if field.name in "zvbp":
            encoded = pc.dictionary_encode(pc.fill_null(column, ""))
            codes, distinct = encoded.indices.to_numpy(), encoded.dictionary.to_pylist()
            if field.name in "zv":
                words[field.name] = codes, distinct
            else:
                numbers = {"a": 0, "p": 1} if field.name == "p" else MONTH_NUMBERS
                parts["n" if field.name == "b" else "p"] = np.array([numbers.get(w.lower(), ABSENT) for w in distinct])[
                    codes
                ]
            continue
        if field.name == "f":  # in nanoseconds
            column = pc.if_else(pc.equal(lengths, 0), "", pc.utf8_rpad(pc.utf8_slice_codeunits(column, 1, 10), 9, "0"))
        if pc.min(lengths).as_py() < longest:
            column = pc.if_else(pc.equal(lengths, 0), str(ABSENT), column)
        parts[field.name] = column.cast("int64").to_numpy(zero_copy_only=False)
    return matched, parts, words


def centuries(years: Whole) -> Whole:
    """Return years of two digits with their century: that in which they lie closest together and do not pass 2049.

    >>> centuries(np.array([98, 99, 0, 1])).tolist(), centuries(np.array([49, 60])).tolist()
    ([1998, 1999, 2000, 2001], [1949, 1960])
    """
    distinct = np.unique(years)
    gaps = np.diff(np.append(distinct, distinct[0] + 100))  # from each year to the next, around the clock of 100 years
    begins = [int(distinct[(i + 1) % len(distinct)]) for i in np.flatnonzero(gaps == gaps.max())]
    span = 100 - int(gaps.max())
    first = max(begin + 100 * ((_LATEST - span - begin) // 100) for begin in begins)
    return (years - first) % 100 + first


def _first_days(year: Whole, month: Whole) -> Whole:
    """Return the days since 1970 of the first of months."""
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64)


def _of_month(year: Whole, part: Mapping[str, Whole]) -> tuple[Whole, NDArray[np.bool_]]:
    one = np.ones_like(year)
    month = part.get("n", 3 * part["q"] - 2 if "q" in part else 6 * part["s"] - 5 if "s" in part else one)
    day = part.get("d", one)
    fits = (month >= 1) & (month <= 12)
    month = np.where(fits, month, 1)
    first = _first_days(year, month)
    length = _first_days(np.where(month == 12, year + 1, year), month % 12 + 1) - first
    return first + day - 1, fits & (day >= 1) & (day <= length)


def _of_week(year: Whole, week: Whole, day: Whole | None) -> tuple[Whole, NDArray[np.bool_]]:
    """Return the days of weeks as ISO 8601 counts them: week 1 holds 4 January."""
    one = np.ones_like(year)

    def monday(of: Whole) -> Whole:
        fourth = _first_days(of, one) + 3
        return fourth - (fourth + 3) % 7  # day 0 of 1970 is a Thursday

    days = monday(year) + 7 * (week - 1)
    fits = (week >= 1) & (days < monday(year + 1))
    return days + (np.where(day == ABSENT, 1, day) - 1 if day is not None else 0), fits


def _clock(part: Mapping[str, Whole], count: int) -> tuple[Whole, NDArray[np.bool_]]:
    """Return nanoseconds since midnight, and where they are a time of day."""
    zero = np.zeros(count, np.int64)

    def of(letter: str) -> Whole:
        return np.maximum(part[letter], 0) if letter in part else zero

    hour, minute, second, fraction = of("H"), of("M"), of("S"), of("f")
    valid = (minute < 60) & (second < 60) & ((hour < 24) | ((hour == 24) & (minute + second + fraction == 0)))
    half = part.get("p")
    if half is not None:
        halved = half != ABSENT
        valid &= ~halved | (hour <= 12) | ((half == 1) & (hour < 24))
        hour = np.where(halved & (hour <= 12), hour % 12 + 12 * half, hour)
    return ((hour * 60 + minute) * 60 + second) * _SECOND + fraction, valid


def date_in_words(stamp: np.datetime64) -> str:
    """Return a date that nobody can misread, for questions.

    >>> date_in_words(np.datetime64("2024-02-01"))
    '1 February 2024'
    """
    import pandas as pd

    time = pd.Timestamp(stamp)
    return f"{time.day} {time.month_name()} {time.year}"
