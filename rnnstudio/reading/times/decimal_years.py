"""Times as numbers with decimals: years such as 2023.0833, months before a year (1.2024) or behind it (2024.01)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnstudio.reading.times.time_parts import Stamps, stamps_of_parts

POINTED = ("month.year", "year.month", "year.quarter")  # the ways to write dates in which the mark is not of decimals
_YEARS = (1678, 2261)
_USUAL_YEARS = (1750, 2100)
_EVEN = 0.9  # share of the steps that must be near their median
_NEAR = 0.3  # how far, as a share of the median
_MIN_ROWS = 3
_ROUNDED = 0.1  # share by which the steps a year of rounded decimals may differ from those of months
_LATE = 0.1  # share of a month by which its rounded beginning may be early: 2020.08 is February
_MAX_DAYS = 400  # steps a year, up to which these are days


def times_with_decimals(values: NDArray[np.float64], is_named: bool) -> tuple[Stamps, str] | None:
    """Return the times of numbers with decimals, and how they are written; None where they look like other numbers.

    Args:
        values: The numbers of a column, in the order of the file, without NaN.
        is_named: Whether the column is named like a time; else its numbers must be evenly spaced.

    >>> stamps, written = times_with_decimals(np.array([2023 + month / 12 for month in range(4)]).round(2), True)
    >>> stamps.astype("datetime64[M]").astype(str).tolist(), written
    (['2023-01', '2023-02', '2023-03', '2023-04'], 'year with decimals')
    """
    is_few = len(values) < _MIN_ROWS
    if not len(values) or (is_few and not is_named) or (values == np.round(values)).all() or values.min() < 1:
        return None
    if values.max() < 13:
        month = np.floor(values)
        year = _whole((values - month) * 1e4)
        is_month = year is not None and (is_named or _are_even_months(year, month.astype(np.int64)))
        if year is None or not is_month:
            return None
        return _of_months(year, month.astype(np.int64), "month.year", may_repeat=is_named)
    if values.min() < _YEARS[0] or values.max() > _YEARS[1]:
        return None
    year = np.floor(values).astype(np.int64)
    fraction = values - year
    month_of_year = _whole(fraction * 100)
    if (
        month_of_year is not None
        and ((month_of_year >= 1) & (month_of_year <= 12)).all()
        and (is_named or _are_even_months(year, month_of_year))
    ):
        return _of_months(year, month_of_year, "year.month", may_repeat=is_named)
    if is_few:
        return None
    quarter = _whole(fraction * 10)
    if quarter is not None and ((quarter >= 1) & (quarter <= 4)).all() and _is_even(year * 4 + quarter):
        return _checked(stamps_of_parts({"y": year, "q": quarter}, len(year)), "year.quarter")
    return _of_fractions(values, year, fraction, is_named)


def _of_fractions(
    values: NDArray[np.float64], year: NDArray[np.int64], fraction: NDArray[np.float64], is_named: bool
) -> tuple[Stamps, str] | None:
    """Return the times of years with decimals, which rise or fall throughout where no name says that they are years."""
    steps = np.diff(np.unique(values) if is_named else values)
    if not len(steps):
        return None
    if not ((steps > 0).all() or (steps < 0).all()):
        return None
    is_usual = values.min() >= _USUAL_YEARS[0] and values.max() <= _USUAL_YEARS[1]
    if not is_named and not (is_usual and _is_even(values)):
        return None
    a_year = 1.0 / float(np.median(np.abs(steps)))
    if any(abs(a_year - of_months) < _ROUNDED * of_months for of_months in (1, 2, 4, 12)):
        months = year * 12 + np.floor(fraction * 12 + _LATE).astype(np.int64)
        return _of_months(months // 12, months % 12 + 1, "year with decimals", may_repeat=is_named)
    begins, ends = ((year + i - 1970).astype("datetime64[Y]").astype("datetime64[ns]") for i in (0, 1))
    exact = fraction * (ends - begins).astype(np.float64)
    unit = 86_400e9 if a_year <= _MAX_DAYS else 60e9
    nanoseconds = (np.round(exact / unit) * unit).astype(np.int64)
    return _checked(begins + nanoseconds.astype("timedelta64[ns]"), "year with decimals", may_repeat=is_named)


def _of_months(
    year: NDArray[np.int64], month: NDArray[np.int64], written: str, may_repeat: bool = False
) -> tuple[Stamps, str] | None:
    return _checked(stamps_of_parts({"y": year, "n": month}, len(year)), written, may_repeat)


def _are_even_months(year: NDArray[np.int64], month: NDArray[np.int64]) -> bool:
    """Return whether months follow each other evenly and are not the same one of each year."""
    return _is_even(year * 12 + month) and bool((month != month[0]).any())


def _checked(stamps: Stamps, written: str, may_repeat: bool = False) -> tuple[Stamps, str] | None:
    """Return times that are all there and all different, but for those of a column that is called so."""
    repeats = len(np.unique(stamps)) < len(stamps)
    return None if np.isnat(stamps).any() or (repeats and not may_repeat) else (stamps, written)


def _whole(values: NDArray[np.float64]) -> NDArray[np.int64] | None:
    """Return numbers that are whole but for their rounding; None for others."""
    rounded = np.round(values)
    return rounded.astype(np.int64) if bool((np.abs(values - rounded) < 1e-4).all()) else None


def _is_even(values: NDArray[np.float64] | NDArray[np.int64]) -> bool:
    steps = np.diff(values.astype(np.float64))
    median = float(np.median(steps))
    return bool((np.abs(steps - median) <= _NEAR * abs(median)).mean() >= _EVEN) and median != 0.0
