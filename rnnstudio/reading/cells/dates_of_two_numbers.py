"""Dates of two numbers in text: months with years of two digits (12/24), and weeks that no name says (2024/31)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.reading.cells.part_columns import is_part
from rnnstudio.reading.times.time_names import says_date
from rnnstudio.reading.times.time_parts import Whole, centuries, stamps_of_parts
from rnnstudio.reading.times.time_reading import TimeReading

_SHORT = "^(?P<a>[0-9]{1,2})(?P<m>[-/ '])(?P<b>[0-9]{2})$"
_LONG = "^(?P<a>(?:19|20)[0-9]{2})(?P<m>[-/ ])(?P<b>[0-9]{2})$"
_MIN_ROWS = 3
_EVEN = 0.9  # share of the steps that must be those of following months or weeks
_LAST_PERIOD = 13  # of a year of four weeks each; larger numbers are weeks


def dates_of_two_numbers(texts: Any, name: str) -> list[TimeReading]:
    """Return the ways to read the cells of a column that is named like times; none where nothing speaks for one.

    Months or weeks must follow each other. In a column called dates, 12/24 can be a day of December too: there months
    are read only where such days would not be in order.

    Args:
        texts: Distinct texts in the order of the file (pyarrow).
        name: Name of the column.

    >>> import pyarrow as pa
    >>> reading = dates_of_two_numbers(pa.array(["11/23", "12/23", "01/24", "02/24"]), "date")[0]
    >>> reading.written, reading.stamps.astype("datetime64[M]").astype(str).tolist()
    ('month/year', ['2023-11', '2023-12', '2024-01', '2024-02'])
    """
    if len(texts) < _MIN_ROWS:
        return []
    if (parts := _numbers(texts, _LONG)) is not None:
        mark, year, number = parts
        if number.max() <= _LAST_PERIOD or is_part(name, "n"):
            return []
        stamps = stamps_of_parts({"y": year, "w": number}, len(year))
        weeks = stamps.astype("datetime64[D]").astype(np.int64) // 7
        fits = not np.isnat(stamps).any() and _follow(weeks)
        return [TimeReading(stamps, f"year{mark}week")] if fits else []
    if (parts := _numbers(texts, _SHORT)) is None:
        return []
    mark, first, second = parts
    readings = []
    for month, year, written, order in (
        (first, second, f"month{mark}year", "month_first"),
        (second, first, f"year{mark}month", "year_first"),
    ):
        if month.min() < 1 or month.max() > 12 or (says_date(name) and _are_days(first, second)):
            continue
        years = centuries(year)
        if _follow(years * 12 + month):
            stamps = stamps_of_parts({"y": years, "n": month}, len(month))
            begin, end = int(years.min()), int(years.max())
            note = f"Years of two digits are read as {begin}{f' to {end}' if end > begin else ''}."
            readings.append(TimeReading(stamps, written, order, note=note, example=str(texts[0])))
    return readings


def _numbers(texts: Any, pattern: str) -> tuple[str, Whole, Whole] | None:
    """Return the mark between two numbers, and the numbers; None where other cells or marks occur."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = pc.extract_regex(texts, pattern)
    marks = pc.unique(pc.struct_field(parts, "m"))
    if parts.null_count or len(marks) != 1:
        return None
    first, second = (pc.struct_field(parts, part).cast(pa.int64()).to_numpy() for part in "ab")
    return str(marks[0]), first, second


def _follow(numbers: NDArray[np.int64]) -> bool:
    """Return whether numbers rise or fall by one from row to row, but for few."""
    steps = np.diff(numbers)
    return bool(((steps > 0).all() or (steps < 0).all()) and (np.abs(steps) == 1).mean() >= _EVEN)


def _are_days(first: Whole, second: Whole) -> bool:
    """Return whether two numbers can be day and month, or month and day, of days in order."""
    for month, day in ((first, second), (second, first)):
        if month.max() <= 12 and day.min() >= 1 and day.max() <= 31:
            steps = np.diff(month * 100 + day)
            if (steps > 0).all() or (steps < 0).all():
                return True
    return False
