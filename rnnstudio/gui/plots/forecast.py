"""Predictions and truth of a series, or of separate sequences with a value per step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from rnnstudio.core.catalog import RECIPES
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.predictions import SequencePredictions, SeriesPredictions
from rnnstudio.core.times import times_at
from rnnstudio.gui.charts import prediction_lines
from rnnstudio.gui.charts.cursor import Cursor
from rnnstudio.gui.charts.forecast_lines import ForecastLines
from rnnstudio.gui.charts.legend import Entry, outside_the_view, target_note
from rnnstudio.gui.charts.numbers import label_with_unit, number
from rnnstudio.gui.charts.series_picker import SeriesPicker
from rnnstudio.gui.charts.span_shading import SpanShading
from rnnstudio.gui.charts.start_slider import StartSlider
from rnnstudio.gui.charts.time_scale import SequenceTimes, TimeScale
from rnnstudio.gui.charts.update_note import update_note
from rnnstudio.gui.plots import Plot, plot
from rnnstudio.gui.theme import LIGHT, RED, Theme

if TYPE_CHECKING:
    import pandas as pd

_MAX_STEPS = 600  # steps shown at first; zooming out shows the rest
_MAX_MARKED = 100  # steps of all sequences together that have a marker each
_MAX_TICKS = 24  # step numbers below separate sequences
_NO_OUTPUTS: NDArray[np.float64] = np.empty((0, 0))


@plot
class ForecastPlot(Plot):
    """Truth, one-step predictions, the free-running forecast and the naive last value.

    Attributes:
        series: Chooses one of several series.
        start: The slider for the start of the free-running forecast.
        start_chosen: Emitted with the start that the user chooses; the receiver computes the forecast and calls
            `show_free_run`.

    >>> from rnnstudio.core.experiment import compose
    >>> ForecastPlot.suits(compose("airline", {})), ForecastPlot.suits(compose("echo", {}))
    (True, False)
    """

    name = "forecast"
    title = "Prediction and truth"
    order = 40
    empty_message = "No prediction yet. It appears after the first evaluation."
    start_chosen = Signal(int)

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._history = History()
        self._predictions: SeriesPredictions | SequencePredictions | None = None
        self._source: object = None  # the predictions of all series
        self._ended = self._view_moved = False
        self._published = _NO_OUTPUTS
        self._lines: dict[str, prediction_lines.Line] = {}
        self._time_scale: TimeScale | SequenceTimes | None = None
        self._spans: list[prediction_lines.Span] = []
        self.axes = self.add_axes(whole_numbers=True)
        self.lines, self.shading = ForecastLines(self.axes), SpanShading(self.axes)
        self.start_line = pg.InfiniteLine(angle=90)
        self.start_line.setZValue(30)
        self.axes.addItem(self.start_line, ignoreBounds=True)
        self._cursor = Cursor(self.axes, self.readout)
        self.axes.vb.sigRangeChangedManually.connect(self._user_moved_view)
        self.axes.vb.sigRangeChanged.connect(self._draw)
        self.axes.vb.sigResized.connect(self._draw)
        self.series = SeriesPicker()
        self.series.chosen.connect(self._series_chosen)
        self.column.insertWidget(0, self.series)
        self.start = StartSlider()
        self.start.moved.connect(self._show_start)
        self.start.chosen.connect(self.start_chosen)
        self.column.addWidget(self.start)
        self.set_theme(theme)

    @classmethod
    def suits(cls, experiment: Experiment) -> bool:
        """Return whether the network predicts values."""
        return experiment.data.task in ("regress", "forecast")

    def begin(self, experiment: Experiment) -> None:
        """Clear the plot."""
        super().begin(experiment)
        self._history, self._predictions, self._lines, self._spans = History(), None, {}, []
        self._time_scale = self._source = None
        self._ended = self._view_moved = False
        self.series.show_names(())
        self.lines.multi_step = experiment.data.task == "forecast" and getattr(experiment.data, "horizon", 1) > 1
        outputs = RECIPES.get(experiment.recipe).published_outputs if experiment.recipe in RECIPES else ()
        self._published = np.array(outputs, np.float64) if outputs else _NO_OUTPUTS
        self.start.clear()

    def enable_start(self, enabled: bool) -> None:
        """Enable or disable the slider for the start of the free-running forecast."""
        self.start.slider.setEnabled(enabled)

    def show_history(self, history: History) -> None:
        """Draw the newest predictions."""
        ended, info = history.outcome is not None, history.info
        self.series.show_info(info, history.predictions)
        if history.predictions is self._source and self._predictions is not None and ended == self._ended:
            return
        predictions = self.series.one_of(history.predictions)
        if not isinstance(predictions, (SeriesPredictions, SequencePredictions)):
            return
        # Early predictions may be far off, so the view is fitted again at the end, unless the user has moved it.
        fit = self._predictions is None or (ended and not self._ended and not self._view_moved)
        self._ended, self._history, self._predictions, self._source = ended, history, predictions, history.predictions
        self.show_message("")
        label = label_with_unit(info.target_names[0], info.unit) if info else "value"
        if self.series.title == "Target" and self.series.name:
            label = label_with_unit(self.series.name, info.unit if info else "")
        elif self.series.name:
            label = f"{self.series.name}: {label}"  # the end is cut off where there is little room
        self.axes.getAxis("left").set_label(label)
        if isinstance(predictions, SeriesPredictions):
            self._set_series(predictions, info.window if info else 1)
        else:
            self._set_sequences(predictions)
        if fit:
            self.reset_view()
        self._draw()

    def show_series(self, index: int) -> None:
        """Draw another one of several series."""
        self.series.choose(index)

    def _series_chosen(self) -> None:
        self._predictions = None  # the view is fitted to the series
        self.show_history(self._history)

    def _set_series(self, predictions: SeriesPredictions, window: int) -> None:
        self._lines = prediction_lines.series_lines(predictions)
        self._spans = prediction_lines.series_spans(predictions)
        self._set_times(predictions)
        if "free" in self._lines:
            first = predictions.first
            self.start.set_range(max(first, window), first + len(predictions.truth))
            self._show_start(int(self._lines["free"][0][0]))

    def _set_times(self, predictions: SeriesPredictions) -> None:
        """Show the dates of all lines, which a forecast may continue after the end of the data."""
        end = max(int(x[-1]) + 1 for x, _ in self._lines.values() if len(x))
        self._time_scale = TimeScale.of(predictions.times, predictions.first, end, self._frequency)
        self.axes.getAxis("bottom").set_times(self._time_scale)
        self.axes.getAxis("bottom").set_label("time" if self._time_scale else self._step_name)

    def _set_sequences(self, predictions: SequencePredictions) -> None:
        self._lines = prediction_lines.sequence_lines(predictions, self._published)
        self._spans = prediction_lines.sequence_spans(predictions)
        self._time_scale = SequenceTimes.of(predictions.times, self._frequency)
        axis = self.axes.getAxis("bottom")
        axis.set_times(self._time_scale)
        numbered = prediction_lines.sequence_ticks(predictions, _MAX_TICKS)
        if self._time_scale is None:
            axis.setTicks([numbered])
        axis.set_label("time" if self._time_scale else f"{self._step_name} of each sequence")

    def show_free_run(self, at: ArrayLike, values: ArrayLike) -> None:
        """Draw another free-running forecast.

        Args:
            at: Step of the first value, or the steps of all values.
            values: In original units, `(n,)`, or `(n, D)` of which the chosen target is drawn.
        """
        forecast, begin = np.asarray(values), int(np.ravel(at)[0])
        column = self.series.index if self.series.title == "Target" else 0
        forecast = forecast[:, min(column, forecast.shape[1] - 1)] if forecast.ndim == 2 else forecast
        self._lines["free"] = (begin + np.arange(len(forecast)), forecast)
        if isinstance(self._predictions, SeriesPredictions):
            self._set_times(self._predictions)
        self._show_start(begin)
        self._draw()

    def reset_view(self) -> None:
        """Show everything; of a long series, the steps around the start of the free-running forecast or test set."""
        self._view_moved = False
        if self._predictions is None:
            return
        positions = [x for x, _ in self._lines.values() if len(x)]
        left, right = min(float(x[0]) for x in positions), max(float(x[-1]) for x in positions)
        if isinstance(self._predictions, SeriesPredictions) and right - left > _MAX_STEPS:
            free = self._lines.get("free", prediction_lines.NO_LINE)[0]
            middle = float(free[0]) if len(free) else float(self._predictions.test_begin)
            right = min(right, middle + _MAX_STEPS / 2)
            left = max(left, right - _MAX_STEPS)
        low, high = prediction_lines.y_range(self._lines, left, right)
        y_margin, x_margin = (high - low) * 0.08 or 1.0, (right - left) * 0.02 or 0.5
        top = high + 2 * y_margin  # leaves space for the names of the spans
        self.axes.vb.setRange(xRange=(left - x_margin, right + x_margin), yRange=(low - y_margin, top), padding=0)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self._cursor.set_theme(theme)
        self.lines.set_theme(theme)
        self.shading.set_theme(theme)
        self.start_line.setPen(pg.mkPen(RED, width=1.5, dash=[4, 3]))
        self._draw()

    def to_frame(self) -> pd.DataFrame:
        """Return one row per step with truth and predictions in original units, NaN where there is none."""
        import pandas as pd

        if self._predictions is None:
            return pd.DataFrame(columns=["step", "truth", "one_step"])
        columns = [pd.Series(y, index=x, name=name).dropna() for name, (x, y) in self._lines.items()]
        table = pd.concat(columns, axis=1).sort_index().rename_axis("step").reset_index()
        if isinstance(self._predictions, SequencePredictions):
            steps = self._predictions.truth.shape[1] + 1
            table.insert(0, "sequence", table["step"] // steps + 1)
            table["step"] = table["step"] % steps + 1
            if self._predictions.times is not None:
                times = self._predictions.times[table["sequence"] - 1, table["step"] - 1]
                table.insert(2, "time", times)
        elif self._predictions.times is not None:
            positions = table["step"].to_numpy()
            table.insert(
                1, "time", times_at(self._predictions.times, self._predictions.first, positions, self._frequency)
            )
        return table

    @property
    def _step_name(self) -> str:
        return self._history.info.step_name if self._history.info else "step"

    @property
    def _frequency(self) -> str:
        return self._history.info.frequency if self._history.info else ""

    @property
    def count_outside(self) -> int:
        """How many values between left and right of the view are below or above it."""
        return prediction_lines.count_outside(self._lines, self.axes.vb.viewRange())

    def _draw(self, *_: object) -> None:
        if self._predictions is None:
            return
        sequences = isinstance(self._predictions, SequencePredictions)
        with_markers = sequences and self._predictions.truth.size <= _MAX_MARKED
        self.lines.draw(self._lines, with_markers=with_markers)
        self.start_line.setVisible("free" in self._lines)
        self.shading.draw(self._spans)
        entries = self.lines.legend_entries(self._lines, sequences=sequences, with_markers=with_markers)
        entries += [] if self.series.name else target_note(self._history.info)
        entries.append(Entry(update_note(self._history, self.experiment)))
        self.legend.show_entries(entries + outside_the_view(self.count_outside))

    def readout(self, x: float) -> tuple[str, int]:
        """Return the values at the step nearest to a position on the horizontal axis, and that step."""
        info, step, sequences = self._history.info, round(x), isinstance(self._predictions, SequencePredictions)
        heading = self._step_text(step)
        values = prediction_lines.values_at(self._lines, step)
        if not values:
            return "", step
        unit = f", in {info.unit}" if info and info.unit else ""
        texts = [f"{self.lines.label(name, sequences=sequences)} {number(value)}" for name, value in values.items()]
        return "\n".join([f"{heading[0].upper()}{heading[1:]}{unit}", *texts]), step

    def _step_text(self, step: int) -> str:
        """Return the name of a step, such as "month 3" or, where its date is known, "Apr 1949 (month 3)"."""
        text, date = f"{self._step_name} {step:,}", self._time_scale.text(step) if self._time_scale else ""
        if isinstance(self._predictions, SequencePredictions):
            sequence, index = divmod(step, self._predictions.truth.shape[1] + 1)
            text = f"sequence {sequence + 1}, {self._step_name} {index + 1}"
        return f"{date} ({text})" if date else text

    def _user_moved_view(self, *_: object) -> None:
        self._view_moved = True

    def _show_start(self, step: int) -> None:
        self.start.show_step(step, self._step_text(step))
        self.start_line.setValue(step - 0.5)

    def hide_cursor(self) -> None:
        """Hide the readout at the mouse position."""
        self._cursor.hide()
