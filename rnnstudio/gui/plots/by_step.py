"""The error of forecasts at each step ahead, with those of the baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.step_errors import Doubles, StepErrors
from rnnstudio.core.wording import baseline_label, split_label
from rnnstudio.gui.charts.axes import markers
from rnnstudio.gui.charts.cursor import Cursor
from rnnstudio.gui.charts.legend import Entry
from rnnstudio.gui.charts.numbers import number
from rnnstudio.gui.charts.update_note import update_note
from rnnstudio.gui.plots import Plot, plot
from rnnstudio.gui.theme import GREEN, LIGHT, ORANGE, PURPLE, RED, Theme

if TYPE_CHECKING:
    import pandas as pd

_BASELINES = ((ORANGE, [2, 3]), (GREEN, [6, 3]), (PURPLE, [6, 3, 2, 3]), (RED, [1, 3]))  # colour and dashes of each
_MAX_MARKED = 60  # steps that have a marker each
_NO_ERRORS = (
    "This run has no errors by step ahead: it has neither a test nor a validation set, or an earlier version saved it."
)


@plot
class ByStepPlot(Plot):
    """RMSE over the steps ahead of a forecast, of the network and of each baseline.

    >>> from rnnstudio.core.experiment import compose
    >>> ByStepPlot.suits(compose("machinery", {})), ByStepPlot.suits(compose("airline", {}))
    (True, False)
    """

    name = "by_step"
    title = "Error by step ahead"
    order = 55
    empty_message = "No evaluation yet. The errors appear after the first one."

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._history = History()
        self._errors: StepErrors | None = None
        self.axes = self.add_axes(bottom="steps ahead", whole_numbers=True)
        self._baselines = [pg.PlotCurveItem() for _ in _BASELINES]
        self._line, self._markers = pg.PlotCurveItem(), markers("o", 7.0)
        for z, item in enumerate([*self._baselines, self._line, self._markers]):
            item.setZValue(10 + z)
            self.axes.addItem(item, ignoreBounds=True)
        self._cursor = Cursor(self.axes, self.readout)
        self.set_theme(theme)

    @classmethod
    def suits(cls, experiment: Experiment) -> bool:
        """Return whether the network predicts several steps ahead."""
        return experiment.data.task == "forecast" and getattr(experiment.data, "horizon", 1) > 1

    def begin(self, experiment: Experiment) -> None:
        """Clear the plot."""
        super().begin(experiment)
        self._history, self._errors = History(), None
        self._cursor.hide()

    def show_history(self, history: History) -> None:
        """Draw the newest errors."""
        errors, is_first = history.step_errors, self._errors is None
        if errors is None or history.info is None:
            if history.outcome is not None and history.step:
                self.show_message(_NO_ERRORS)
            return
        self._history = history
        if errors is not self._errors:
            self._errors = errors
            self._draw(errors)
            unit = f" ({history.info.unit})" if history.info.unit and not errors.scaled else ""
            self.axes.getAxis("left").set_label(f"{errors.label}{unit}")
            self.axes.getAxis("bottom").set_label(f"{history.info.step_name}s ahead")
            self.show_message("")
        if is_first or history.outcome is not None:
            self.reset_view()
        self._show_legend()  # the weights may have become the final ones

    def _draw(self, errors: StepErrors) -> None:
        steps, own = errors.step_ahead.astype(np.float64), errors.values()[0]
        self._line.setData(steps, own, connect="finite")
        marked = len(steps) <= _MAX_MARKED
        self._markers.setData(steps if marked else [], own if marked else [])
        lines = [errors.values(name)[0] for name in errors.baselines][: len(self._baselines)]
        for item, values in zip(self._baselines, [*lines, *[[]] * len(_BASELINES)], strict=False):
            item.setData(steps if len(values) else [], values, connect="finite")

    def _show_legend(self) -> None:
        errors = self._errors
        if errors is None:
            return
        entries = [Entry("This run", self._line.opts["pen"])]
        entries += [
            Entry(baseline_label(name), item.opts["pen"])
            for name, item in zip(errors.baselines, self._baselines, strict=False)
        ]
        note = update_note(self._history, self.experiment, self._history.step_errors_step)
        entries.append(Entry(f"{split_label(errors.split).capitalize()}; {note[0].lower()}{note[1:]}"))
        self.legend.show_entries(entries)

    def readout(self, x: float) -> tuple[str, int]:
        """Return the errors at the step nearest to a position on the horizontal axis, and that step."""
        errors, step = self._errors, round(x)
        if errors is None or not 1 <= step <= len(errors.counts):
            return "", step
        lines = [f"{errors.label} {step:,} ahead", f"this run {number(float(errors.values()[0, step - 1]))}"]
        each = {baseline_label(name): float(errors.values(name)[0, step - 1]) for name in errors.baselines}
        lines += [f"{name} {number(value)}" for name, value in each.items()]
        return "\n".join([*lines, f"of {errors.counts[step - 1]:,} predictions"]), step

    def hide_cursor(self) -> None:
        """Hide the readout at the mouse position."""
        self._cursor.hide()

    def reset_view(self) -> None:
        """Show all steps, from an error of 0 on; a baseline that is much worse than all others may be cut off."""
        if self._errors is None:
            return
        run, *others = (_highest(self._errors.values(name)[0]) for name in ("", *self._errors.baselines))
        top = max(run, *(sorted(others)[:-1] if len(others) > 1 else others), 0.0)
        last = len(self._errors.counts)
        margin = 0.03 * max(last - 1, 1)
        self.axes.setRange(xRange=(1 - margin, last + margin), yRange=(0.0, 1.08 * top or 1.0), padding=0)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self._line.setPen(pg.mkPen(theme.blue, width=2))
        self._markers.setBrush(pg.mkBrush(theme.blue))
        self._markers.setPen(pg.mkPen(theme.background, width=0.7))
        for item, (color, dash) in zip(self._baselines, _BASELINES, strict=True):
            item.setPen(pg.mkPen(color, width=1.6, dash=dash))
        self._cursor.set_theme(theme)
        self._show_legend()

    def to_frame(self) -> pd.DataFrame:
        """Return one row per step ahead with the errors of the run and of each baseline."""
        import pandas as pd

        return pd.DataFrame() if self._errors is None else self._errors.frame()


def _highest(values: Doubles) -> float:
    """Return the highest finite value; 0 where there is none."""
    finite = values[np.isfinite(values)]
    return float(finite.max()) if len(finite) else 0.0
