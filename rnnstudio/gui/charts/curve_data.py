"""What a picture along the updates shows of a history, worked out piece by piece as the run grows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.events import Floats
from rnnstudio.core.history import Column, History
from rnnstudio.gui.charts.axes import number
from rnnstudio.gui.charts.trace import Smoothed

Doubles = NDArray[np.float64]
Range = tuple[float, float]


@dataclass(frozen=True)
class Look:
    """A figure of a held-out part.

    Attributes:
        metric: Its name in the history.
        label: What the key calls it.
        symbol: Name of its mark.
    """

    metric: str
    label: str
    symbol: str


class Figures:
    """A column with a value per update and the looks beside it, fit for one vertical axis.

    Args:
        log: Whether the axis is logarithmic; zero and below then have no place on it.
        share: How much the smooth line keeps with each new value, 0 to below 1.

    Attributes:
        line: The column with NaN for what has no place on the axis, `(n,)`.
        means: The same, smoothed.
        bad: Updates whose value is NaN or infinite.
    """

    def __init__(self, *, log: bool, share: float) -> None:
        self.log = log
        self.history = History()
        self.raw: Floats = self.history.loss.values
        self.looks: Sequence[Look] = ()
        self.bad: list[int] = []
        self._line, self._smoothed = Column(), Smoothed(share)
        self._extent = (math.inf, -math.inf)
        self.line: Floats = self._line.values
        self.means: Floats = self._line.values

    def follow(self, history: History, raw: Floats, looks: Sequence[Look]) -> None:
        """Take in what is new.

        Args:
            history: The same at each call.
            raw: Its column, at least as long as at the last call.
            looks: Its figures of the held-out parts.
        """
        self.history, self.looks, self.raw = history, looks, raw
        done = len(self._line)
        new = raw[done:]
        finite = np.isfinite(new)
        self.bad += (done + np.flatnonzero(~finite)).tolist()
        placed = new[self._has_place(new)]
        if len(placed):
            self._extent = min(self._extent[0], float(placed.min())), max(self._extent[1], float(placed.max()))
        self._line.extend(np.where(self._has_place(new), new, np.float32(np.nan)))
        self.line = self._line.values
        self.means = self._smoothed.follow(raw)

    def _has_place(self, values: NDArray[np.floating]) -> NDArray[np.bool_]:
        with np.errstate(invalid="ignore"):
            good: NDArray[np.bool_] = np.isfinite(values) & ((values > 0) | (not self.log))
        return good

    def place(self, values: Iterable[float] | Doubles) -> Doubles:
        """Return where values stand on the axis: themselves or their logarithms, NaN for what has no place."""
        found = np.asarray(values, np.float64)
        good = self._has_place(found)
        safe = np.where(good, found, 1.0)
        return np.where(good, np.log10(safe) if self.log else safe, np.nan)

    def extent(self, others: Doubles) -> Range:
        """Return the lowest and highest place of column, looks and other values; 0 and 1 where there is nothing."""
        looked = [self.history.evaluated(look.metric)[1] for look in self.looks]
        places = self.place(np.concatenate([np.array(self._extent), others, *looked]))
        places = places[np.isfinite(places)]
        return (float(places.min()), float(places.max())) if len(places) else (0.0, 1.0)

    def off_scale(self, view: tuple[Range, Range]) -> int:
        """Return how many finite values of column and looks in view have no place, or none that can be seen.

        Args:
            view: Left and right, lowest and highest place shown.
        """
        (left, right), (low, high) = view
        if self.log:
            low, high = (10.0 ** min(max(edge, -300.0), 300.0) for edge in (low, high))
        begin, end = max(0, math.ceil(left)), max(0, math.floor(right) + 1)
        parts = [self.raw[begin:end]]
        for look in self.looks:
            steps, values = self.history.evaluated(look.metric)
            parts.append(values[(steps >= left) & (steps <= right)].astype(np.float32))
        count = 0
        for part in parts:
            with np.errstate(invalid="ignore"):
                outside = (part < low) | (part > high)
            count += int(np.count_nonzero(outside)) - int(np.count_nonzero(np.isinf(part[outside])))
        return count

    def readout(self, x: float, reach: float, label: str) -> tuple[str, int]:
        """Return what is known near a place on the horizontal axis, and the update it is about.

        Args:
            x: The place.
            reach: How far from it a look may be.
            label: What the column is called.
        """
        every = self.history.updates_per_epoch
        at = int(np.clip(round(x), 0, len(self.raw) - 1 if len(self.raw) else self.history.step))
        lines = [f"update {at:,}" + (f", epoch {at / every:.4g}" if every > 1 else "")]
        if len(self.raw):
            lines.append(f"{label} {number(float(self.raw[at]))}")
        for look in self.looks:
            steps, values = self.history.evaluated(look.metric)
            if len(steps):
                i = int(np.argmin(np.abs(steps - at)))
                if abs(steps[i] - at) <= max(1.0, reach):
                    lines.append(f"{look.label} {number(float(values[i]))} at {int(steps[i]):,}")
        return "\n".join(lines), at
