"""Numbers that stand for times: years, dates in digits, or counted from a zero."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from rnnstudio.reading.cells.column import Column
from rnnstudio.reading.cells.number_signs import SIGNS
from rnnstudio.reading.cells.part_columns import is_part
from rnnstudio.reading.times.counted_times import counted_days, counted_times, says_count
from rnnstudio.reading.times.decimal_years import times_with_decimals
from rnnstudio.reading.times.digit_dates import dates_of_digits, evenness
from rnnstudio.reading.times.time_names import says_date, says_number, says_time, says_week
from rnnstudio.reading.times.time_parts import Stamps, stamps_of_parts
from rnnstudio.reading.times.time_text import TimeReading

_YEARS = (1678, 2261)
_BUDDHIST_YEARS, _BUDDHIST_ERA = (2443, 2643), 543  # 1900 to 2100
_LARGEST = 2.0**62  # of numbers that count from a zero
_LAST_COUNTED_YEAR = 2049  # of years in a column of another name
_UNNAMED, _MIN_EVEN, _EVEN = re.compile(r"column\d+"), 10, 0.9  # numbers, and the share of equal steps
_SIX_DIGITS = 100_000
_MIN_TIMES = 0.5  # share of the numbers of a column called times that must be such


def times_of_numbers(column: Column, name: str, is_first: bool, is_named: bool = False) -> list[TimeReading]:
    """Return the ways to read the numbers of a column as times; none where they look like others.

    There are several where nothing decides the order of day and month. NaT stands for missing cells, and in a column
    that is called so for cells that are no times.

    Args:
        column: The column.
        name: Its name, which separates times from counts.
        is_first: Whether it is the first of its table, where times stand most often.
        is_named: Whether the caller says that it holds times.
    """
    if column.account.kind not in ("number", "index") or column.values.dtype.kind != "f":
        return []
    if column.account.unit in SIGNS and not is_named:
        return []  # amounts of money, shares or degrees
    values = column.values
    is_known = np.isfinite(values)
    known = values[is_known]
    is_hinted = is_named or says_time(name) or says_count(name)
    if not len(known) or (column.unread and not is_hinted):
        return []
    found = _readings(known, _whole(column, is_known), name, is_first, is_named)
    if not found and is_hinted:
        digits = np.floor(np.log10(np.maximum(np.abs(known), 1)))
        is_usual = digits == np.median(digits)
        if len(known) * _MIN_TIMES <= is_usual.sum() < len(known):
            is_known[is_known] = is_usual
            found = _readings(values[is_known], _whole(column, is_known), name, is_first, is_named)
        elif (known == np.round(known)).all():
            found = dates_of_digits(known, is_date=False, share=_MIN_TIMES)
    return [
        TimeReading(_filled(reading.stamps, is_known), reading.written, reading.order, reading.zone)
        for reading in found
    ]


def _readings(
    known: NDArray[np.float64], whole: NDArray[np.int64] | None, name: str, is_first: bool, is_named: bool
) -> list[TimeReading]:
    is_hinted = is_named or says_time(name) or says_count(name)
    is_year = is_part(name, "y")
    low, high = float(known.min()), float(known.max())
    are_days = counted_days(known, name, is_hinted, is_named) is not None
    if bool((known == np.round(known)).all()):
        if _YEARS[0] <= low and high <= _YEARS[1] and (is_named or is_year or (is_first and _count_years(known, name))):
            return [TimeReading(stamps_of_parts({"y": known.astype(np.int64)}, len(known)), "year")]
        if is_year and _BUDDHIST_YEARS[0] <= low and high <= _BUDDHIST_YEARS[1]:
            years = known.astype(np.int64) - _BUDDHIST_ERA
            return [TimeReading(stamps_of_parts({"y": years}, len(known)), "year of the Buddhist era")]
        if says_week(name) and (weeks := _weeks(known)) is not None:
            return [TimeReading(weeks, "digits of year and week")]
        if is_hinted or (is_first and len(known) > 1) or is_part(name, "n"):
            found = dates_of_digits(known, is_date=is_named or says_date(name))
            if found and not (are_days and _is_more_even(known, found)):
                return found
    elif is_hinted or is_first or is_year or is_part(name, "n"):
        decimal = times_with_decimals(known, is_hinted or is_year or is_part(name, "n"))
        if decimal is not None:
            return [TimeReading(*decimal)]
    is_clock = is_first and _UNNAMED.fullmatch(name) is not None and _is_clock(known)
    counted = counted_times(known, whole, name, is_hinted or is_clock, is_named)
    return [] if counted is None else [counted]


def _whole(column: Column, is_known: NDArray[np.bool_]) -> NDArray[np.int64] | None:
    """Return the numbers of a column that float64 cannot hold exactly; None for others."""
    if column.names is None:
        return None
    import pyarrow as pa

    try:
        exact: NDArray[np.int64] = column.names.filter(pa.array(is_known)).cast(pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    return exact


def _count_years(known: NDArray[np.float64], name: str) -> bool:
    """Return whether numbers in the range of years count them, although no name says so."""
    counts = len(known) > 1 and bool((np.abs(np.diff(known)) == 1).all())
    return counts and known.max() <= _LAST_COUNTED_YEAR and not says_number(name)


def _weeks(known: NDArray[np.float64]) -> Stamps | None:
    """Return the Mondays of numbers such as 202405; None where they are others."""
    if known.min() < 100_000 or known.max() >= 1_000_000:
        return None
    whole = known.astype(np.int64)
    stamps = stamps_of_parts({"y": whole // 100, "w": whole % 100}, len(whole))
    return None if np.isnat(stamps).any() else stamps


def _is_more_even(days: NDArray[np.float64], readings: list[TimeReading]) -> bool:
    """Return whether numbers are spaced more evenly than the dates that their digits may be.

    Numbers of five digits are likelier days than dates without their first zero, where they are as even.
    """
    of_digits = max(evenness(np.unique(reading.stamps).view(np.int64)) for reading in readings)
    of_days = evenness(np.unique(days).astype(np.int64))
    return of_days > of_digits or (of_days == of_digits and bool(days.max() < _SIX_DIGITS))


def _is_clock(known: NDArray[np.float64]) -> bool:
    """Return whether the numbers of a column without a name are evenly spaced, and do not count by 1."""
    steps = np.diff(np.unique(known))
    if len(known) < _MIN_EVEN or steps.min(initial=2) <= 1 or np.abs(known).max() > _LARGEST:
        return False
    return evenness(np.unique(known).astype(np.int64)) >= _EVEN


def _filled(stamps: Stamps, is_known: NDArray[np.bool_]) -> Stamps:
    filled = np.full(len(is_known), np.datetime64("NaT"), "datetime64[ns]")
    filled[is_known] = stamps
    return filled
