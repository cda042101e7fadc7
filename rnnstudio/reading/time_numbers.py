"""Numbers that stand for times: years, dates in digits, epochs, days of Excel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnstudio.reading.column import Column
from rnnstudio.reading.decimal_years import times_with_decimals
from rnnstudio.reading.digit_dates import dates_of_digits, evenness
from rnnstudio.reading.part_columns import is_part
from rnnstudio.reading.time_names import says_date, says_number, says_time, says_week
from rnnstudio.reading.time_parts import Stamps, stamps_of_parts
from rnnstudio.reading.time_text import TimeReading

_EPOCH_UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}  # with their number in a second
_EPOCHS = (1e8, 2.7e9)  # seconds since 1970: 1973 to 2055, before which those since 1904 begin to be likelier
_FILETIMES = (1.2e17, 1.4e17)  # 1981 to 2044, which would be 1973 and 1974 in nanoseconds since 1970
_FILETIME_1970 = 116_444_736_000_000_000
_EXCEL_DAY_0 = np.datetime64("1899-12-30", "ns")
_EXCEL_DAYS = (20_000, 62_000)  # 1954 to 2069
_YEARS = (1678, 2261)
_LAST_COUNTED_YEAR = 2049  # of years in a column of another name
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
    values = column.values
    is_known = np.isfinite(values)
    known = values[is_known]
    is_hinted = is_named or says_time(name)
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
    is_hinted = is_named or says_time(name)
    is_year = is_part(name, "y")
    low, high = float(known.min()), float(known.max())
    is_excel = _EXCEL_DAYS[0] <= low and high <= _EXCEL_DAYS[1] and (is_named or (is_hinted and _are_days(known, name)))
    if bool((known == np.round(known)).all()):
        if _YEARS[0] <= low and high <= _YEARS[1] and (is_named or is_year or (is_first and _count_years(known, name))):
            return [TimeReading(stamps_of_parts({"y": known.astype(np.int64)}, len(known)), "year")]
        if says_week(name) and (weeks := _weeks(known)) is not None:
            return [TimeReading(weeks, "digits of year and week")]
        if is_hinted or (is_first and len(known) > 1) or is_part(name, "n"):
            found = dates_of_digits(known, is_date=is_named or says_date(name))
            if found and not (is_excel and _is_more_even(known, found)):
                return found
    elif is_hinted or is_first or is_year:
        decimal = times_with_decimals(known, is_hinted or is_year)
        if decimal is not None:
            return [TimeReading(*decimal)]
    if is_hinted:
        if _FILETIMES[0] <= low and high <= _FILETIMES[1]:
            return [TimeReading(_of_windows(known, whole), "100 ns since 1601", zone="UTC")]
        for unit, per_second in _EPOCH_UNITS.items():
            if _EPOCHS[0] * per_second <= low and high <= _EPOCHS[1] * per_second:
                return [TimeReading(_since_1970(known, whole, unit), f"{unit} since 1970", zone="UTC")]
    if is_excel:
        return [TimeReading(_of_excel(known), "days as Excel counts them")]
    return []


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
    """Return whether numbers are spaced more evenly than the dates that their digits may be."""
    of_digits = max(evenness(np.unique(reading.stamps).view(np.int64)) for reading in readings)
    return evenness(np.unique(days).astype(np.int64)) > of_digits


def _are_days(known: NDArray[np.float64], name: str) -> bool:
    """Return whether numbers in the range of Excel's days are such: they are called so, or hold times of day."""
    if says_date(name):
        return True
    minutes = known * 1440
    return bool((known % 1 != 0).any()) and bool((np.abs(minutes - np.round(minutes)) < 1e-3).all())


def _filled(stamps: Stamps, is_known: NDArray[np.bool_]) -> Stamps:
    filled = np.full(len(is_known), np.datetime64("NaT"), "datetime64[ns]")
    filled[is_known] = stamps
    return filled


def _since_1970(values: NDArray[np.float64], exact: NDArray[np.int64] | None, unit: str) -> Stamps:
    """Return the times of epochs; fractions of a second are kept to a microsecond."""
    if exact is not None:
        nanoseconds: Stamps = (exact * (_EPOCH_UNITS["ns"] // _EPOCH_UNITS[unit])).view("datetime64[ns]")
        return nanoseconds
    whole = np.floor(values / _EPOCH_UNITS[unit])
    rest = np.round((values - whole * _EPOCH_UNITS[unit]) * (1e6 / _EPOCH_UNITS[unit]))
    microseconds = whole.astype(np.int64) * 1_000_000 + rest.astype(np.int64)
    stamps: Stamps = microseconds.astype("datetime64[us]").astype("datetime64[ns]")
    return stamps


def _of_windows(values: NDArray[np.float64], exact: NDArray[np.int64] | None) -> Stamps:
    """Return the times of numbers of 100 ns since 1601, as Windows counts them."""
    ticks = values.astype(np.int64) if exact is None else exact
    microseconds = np.round((ticks - _FILETIME_1970) / 10).astype(np.int64)
    stamps: Stamps = microseconds.astype("datetime64[us]").astype("datetime64[ns]")
    return stamps


def _of_excel(days: NDArray[np.float64]) -> Stamps:
    """Return the times of days, to the millisecond; whole seconds where only the fraction's rounding differs."""
    milliseconds = np.round(days * 86_400_000).astype(np.int64)
    seconds = np.round(milliseconds / 1000).astype(np.int64) * 1000
    if (np.abs(milliseconds - seconds) <= 1).all():
        milliseconds = seconds
    return _EXCEL_DAY_0 + milliseconds.astype("timedelta64[ms]")
