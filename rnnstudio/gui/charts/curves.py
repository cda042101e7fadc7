"""The lines and symbols of training curves, and their legend."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg

from rnnstudio.core.catalog import PublishedSeries
from rnnstudio.core.chosen_on_test import MARK, mark
from rnnstudio.core.wording import baseline_label, metric_label
from rnnstudio.gui.charts.axes import markers
from rnnstudio.gui.charts.curve_values import CurveValues
from rnnstudio.gui.charts.legend import Entry
from rnnstudio.gui.charts.numbers import number
from rnnstudio.gui.charts.trace import Trace
from rnnstudio.gui.theme import GREEN, LIGHT, PURPLE, RED, Theme

_MIN_EPOCH_WIDTH = 9.0  # pixels; epoch lines closer than that hide everything else
_MAX_MARKERS = 150  # markers on one line; with more the line would be hidden
_MAX_DOTS = 60  # updates in view that are drawn as dots too
_MAX_NOT_FINITE = 1000  # updates without a finite value that are marked
_NOTHING = np.empty(0)
_METRIC_STYLES: tuple[tuple[str, list[float] | None], ...] = ((RED, None), (GREEN, [5.0, 3.0]))


@dataclass(frozen=True)
class References:
    """What is drawn besides the curves.

    Attributes:
        metric: Flat name of the value per update; empty where there is none.
        best: Metric, update and value of the best evaluation.
        baseline: Name and value of the best baseline.
        published: The published numbers, at most two series.
        use_of_test_set: What the test set is used for in a run without validation set; empty where for nothing.
        moment: The update whose predictions other plots show; None for no mark.
    """

    metric: str
    best: tuple[str, int, float] | None = None
    baseline: tuple[str, float] | None = None
    published: tuple[PublishedSeries, ...] = ()
    use_of_test_set: str = ""
    moment: int | None = None


class Curves:
    """All lines and symbols on one pair of axes.

    Args:
        axes: Where they are drawn.
    """

    def __init__(self, axes: Any) -> None:
        self.theme: Theme = LIGHT
        self._axes = axes
        self.epochs = pg.PlotCurveItem(connect="pairs")
        axes.addItem(self.epochs, ignoreBounds=True)
        self.raw, self._dots = Trace(axes), markers("o", 4)
        self.smooth = Trace(axes, mean=True)
        self._metric_lines = [Trace(axes) for _ in _METRIC_STYLES]
        self._metric_markers = [markers("o", 7), markers("t1", 8)]
        self.baseline_line, self.moment_line = pg.InfiniteLine(angle=0), pg.InfiniteLine(angle=90)
        self.published_markers = [markers("o", 10), markers("s", 10)]
        self.best_marker = markers("star", 15)
        self.not_finite_markers = markers("x", 11)
        self._not_finite_lines = pg.PlotCurveItem(connect="pairs")
        symbols = [
            self._dots,
            *self._metric_markers,
            *self.published_markers,
            self.best_marker,
            self.not_finite_markers,
        ]
        for z, item in enumerate([self.baseline_line, self.moment_line, self._not_finite_lines, *symbols]):
            item.setZValue(10 + z)
            axes.addItem(item, ignoreBounds=True)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = theme
        self.smooth.set_style(theme.blue, 2)
        styled = zip(_METRIC_STYLES, self._metric_lines, self._metric_markers, strict=True)
        for (color, dash), line, symbols in styled:
            line.set_style(color, 1.6, dash)
            symbols.setBrush(color)
            symbols.setPen(pg.mkPen(theme.background, width=0.7))
        for symbols in self.published_markers:
            symbols.setBrush(None)
            symbols.setPen(pg.mkPen(PURPLE, width=2))
        self._dots.setBrush(theme.blue)
        self._dots.setPen(None)
        self.best_marker.setBrush(theme.best)
        self.best_marker.setPen(pg.mkPen(theme.text, width=1))
        self.baseline_line.setPen(pg.mkPen(theme.text, width=1.4, dash=[2, 3]))
        self.moment_line.setPen(pg.mkPen(theme.text, width=1.6))
        self.epochs.setPen(pg.mkPen(theme.faint, width=1, dash=[1, 2]))
        self._not_finite_lines.setPen(pg.mkPen(RED, width=1, dash=[4, 4]))
        self.not_finite_markers.setPen(pg.mkPen(RED, width=1))
        self.not_finite_markers.setBrush(RED)

    def draw(self, values: CurveValues, references: References, smoothing: float) -> None:
        """Draw the visible part of curves, markers and lines.

        Args:
            values: The value per update and the metrics of evaluations.
            references: What is drawn besides.
            smoothing: Smoothing factor; 0 draws no smoothed line.
        """
        self._draw_updates(values, smoothing)
        self._draw_evaluations(values)
        self._draw_references(values, references)
        self._draw_not_finite(values)
        self._draw_epochs(values)

    def _draw_updates(self, values: CurveValues, smoothing: float) -> None:
        smooth = smoothing > 0 and len(values) > 1
        self.raw.set_style(self.theme.blue, 1, alpha=255 if not smooth else 150 if self.theme.dark else 110)
        self.raw.draw(values, log=values.log, blocks=values.blocks)
        self.smooth.item.setVisible(smooth)
        if smooth:
            self.smooth.draw(values.smoothed, log=values.log, blocks=values.smoothed.blocks)
        (left, right), _ = self._axes.vb.viewRange()
        begin, end = max(0, math.floor(left)), max(0, min(len(values), math.ceil(right) + 1))
        end = end if end - begin <= _MAX_DOTS else begin
        updates, y = np.arange(begin, end), values.to_axis(values[begin:end])
        self._dots.setData(updates[np.isfinite(y)], y[np.isfinite(y)])

    def _draw_evaluations(self, values: CurveValues) -> None:
        for i, (line, symbols) in enumerate(zip(self._metric_lines, self._metric_markers, strict=True)):
            steps, evaluated = _NOTHING, _NOTHING
            if i < len(values.metrics):
                steps, evaluated = values.history.evaluated(values.metrics[i].metric)
            y = values.to_axis(evaluated)
            line.draw(y, steps)
            marked = np.isfinite(y) & (len(y) <= _MAX_MARKERS)
            symbols.setData(steps[marked], y[marked])

    def _draw_references(self, values: CurveValues, references: References) -> None:
        best, baseline = references.best, references.baseline
        self.moment_line.setVisible(references.moment is not None)
        self.moment_line.setValue(references.moment or 0)
        self.best_marker.setData([best[1]] if best else [], values.to_axis([best[2]] if best else []))
        y = float(values.to_axis([baseline[1]])[0]) if baseline else math.nan
        self.baseline_line.setVisible(math.isfinite(y))
        if math.isfinite(y):
            self.baseline_line.setValue(y)
        for i, symbols in enumerate(self.published_markers):
            published = references.published[i].points if i < len(references.published) else ()
            points = np.array(published, float).reshape(-1, 2)
            heights = values.to_axis(points[:, 1])
            symbols.setData(points[np.isfinite(heights), 0], heights[np.isfinite(heights)])

    def _draw_not_finite(self, values: CurveValues) -> None:
        """Mark each update whose value is NaN or infinite at the top of the view."""
        _, (low, high) = self._axes.vb.viewRange()
        updates = np.array(values.not_finite[:_MAX_NOT_FINITE], float)
        self._not_finite_lines.setData(np.repeat(updates, 2), np.tile([low, high], len(updates)))
        self.not_finite_markers.setData(updates, np.full(len(updates), high - (high - low) * 0.05))

    def _draw_epochs(self, values: CurveValues) -> None:
        """Draw a line at the start of each epoch, if the lines are far enough apart."""
        (left, right), (low, high) = self._axes.vb.viewRange()
        per_epoch, starts = values.history.updates_per_epoch, _NOTHING
        if per_epoch > 1 and per_epoch / max(right - left, 1e-9) * self._axes.vb.width() >= _MIN_EPOCH_WIDTH:
            last = math.floor(min(right, values.history.step) / per_epoch)
            starts = np.arange(max(1, math.ceil(left / per_epoch)), last + 1, dtype=float) * per_epoch
        self.epochs.setData(np.repeat(starts, 2), np.tile([low, high], len(starts)))

    def legend_entries(self, values: CurveValues, references: References, smoothing: float) -> list[Entry]:
        """Return the legend of what was drawn; arguments as for `draw`."""
        entries = []
        if len(values.raw):
            entries.append(Entry(metric_label(references.metric), self.raw.pen))
            if self.smooth.item.isVisible():
                entries.append(Entry(f"Smoothed ({smoothing:.2f})", self.smooth.pen))
        for i, metric in enumerate(values.metrics):
            if len(values.history.evaluated(metric.metric)[0]):
                entries.append(Entry(metric.label, self._metric_lines[i].pen, metric.symbol, _METRIC_STYLES[i][0]))
        if references.best:
            name, update, value = references.best
            use = references.use_of_test_set
            text = f"{metric_label(f'best_{name}')}{mark(name, bool(use))} {number(value, 3)} at {update:,}"
            entries.append(Entry(text, pg.mkPen(self.theme.text), "star", self.theme.best, line=False))
            entries += [Entry(f"{MARK} test set {use}")] if use else []
        if references.baseline:
            name, value = references.baseline
            text = f"Best baseline: {baseline_label(name)} {number(value, 3)}"
            entries.append(Entry(text, self.baseline_line.pen))
        for symbol, series in zip("os", references.published, strict=False):
            label = metric_label(series.metric)
            text = f"Published {label[0].lower()}{label[1:]}"
            entries.append(Entry(text, pg.mkPen(PURPLE, width=1.5), symbol, line=False))
        if references.moment is not None:
            entries.append(Entry(f"Shown: update {references.moment:,}", self.moment_line.pen))
        if len(self.epochs.xData):
            entries.append(Entry("Epoch", self.epochs.opts["pen"]))
        if values.not_finite:
            text = f"NaN or infinite ({len(values.not_finite):,})"
            entries.append(Entry(text, pg.mkPen(RED), "x", RED, line=False))
        return entries
