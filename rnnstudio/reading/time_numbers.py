"""Numbers that stand for times: years, compact dates, epochs, days of Excel, columns year, month and day."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.reading.column import Column
from rnnstudio.reading.decimal_years import times_with_decimals
from rnnstudio.reading.time_parts import Stamps, centuries, stamps_of_parts
from rnnstudio.reading.time_patterns import MONTH_NUMBERS
from rnnstudio.reading.time_text import compact_dates

_TIME_NAME = re.compile(
    r"date|datum|fecha|data|time|zeit|timestamp|datetime|stamp|tag|day|ds|ts|epoch|unix\w*|when|utc|heure|hora|period|"
    r"yyyymm(?:dd)?|decimal[ _]?(?:date|year|time)|"
    r".*(?:_|\b)(?:date|time|datetime|timestamp|datum|zeit(?:stempel|punkt)?)(?:_utc|_local)?",
    re.IGNORECASE,
)
_WEEK_NAME = re.compile(r"(?:.*(?:_|\b))?(?:weeks?|yearweek|yyyyww|woche|kw|semaine|semana)", re.IGNORECASE)
_DATE_NAME = re.compile(r"(?:.*(?:_|\b))?(?:date|datum|fecha|data|day|tag|datetime)", re.IGNORECASE)
_PARTS = {  # by their letter in time_patterns
    "y": re.compile(r"years?|yr|yyyy|jahr|ann[ée]e|anno|año|ano", re.IGNORECASE),
    "q": re.compile(r"quarters?|qtr|quartal|trimest(?:re|er)", re.IGNORECASE),
    "n": re.compile(r"months?|mon|mo|mm|monat|mois|mese|mes", re.IGNORECASE),
    "w": re.compile(r"weeks?|wk|woche|kw|semaine|semana", re.IGNORECASE),
    "j": re.compile(r"doy|day[ _]?of[ _]?(?:the[ _]?)?year|yearday|yday|jday|julian(?:[ _]day)?", re.IGNORECASE),
    "d": re.compile(r"days?|dy|dd|tag|jour|giorno|d[ií]a|mday", re.IGNORECASE),
    "H": re.compile(r"hours?|hr|hh|stunde|heure|ora|hora", re.IGNORECASE),
    "M": re.compile(r"minutes?|min|mi", re.IGNORECASE),
    "S": re.compile(r"seconds?|sec|ss|sekunde", re.IGNORECASE),
}
_WORDS = {
    "y": "year", "q": "quarter", "n": "month", "w": "week", "j": "day of the year", "d": "day", "H": "hour",
    "M": "minute", "S": "second",
}  # fmt: skip
_ORDERS = ("yndHMS", "yjHMS", "yq", "yw")
_EPOCH_UNITS = {"s": 1, "ms": 1e3, "us": 1e6, "ns": 1e9}  # with their number in a second
_EXCEL_DAY_0 = np.datetime64("1899-12-30", "ns")
_EXCEL_DAYS = (20_000, 62_000)  # 1954 to 2069
_YEARS = (1678, 2261)
_LARGEST_COMPACT = 10**14


def times_of_parts(columns: Mapping[str, Column]) -> tuple[tuple[str, ...], Stamps, str] | None:
    """Return the columns year, month, day, hour and so on of a table, their times and what they hold; None for none."""
    for order in _ORDERS:
        found: dict[str, str] = {}
        values: dict[str, Any] = {}
        for part in order:
            named = {
                n: w
                for n, c in columns.items()
                if _PARTS[part].fullmatch(n.strip()) and (w := _whole(c, part)) is not None
            }
            if not named:
                break
            found[part], values[part] = next(iter(named.items()))
        if len(found) < 2 or (order.startswith("yj") and "j" not in found):
            continue
        if (values["y"] < 100).all():
            values["y"] = centuries(values["y"])
        stamps = stamps_of_parts(values, len(values["y"]))
        if not np.isnat(stamps).any():
            return tuple(found.values()), stamps, ", ".join(_WORDS[part] for part in found)
    return None


def hours_of(columns: Mapping[str, Column]) -> tuple[str, NDArray[np.timedelta64]] | None:
    """Return the column of hours (0 to 24, or 1330 for 13:30) that stands beside dates; None where there is none."""
    for name, column in columns.items():
        hours = _whole(column, "H") if _PARTS["H"].fullmatch(name.strip()) or name.strip().lower() == "time" else None
        if hours is None or len(hours) == 0 or hours.min() < 0:
            continue
        if hours.max() <= 24:
            return name, hours.astype("timedelta64[h]").astype("timedelta64[ns]")
        if hours.max() <= 2400 and (hours % 100 < 60).all():
            return name, (hours // 100 * 60 + hours % 100).astype("timedelta64[m]").astype("timedelta64[ns]")
    return None


def times_of_numbers(column: Column, name: str, is_first: bool, is_named: bool = False) -> tuple[Stamps, str] | None:
    """Return the times that the numbers of a column stand for, and in which way; None where they look like others.

    Args:
        column: The column.
        name: Its name, which separates times from counts.
        is_first: Whether it is the first of its table, where times stand most often.
        is_named: Whether the caller says that it holds times.
    """
    if column.account.kind not in ("number", "index") or column.values.dtype.kind != "f":
        return None
    values = column.values
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    name = name.strip()
    hinted = is_named or bool(_TIME_NAME.fullmatch(name))
    if column.unread and not hinted:
        return None
    low, high = float(known.min()), float(known.max())
    if bool((known == np.round(known)).all()):
        is_year = is_named or bool(_PARTS["y"].fullmatch(name))
        if (
            _YEARS[0] <= low
            and high <= _YEARS[1]
            and (is_year or (is_first and len(known) > 1 and bool((np.abs(np.diff(known)) == 1).all())))
        ):
            return _filled(values, lambda years: stamps_of_parts({"y": years.astype(np.int64)}, len(years))), "year"
        compact = _compact(known) if hinted or (is_first and len(known) > 1) or _PARTS["n"].fullmatch(name) else None
        if compact is not None:
            return _filled(values, lambda _: compact), "digits of year, month and so on"
        if _WEEK_NAME.fullmatch(name) and (weeks := _weeks(known)) is not None:
            return _filled(values, lambda _: weeks), "digits of year and week"
    elif hinted or is_first or _PARTS["y"].fullmatch(name):
        decimal = times_with_decimals(known, hinted or bool(_PARTS["y"].fullmatch(name)))
        if decimal is not None:
            return _filled(values, lambda _: decimal[0]), decimal[1]
    if hinted and low >= 1e8:
        for unit, per_second in _EPOCH_UNITS.items():
            if 1e8 * per_second <= low and high <= 4.2e9 * per_second:  # from 1973 to 2103
                return _filled(values, partial(_since_1970, unit=unit)), f"{unit} since 1970"
    if _EXCEL_DAYS[0] <= low and high <= _EXCEL_DAYS[1] and (is_named or (hinted and _are_days(known, name))):
        return _filled(values, _of_excel), "days as Excel counts them"
    return None


def _whole(column: Column, part: str) -> NDArray[np.int64] | None:
    """Return the whole numbers of a column without missing cells; those of months by name."""
    values = column.values
    if column.account.kind == "text" and part == "n" and len(values):
        distinct, codes = np.unique(np.array([str(cell).lower().rstrip(".") for cell in values]), return_inverse=True)
        numbers = np.array([MONTH_NUMBERS.get(str(cell), 0) for cell in distinct], np.int64)
        return numbers[codes] if numbers.all() else None
    if column.account.kind not in ("number", "index") or values.dtype.kind != "f" or column.unread:
        return None
    if not np.isfinite(values).all() or (values != np.round(values)).any() or (np.abs(values) > _LARGEST_COMPACT).any():
        return None
    whole: NDArray[np.int64] = values.astype(np.int64)
    return whole


def _compact(known: NDArray[np.float64]) -> Stamps | None:
    """Return the times of numbers such as 20240131; None where they are others."""
    digits = len(str(int(known[0])))
    if digits not in (6, 8, 10, 12, 14) or known.min() < 10 ** (digits - 1) or known.max() >= 10**digits:
        return None
    import pyarrow as pa

    return compact_dates(pa.array(known.astype(np.int64)).cast("string"))


def _weeks(known: NDArray[np.float64]) -> Stamps | None:
    """Return the Mondays of numbers such as 202405; None where they are others."""
    if known.min() < 100_000 or known.max() >= 1_000_000:
        return None
    whole = known.astype(np.int64)
    stamps = stamps_of_parts({"y": whole // 100, "w": whole % 100}, len(whole))
    return None if np.isnat(stamps).any() else stamps


def _are_days(known: NDArray[np.float64], name: str) -> bool:
    """Return whether numbers in the range of Excel's days are such: they are called so, or hold times of day."""
    if _DATE_NAME.fullmatch(name):
        return True
    minutes = known * 1440
    return bool((known % 1 != 0).any()) and bool((np.abs(minutes - np.round(minutes)) < 1e-3).all())


def _filled(values: NDArray[np.float64], convert: Callable[[NDArray[np.float64]], Any]) -> Stamps:
    stamps = np.full(len(values), np.datetime64("NaT"), "datetime64[ns]")
    known = np.isfinite(values)
    stamps[known] = convert(values[known])
    return stamps


def _since_1970(values: NDArray[np.float64], unit: str) -> Stamps:
    """Return the times of epochs; fractions of a second are kept to a microsecond."""
    whole = np.floor(values / _EPOCH_UNITS[unit])
    rest = np.round((values - whole * _EPOCH_UNITS[unit]) * (1e6 / _EPOCH_UNITS[unit]))
    microseconds = whole.astype(np.int64) * 1_000_000 + rest.astype(np.int64)
    return microseconds.astype("datetime64[us]").astype("datetime64[ns]")


def _of_excel(days: NDArray[np.float64]) -> Stamps:
    """Return the times of days, to the millisecond; whole seconds where only the fraction's rounding differs."""
    milliseconds = np.round(days * 86_400_000).astype(np.int64)
    seconds = np.round(milliseconds / 1000).astype(np.int64) * 1000
    if (np.abs(milliseconds - seconds) <= 1).all():
        milliseconds = seconds
    return _EXCEL_DAY_0 + milliseconds.astype("timedelta64[ms]")
