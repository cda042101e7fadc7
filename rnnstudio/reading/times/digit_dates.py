"""Dates in digits without marks between their parts, such as 20240131, 202401, 240131, 31012024 or 2024031."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnstudio.reading.times.time_parts import Stamps, Whole, centuries, stamps_of_parts
from rnnstudio.reading.times.time_text import TimeReading

_USUAL_YEARS = (1900, 2100)  # of months in six digits
_MAX_WHOLE = 10**15


@dataclass(frozen=True)
class _Way:
    """The parts of a date in digits, by their letter in `time_patterns` and the number of their digits."""

    parts: tuple[tuple[str, int], ...]
    written: str
    order: str = ""
    is_usual: bool = True  # whether numbers are read so in a column that no name calls dates

    @property
    def digits(self) -> int:
        return sum(size for _, size in self.parts)

    def stamps(self, numbers: Whole) -> Stamps:
        """Return the times of numbers, whose zeros in front are lost; NaT for others."""
        values: dict[str, Whole] = {}
        rest = numbers
        for letter, size in reversed(self.parts):
            values[letter], rest = rest % 10**size, rest // 10**size
        first, size = self.parts[0]
        fits = (rest == 0) & (numbers >= 0)
        if first == "y" and size == 4:
            fits &= values["y"] >= 1000
        elif first == "y":
            fits &= numbers.max(initial=0) >= 10 ** (self.digits - 2)  # zeros in front: a year before 10
        else:
            fits &= numbers >= 10 ** (self.digits - 2)
        if dict(self.parts)["y"] == 2:
            values["y"] = centuries(values["y"])
        stamps = stamps_of_parts(values, len(numbers))
        stamps[~fits] = np.datetime64("NaT")
        return stamps


_Y, _N, _D, _H, _M, _S = ("y", 4), ("n", 2), ("d", 2), ("H", 2), ("M", 2), ("S", 2)
_MONTHS = _Way((_Y, _N), "digits of year and month")
_SHORT = ("y", 2)
_SHORT_DAYS = _Way((_SHORT, _N, _D), "digits of year, month and day", "year_first", is_usual=False)
_YEAR_DAY_MONTH = _Way((_Y, _D, _N), "digits of year, day and month, as some months would be above 12", is_usual=False)
_SWAPPED = ("day_first", "month_first")
_WAYS = (
    _MONTHS,
    _Way((_Y, _N, _D), "digits of year, month and day"),
    _Way((_Y, _N, _D, _H), "digits of year, month, day and hour"),
    _Way((_Y, _N, _D, _H, _M), "digits of year, month, day, hour and minute"),
    _Way((_Y, _N, _D, _H, _M, _S), "digits of year, month, day, hour, minute and second"),
    _SHORT_DAYS,
    _Way((_D, _N, _Y), "digits of day, month and year", "day_first", is_usual=False),
    _Way((_N, _D, _Y), "digits of month, day and year", "month_first", is_usual=False),
    _Way((_D, _N, _SHORT), "digits of day, month and year", "day_first", is_usual=False),
    _Way((_N, _D, _SHORT), "digits of month, day and year", "month_first", is_usual=False),
    _Way((_Y, ("j", 3)), "digits of year and day of the year", is_usual=False),
)


def dates_of_digits(numbers: NDArray[np.float64], is_date: bool, share: float = 1.0) -> list[TimeReading]:
    """Return the ways to read numbers as dates; several where nothing decides the order of day, month and year.

    Six digits are year and month, or year, month and day where these are spaced more evenly.

    Args:
        numbers: Whole numbers, in the order of the file.
        is_date: Whether the column is called dates; else only years of four digits come first.
        share: The share of the numbers that must be dates.

    >>> readings = dates_of_digits(np.array([240130, 240131, 240201], float), is_date=True)
    >>> readings[0].written, str(readings[0].stamps[0].astype("datetime64[D]"))
    ('digits of year, month and day', '2024-01-30')
    """
    if not len(numbers) or numbers.min() < 0 or numbers.max() > _MAX_WHOLE:
        return []
    whole = numbers.astype(np.int64)
    found: list[tuple[_Way, Stamps]] = []
    for way in _WAYS:
        if way.is_usual or is_date or (way is _SHORT_DAYS and found and found[0][0] is _MONTHS):
            stamps = way.stamps(whole)
            if np.isnat(stamps).sum() <= (1 - share) * len(whole):
                found.append((way, stamps))
    if not found and is_date and not np.isnat(stamps := _YEAR_DAY_MONTH.stamps(whole)).any():
        found.append((_YEAR_DAY_MONTH, stamps))
    if not found:
        return []
    ranks = [_rank(way, stamps) for way, stamps in found]
    best = max(ranks)
    likely = [reading for reading, rank in zip(found, ranks, strict=True) if rank == best]
    first = likely[0][0]
    if not first.order:
        likely = likely[:1]
    elif first.order != "year_first":  # day and month are never decided by how even they are
        likely += [(way, stamps) for way, stamps in found if way.order in _SWAPPED and way.digits == first.digits]
    different: list[TimeReading] = []
    for way, stamps in likely:
        if not any(np.array_equal(stamps, other.stamps, equal_nan=True) for other in different):
            different.append(TimeReading(stamps, way.written, way.order))
    return different


def _rank(way: _Way, stamps: Stamps) -> tuple[bool, float]:
    """Return how likely dates are: years of months are usual ones, and dates are spaced evenly."""
    known = np.unique(stamps[~np.isnat(stamps)])
    years = known.astype("datetime64[Y]").astype(int) + 1970
    is_usual = way is not _MONTHS or bool(((years >= _USUAL_YEARS[0]) & (years <= _USUAL_YEARS[1])).all())
    months = known.astype("datetime64[M]")
    same_day = len(np.unique(known - months.astype("datetime64[ns]"))) == 1
    most = max(evenness(known.view(np.int64)), evenness(months.astype(np.int64)) if same_day else 0.0)
    return is_usual, most


def evenness(positions: NDArray[np.int64]) -> float:
    """Return the share of the steps between sorted numbers that are equal.

    >>> evenness(np.array([1, 2, 3, 5]))
    0.6666666666666666
    """
    if len(positions) < 2:
        return 1.0
    _, counts = np.unique(np.diff(positions), return_counts=True)
    return float(counts.max() / counts.sum())
