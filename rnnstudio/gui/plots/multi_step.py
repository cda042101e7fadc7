"""Many values told at once, then told on from its own predictions: the two pictures of S. Lee's work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.predictions import SeriesPredictions
from rnnstudio.core.sequence import DataInfo
from rnnstudio.gui.charts.axes import add_plot, number, paint_axes, value_text
from rnnstudio.gui.charts.cursor import Cursor
from rnnstudio.gui.charts.legend import Entry, Key
from rnnstudio.gui.charts.prediction_lines import NO_LINE, Line, count_outside, reach
from rnnstudio.gui.charts.trace import Trace
from rnnstudio.gui.plots import Plot, plot
from rnnstudio.gui.theme import LIGHT, ORANGE, RED, Theme

if TYPE_CHECKING:
    import pandas as pd

_NO_PREDICTION = "No prediction yet. It comes with the first look at the held-out part."
# Name of a line: what the key calls it, dashes, width.
_LINES: dict[str, tuple[str, list[float] | None, float]] = {
    "truth": ("truth", None, 1.5),
    "naive": ("naive", [1.0, 2.5], 1.5),
    "told": ("told", [6.0, 2.0], 2.0),
}


class Part:
    """Truth, prediction and naive answer on one pair of axes, with a line where the prediction starts.

    Args:
        canvas: Where it is drawn.
        row: Its first row there; the key takes one, the axes the next.
    """

    def __init__(self, canvas: Any, row: int) -> None:
        self.key = Key()
        canvas.addItem(self.key, row, 0)
        self.plot = add_plot(canvas, row + 1, 0)
        self.lines: dict[str, Line] = {}
        self.begin_line = pg.InfiniteLine(angle=90)
        self.begin_line.setZValue(10)
        self.plot.addItem(self.begin_line, ignoreBounds=True)
        self.moved = False
        self._title = self._naive = ""
        self._window = 0
        self._info: DataInfo | None = None
        self._traces = {name: Trace(self.plot) for name in _LINES}
        self._cursor = Cursor(self.plot, self.readout)
        self.plot.vb.sigRangeChangedManually.connect(self._view_moved)
        self.plot.vb.sigRangeChanged.connect(self.draw)
        self.plot.vb.sigResized.connect(self.draw)

    def show(
        self, title: str, predictions: SeriesPredictions, at: NDArray[Any], told: NDArray[Any], info: DataInfo
    ) -> None:
        """Show a prediction.

        Args:
            title: What it is.
            predictions: Where the truth is.
            at: Steps told, `(n,)`.
            told: Their values, `(n,)`.
            info: Names and units.
        """
        first, truth = predictions.first, predictions.truth
        begin = int(at[0])
        self._title, self._info, self._window = title, info, info.window * info.frame
        self.lines = {"truth": (first + np.arange(len(truth)), truth), "told": (at, told)}
        self._naive = ""
        if first < begin <= first + len(truth):
            self._naive, values = naive_answer(truth, at - first, info.period)
            self.lines["naive"] = (at, values)
        self.begin_line.setValue(begin - 0.5)
        self.plot.getAxis("left").write(value_text(info.target_names[0], info.unit))
        if not self.moved:
            self.fit()
        self.draw()

    def fit(self) -> None:
        """Show the prediction with what came before and after it."""
        self.moved = False
        if not self.lines:
            return
        at = self.lines["told"][0]
        before = min(self._window, max(3 * len(at), 50)) if len(at) < self._window else self._window // 2
        left, right = float(at[0] - before), float(at[-1] + max(1, min(len(at), before // 2)))
        left = max(left, float(self.lines["truth"][0][0]))
        low, high = reach(self.lines, left, right)
        room = (high - low) * 0.08 or 1.0
        self.plot.vb.setRange(xRange=(left, right), yRange=(low - room, high + room), padding=0)

    def errors(self) -> dict[str, float]:
        """Return the root mean squared error of prediction and naive answer where the truth is known."""
        at, told = self.lines["told"]
        steps, truth = self.lines["truth"]
        known = (at >= steps[0]) & (at <= steps[-1])
        true = truth[at[known] - steps[0]].astype(np.float64)
        answers = {"told": told, "naive": self.lines["naive"][1] if "naive" in self.lines else told[:0]}
        return {
            name: float(np.sqrt(np.mean((values[known] - true) ** 2)))
            for name, values in answers.items()
            if len(values) and known.any()
        }

    def draw(self, *_: object) -> None:
        """Draw what lies in view."""
        if not self.lines:
            return
        for name, trace in self._traces.items():
            x, y = self.lines.get(name, NO_LINE)
            trace.draw(y, x)
        rmse, found = self.errors(), [Entry(self._title)]
        for name in ("truth", "told", "naive"):
            label = self._naive if name == "naive" else _LINES[name][0]
            if name in self.lines:
                text = f"{label}, RMSE {number(rmse[name], 3)}" if name in rmse else label
                found.append(Entry(text, self._traces[name].pen))
        outside = count_outside(self.lines, self.plot.vb.viewRange())
        if outside:
            found.append(Entry(f"{outside:,} off scale", badge=True))
        self.key.show_entries(found)

    def readout(self, x: float) -> tuple[str, int]:
        """Return what is known of the step nearest to a place on the horizontal axis, and that step."""
        at, info = round(x), self._info
        if info is None:
            return "", at
        seconds = f" ({number(at / info.rate, 5)} s)" if info.rate else ""
        unit = f", in {info.unit}" if info.unit else ""
        found = [f"{info.step_name} {at:,}{seconds}{unit}"]
        for name, (steps, values) in self.lines.items():
            here = values[steps == at]
            if len(here) and np.isfinite(here[0]):
                label = self._naive if name == "naive" else _LINES[name][0]
                found.append(f"{label} {number(float(here[0]))}")
        return ("\n".join(found) if len(found) > 1 else ""), at

    def clear(self) -> None:
        """Forget what was drawn."""
        self.lines, self.moved = {}, False

    def set_theme(self, theme: Theme) -> None:
        """Change the colours: truth blue and prediction red, as in the work."""
        self.key.set_theme(theme)
        self._cursor.set_theme(theme)
        paint_axes(self.plot, theme)
        for name, color in (("truth", theme.blue), ("told", RED), ("naive", theme.text if theme.dark else ORANGE)):
            _, dash, width = _LINES[name]
            self._traces[name].paint(color, width, dash)
        self.begin_line.setPen(pg.mkPen(RED, width=1.5, dash=[4, 3]))
        self.draw()

    def hide_cursor(self) -> None:
        """Take the readout away."""
        self._cursor.hide()

    def _view_moved(self, *_: object) -> None:
        self.moved = True


def naive_answer(truth: NDArray[Any], at: NDArray[Any], period: int) -> tuple[str, NDArray[Any]]:
    """Return name and values of the naive answer that is hardest to beat: the last value, or that of a season ago.

    Args:
        truth: The series, `(T,)`.
        at: Its steps that are told, `(n,)`, in order; they may go on beyond its end.
        period: Steps in a season; 0 where unknown.
    """
    begin = int(at[0])
    found = {"naive: last value": np.full(len(at), truth[begin - 1])}
    if 0 < period <= begin:
        found["naive: season ago"] = truth[begin - period + (at - begin) % period]
    known = at < len(truth)
    name = min(found, key=lambda name: float(np.sum((found[name][known] - truth[at[known]]) ** 2)))
    return name, found[name]


@plot
class MultiStepPlot(Plot):
    """How far ahead does it see?"""

    name = "multi_step"
    title = "Told ahead"

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._predictions: SeriesPredictions | None = None
        self.once, self.free = Part(self.canvas, 0), Part(self.canvas, 2)
        for row in (1, 3):
            self.canvas.ci.layout.setRowStretchFactor(row, 1)
            self.canvas.ci.layout.setRowPreferredHeight(row, 100)
        self.key = self.once.key
        self.set_theme(theme)
        self.say(_NO_PREDICTION)

    @classmethod
    def suits(cls, experiment: Experiment) -> bool:
        """Return whether the network tells several values at once."""
        return experiment.data.task == "forecast" and getattr(experiment.data, "horizon", 1) > 1

    def begin(self, experiment: Experiment) -> None:
        """Forget what was drawn."""
        self._predictions = None
        self.once.clear()
        self.free.clear()
        self.say(_NO_PREDICTION)

    def show_history(self, history: History) -> None:
        """Draw the newest predictions."""
        predictions, info = history.predictions, history.info
        if predictions is self._predictions or not isinstance(predictions, SeriesPredictions) or info is None:
            return
        if predictions.multi_step is None or predictions.multi_step_at is None:
            return
        self._predictions = predictions
        self.say("")
        title = f"{len(predictions.multi_step):,} values at once"
        self.once.show(title, predictions, predictions.multi_step_at, predictions.multi_step, info)
        shown = predictions.free is not None and predictions.free_at is not None
        if predictions.free is not None and predictions.free_at is not None:
            title = f"{len(predictions.free):,} free-running"
            self.free.show(title, predictions, predictions.free_at, predictions.free, info)
        rate = f" ({number(info.rate, 6)} in a second)" if info.rate else ""
        for part, lowest in ((self.once, not shown), (self.free, True)):
            part.plot.getAxis("bottom").write(f"{info.step_name}{rate}" if lowest else "")
        self.free.plot.setVisible(shown)
        self.free.key.setVisible(shown)

    def show_all(self) -> None:
        """Show both predictions whole."""
        self.once.fit()
        self.free.fit()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self.once.set_theme(theme)
        self.free.set_theme(theme)

    def hide_cursor(self) -> None:
        """Take the readouts away."""
        self.once.hide_cursor()
        self.free.hide_cursor()

    def to_frame(self) -> pd.DataFrame:
        """Return a row per step told with truth and predictions in the data's units; NaN where there is none."""
        import pandas as pd

        columns = {"multi_step": self.once.lines.get("told"), "free": self.free.lines.get("told")}
        told = {name: pd.Series(line[1], index=line[0]) for name, line in columns.items() if line is not None}
        if not told:
            return pd.DataFrame(columns=["step", "truth", "multi_step", "naive"])
        table = pd.DataFrame(told)
        steps, truth = self.once.lines["truth"]
        table.insert(0, "truth", pd.Series(truth, index=steps).reindex(table.index))
        part = self.free if self.free.lines else self.once
        if "naive" in part.lines:
            table["naive"] = pd.Series(part.lines["naive"][1], index=part.lines["naive"][0])
        return table.rename_axis("step").reset_index()
