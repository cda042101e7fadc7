"""The lines and symbols of a figure along the updates, and what the key says of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg

from rnnstudio.core.catalog import PublishedSeries
from rnnstudio.core.history import History
from rnnstudio.gui.charts.axes import marks, number
from rnnstudio.gui.charts.curve_data import Figures
from rnnstudio.gui.charts.legend import Entry
from rnnstudio.gui.charts.trace import Trace
from rnnstudio.gui.theme import GREEN, LIGHT, PURPLE, RED, Theme

_EPOCH_GAP = 9.0  # pixels; closer lines are a grey wall
_MOST_MARKS = 150  # marks on one line of looks; more hide it
_FEW_UPDATES = 60  # so many are drawn as dots as well
_NOTHING = np.empty(0)
_LOOK_STYLES: tuple[tuple[str, list[float] | None], ...] = ((RED, None), (GREEN, [5.0, 3.0]))


@dataclass(frozen=True)
class Shown:
    """What is drawn besides the figures.

    Attributes:
        history: Whose figures they are.
        label: What the key calls the column.
        best: Label, update and value of the best look.
        naive: Label and value of the naive answer.
        published: The work's numbers.
    """

    history: History
    label: str
    best: tuple[str, int, float] | None = None
    naive: tuple[str, float] | None = None
    published: tuple[PublishedSeries, ...] = ()


class Curves:
    """Everything in one plot but its axes.

    Args:
        plot: The plot.
    """

    def __init__(self, plot: Any) -> None:
        self.theme: Theme = LIGHT
        self._plot = plot
        self.epochs = pg.PlotCurveItem(connect="pairs")
        plot.addItem(self.epochs, ignoreBounds=True)
        self.raw, self._dots = Trace(plot), marks("o", 4)
        self.smooth = Trace(plot, mean=True)
        self._look_lines = [Trace(plot) for _ in _LOOK_STYLES]
        self._look_marks = [marks("o", 7), marks("t1", 8)]
        self.naive_line = pg.InfiniteLine(angle=0)
        self.published_marks = [marks("o", 10), marks("s", 10)]
        self.best_mark = marks("star", 15)
        self.bad_marks = marks("x", 11)
        self._bad_lines = pg.PlotCurveItem(connect="pairs")
        symbols = [self._dots, *self._look_marks, *self.published_marks, self.best_mark, self.bad_marks]
        for z, item in enumerate([self.naive_line, self._bad_lines, *symbols]):
            item.setZValue(10 + z)
            plot.addItem(item, ignoreBounds=True)

    def paint(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = theme
        self.smooth.paint(theme.blue, 2)
        for (color, dash), line, item in zip(_LOOK_STYLES, self._look_lines, self._look_marks, strict=True):
            line.paint(color, 1.6, dash)
            item.setBrush(color)
            item.setPen(pg.mkPen(theme.background, width=0.7))
        for item in self.published_marks:
            item.setBrush(None)
            item.setPen(pg.mkPen(PURPLE, width=2))
        self._dots.setBrush(theme.blue)
        self._dots.setPen(None)
        self.best_mark.setBrush(theme.best)
        self.best_mark.setPen(pg.mkPen(theme.text, width=1))
        self.naive_line.setPen(pg.mkPen(theme.text, width=1.4, dash=[2, 3]))
        self.epochs.setPen(pg.mkPen(theme.faint, width=1, dash=[1, 2]))
        self._bad_lines.setPen(pg.mkPen(RED, width=1, dash=[4, 4]))
        self.bad_marks.setPen(pg.mkPen(RED, width=1))
        self.bad_marks.setBrush(RED)

    def draw(self, figures: Figures, shown: Shown, share: float) -> None:
        """Draw what lies in view.

        Args:
            figures: The column and the looks.
            shown: What is drawn besides.
            share: How much the smooth line keeps with each new value; 0 for none.
        """
        self._draw_column(figures, share)
        self._draw_looks(figures, shown)
        self._draw_bad(figures)
        self._draw_epochs(shown.history)

    def _draw_column(self, figures: Figures, share: float) -> None:
        smooth = share > 0 and len(figures.line) > 1
        self.raw.paint(self.theme.blue, 1, alpha=255 if not smooth else 150 if self.theme.dark else 110)
        self.raw.draw(figures.line, log=figures.log)
        self.smooth.item.setVisible(smooth)
        if smooth:
            self.smooth.draw(figures.means, log=figures.log)
        (left, right), _ = self._plot.vb.viewRange()
        begin, end = max(0, math.floor(left)), max(0, min(len(figures.line), math.ceil(right) + 1))
        few = np.arange(begin, end if end - begin <= _FEW_UPDATES else begin)
        y = figures.place(figures.line[few])
        self._dots.setData(few[np.isfinite(y)], y[np.isfinite(y)])

    def _draw_looks(self, figures: Figures, shown: Shown) -> None:
        for i, (line, item) in enumerate(zip(self._look_lines, self._look_marks, strict=True)):
            there = i < len(figures.looks)
            steps, values = shown.history.evaluated(figures.looks[i].metric) if there else (_NOTHING, _NOTHING)
            y = figures.place(values)
            line.draw(y, steps)
            marked = np.isfinite(y) & (len(y) <= _MOST_MARKS)
            item.setData(steps[marked], y[marked])
        best = shown.best
        self.best_mark.setData([best[1]] if best else [], figures.place([best[2]] if best else []))
        at = float(figures.place([shown.naive[1]])[0]) if shown.naive else math.nan
        self.naive_line.setVisible(math.isfinite(at))
        if math.isfinite(at):
            self.naive_line.setValue(at)
        for i, item in enumerate(self.published_marks):
            points = np.array(shown.published[i].points if i < len(shown.published) else (), float).reshape(-1, 2)
            y = figures.place(points[:, 1])
            item.setData(points[np.isfinite(y), 0], y[np.isfinite(y)])

    def _draw_bad(self, figures: Figures) -> None:
        """Mark each update without a finite value, at the top, where infinity is."""
        _, (low, high) = self._plot.vb.viewRange()
        at = np.array(figures.bad[:1000], float)
        self._bad_lines.setData(np.repeat(at, 2), np.tile([low, high], len(at)))
        self.bad_marks.setData(at, np.full(len(at), high - (high - low) * 0.05))

    def _draw_epochs(self, history: History) -> None:
        """Draw a line where each epoch begins, where they are far enough apart to be read."""
        (left, right), (low, high) = self._plot.vb.viewRange()
        every, at = history.updates_per_epoch, _NOTHING
        if every > 1 and every / max(right - left, 1e-9) * self._plot.vb.width() >= _EPOCH_GAP:
            last = math.floor(min(right, history.step) / every)
            at = np.arange(max(1, math.ceil(left / every)), last + 1, dtype=float) * every
        self.epochs.setData(np.repeat(at, 2), np.tile([low, high], len(at)))

    def entries(self, figures: Figures, shown: Shown, share: float) -> list[Entry]:
        """Return what the key says of what was drawn; arguments as for `draw`."""
        history, found = shown.history, []
        if len(figures.raw):
            found.append(Entry(shown.label, self.raw.pen))
        if len(figures.raw) and self.smooth.item.isVisible():
            found.append(Entry(f"smoothed {share:.2f}", self.smooth.pen))
        for i, look in enumerate(figures.looks):
            if len(history.evaluated(look.metric)[0]):
                found.append(Entry(look.label, self._look_lines[i].pen, look.symbol, _LOOK_STYLES[i][0]))
        if shown.best:
            text = f"best {shown.best[0]} {number(shown.best[2], 3)} at {shown.best[1]:,}"
            found.append(Entry(text, pg.mkPen(self.theme.text), "star", self.theme.best, line=False))
        if shown.naive:
            found.append(Entry(f"{shown.naive[0]} {number(shown.naive[1], 3)}", self.naive_line.pen))
        for symbol, series in zip("os", shown.published, strict=False):
            text = f"published {series.metric.replace('_', ' ')}"
            found.append(Entry(text, pg.mkPen(PURPLE, width=1.5), symbol, line=False))
        if len(self.epochs.xData):
            found.append(Entry("epoch", self.epochs.opts["pen"]))
        if figures.bad:
            found.append(Entry(f"not finite ({len(figures.bad):,})", pg.mkPen(RED), "x", RED, line=False))
        return found
