"""Values over the updates of a run: the base class of the plots of loss, accuracy and error."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtWidgets import QWidget

from rnnstudio.core.baselines import compare_with_baseline
from rnnstudio.core.catalog import RECIPES, PublishedSeries
from rnnstudio.core.events import Floats
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.wording import metric_label
from rnnstudio.gui.charts.cursor import Cursor
from rnnstudio.gui.charts.curve_controls import CurveControls
from rnnstudio.gui.charts.curve_values import CurveValues, EvaluatedMetric
from rnnstudio.gui.charts.curves import Curves, References
from rnnstudio.gui.charts.legend import outside_the_view
from rnnstudio.gui.charts.plot import Plot
from rnnstudio.gui.charts.update_note import use_of_test_set
from rnnstudio.gui.theme import LIGHT, Theme

if TYPE_CHECKING:
    import pandas as pd

_MARGIN = 0.06  # of the value range, above and below
_TOLERANCE = 0.02  # of the view's width, between the mouse and an evaluation


class TrainingCurves(Plot):
    """A value per update, metrics of evaluations, and published numbers.

    A subclass says which. The view follows the run until the user zooms or pans.

    Attributes:
        following: Whether the view follows the run.
        values: What is drawn.
        controls: What the user can change.
    """

    empty_message = "No updates yet. The curve starts with the first update."

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.following = True
        self._log_by_default = False
        self._history = History()
        self._published: tuple[PublishedSeries, ...] = ()
        self._baselines: Mapping[str, Mapping[str, float]] = {}
        self._moment: int | None = None
        self._drawn_state: tuple[Any, ...] = ()
        self._drawing = False
        self.controls = CurveControls()
        self.controls.smoothing.valueChanged.connect(self._recompute)
        self.controls.log_scale.toggled.connect(self._change_scale)
        self.controls.latest.clicked.connect(self.reset_view)
        self.column.insertWidget(0, self.controls)
        self.axes = self.add_axes(bottom="update", whole_numbers=True)
        self.curves = Curves(self.axes)
        self._cursor = Cursor(self.axes, self.readout)
        self.axes.vb.sigRangeChangedManually.connect(self._stop_following)
        self.axes.vb.sigRangeChanged.connect(self._redraw)
        self.axes.vb.sigResized.connect(self._redraw)
        self.values = self._new_values()
        self.set_theme(theme)

    # What a subclass defines

    def log_by_default(self, experiment: Experiment) -> bool:
        """Return whether the vertical axis starts logarithmic; the user's choice holds until this changes."""
        raise NotImplementedError

    def update_values(self, history: History) -> tuple[Floats, str]:
        """Return the value of each update, `(n,)`, and its flat name; both are empty where there is no such value."""
        raise NotImplementedError

    def evaluated_metrics(self, history: History) -> Sequence[EvaluatedMetric]:
        """Return the metrics of evaluations to draw, at most two."""
        raise NotImplementedError

    def best_evaluation(self, history: History) -> tuple[str, int, float] | None:
        """Return metric, update and value of the best evaluation."""
        raise NotImplementedError

    def value_label(self, history: History) -> str:
        """Return the label of the vertical axis, with its unit."""
        raise NotImplementedError

    def published_metrics(self) -> tuple[str, ...]:
        """Return the names of the metrics whose published numbers are drawn, at most two."""
        raise NotImplementedError

    def always_visible(self, history: History) -> tuple[float, ...]:
        """Return values that stay in view while the view follows the run."""
        return ()

    def no_values_message(self, history: History) -> str:
        """Return the message for a run that has updates but no values to draw."""
        return self.empty_message

    # The interface of a plot

    def begin(self, experiment: Experiment) -> None:
        """Clear the plot and prepare it for a run of this experiment."""
        super().begin(experiment)
        self._history, self._drawn_state, self._baselines, self._moment = History(), (), {}, None
        published = RECIPES.get(experiment.recipe).published if experiment.recipe in RECIPES else ()
        self._published = tuple(series for series in published if series.metric in self.published_metrics())
        if self.log_by_default(experiment) != self._log_by_default:
            self._log_by_default = not self._log_by_default
            self.controls.log_scale.setChecked(self._log_by_default)
        self._recompute()
        self.reset_view()

    def show_history(self, history: History) -> None:
        """Draw the current state of a run."""
        state = (history, history.step, len(history.evaluations), history.outcome)
        if state != self._drawn_state:
            if history is not self._history:
                self._history, self.values = history, self._new_values()
            self._drawn_state = state
            self._redraw()

    def show_baseline(self, baselines: Mapping[str, Mapping[str, float]]) -> None:
        """Draw the best baseline as a horizontal line."""
        self._baselines = baselines
        self._redraw()

    def show_moment(self, step: int | None) -> None:
        """Mark an update by a vertical line."""
        self._moment = step
        self._redraw()

    def reset_view(self) -> None:
        """Show the whole run and follow it again."""
        self.following = True
        self.controls.latest.hide()
        self._redraw()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self._cursor.set_theme(theme)
        self.curves.set_theme(theme)
        self._redraw()

    def to_frame(self) -> pd.DataFrame:
        """Return one row per update; published numbers stand in the rows of their updates."""
        import pandas as pd

        table = self._history.frame()
        metrics = [metric.metric for metric in self.evaluated_metrics(self._history)]
        columns = dict.fromkeys(["update", "epoch", *self.published_metrics(), *metrics])
        table = table[[name for name in columns if name in table]]
        for series in self._published:
            column = pd.Series(dict(series.points), name=f"published_{series.metric}", dtype=float)
            table = table.join(column, on="update")
        return table

    def readout(self, x: float) -> tuple[str, int]:
        """Return the values near a position on the horizontal axis, and the update they belong to."""
        (left, right), _ = self.axes.vb.viewRange()
        label = metric_label(self.update_values(self._history)[1])
        return self.values.readout(x, (right - left) * _TOLERANCE, label)

    def hide_cursor(self) -> None:
        """Hide the readout at the mouse position."""
        self._cursor.hide()

    @property
    def count_outside(self) -> int:
        """How many values between left and right of the view are not visible."""
        return self.values.count_outside(self.axes.vb.viewRange())

    # Drawing

    def _baseline(self) -> tuple[str, float] | None:
        """Return name and value of the best baseline by the metrics that are drawn; None where there is none."""
        names = [metric.metric for metric in self.evaluated_metrics(self._history)]
        metrics = dict.fromkeys([*names, *self.published_metrics()], math.nan)  # the value of the baseline is drawn
        comparison = compare_with_baseline(metrics, self._baselines)
        return (comparison.baseline, comparison.baseline_value) if comparison else None

    def _redraw(self, *_: object) -> None:
        if self._drawing:
            return
        history = self._history
        (raw, name), metrics = self.update_values(history), self.evaluated_metrics(history)
        if not len(raw) and not any(len(history.evaluated(metric.metric)[0]) for metric in metrics):
            self.show_message(self.no_values_message(history) if history.step else self.empty_message)
            return
        self._drawing = True
        try:
            self.show_message("")
            self.controls.show_smoothing(len(raw) > 0)
            self.values.extend(history, raw, metrics)
            self.axes.getAxis("left").set_label(self.value_label(history))
            baseline = self._baseline()
            if self.following:
                self._fit_view(baseline)
            use = use_of_test_set(history, self.experiment)
            best = self.best_evaluation(history)
            references = References(name, best, baseline, self._published, use, self._moment)
            smoothing = self.controls.smoothing_factor
            self.curves.draw(self.values, references, smoothing)
            entries = self.curves.legend_entries(self.values, references, smoothing)
            self.legend.show_entries(entries + outside_the_view(self.count_outside))
        finally:
            self._drawing = False

    def _fit_view(self, baseline: tuple[str, float] | None) -> None:
        """Show everything; the edges move in steps, because new tick numbers cost more than new points."""
        history, view = self._history, self.axes.vb
        right = max(float(history.step), *(evaluation["step"] for evaluation in history.evaluations), 1.0, 1.0)
        if history.outcome is None:
            step = 2.0 ** max(0, math.floor(math.log2(right)) - 5)
            right = math.ceil(right / step) * step
        others = [value for series in self._published for update, value in series.points if update <= right]
        others += self.always_visible(history)
        others += [baseline[1]] if baseline else []
        low, high = self.values.extent(np.array(others, np.float64))
        margin = max((high - low) * _MARGIN, abs(high) * 1e-3, 0.02 if self.values.log else 1e-12)
        _, (bottom, top) = view.viewRange()
        too_small = low - margin / 3 < bottom or top < high + margin / 3
        if too_small or (top - bottom) > (high - low + 2 * margin) * 1.15:
            bottom, top = low - margin, high + margin
        view.setRange(xRange=(right * -0.015, right * 1.015), yRange=(bottom, top), padding=0)

    def _new_values(self) -> CurveValues:
        return CurveValues(log=self.controls.log_scale.isChecked(), smoothing=self.controls.smoothing_factor)

    def _recompute(self, *_: object) -> None:
        self.values = self._new_values()
        self._redraw()

    def _change_scale(self, log: bool) -> None:
        self.axes.getAxis("left").setLogMode(log)
        self.values = self._new_values()
        self.reset_view()

    def _stop_following(self, *_: object) -> None:
        self.following = False
        self.controls.latest.show()
