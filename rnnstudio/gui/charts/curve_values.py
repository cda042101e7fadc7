"""The values that training curves show, computed step by step as the run grows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.events import Floats
from rnnstudio.core.history import History
from rnnstudio.core.wording import metric_label
from rnnstudio.gui.charts.downsampling import Blocks, extremes
from rnnstudio.gui.charts.growing_blocks import GrowingBlocks
from rnnstudio.gui.charts.numbers import number
from rnnstudio.gui.charts.smoothing import Smoother

Doubles = NDArray[np.float64]
Range = tuple[float, float]
_MAX_EXPONENT = 300.0  # 10 to this power still fits into a float


@dataclass(frozen=True)
class EvaluatedMetric:
    """A metric of the validation or test set.

    Attributes:
        metric: Its flat name, such as "test_loss".
        symbol: Name of pyqtgraph's symbol for its points.
    """

    metric: str
    symbol: str

    @property
    def label(self) -> str:
        """Its name in the legend, such as "Test loss"."""
        return metric_label(self.metric)


class CurveValues:
    """A value per update and the metrics of evaluations, for one vertical axis.

    The values stay in the history. Here are only the extremes of blocks of them, so that a run of millions of updates
    is drawn fast and takes little further memory.

    Args:
        log: Whether the axis is logarithmic; it cannot show zero and negative values.
        smoothing: Smoothing factor, 0 to below 1; with 0 there is no average.

    Attributes:
        raw: The value of each update, `(n,)`.
        smoothed: The exponential moving average of `raw`, whose parts are computed when they are drawn.
        metrics: The metrics of evaluations.
        not_finite: Updates whose value is NaN or infinite.
    """

    def __init__(self, *, log: bool, smoothing: float) -> None:
        self.log = log
        self.history = History()
        self.raw: Floats = self.history.loss.values
        self.smoothed = Smoother(smoothing)
        self.metrics: Sequence[EvaluatedMetric] = ()
        self.not_finite: list[int] = []
        self._seen = 0  # values that `not_finite` and the range include
        self._range = (math.inf, -math.inf)
        self._blocks = GrowingBlocks(3, self._rows, _merged)  # lowest drawable, highest, lowest finite value

    def extend(self, history: History, raw: Floats, metrics: Sequence[EvaluatedMetric]) -> None:
        """Add what is new.

        Args:
            history: The run; the same at each call.
            raw: Its value per update, `(n,)`; at least as long as at the last call.
            metrics: Its metrics of evaluations.
        """
        self.history, self.metrics, self.raw = history, metrics, raw
        new = raw[self._seen :]
        self.not_finite += (self._seen + np.flatnonzero(~np.isfinite(new))).tolist()
        drawable = new[self._drawable(new)]
        if len(drawable):
            low, high = float(drawable.min()), float(drawable.max())
            self._range = min(self._range[0], low), max(self._range[1], high)
        self._seen = len(raw)
        if self.smoothed.factor > 0:
            self.smoothed.extend(raw)
        self._blocks.extend(raw)

    def __len__(self) -> int:
        """Return the number of values per update."""
        return len(self.raw)

    def __getitem__(self, part: slice) -> Floats:
        """Return the values of a part, with NaN for each that the axis cannot show."""
        return self._masked(self.raw[part])

    @property
    def blocks(self) -> Blocks:
        """The extremes of the values of each block that the axis can show."""
        return Blocks(self._blocks.size, self._blocks.rows[:, :2])

    def _masked(self, values: Floats) -> Floats:
        return np.where(self._drawable(values), values, np.float32(np.nan))

    def _rows(self, blocks: Floats) -> Floats:
        finite = np.where(np.isfinite(blocks), blocks, np.float32(np.nan))
        return np.column_stack([extremes(self._masked(blocks)), np.fmin.reduce(finite, axis=1)])

    def _drawable(self, values: NDArray[np.floating]) -> NDArray[np.bool_]:
        with np.errstate(invalid="ignore"):
            drawable: NDArray[np.bool_] = np.isfinite(values) & ((values > 0) | (not self.log))
        return drawable

    def to_axis(self, values: Iterable[float] | Doubles) -> Doubles:
        """Return coordinates on the vertical axis: values or their logarithms, NaN if the axis cannot show them."""
        array = np.asarray(values, np.float64)
        drawable = self._drawable(array)
        safe = np.where(drawable, array, 1.0)
        return np.where(drawable, np.log10(safe) if self.log else safe, np.nan)

    def extent(self, others: Doubles) -> Range:
        """Return the lowest and highest coordinate of all values; 0 and 1 if there are none.

        Args:
            others: Further values to include, `(m,)`.
        """
        evaluated = [self.history.evaluated(metric.metric)[1] for metric in self.metrics]
        coordinates = self.to_axis(np.concatenate([np.array(self._range), others, *evaluated]))
        coordinates = coordinates[np.isfinite(coordinates)]
        return (float(coordinates.min()), float(coordinates.max())) if len(coordinates) else (0.0, 1.0)

    def count_outside(self, view: tuple[Range, Range]) -> int:
        """Return how many finite values between left and right of the view are not visible.

        Args:
            view: `((left, right), (low, high))` in updates and in coordinates of the vertical axis.
        """
        (left, right), (low, high) = view
        if self.log:
            low, high = (10.0 ** min(max(edge, -_MAX_EXPONENT), _MAX_EXPONENT) for edge in (low, high))
        begin, end = max(0, math.ceil(left)), max(0, math.floor(right) + 1)
        arrays = self._blocks_outside(begin, end, low, high)
        for metric in self.metrics:
            steps, values = self.history.evaluated(metric.metric)
            arrays.append(values[(steps >= left) & (steps <= right)].astype(np.float32))
        count = 0
        for array in arrays:
            with np.errstate(invalid="ignore"):
                outside = (array < low) | (array > high)
            count += int(np.count_nonzero(outside)) - int(np.count_nonzero(np.isinf(array[outside])))
        return count

    def _blocks_outside(self, begin: int, end: int, low: float, high: float) -> list[Floats]:
        """Return the values between two indices, without whole blocks in which all finite ones are visible."""
        size, rows = self._blocks.size, self._blocks.rows
        first, last = -(-begin // size), min(end // size, len(rows))
        if first >= last:
            return [self.raw[begin:end]]
        with np.errstate(invalid="ignore"):
            outside = (rows[first:last, 2] < low) | (rows[first:last, 1] > high)
        blocks = self.raw[first * size : last * size].reshape(-1, size)
        return [self.raw[begin : first * size], blocks[outside].ravel(), self.raw[last * size : end]]

    def readout(self, x: float, tolerance: float, label: str) -> tuple[str, int]:
        """Return the values near a position on the horizontal axis, and the update they belong to.

        Args:
            x: The position.
            tolerance: Largest distance of an evaluation, in updates.
            label: Name of the value per update.
        """
        per_epoch = self.history.updates_per_epoch
        last = len(self.raw) - 1 if len(self.raw) else self.history.step
        update = int(np.clip(round(x), 0, last))
        lines = [f"Update {update:,}" + (f", epoch {update / per_epoch:.4g}" if per_epoch > 1 else "")]
        if len(self.raw):
            lines.append(f"{label} {number(float(self.raw[update]))}")
        for metric in self.metrics:
            steps, values = self.history.evaluated(metric.metric)
            if len(steps):
                nearest = int(np.argmin(np.abs(steps - update)))
                if abs(steps[nearest] - update) <= max(1.0, tolerance):
                    lines.append(f"{metric.label} {number(float(values[nearest]))} at update {int(steps[nearest]):,}")
        return "\n".join(lines), update


def _merged(pairs: Doubles) -> Doubles:
    return np.column_stack(
        [*extremes(pairs[:, :, :2].reshape(len(pairs), 4)).T, np.fmin.reduce(pairs[:, :, 2], axis=1)]
    )
