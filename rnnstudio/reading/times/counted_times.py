"""Numbers that count seconds, ticks or days from the zero of a program, of Excel, MATLAB, GPS or the astronomers."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnstudio.reading.times.time_names import says_date
from rnnstudio.reading.times.time_parts import Stamps
from rnnstudio.reading.times.time_reading import TimeReading

Numbers = NDArray[np.float64]
_EPOCH_UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}  # with their number in a second
_EPOCHS = (1e8, 2.7e9)  # seconds since 1970: 1973 to 2055, before which those since 1904 begin to be likelier
_GPS = re.compile(r"(?:.*[_ ])?gps(?:[_ ]?t(?:ime)?)?(?:[_ ]?s(?:ec(?:onds?)?)?)?", re.IGNORECASE)
_GPS_SECONDS = (1e8, 1.55e9)  # 1983 to 2029; larger ones are seconds since 1970
_GPS_ZERO = np.datetime64("1980-01-06", "ns")
_LEAP_SECONDS = np.array(
    ["1981-07", "1982-07", "1983-07", "1985-07", "1988-01", "1990-01", "1991-01", "1992-07", "1993-07", "1994-07",
     "1996-01", "1997-07", "1999-01", "2006-01", "2009-01", "2012-07", "2015-07", "2017-01"], "datetime64[ns]",
)  # fmt: skip
_TICK_NAMES = re.compile(r"(?:.*[_ ])?(?:ticks?|file[_ ]?time)(?:[_ ]utc)?", re.IGNORECASE)
_NEAR = 0.1  # share of a minute or second that times of day may be off by, if their decimals are rounded so much
_ROUNDED = 3e-10  # days: how far from their decimals float64 numbers are


@dataclass(frozen=True)
class _Ticks:
    """Units of 100 ns; as nanoseconds since 1970 the numbers between low and high are those of a few months."""

    low: float
    high: float
    of_1970: int
    written: str
    zone: str


@dataclass(frozen=True)
class _Days:
    """Days, of which those between low and high lie in 1954 to 2069; only names alone say what others are.

    Attributes:
        low: The first day that is read.
        high: The last one.
        of_1970: The number of the first of January 1970.
        written: How they are called.
        names: Names of columns that hold no other numbers.
    """

    low: float
    high: float
    of_1970: float
    written: str
    names: re.Pattern[str]


_OF_TICKS = (
    _Ticks(1.2e17, 1.4e17, 116_444_736_000_000_000, "100 ns since 1601", "UTC"),  # of Windows: 1981 to 2044
    _Ticks(6.25e17, 6.5e17, 621_355_968_000_000_000, "ticks of .NET", ""),  # 1981 to 2060
)
_MODIFIED = _Days(
    34_700, 76_700, 40_587, "modified Julian days",
    re.compile(r"(?:.*[_ ])?(?:mjd|modified[_ ]julian.*)(?:[_ ].*)?", re.IGNORECASE),
)  # fmt: skip
_EXCEL = _Days(20_000, 62_000, 25_569, "days as Excel counts them", re.compile("(?!)"))
_MATLAB = _Days(
    713_700, 755_700, 719_529, "days as MATLAB counts them",
    re.compile(r"(?:.*[_ ])?(?:date_?num|serial[_ ]?date(?:[_ ]?num(?:ber)?)?|matlab.*)", re.IGNORECASE),
)  # fmt: skip
_JULIAN = _Days(
    2_434_700, 2_476_700, 2_440_587.5, "Julian days", re.compile(r"(?:.*[_ ])?(?:jdn?|julian.*)", re.IGNORECASE)
)


def says_count(name: str) -> bool:
    """Return whether a name says that numbers count ticks, days or seconds of GPS, and no others.

    >>> says_count("DateTimeTicks"), says_count("Ticks"), says_count("gps_seconds"), says_count("days")
    (False, True, True, False)
    """
    of_days = any(days.names.fullmatch(name) for days in (_MODIFIED, _MATLAB, _JULIAN))
    return of_days or any(names.fullmatch(name) is not None for names in (_TICK_NAMES, _GPS))


def counted_times(
    known: Numbers, exact: NDArray[np.int64] | None, name: str, is_hinted: bool, is_named: bool
) -> TimeReading | None:
    """Return the times that numbers count from a zero; None where they are others.

    Args:
        known: The numbers of a column, without NaN.
        exact: The same where float64 cannot hold them exactly; else None.
        name: Name of the column.
        is_hinted: Whether the name says that it holds times.
        is_named: Whether the caller says so.

    >>> reading = counted_times(np.array([6.38408736e17]), None, "Ticks", True, False)
    >>> str(reading.stamps[0]), reading.written
    ('2024-01-15T00:00:00.000000000', 'ticks of .NET')
    """
    low, high = float(known.min()), float(known.max())
    if is_hinted:
        for ticks in _OF_TICKS:
            if ticks.low <= low and high <= ticks.high:
                return TimeReading(_of_ticks(known, exact, ticks.of_1970), ticks.written, zone=ticks.zone)
        if _GPS.fullmatch(name) and _GPS_SECONDS[0] <= low and high <= _GPS_SECONDS[1]:
            return TimeReading(_of_gps(known), "seconds of GPS", zone="UTC")
        for unit, per_second in _EPOCH_UNITS.items():
            if _EPOCHS[0] * per_second <= low and high <= _EPOCHS[1] * per_second:
                return TimeReading(_since_1970(known, exact, unit), f"{unit} since 1970", zone="UTC")
    days = counted_days(known, name, is_hinted, is_named)
    return None if days is None else TimeReading(_of_days(known, days), days.written)


def counted_days(known: Numbers, name: str, is_hinted: bool, is_named: bool) -> _Days | None:
    """Return whose days numbers are; None where they are no days.

    Args:
        known: The numbers of a column, without NaN.
        name: Name of the column.
        is_hinted: Whether the name says that it holds times.
        is_named: Whether the caller says so.
    """
    low, high = float(known.min()), float(known.max())
    fitting = [days for days in (_MODIFIED, _EXCEL, _MATLAB, _JULIAN) if days.low <= low and high <= days.high]
    called = next((days for days in fitting if days.names.fullmatch(name)), None)
    if called is not None:
        return called
    fitting = [days for days in fitting if days is not _MODIFIED]
    is_day = is_named or (is_hinted and (says_date(name) or _have_clock(known)))
    return fitting[0] if fitting and is_day else None


def _have_clock(known: Numbers) -> bool:
    """Return whether numbers of days hold times of day, in whole minutes but for their rounding."""
    minutes = known * 1440
    within = 1440 * _precision(known)
    within = max(within, 1e-3) if within < _NEAR else 1e-3
    return bool((known % 1 != 0).any()) and bool((np.abs(minutes - np.round(minutes)) < within).all())


def _precision(days: Numbers) -> float:
    """Return by how many days numbers with so many decimals may be rounded."""
    for decimals in range(3, 10):
        if (np.abs(days - np.round(days, decimals)) < _ROUNDED).all():
            return 0.5 * 10.0**-decimals + _ROUNDED
    return _ROUNDED


def _of_days(days: Numbers, scale: _Days) -> Stamps:
    """Return the times of days to the millisecond, or to the minute or second that their decimals are rounded from."""
    whole = np.floor(days)
    if scale is _JULIAN and (whole == days).all():  # noon of the day that is meant
        days = whole = whole - 0.5
    milliseconds = np.round((days - scale.of_1970) * 86_400_000).astype(np.int64)
    within = 86_400_000 * _precision(days)
    for unit, lost in ((60_000, 1), (1000, 10)):  # all may have lost a zero at their ends
        rounded = np.round(milliseconds / unit).astype(np.int64) * unit
        if (np.abs(milliseconds - rounded) <= min(1 + lost * within, _NEAR * unit)).all():
            milliseconds = rounded
            break
    return milliseconds.astype("datetime64[ms]").astype("datetime64[ns]")


def _since_1970(values: Numbers, exact: NDArray[np.int64] | None, unit: str) -> Stamps:
    """Return the times of epochs; fractions of a second are kept to a microsecond."""
    if exact is not None:
        nanoseconds: Stamps = (exact * (_EPOCH_UNITS["ns"] // _EPOCH_UNITS[unit])).view("datetime64[ns]")
        return nanoseconds
    whole = np.floor(values / _EPOCH_UNITS[unit])
    rest = np.round((values - whole * _EPOCH_UNITS[unit]) * (1e6 / _EPOCH_UNITS[unit]))
    microseconds = whole.astype(np.int64) * 1_000_000 + rest.astype(np.int64)
    stamps: Stamps = microseconds.astype("datetime64[us]").astype("datetime64[ns]")
    return stamps


def _of_ticks(values: Numbers, exact: NDArray[np.int64] | None, of_1970: int) -> Stamps:
    """Return the times of ticks; milliseconds where float64 holds the ticks that these lie between."""
    ticks = values.astype(np.int64) if exact is None else exact
    nanoseconds = (ticks - of_1970) * 100
    if exact is None:
        within = 100 * np.spacing(values.max())
        rounded = np.round(nanoseconds / 1e6).astype(np.int64) * 1_000_000
        nanoseconds = rounded if (np.abs(nanoseconds - rounded) <= within).all() else nanoseconds // 1000 * 1000
    stamps: Stamps = nanoseconds.view("datetime64[ns]")
    return stamps


def _of_gps(seconds: Numbers) -> Stamps:
    """Return the times of seconds of GPS, which have no leap seconds."""
    stamps = _GPS_ZERO + np.round(seconds * 1e6).astype("timedelta64[us]").astype("timedelta64[ns]")
    begins = _LEAP_SECONDS + np.arange(1, len(_LEAP_SECONDS) + 1).astype("timedelta64[s]")
    leap = np.searchsorted(begins, stamps, side="right").astype("timedelta64[s]")
    without: Stamps = stamps - leap
    return without
