"""Which of the readings of a column of dates the caller's order allows, or else that of the training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.trained_columns import trained_column
from rnnstudio.reading.times.time_parts import date_in_words
from rnnstudio.reading.times.time_reading import TimeReading

_WORDS = {"day_first": "day first", "month_first": "month first"}


def allowed_readings(
    readings: Sequence[TimeReading], name: str, options: ReadOptions, cells: Any = None
) -> list[TimeReading]:
    """Return the readings of a column in the caller's order; where that is open, the one in the order of the training.

    Where a column allows no other order than it has, that order counts; if the training had another one, it is said.

    Args:
        readings: The ways to read the column.
        name: Its name.
        options: How the caller wants it to be read.
        cells: Its numbers, of which one is quoted; None if the readings have an example.
    """
    order = trained_column(options.trained, name).date_order
    allowed = [r for r in readings if options.date_order in ("auto", r.order)] or [*readings]
    trained = [r for r in allowed if r.order == order]
    if order and len(readings) > 1 and len(trained) == 1:
        other = next(r for r in readings if r is not trained[0])
        i = int(np.flatnonzero((other.stamps != trained[0].stamps) & ~np.isnat(trained[0].stamps))[0])
        quoted = trained[0].example if cells is None else f"{cells[i]:.0f}"
        day = date_in_words(trained[0].stamps[i])
        return [_with(trained[0], f"Dates in column {name!r} such as {quoted} are read as {day}, as in the training.")]
    if order and len(readings) == 1 and not trained and readings[0].order in _WORDS:
        own = _WORDS[readings[0].order]
        return [_with(readings[0], f"The dates in column {name!r} are {own}, those of the training {_WORDS[order]}.")]
    return allowed


def _with(reading: TimeReading, note: str) -> TimeReading:
    """Return a reading that says something once."""
    return reading if note in reading.note else replace(reading, note=f"{reading.note} {note}".strip())
