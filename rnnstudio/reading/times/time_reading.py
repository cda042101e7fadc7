"""One reading of a column as times: the cells read in one way to write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.reading.times.time_parts import Stamps, centuries, parts_of_texts, stamps_of_parts
from rnnstudio.reading.times.time_patterns import MONTH_SHORT_YEAR, YEAR_AND_NEXT, YEAR_DAY_MONTH, Shape
from rnnstudio.reading.times.time_zones import in_one_zone, with_or_without_zone

_ENOUGH = 3  # times whose order decides what a number is
_MIN_IN_ORDER = 0.8  # share of the steps in one direction, from which on days are in order


@dataclass(frozen=True)
class TimeReading:
    """One reading of a column as times.

    Attributes:
        stamps: The times, NaT where a cell is missing or no time.
        written: How they are written, such as "day.month.year".
        order: day_first, month_first or year_first; empty where it does not matter.
        zone: Time zone of the stamps; empty where the column names none.
        note: What was assumed; empty if nothing was.
        example: Where there are several readings: a cell that they read differently.
    """

    stamps: Stamps
    written: str
    order: str = ""
    zone: str = ""
    note: str = ""
    example: str = ""


def read_in_shape(texts: Any, shape: Shape, mark: str, share: float) -> TimeReading | None:
    """Return the cells of a column read in one way; None where their time zones cannot be brought together.

    Args:
        texts: The cells (pyarrow).
        shape: The way in which they are written.
        mark: What stands between the parts of the date.
        share: The share of them that must be written so.
    """
    matched, parts, words = parts_of_texts(texts, shape.quick(mark))
    if not matched.any():
        return None
    notes = []
    short = matched & (parts["y"] < 100)
    if short.any():
        if shape is MONTH_SHORT_YEAR and _are_days(parts):
            return None
        parts["y"] = parts["y"].copy()
        parts["y"][short] = centuries(parts["y"][short])
        first, last = int(parts["y"][short].min()), int(parts["y"][short].max())
        notes.append(f"Years of two digits are read as {first}{f' to {last}' if last > first else ''}.")
    stamps = stamps_of_parts(parts, len(texts))
    stamps[~matched] = np.datetime64("NaT")
    zone = ""
    if "z" in words:
        if share < 1:
            stamps = with_or_without_zone(stamps, *words["z"])
        in_zone = in_one_zone(stamps, *words["z"])
        if in_zone is None:
            return None
        stamps, zone, note = in_zone
        notes += [note] if note else []
    if "v" in words and not zone:
        zone = next(name for name in words["v"][1] if name)
    written = shape.written.replace("MARK", mark)
    written += (", 12-hour clock" if "p" in parts else ", clock") if "H" in parts and "clock" not in written else ""
    if shape is YEAR_AND_NEXT:
        notes.append("Each cell names a year and the next one; the times are the beginnings of the first ones.")
    if shape is YEAR_DAY_MONTH:
        notes.append("The day is read before the month, as some months would be above 12.")
    order = shape.order if shape.order != "year_first" or short.any() else ""
    return TimeReading(stamps, f"{written}, zone" if "z" in words else written, order, zone, " ".join(notes))


def _are_days(parts: dict[str, Any]) -> bool:
    """Return whether numbers behind the names of months are days without a year: as such they are in order."""
    days = parts["n"] * 100 + parts["y"]
    months = centuries(parts["y"]) * 12 + parts["n"]
    is_day = bool(((parts["y"] >= 1) & (parts["y"] <= 31)).all()) and len(days) >= _ENOUGH
    return is_day and _share_in_order(days) > max(_share_in_order(months), _MIN_IN_ORDER)


def _share_in_order(values: NDArray[np.int64]) -> float:
    steps = np.sign(np.diff(values))
    return float(max((steps > 0).mean(), (steps < 0).mean()))
