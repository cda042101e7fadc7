"""Columns in which some dates are written in another way than the others, as when two files were joined."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from rnnstudio.reading.times.time_reading import TimeReading
from rnnstudio.reading.times.time_text import time_readings


def with_other_dates(texts: Any, readings: list[TimeReading]) -> list[TimeReading]:
    """Return the readings with the dates that are written in another way; as they are where that leaves doubts.

    All cells that are none in the first way must be dates in the second one, both ways with or both without a day. Two
    orders of day and month are no two ways: then only months above 12 distinguish them.

    Args:
        texts: Distinct texts in the order of the file (pyarrow).
        readings: The ways to read most of them.

    >>> import pyarrow as pa
    >>> cells = pa.array(["2024-01-30", "2024-01-31", "01.02.2024"])
    >>> reading = with_other_dates(cells, time_readings(cells, 0.5))[0]
    >>> reading.written, str(reading.stamps[2].astype("datetime64[D]"))
    ('year-month-day and day.month.year', '2024-02-01')
    """
    import pyarrow as pa

    is_other = np.isnat(readings[0].stamps)
    if any((np.isnat(reading.stamps) != is_other).any() for reading in readings):
        return readings
    others = texts.filter(pa.array(is_other))
    merged = []
    for reading in readings:
        for other in time_readings(others):
            if np.isnat(other.stamps).any() or not _agree(reading, other):
                continue
            stamps = reading.stamps.copy()
            stamps[is_other] = other.stamps
            example, second = str(texts.filter(pa.array(~is_other))[0]), str(others[0])
            note = f"Some dates are written as {example}, others as {second}; both are read."
            merged.append(
                replace(
                    reading,
                    stamps=stamps,
                    written=f"{reading.written} and {other.written}",
                    order=reading.order or other.order,
                    note=" ".join(filter(None, (reading.note, other.note, note))),
                    example=reading.example or other.example,
                )
            )
    return merged or readings


def _agree(first: TimeReading, other: TimeReading) -> bool:
    """Return whether two ways to write dates can stand in one column."""
    of_days = ["day" in reading.written for reading in (first, other)]
    orders = {first.order, other.order} - {""}
    return first.zone == other.zone and of_days[0] == of_days[1] and len(orders) < 2
