"""A figure along the updates of a run: what the pictures of loss, accuracy and error have in common."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from rnnstudio.core.catalog import RECIPES, PublishedSeries
from rnnstudio.core.events import Floats
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.gui.plots._axes import add_plot, marks, number, paint_axes
from rnnstudio.gui.plots._controls import Controls
from rnnstudio.gui.plots._cursor import Cursor
from rnnstudio.gui.plots._figures import Figures, Look
from rnnstudio.gui.plots._key import Entry, Key
from rnnstudio.gui.plots._trace import Trace
from rnnstudio.gui.plots.base import Picture
from rnnstudio.gui.theme import GREEN, LIGHT, PURPLE, RED, Theme

if TYPE_CHECKING:
    import pandas as pd

_EPOCH_GAP = 9.0  # pixels; closer lines are a grey wall
_MOST_MARKS = 150  # marks on one line of looks; more hide it
_FEW_UPDATES = 60  # so many are drawn as dots as well
_NO_UPDATES = "No updates yet. The curve begins with the first one."
_NOTHING = np.empty(0)
_LOOK_STYLES: tuple[tuple[str, list[float] | None], ...] = ((RED, None), (GREEN, [5.0, 3.0]))


class Along(Picture):
    """A column with a value per update, figures of looks at the held-out parts, and published numbers.

    A subclass says what they are. The view follows the run until the wheel or a drag moves it.

    Attributes:
        following: Whether the view moves with the run.
        figures: What is drawn.
        controls: What the user can change.
    """

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.following = True
        self._log_default = False
        self._history = History()
        self._published: tuple[PublishedSeries, ...] = ()
        self._naive: tuple[str, float] | None = None
        self._drawn: tuple[Any, ...] = ()
        self._drawing = False
        self.controls = Controls()
        self.controls.smoothing.valueChanged.connect(self._start_over)
        self.controls.log_scale.toggled.connect(self._scale_changed)
        self.controls.latest.clicked.connect(self.show_all)
        self.column.insertWidget(0, self.controls)
        self._build_plot()
        self.figures = self._new_figures()
        self.set_theme(theme)
        self.say(_NO_UPDATES)

    # What a subclass says

    def log_first(self, experiment: Experiment) -> bool:
        """Return whether the vertical axis begins logarithmic; the user's choice lasts while this stays the same."""
        raise NotImplementedError

    def column_of(self, history: History) -> tuple[Floats, str]:
        """Return a value per update and what the key calls it."""
        raise NotImplementedError

    def looks(self, history: History) -> Sequence[Look]:
        """Return the figures of the held-out parts that are drawn, at most two."""
        raise NotImplementedError

    def best_of(self, history: History) -> tuple[str, int, float] | None:
        """Return label, update and value of the best look."""
        raise NotImplementedError

    def axis_text(self, history: History) -> str:
        """Return what the vertical axis shows, with its unit."""
        raise NotImplementedError

    def always_shown(self, history: History) -> tuple[float, ...]:
        """Return values that stay in view while the picture follows the run."""
        return ()

    def published_metrics(self) -> tuple[str, ...]:
        """Return which published numbers stand on this axis, at most two."""
        raise NotImplementedError

    def blank_text(self, history: History) -> str:
        """Return what to say where a run has updates and yet there is nothing to draw."""
        return _NO_UPDATES

    # Building

    def _build_plot(self) -> None:
        self.key = Key()
        self.canvas.addItem(self.key, 0, 0)
        self.plot = add_plot(self.canvas, 1, 0)
        self.plot.getAxis("bottom").write("update")
        self._epochs = pg.PlotCurveItem(connect="pairs")
        self.plot.addItem(self._epochs, ignoreBounds=True)
        self._raw, self._dots = Trace(self.plot), marks("o", 4)
        self._smooth = Trace(self.plot, mean=True)
        self._look_lines = [Trace(self.plot) for _ in _LOOK_STYLES]
        self._look_marks = [marks("o", 7), marks("t1", 8)]
        self._naive_line = pg.InfiniteLine(angle=0)
        self._published_marks = [marks("o", 10), marks("s", 10)]
        self._best_mark = marks("star", 15)
        self.bad_marks = marks("x", 11)
        self._bad_lines = pg.PlotCurveItem(connect="pairs")
        symbols = [self._dots, *self._look_marks, *self._published_marks, self._best_mark, self.bad_marks]
        for z, item in enumerate([self._naive_line, self._bad_lines, *symbols]):
            item.setZValue(10 + z)
            self.plot.addItem(item, ignoreBounds=True)
        self._cursor = Cursor(self.plot, self.readout)
        self.plot.vb.sigRangeChangedManually.connect(self._pause)
        self.plot.vb.sigRangeChanged.connect(self._redraw)
        self.plot.vb.sigResized.connect(self._redraw)

    def _new_figures(self) -> Figures:
        return Figures(log=self.controls.log_scale.isChecked(), share=self.controls.share)

    # What the owner calls

    def begin(self, experiment: Experiment) -> None:
        """Forget what was drawn and get ready for a run of this experiment."""
        self._history, self._drawn, self._naive = History(), (), None
        known = RECIPES.get(experiment.recipe).published if experiment.recipe in RECIPES else ()
        self._published = tuple(series for series in known if series.metric in self.published_metrics())
        if self.log_first(experiment) != self._log_default:
            self._log_default = not self._log_default
            self.controls.log_scale.setChecked(self._log_default)
        self._start_over()
        self.show_all()

    def show_history(self, history: History) -> None:
        """Draw the run as it stands."""
        state = (history, history.step, len(history.evaluations), history.outcome)
        if state != self._drawn:
            if history is not self._history:
                self._history, self.figures = history, self._new_figures()
            self._drawn = state
            self._redraw()

    def show_baseline(self, baseline: Mapping[str, Mapping[str, float]]) -> None:
        """Draw the naive answer that is hardest to beat as a line."""
        self._naive = None
        for metric in (*(look.metric for look in self.looks(self._history)), *self.published_metrics()):
            found = {name: figures[metric] for name, figures in baseline.items() if metric in figures}
            if found and self._naive is None:
                name = (max if "accuracy" in metric else min)(found, key=lambda n: found[n])
                self._naive = f"naive: {name.replace('_', ' ')}", found[name]
        self._redraw()

    def show_all(self) -> None:
        """Show the whole run, and go on doing so."""
        self.following = True
        self.controls.latest.hide()
        self._redraw()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self.key.set_theme(theme)
        self._cursor.set_theme(theme)
        paint_axes(self.plot, theme)
        self._smooth.paint(theme.blue, 2)
        for (color, dash), line, item in zip(_LOOK_STYLES, self._look_lines, self._look_marks, strict=True):
            line.paint(color, 1.6, dash)
            item.setBrush(color)
            item.setPen(pg.mkPen(theme.background, width=0.7))
        for item in self._published_marks:
            item.setBrush(None)
            item.setPen(pg.mkPen(PURPLE, width=2))
        self._dots.setBrush(theme.blue)
        self._dots.setPen(None)
        self._best_mark.setBrush(theme.best)
        self._best_mark.setPen(pg.mkPen(theme.text, width=1))
        self._naive_line.setPen(pg.mkPen(theme.text, width=1.4, dash=[2, 3]))
        self._epochs.setPen(pg.mkPen(theme.faint, width=1, dash=[1, 2]))
        self._bad_lines.setPen(pg.mkPen(RED, width=1, dash=[4, 4]))
        self.bad_marks.setPen(pg.mkPen(RED, width=1))
        self.bad_marks.setBrush(RED)
        self._redraw()

    def to_frame(self) -> pd.DataFrame:
        """Return a row per update with the figures drawn; published numbers stand in the rows of their updates."""
        import pandas as pd

        table = self._history.frame()
        shown = ["update", "epoch", *self.published_metrics(), *(look.metric for look in self.looks(self._history))]
        table = table[[name for name in dict.fromkeys(shown) if name in table]]
        for series in self._published:
            column = pd.Series(dict(series.points), name=f"published_{series.metric}", dtype=float)
            table = table.join(column, on="update")
        return table

    def readout(self, x: float) -> tuple[str, int]:
        """Return what is known near a place on the horizontal axis, and the update it is about."""
        (left, right), _ = self.plot.vb.viewRange()
        return self.figures.readout(x, (right - left) * 0.02, self.column_of(self._history)[1])

    @property
    def off_scale(self) -> int:
        """How many values in view have no place on the vertical axis as it stands."""
        return self.figures.off_scale(self.plot.vb.viewRange())

    # Drawing

    def _redraw(self, *_: object) -> None:
        if self._drawing:
            return
        history = self._history
        (raw, _label), looks = self.column_of(history), self.looks(history)
        if not len(raw) and not any(len(history.evaluated(look.metric)[0]) for look in looks):
            self.say(self.blank_text(history) if history.step else _NO_UPDATES)
            return
        self._drawing = True
        try:
            if self.empty:
                self.say("")
            self.controls.offer_smoothing(len(raw) > 0)
            self.figures.follow(history, raw, looks)
            self.plot.getAxis("left").write(self.axis_text(history))
            if self.following:
                self._fit_view()
            self._draw_column()
            self._draw_looks()
            self._draw_bad()
            self._draw_epochs()
            self.key.show_entries(self._entries())
        finally:
            self._drawing = False

    def _fit_view(self) -> None:
        """Show everything; the edges move in steps, because new numbers on the axes cost more than new points."""
        history, view = self._history, self.plot.vb
        right = max(float(history.step), *(e["step"] for e in history.evaluations), 1.0, 1.0)
        if history.outcome is None:
            step = 2.0 ** max(0, math.floor(math.log2(right)) - 5)
            right = math.ceil(right / step) * step
        others = [value for series in self._published for at, value in series.points if at <= right]
        others += self.always_shown(history)
        others += [self._naive[1]] if self._naive else []
        low, high = self.figures.extent(np.array(others, np.float64))
        room = max((high - low) * 0.06, abs(high) * 1e-3, 0.02 if self.figures.log else 1e-12)
        _, (bottom, top) = view.viewRange()
        if low - room / 3 < bottom or top < high + room / 3 or (top - bottom) > (high - low + 2 * room) * 1.15:
            bottom, top = low - room, high + room
        view.setRange(xRange=(right * -0.015, right * 1.015), yRange=(bottom, top), padding=0)

    def _draw_column(self) -> None:
        figures = self.figures
        smooth = self.controls.share > 0 and len(figures.line) > 1
        self._raw.paint(self.theme.blue, 1, alpha=255 if not smooth else 150 if self.theme.dark else 110)
        self._raw.draw(figures.line, log=figures.log)
        self._smooth.item.setVisible(smooth)
        if smooth:
            self._smooth.draw(figures.means, log=figures.log)
        (left, right), _ = self.plot.vb.viewRange()
        begin, end = max(0, math.floor(left)), max(0, min(len(figures.line), math.ceil(right) + 1))
        few = np.arange(begin, end if end - begin <= _FEW_UPDATES else begin)
        y = figures.place(figures.line[few])
        self._dots.setData(few[np.isfinite(y)], y[np.isfinite(y)])

    def _draw_looks(self) -> None:
        figures = self.figures
        for i, (line, item) in enumerate(zip(self._look_lines, self._look_marks, strict=True)):
            shown = i < len(figures.looks)
            steps, values = self._history.evaluated(figures.looks[i].metric) if shown else (_NOTHING, _NOTHING)
            y = figures.place(values)
            line.draw(y, steps)
            marked = np.isfinite(y) & (len(y) <= _MOST_MARKS)
            item.setData(steps[marked], y[marked])
        best = self.best_of(self._history)
        self._best_mark.setData([best[1]] if best else [], figures.place([best[2]] if best else []))
        at = float(figures.place([self._naive[1]])[0]) if self._naive else math.nan
        self._naive_line.setVisible(math.isfinite(at))
        if math.isfinite(at):
            self._naive_line.setValue(at)
        for i, item in enumerate(self._published_marks):
            points = np.array(self._published[i].points if i < len(self._published) else (), float).reshape(-1, 2)
            y = figures.place(points[:, 1])
            item.setData(points[np.isfinite(y), 0], y[np.isfinite(y)])

    def _draw_bad(self) -> None:
        """Mark each update without a finite value, at the top, where infinity is."""
        _, (low, high) = self.plot.vb.viewRange()
        at = np.array(self.figures.bad[:1000], float)
        self._bad_lines.setData(np.repeat(at, 2), np.tile([low, high], len(at)))
        self.bad_marks.setData(at, np.full(len(at), high - (high - low) * 0.05))

    def _draw_epochs(self) -> None:
        """Draw a line where each epoch begins, where they are far enough apart to be read."""
        (left, right), (low, high) = self.plot.vb.viewRange()
        every, at = self._history.updates_per_epoch, _NOTHING
        if every > 1 and every / max(right - left, 1e-9) * self.plot.vb.width() >= _EPOCH_GAP:
            last = math.floor(min(right, self._history.step) / every)
            at = np.arange(max(1, math.ceil(left / every)), last + 1, dtype=float) * every
        self._epochs.setData(np.repeat(at, 2), np.tile([low, high], len(at)))

    def _entries(self) -> list[Entry]:
        history, figures, found = self._history, self.figures, []
        if len(figures.raw):
            found.append(Entry(self.column_of(history)[1], self._raw.pen))
        if len(figures.raw) and self._smooth.item.isVisible():
            found.append(Entry(f"smoothed {self.controls.share:.2f}", self._smooth.pen))
        for i, look in enumerate(figures.looks):
            if len(history.evaluated(look.metric)[0]):
                found.append(Entry(look.label, self._look_lines[i].pen, look.symbol, _LOOK_STYLES[i][0]))
        best = self.best_of(history)
        if best:
            text = f"best {best[0]} {number(best[2], 3)} at {best[1]:,}"
            found.append(Entry(text, pg.mkPen(self.theme.text), "star", self.theme.best, line=False))
        if self._naive:
            found.append(Entry(f"{self._naive[0]} {number(self._naive[1], 3)}", self._naive_line.pen))
        for symbol, series in zip("os", self._published, strict=False):
            text = f"published {series.metric.replace('_', ' ')}"
            found.append(Entry(text, pg.mkPen(PURPLE, width=1.5), symbol, line=False))
        if len(self._epochs.xData):
            found.append(Entry("epoch", self._epochs.opts["pen"]))
        if figures.bad:
            found.append(Entry(f"not finite ({len(figures.bad):,})", pg.mkPen(RED), "x", RED, line=False))
        if self.off_scale:
            found.append(Entry(f"{self.off_scale:,} off scale", badge=True))
        return found

    # What the user does

    def _start_over(self, *_: object) -> None:
        self.figures = self._new_figures()
        self._redraw()

    def _scale_changed(self, on: bool) -> None:
        self.plot.getAxis("left").setLogMode(on)
        self.figures = self._new_figures()
        self.show_all()

    def _pause(self, *_: object) -> None:
        self.following = False
        self.controls.latest.show()

    def hide_cursor(self) -> None:
        """Take the readout away."""
        self._cursor.hide()
