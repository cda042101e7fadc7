"""The dates of the positions on a horizontal axis: ticks at round dates, and dates as text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.predictions import Times
from rnnstudio.core.times import NO_TIME, Resolution, resolution_of, time_text, times_at

_Unit = Literal["ms", "s", "m", "h", "D", "M", "Y"]
_STEPS: tuple[tuple[_Unit, tuple[int, ...]], ...] = (  # multiples of each unit that divide the next one
    ("ms", (1, 10, 100)),
    ("s", (1, 5, 15, 30)),
    ("m", (1, 5, 15, 30)),
    ("h", (1, 3, 6, 12)),
    ("D", (1, 2, 7, 14)),
    ("M", (1, 3, 6)),
    ("Y", (1, 2, 5, 10, 20, 50, 100)),
)
_NANOSECONDS = {
    "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9, "D": 86_400 * 10**9, "M": 28 * 86_400 * 10**9,
    "Y": 365 * 86_400 * 10**9,
}  # fmt: skip
_RESOLUTIONS: dict[_Unit, Resolution] = {
    "ms": "millisecond", "s": "second", "m": "minute", "h": "minute", "D": "day", "M": "month", "Y": "year",
}  # fmt: skip
_CLOCK_UNITS = ("ms", "s", "m", "h")
_WIDE_TIME = np.datetime64("2000-09-30T00:00", "ns")
_MONDAY = 4  # days from 1970-01-01, a Thursday, to a Monday


@dataclass(frozen=True)
class TimeScale:
    """The dates of consecutive positions.

    Attributes:
        first: Position of the first date.
        times: Rising dates of the positions from `first` on, `(n,)`.
        resolution: The unit that dates are written with.
    """

    first: int
    times: Times
    resolution: Resolution

    @classmethod
    def of(cls, times: Times | None, first: int, end: int, frequency: str) -> TimeScale | None:
        """Return the scale from `first` to `end`; None where the dates are unknown or do not rise.

        Args:
            times: Dates of the positions from `first` on; None where unknown.
            first: Position of the first of them.
            end: Position after the last one; the frequency continues the dates up to it.
            frequency: pandas' alias; empty where unknown.
        """
        if times is None or not len(times) or np.isnat(times).any() or (np.diff(times) < np.timedelta64(0)).any():
            return None
        stamps = times_at(times, first, np.arange(first, max(end, first + len(times))), frequency)
        known = stamps[~np.isnat(stamps)]
        return cls(first, known, resolution_of(times, frequency))

    def text(self, position: int) -> str:
        """Return the date at a position; empty where it is unknown."""
        index = position - self.first
        return time_text(self.times[index] if 0 <= index < len(self.times) else NO_TIME, self.resolution)

    def ticks(self, low: float, high: float, max_count: Callable[[str], float]) -> dict[float, str]:
        """Return positions and texts of ticks: the first position of each year, month, day or hour.

        Args:
            low: Lower end of the axis.
            high: Upper end of the axis.
            max_count: Returns how many texts as long as this one fit on the axis.
        """
        last = len(self.times) - 1
        begin, end = max(0, int(np.ceil(low)) - self.first), min(last, int(np.floor(high)) - self.first)
        if begin > end:
            return {}
        if begin == end:
            return {float(self.first + begin): self.text(self.first + begin)}
        between = float((self.times[end] - self.times[begin]) / np.timedelta64(1, "ns"))
        one_day = begin == end or self.times[begin].astype("datetime64[D]") == self.times[end].astype("datetime64[D]")
        for unit, multiples in _STEPS:
            text = time_text(_WIDE_TIME, _RESOLUTIONS[unit])
            text = text if unit not in _CLOCK_UNITS or one_day else text[:10]
            for multiple in multiples:
                size = _NANOSECONDS[unit] * multiple
                fits = between / size <= max_count(text)
                if size >= 0.9 * between / (end - begin) and fits:
                    indices = self._first_of_each(unit, multiple, begin, end)
                    return _texts(self.first + indices, self.times[indices], unit)
        return {}

    def _first_of_each(self, unit: _Unit, multiple: int, begin: int, end: int) -> NDArray[np.int64]:
        """Return the indices from `begin` to `end` of the first date in each `multiple` units."""
        dtype: Any = f"datetime64[{unit}]"
        offset = _MONDAY if unit == "D" and multiple % 7 == 0 else 30 if unit == "Y" else 0  # NumPy counts from 1970
        low, high = self.times[[begin, end]].astype(dtype).astype(np.int64).tolist()
        lowest = (low - offset) // multiple * multiple + offset
        boundaries = np.arange(lowest, high + 1, multiple).astype(dtype).astype("datetime64[ns]")
        indices = np.unique(np.searchsorted(self.times, boundaries))
        indices = indices[(indices >= begin) & (indices <= end)]
        # A year whose begin is not in the data has no tick.
        return indices[(indices > 0) | np.isin(self.times[indices], boundaries)]


def _texts(positions: NDArray[np.int64], times: Times, unit: _Unit) -> dict[float, str]:
    """Return the texts of ticks by position: hours where a midnight among them names its day, else with the day."""
    texts = [time_text(stamp, _RESOLUTIONS[unit]) for stamp in times]
    if unit in _CLOCK_UNITS:
        is_midnight = times == times.astype("datetime64[D]")
        if is_midnight.any():
            texts = [text[:10] if day else text[11:] for text, day in zip(texts, is_midnight.tolist(), strict=True)]
    return dict(zip(positions.astype(float).tolist(), texts, strict=True))


@dataclass(frozen=True)
class SequenceTimes:
    """The dates of sequences that stand side by side, one position apart.

    Attributes:
        times: Dates of the steps, `(rows, steps)`; NaT in padding.
        resolution: The unit that dates are written with.
    """

    times: Times
    resolution: Resolution

    @classmethod
    def of(cls, times: Times | None, frequency: str) -> SequenceTimes | None:
        """Return the scale of dates `(rows, steps)`; None where they are unknown."""
        return None if times is None else cls(times, resolution_of(times, frequency))

    def text(self, position: int) -> str:
        """Return the date at a position; empty where it is unknown."""
        rows, steps = self.times.shape
        row, step = divmod(position, steps + 1)
        known = 0 <= row < rows and step < steps
        return time_text(self.times[row, step] if known else NO_TIME, self.resolution)

    def ticks(self, low: float, high: float, max_count: Callable[[str], float]) -> dict[float, str]:
        """Return position and date of the middle step of each sequence."""
        lengths = (~np.isnat(self.times)).sum(axis=1)
        middles = np.arange(len(self.times)) * (self.times.shape[1] + 1) + lengths // 2
        return {float(position): self.text(int(position)) for position in middles if low <= position <= high}
