"""What the network foretells beside what came; `_lines` says what is read from a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QRectF, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QGraphicsRectItem, QHBoxLayout, QLabel, QSlider, QWidget

from rnnstudio.core.catalog import RECIPES
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.predictions import SequencePredictions, SeriesPredictions
from rnnstudio.gui.charts import prediction_lines as lines
from rnnstudio.gui.charts.axes import add_plot, marks, number, paint_axes, small_font, value_text
from rnnstudio.gui.charts.cursor import Cursor
from rnnstudio.gui.charts.legend import Entry, Key
from rnnstudio.gui.charts.trace import Trace
from rnnstudio.gui.plots import Plot, plot
from rnnstudio.gui.theme import GREEN, LIGHT, ORANGE, PURPLE, RED, Theme

if TYPE_CHECKING:
    import pandas as pd

_NO_PREDICTION = "No prediction yet. It comes with the first look at the held-out part."
_MOST_STEPS = 600  # steps shown at first; the wheel shows the rest
_MOST_MARKED = 100  # steps in all sequences that get a mark each
_REST_MS = 120  # the slider must rest this long before a free run is asked for
_NO_OUTPUTS: NDArray[np.float64] = np.empty((0, 0))

# Name of a line: what the key calls it in a series and among sequences, dashes, width, mark, size of the mark.
_LINES: dict[str, tuple[str, str, list[float] | None, float, str, int]] = {
    "inputs": ("", "input", [1.0, 2.5], 1.0, "s", 6),
    "truth": ("truth", "truth", None, 1.5, "o", 9),
    "naive": ("naive: last value", "", [1.0, 2.5], 1.5, "", 0),
    "one_step": ("one step ahead", "prediction", [5.0, 2.0], 2.0, "x", 10),
    "free": ("free-running", "", [7.0, 2.0, 1.5, 2.0], 2.0, "", 0),
    "published": ("", "published prediction", None, 0.0, "d", 13),
}


@plot
class ForecastPlot(Plot):
    """Does it see what comes, or repeat what was?

    Attributes:
        start_chosen: Emitted with the step at which the user wants the free run to start; the owner answers with
            `show_free_run`.
    """

    name = "forecast"
    title = "Prediction and truth"
    start_chosen = Signal(int)

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._history = History()
        self._predictions: SeriesPredictions | SequencePredictions | None = None
        self._ended = self._moved = False
        self._published = _NO_OUTPUTS
        self._lines: dict[str, lines.Line] = {}
        self._parts: list[lines.Part] = []
        self._build_plot()
        self._build_slider()
        self.set_theme(theme)
        self.say(_NO_PREDICTION)

    def _build_plot(self) -> None:
        self.key = Key()
        self.canvas.addItem(self.key, 0, 0)
        self.plot = add_plot(self.canvas, 1, 0)
        self._shades = {"validation": QGraphicsRectItem(), "test": QGraphicsRectItem()}
        for shade in self._shades.values():
            shade.setZValue(-10)
            self.plot.addItem(shade, ignoreBounds=True)
        self._traces = {name: Trace(self.plot) for name, style in _LINES.items() if style[3]}
        self._marks = {name: marks(style[4], style[5]) for name, style in _LINES.items() if style[4]}
        self._names = [pg.TextItem(anchor=(0.5, 0)) for _ in range(5)]
        self.begin_line = pg.InfiniteLine(angle=90)
        for z, item in enumerate([*self._marks.values(), *self._names, self.begin_line]):
            item.setZValue(10 + z)
            self.plot.addItem(item, ignoreBounds=True)
        for text in self._names:
            text.setFont(small_font())
        self._cursor = Cursor(self.plot, self.readout)
        self.plot.vb.sigRangeChangedManually.connect(self._view_moved)
        self.plot.vb.sigRangeChanged.connect(self._draw)
        self.plot.vb.sigResized.connect(self._draw)

    def _build_slider(self) -> None:
        self.start = QSlider(Qt.Orientation.Horizontal)
        self.start.setAccessibleName("Start of the free run")
        self.start.setToolTip("From here on the network is fed its own predictions.")
        self._start_text = QLabel()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(lambda: self.start_chosen.emit(self.start.value()))
        self.start.valueChanged.connect(self._start_moved)
        self._start_row = QWidget()
        row = QHBoxLayout(self._start_row)
        row.setContentsMargins(8, 0, 8, 2)
        for widget in (QLabel("free-running from"), self.start, self._start_text):
            row.addWidget(widget)
        self.column.addWidget(self._start_row)
        self._start_row.hide()
        self.enable_start(False)

    @classmethod
    def suits(cls, experiment: Experiment) -> bool:
        """Return whether the network tells values."""
        return experiment.data.task in ("regress", "forecast")

    def begin(self, experiment: Experiment) -> None:
        """Forget what was drawn."""
        self._history, self._predictions, self._lines, self._parts = History(), None, {}, []
        self._ended = self._moved = False
        outputs = RECIPES.get(experiment.recipe).published_outputs if experiment.recipe in RECIPES else ()
        self._published = np.array(outputs, np.float64) if outputs else _NO_OUTPUTS
        self._rest.stop()
        self._start_row.hide()
        self.enable_start(False)
        self.say(_NO_PREDICTION)

    def enable_start(self, on: bool) -> None:
        """Let the user choose where the free run starts, or not."""
        self.start.setEnabled(on)

    def show_history(self, history: History) -> None:
        """Draw the newest predictions."""
        predictions = history.predictions
        ended = history.outcome is not None
        if not isinstance(predictions, (SeriesPredictions, SequencePredictions)):
            return
        if predictions is self._predictions and ended == self._ended:
            return
        # The view fitted to the first, wild predictions is fitted again to the last, unless the user has moved it.
        fit = self._predictions is None or (ended and not self._ended and not self._moved)
        self._ended = ended
        self._history, self._predictions = history, predictions
        self.say("")
        info = history.info
        target = info.target_names[0] if info else "value"
        unit = info.unit if info else ""
        self.plot.getAxis("left").write(value_text(target, unit))
        step = self._step_name
        if isinstance(predictions, SeriesPredictions):
            self._lines, self._parts = lines.series_lines(predictions), lines.series_parts(predictions)
            self.plot.getAxis("bottom").setTicks(None)
            self.plot.getAxis("bottom").write(step)
            self._set_slider(predictions, info.window if info else 1)
        else:
            self._lines = lines.sequence_lines(predictions, self._published)
            self._parts = lines.sequence_parts(predictions)
            self.plot.getAxis("bottom").setTicks([lines.sequence_ticks(predictions, 24)])
            self.plot.getAxis("bottom").write(f"{step} of each sequence")
        if fit:
            self.show_all()
        self._draw()

    def show_free_run(self, at: ArrayLike, values: ArrayLike) -> None:
        """Draw another free run.

        Args:
            at: Step of the first value, or the steps of all of them.
            values: In the data's units, `(n,)`, or `(n, F)` of which the first feature is drawn.
        """
        told, begin = np.asarray(values), int(np.ravel(at)[0])
        told = told[:, 0] if told.ndim == 2 else told
        self._lines["free"] = (begin + np.arange(len(told)), told)
        self._show_start(begin)
        self._draw()

    def show_all(self) -> None:
        """Show it all; of a very long series what lies around the start of the free run, else of the test part."""
        self._moved = False
        if self._predictions is None:
            return
        known = [x for x, _ in self._lines.values() if len(x)]
        left, right = min(float(x[0]) for x in known), max(float(x[-1]) for x in known)
        if isinstance(self._predictions, SeriesPredictions) and right - left > _MOST_STEPS:
            free = self._lines.get("free", lines.NO_LINE)[0]
            middle = float(free[0]) if len(free) else float(self._predictions.test_begin)
            right = min(right, middle + _MOST_STEPS / 2)
            left = max(left, right - _MOST_STEPS)
        low, high = lines.reach(self._lines, left, right)
        room, side = (high - low) * 0.08 or 1.0, (right - left) * 0.02 or 0.5
        # More room above, where the names of the parts stand.
        self.plot.vb.setRange(xRange=(left - side, right + side), yRange=(low - room, high + 2 * room), padding=0)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self.key.set_theme(theme)
        self._cursor.set_theme(theme)
        paint_axes(self.plot, theme)
        for name, trace in self._traces.items():
            _, _, dash, width, _, _ = _LINES[name]
            trace.paint(self._color(name), width, dash)
        for name, item in self._marks.items():
            item.setPen(pg.mkPen(self._color(name), width=2 if name == "published" else 1))
            item.setBrush(None if name == "published" else self._color(name))
        for shade, color in zip(self._shades.values(), (GREEN, theme.blue), strict=True):
            tint = pg.mkColor(color)
            tint.setAlpha(38)
            shade.setBrush(pg.mkBrush(tint))
            shade.setPen(pg.mkPen(None))
        for text in self._names:
            text.setColor(theme.text)
        self.begin_line.setPen(pg.mkPen(RED, width=1.5, dash=[4, 3]))
        self._draw()

    def _color(self, name: str) -> str:
        theme = self.theme
        told = {"one_step": theme.blue, "naive": ORANGE, "free": RED, "published": PURPLE, "inputs": theme.faint}
        return told.get(name, theme.text)

    def to_frame(self) -> pd.DataFrame:
        """Return a row per step with truth and predictions in the data's units; NaN where there is none."""
        import pandas as pd

        columns = {name: pd.Series(y, index=x, name=name).dropna() for name, (x, y) in self._lines.items()}
        if self._predictions is None:
            return pd.DataFrame(columns=["step", "truth", "one_step"])
        table = pd.concat(columns.values(), axis=1).sort_index().rename_axis("step").reset_index()
        if isinstance(self._predictions, SequencePredictions):
            steps = self._predictions.truth.shape[1] + 1
            table.insert(0, "sequence", table["step"] // steps + 1)
            table["step"] = table["step"] % steps + 1
        return table

    @property
    def _step_name(self) -> str:
        return self._history.info.step_name if self._history.info else "step"

    # Drawing

    def _draw(self, *_: object) -> None:
        if self._predictions is None:
            return
        for name, trace in self._traces.items():
            x, y = self._lines.get(name, lines.NO_LINE)
            trace.draw(y, x)
        apart = isinstance(self._predictions, SequencePredictions)
        few = apart and self._predictions.truth.size <= _MOST_MARKED
        for name, item in self._marks.items():
            x, y = self._lines.get(name, lines.NO_LINE) if few or name == "published" else lines.NO_LINE
            item.setData(x[np.isfinite(y)], y[np.isfinite(y)])
        self.begin_line.setVisible("free" in self._lines)
        self._draw_parts()
        self.key.show_entries(self._entries(apart=apart, marked=few))

    def _draw_parts(self) -> None:
        (left, right), (low, high) = self.plot.vb.viewRange()
        for item in (*self._shades.values(), *self._names):
            item.hide()
        for part, text in zip(self._parts, self._names, strict=False):
            shade = self._shades.get(part.name)
            if shade is not None:
                shade.setRect(QRectF(part.begin, low, part.end - part.begin, high - low))
                shade.show()
            begin, end = max(part.begin, left), min(part.end, right)
            text.setText(part.name)
            if (end - begin) / (right - left) * self.plot.vb.width() > text.boundingRect().width():
                text.setPos((begin + end) / 2, high)
                text.show()

    @property
    def off_scale(self) -> int:
        """How many values in view are below or above the axis as it stands."""
        return lines.count_outside(self._lines, self.plot.vb.viewRange())

    def _entries(self, *, apart: bool, marked: bool) -> list[Entry]:
        found = []
        for name, (label, label_apart, _, _, symbol, _) in _LINES.items():
            if name in self._lines:
                trace = self._traces.get(name)
                pen = trace.pen if trace else pg.mkPen(self._color(name), width=1.5)
                filled = "" if name == "published" else self._color(name)
                text, mark = label_apart if apart else label, symbol if marked or trace is None else ""
                found.append(Entry(text, pen, mark, filled, line=trace is not None))
        if self.off_scale:
            found.append(Entry(f"{self.off_scale:,} off scale", badge=True))
        return found

    def readout(self, x: float) -> tuple[str, int]:
        """Return what is known of the step nearest to a place on the horizontal axis, and that step."""
        info, at, apart = self._history.info, round(x), isinstance(self._predictions, SequencePredictions)
        unit = f", in {info.unit}" if info and info.unit else ""
        found = [f"{self._step_name} {at:,}{unit}"]
        if self._predictions is not None and apart:
            steps = self._predictions.truth.shape[1] + 1
            found = [f"sequence {at // steps + 1}, {self._step_name} {at % steps + 1}{unit}"]
        for name, (steps_at, values) in self._lines.items():
            here = values[steps_at == at]
            if len(here) and np.isfinite(here[0]):
                found.append(f"{_LINES[name][int(apart)]} {number(float(here[0]))}")
        return ("\n".join(found) if len(found) > 1 else ""), at

    # What the user does

    def _view_moved(self, *_: object) -> None:
        self._moved = True

    def _set_slider(self, predictions: SeriesPredictions, window: int) -> None:
        if "free" not in self._lines:
            return
        first = predictions.first
        with QSignalBlocker(self.start):
            self.start.setRange(max(first, window), first + len(predictions.truth))
        self._show_start(int(self._lines["free"][0][0]))
        self._start_row.show()

    def _show_start(self, step: int) -> None:
        with QSignalBlocker(self.start):
            self.start.setValue(step)
        self.begin_line.setValue(step - 0.5)
        self._start_text.setText(f"{self._step_name} {step:,}")

    def _start_moved(self, step: int) -> None:
        self._show_start(step)
        self._rest.start()

    def hide_cursor(self) -> None:
        """Take the readout away."""
        self._cursor.hide()
