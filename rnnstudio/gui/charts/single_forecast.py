"""One forecast of several steps with truth and baseline, on one pair of axes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.missing import fill_past
from rnnstudio.core.predictions import SeriesPredictions, Times
from rnnstudio.core.times import times_at
from rnnstudio.core.wording import baseline_label
from rnnstudio.gui.charts.cursor import Cursor
from rnnstudio.gui.charts.legend import Entry, Legend, outside_the_view, target_note
from rnnstudio.gui.charts.numbers import label_with_unit, number
from rnnstudio.gui.charts.prediction_lines import NO_LINE, Line, count_outside, values_at, y_range
from rnnstudio.gui.charts.time_scale import TimeScale
from rnnstudio.gui.charts.trace import Trace
from rnnstudio.gui.theme import ORANGE, RED, Theme

_STYLES: dict[str, tuple[list[float] | None, float]] = {  # dashes and width
    "truth": (None, 1.5),
    "baseline": ([1.0, 2.5], 1.5),
    "prediction": ([6.0, 2.0], 2.0),
}
_MIN_BEFORE = 50  # steps shown before a short forecast


class SingleForecast:
    """Truth, prediction and baseline, with a line at the start of the prediction.

    Args:
        axes: Where they are drawn.
        legend: The legend of these axes.

    Attributes:
        lines: "truth", "prediction" and, where there is one, "baseline".
        start_line: The line at the start of the prediction.
        says_target: Whether the legend says which of several targets is drawn, where nothing else does.
    """

    def __init__(self, axes: Any, legend: Legend) -> None:
        self.axes, self.legend = axes, legend
        self.lines: dict[str, Line] = {}
        self.start_line = pg.InfiniteLine(angle=90)
        self.start_line.setZValue(10)
        axes.addItem(self.start_line, ignoreBounds=True)
        self._view_moved = False
        self.says_target = True
        self._title = self._note = ""
        self._labels = {"truth": "Truth", "prediction": "Prediction"}
        self._window = 0
        self._info: DataInfo | None = None
        self._time_scale: TimeScale | None = None
        self._traces = {name: Trace(axes) for name in _STYLES}
        self._cursor = Cursor(axes, self.readout)
        axes.vb.sigRangeChangedManually.connect(self._user_moved_view)
        axes.vb.sigRangeChanged.connect(self.draw)
        axes.vb.sigResized.connect(self.draw)

    def show(
        self,
        title: str,
        predictions: SeriesPredictions,
        positions: NDArray[Any],
        predicted: NDArray[Any],
        info: DataInfo,
    ) -> None:
        """Show a forecast.

        Args:
            title: First entry of the legend.
            predictions: The predictions with the truth.
            positions: Predicted positions, `(n,)`.
            predicted: Predicted values in original units, `(n,)`.
            info: Names and units of the data.
        """
        first, truth = predictions.first, predictions.truth
        begin = int(positions[0])
        self._title, self._info, self._window = title, info, info.window * info.frame
        self.lines = {"truth": (first + np.arange(len(truth)), truth), "prediction": (positions, predicted)}
        if first < begin <= first + len(truth):
            name, values = baseline_forecast(truth, positions - first, info.period)
            label = baseline_label(name)
            self._labels["baseline"] = f"{label[0].upper()}{label[1:]}"
            self.lines["baseline"] = (positions, values)
        end = max(first + len(truth), int(positions[-1]) + 1)
        self._time_scale = TimeScale.of(predictions.times, first, end, info.frequency)
        self.axes.getAxis("bottom").set_times(self._time_scale)
        self.start_line.setValue(begin - 0.5)
        self.axes.getAxis("left").set_label(label_with_unit(info.target_names[0], info.unit))
        if not self._view_moved:
            self.reset_view()
        self.draw()

    def show_note(self, text: str) -> None:
        """Show a text at the end of the legend."""
        if text != self._note:
            self._note = text
            self.draw()

    @property
    def axis_label(self) -> str:
        """The label of the horizontal axis, without a rate."""
        return "time" if self._time_scale else self._info.step_name if self._info else "step"

    def times_of(self, positions: NDArray[Any]) -> Times | None:
        """Return the dates of positions that are drawn, `(n,)`; None where they are unknown."""
        scale = self._time_scale
        return None if scale is None else times_at(scale.times, scale.first, positions, "")

    def clear(self) -> None:
        """Forget the forecast."""
        self.lines, self._view_moved = {}, False
        self.legend.show_entries([])

    def reset_view(self) -> None:
        """Show the forecast with some steps before and after it."""
        self._view_moved = False
        if not self.lines:
            return
        positions = self.lines["prediction"][0]
        short = len(positions) < self._window
        before = min(self._window, max(3 * len(positions), _MIN_BEFORE)) if short else self._window // 2
        left = max(float(positions[0] - before), float(self.lines["truth"][0][0]))
        right = float(positions[-1] + max(1, min(len(positions), before // 2)))
        low, high = y_range(self.lines, left, right)
        margin = (high - low) * 0.08 or 1.0
        self.axes.vb.setRange(xRange=(left, right), yRange=(low - margin, high + margin), padding=0)

    def errors(self) -> dict[str, float]:
        """Return the RMSE of prediction and baseline where the truth is known, in original units."""
        steps, truth = self.lines["truth"]
        positions = self.lines["prediction"][0]
        known = (positions >= steps[0]) & (positions <= steps[-1])
        known[known] = np.isfinite(truth[positions[known] - steps[0]])
        if not known.any():
            return {}
        expected = truth[positions[known] - steps[0]].astype(np.float64)
        return {
            name: float(np.sqrt(np.mean((self.lines[name][1][known] - expected) ** 2)))
            for name in ("prediction", "baseline")
            if name in self.lines
        }

    def draw(self, *_: object) -> None:
        """Draw the visible part of the lines, and the legend."""
        if not self.lines:
            return
        for name, trace in self._traces.items():
            positions, values = self.lines.get(name, NO_LINE)
            trace.draw(values, positions)
        rmse, entries = self.errors(), [Entry(self._title)]
        for name in ("truth", "prediction", "baseline"):
            if name in self.lines:
                label = self._labels[name]
                text = f"{label} (RMSE {number(rmse[name], 3)})" if name in rmse else label
                entries.append(Entry(text, self._traces[name].pen))
        outside = count_outside(self.lines, self.axes.vb.viewRange())
        entries += target_note(self._info) if self.says_target else []
        entries += [Entry(self._note)] if self._note else []
        self.legend.show_entries(entries + outside_the_view(outside))

    def readout(self, x: float) -> tuple[str, int]:
        """Return the values at the step nearest to a position on the horizontal axis, and that step."""
        step, info = round(x), self._info
        values = values_at(self.lines, step)
        if info is None or not values:
            return "", step
        seconds = f" ({number(step / info.rate, 5)} s)" if info.rate else ""
        unit = f", in {info.unit}" if info.unit else ""
        text, date = f"{info.step_name} {step:,}{seconds}", self._time_scale.text(step) if self._time_scale else ""
        heading = f"{date} ({text}){unit}" if date else f"{text}{unit}"
        texts = [f"{self._labels[name]} {number(value)}" for name, value in values.items()]
        return "\n".join([f"{heading[0].upper()}{heading[1:]}", *texts]), step

    def set_theme(self, theme: Theme) -> None:
        """Change the colours; truth is blue and the prediction red, as in the publication."""
        self.legend.set_theme(theme)
        self._cursor.set_theme(theme)
        colors = {"truth": theme.blue, "prediction": RED, "baseline": theme.text if theme.dark else ORANGE}
        for name, (dash, width) in _STYLES.items():
            self._traces[name].set_style(colors[name], width, dash)
        self.start_line.setPen(pg.mkPen(RED, width=1.5, dash=[4, 3]))
        self.draw()

    def hide_cursor(self) -> None:
        """Hide the readout at the mouse position."""
        self._cursor.hide()

    def _user_moved_view(self, *_: object) -> None:
        self._view_moved = True


def baseline_forecast(truth: NDArray[Any], positions: NDArray[Any], period: int) -> tuple[str, NDArray[Any]]:
    """Return name and values of the baseline with the smaller error: the last value, or the value one season earlier.

    Args:
        truth: The series, `(steps,)`; NaN where a value is missing.
        positions: Rising positions to predict, `(n,)`; they may lie after the end of the series.
        period: Steps in a season; 0 where unknown.
    """
    begin, observed = int(positions[0]), truth
    truth = fill_past(observed[:, None]).values[:, 0].astype(observed.dtype)
    forecasts = {"last_value": np.full(len(positions), truth[begin - 1])}
    if 0 < period <= begin:
        forecasts["seasonal_last_value"] = truth[begin - period + (positions - begin) % period]
    known = positions < len(truth)
    known[known] = np.isfinite(observed[positions[known]])
    expected = truth[positions[known]]
    name = min(forecasts, key=lambda name: float(np.sum((forecasts[name][known] - expected) ** 2)))
    return name, forecasts[name]
