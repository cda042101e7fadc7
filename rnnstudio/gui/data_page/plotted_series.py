"""What is drawn of one series before a training; prepared on a background thread, because a series may be long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.gaps import EMPTY, LEFT_OUT, NO_ROW
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.several_series import one_series
from rnnstudio.gui.charts.downsampling import Blocks, block_extremes
from rnnstudio.gui.charts.numbers import label_with_unit
from rnnstudio.gui.charts.prediction_lines import Span
from rnnstudio.gui.charts.time_scale import TimeScale
from rnnstudio.results.data_reader import DataView
from rnnstudio.results.data_summary import SPLIT_NAMES, SeriesWindows, sample_name, split_spans, used_windows


@dataclass(frozen=True)
class QuantityLine:
    """The line of a quantity.

    Attributes:
        positions: Its rising positions on the horizontal axis, `(n,)`; None for 0 to n - 1.
        values: `(n,)`.
        blocks: Their `block_extremes`.
    """

    positions: NDArray[Any] | None
    values: NDArray[Any]
    blocks: Blocks


class Quantity:
    """A feature or a target of one series.

    Args:
        data: The series.
        name: Its name; a column that is both a feature and a target is one quantity.

    Attributes:
        name: Its name.
        label: Its name with its unit.
        values: `(T,)` float; NaN where missing.
        read: What the network reads, `(T,)`: the values, or what missing ones are filled with; None for no input.
        classes: Names of the classes where it is one, else empty.
        is_input: Whether the network reads it.
        is_target: Whether the network predicts it.
        y_range: The ends of its vertical axis, with room above for the names of the splits.
    """

    def __init__(self, data: SequenceData, name: str) -> None:
        self.name = name
        self.is_input, self.is_target = name in data.features, name in data.target_names
        self.classes: tuple[str, ...] = data.classes if self.is_target else ()
        if self.classes:
            numbers = data.targets[0].astype(np.float64)
            self.values: NDArray[Any] = np.where(numbers < 0, np.nan, numbers)
        elif self.is_target:
            self.values = data.targets[0, :, data.target_names.index(name)]
        else:
            self.values = data.inputs[0, :, data.features.index(name)]
        self.read = data.inputs[0, :, data.features.index(name)] if self.is_input else None
        i = -1 if self.is_target else data.features.index(name)
        self.label = label_with_unit(name, data.unit if i < 0 else data.feature_units[i] if data.feature_units else "")
        self.y_range = self._y_range()

    @property
    def line(self) -> QuantityLine:
        """Its line: classes, 0 and 1 hold from one step to the next."""
        known = self.values[np.isfinite(self.values)]
        if not self.classes and not np.isin(known, (0, 1)).all():
            return QuantityLine(None, self.values, block_extremes(self.values))
        steps, values = np.arange(len(self.values)), np.repeat(self.values, 2)
        return QuantityLine(np.stack([steps - 0.5, steps + 0.5], axis=1).ravel(), values, block_extremes(values))

    def _y_range(self) -> tuple[float, float]:
        if self.classes:
            return -0.5, len(self.classes) - 0.2
        known = self.values[np.isfinite(self.values)]
        low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
        margin = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
        return low - margin, high + 2 * margin


@dataclass(frozen=True)
class PlottedSeries:
    """One series and what is drawn with it.

    Attributes:
        data: The series.
        noun: What a sample is, such as "row".
        quantities: What is predicted, and an input where there is another one.
        lines: The line of each.
        windows: Its windows; None where they are not those of the training.
        gaps: Positions of each mark of a missing value, see `core.gaps`.
        counts: The number of windows of each split that count in the training.
        spans: Its splits; empty where they are not those of the training.
        time_scale: The dates of its samples; None where unknown.
    """

    data: SequenceData
    noun: str
    quantities: tuple[Quantity, ...]
    lines: tuple[QuantityLine, ...]
    windows: SeriesWindows | None
    gaps: dict[int, NDArray[np.int64]]
    counts: dict[str, int]
    spans: tuple[Span, ...]
    time_scale: TimeScale | None

    @property
    def is_generated(self) -> bool:
        """Whether the series is another one in each epoch."""
        return self.data.refresh is not None


def input_names(data: SequenceData) -> list[str]:
    """Return the inputs that can be drawn below the predicted quantity."""
    return [name for name in data.features if name != data.target_names[0]]


def plotted_series(view: DataView, index: int, below: str) -> PlottedSeries:
    """Return what is drawn of one series.

    Args:
        view: The data, which are one series or several.
        index: Index of the series.
        below: The input below the predicted quantity; the first one where there is none of this name.
    """
    assert view.data is not None
    data = one_series(view.data, min(index, len(view.data.series) - 1)) if view.data.series else view.data
    inputs = input_names(data)
    shown = [data.target_names[0], *([below] if below in inputs else inputs[:1])]
    quantities = tuple(Quantity(data, name) for name in shown)
    spans = split_spans(data) if view.has_windows else []
    marks = np.empty(0) if data.gaps is None else data.gaps[0]
    gaps = {mark: np.flatnonzero(marks == mark) for mark in (EMPTY, NO_ROW, LEFT_OUT)}
    times = None if data.times is None else data.times[0]
    bidirectional = view.experiment.model.bidirectional
    return PlottedSeries(
        data,
        sample_name(view),
        quantities,
        tuple(quantity.line for quantity in quantities),
        SeriesWindows(data, bidirectional=bidirectional) if view.has_windows and len(data.starts) else None,
        {mark: positions for mark, positions in gaps.items() if len(positions)},
        used_windows(data),
        tuple(Span(SPLIT_NAMES[s.split], s.begin - 0.5, s.end - 0.5) for s in spans),
        TimeScale.of(times, 0, data.inputs.shape[1], data.frequency),
    )
