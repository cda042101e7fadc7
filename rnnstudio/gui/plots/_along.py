"""A figure along the updates of a run: what the pictures of loss, accuracy and error have in common."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from rnnstudio.core.catalog import RECIPES, PublishedSeries
from rnnstudio.core.events import Floats
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import Column, History
from rnnstudio.gui.plots._axes import add_plot, label_axis, marks, number, paint_axes, small_font
from rnnstudio.gui.plots._key import Entry, Key
from rnnstudio.gui.plots._trace import Smoothed, Trace
from rnnstudio.gui.plots.base import Picture
from rnnstudio.gui.theme import GREEN, LIGHT, PURPLE, RED, Theme

if TYPE_CHECKING:
    import pandas as pd

_EPOCH_GAP = 9.0  # pixels; closer lines are a grey wall
_MOST_MARKS = 150  # symbols on one line; more hide it
_NO_UPDATES = "No updates yet. The curve begins with the first one."


@dataclass(frozen=True)
class Look:
    """A figure of a held-out part: its name in the history, what the key calls it, and how it is drawn."""

    metric: str
    label: str
    symbol: str
    dash: tuple[float, ...] | None = None


class Along(Picture):
    """A column with a value per update, figures of looks at the held-out parts, and published numbers.

    A subclass says what they are. The view follows the run until the wheel or a drag moves it.

    Attributes:
        following: Whether the view moves with the run.
    """

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.following = True
        self._log = self._log_default = False
        self._history = History()
        self._published: tuple[PublishedSeries, ...] = ()
        self._naive: dict[str, float] = {}
        self._drawing = False
        self._build_controls()
        self._build_plot()
        self._forget()
        self.set_theme(theme)
        self.say(_NO_UPDATES)

    # What a subclass says

    def log_first(self, experiment: Experiment) -> bool:
        """Return whether the vertical axis begins logarithmic; the user's own choice lasts while this stays the same."""
        raise NotImplementedError

    def column_of(self, history: History) -> tuple[Floats, str]:
        """Return a value per update and what the key calls it."""
        raise NotImplementedError

    def looks(self, history: History) -> Sequence[Look]:
        """Return the figures of the held-out parts that are drawn."""
        raise NotImplementedError

    def best_of(self, history: History) -> tuple[str, int, float] | None:
        """Return label, update and value of the best look."""
        raise NotImplementedError

    def axis_text(self, history: History) -> str:
        """Return what the vertical axis shows, with its unit."""
        raise NotImplementedError

    def published_metrics(self) -> tuple[str, ...]:
        """Return which published numbers stand on this axis."""
        raise NotImplementedError

    def blank_text(self, history: History) -> str:
        """Return what to say where there is nothing to draw."""
        return _NO_UPDATES

    # Building

    def _build_controls(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(6, 2, 6, 0)
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setRange(0, 99)
        self.smoothing.setValue(60)
        self.smoothing.setMaximumWidth(110)
        self.smoothing.setMinimumWidth(60)
        self.smoothing.setAccessibleName("Smoothing")
        self.smoothing.setToolTip("How much the line over the raw one is smoothed; 0 shows the raw line alone.")
        self.smoothing.valueChanged.connect(self._resmooth)
        self.log_scale = QCheckBox("&log y")
        self.log_scale.setChecked(self._log)
        self.log_scale.setToolTip("Powers of ten at equal distances. Values at or below zero have no place there.")
        self.log_scale.toggled.connect(self._set_log)
        self.latest = QToolButton()
        self.latest.setText("Latest")
        self.latest.setToolTip("Follow the run again (double-click into the picture does the same).")
        self.latest.clicked.connect(self.follow)
        label = QLabel("&smooth")
        label.setBuddy(self.smoothing)
        for widget in (label, self.smoothing, self.log_scale):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.latest)
        kept = self.latest.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # the picture must not jump when it comes and goes
        self.latest.setSizePolicy(kept)
        self.latest.hide()
        self.column.insertLayout(0, row)

    def _build_plot(self) -> None:
        self.key = Key()
        self.canvas.addItem(self.key, 0, 0)
        self.plot = add_plot(self.canvas, 1, 0)
        self.plot.getAxis("left").setLogMode(self._log)
        label_axis(self.plot, "bottom", "update")
        self._epochs = pg.PlotCurveItem(connect="pairs")
        self.plot.addItem(self._epochs, ignoreBounds=True)
        self._raw = Trace(self.plot, smooth=False)
        self._smooth = Trace(self.plot, mean=True)
        self._look_lines = [Trace(self.plot) for _ in range(2)]
        self._look_marks = [marks("o", 7), marks("t1", 8)]
        self._naive_line = pg.InfiniteLine(angle=0)
        self._published_marks = [marks("o", 10), marks("s", 10)]
        self._best_mark = marks("star", 15)
        self._bad_lines = pg.PlotCurveItem(connect="pairs")
        self._bad_marks = marks("x", 11)
        self._cursor = pg.InfiniteLine(angle=90)
        self._readout = pg.TextItem(anchor=(0, 0))
        self._readout.setFont(small_font())
        items = [*self._look_marks, self._naive_line, *self._published_marks, self._best_mark, self._bad_lines]
        for z, item in enumerate([*items, self._bad_marks, self._cursor, self._readout]):
            item.setZValue(10 + z)
            self.plot.addItem(item, ignoreBounds=True)
        self._hide_cursor()
        self.plot.vb.sigRangeChangedManually.connect(self._pause)
        self.plot.vb.sigRangeChanged.connect(self._range_changed)
        self.plot.vb.sigResized.connect(self._range_changed)
        scene = self.canvas.scene()
        scene.sigMouseClicked.connect(self._clicked)
        scene.sigMouseMoved.connect(self._hover)

    def _forget(self) -> None:
        self._history = History()
        self._bad: list[int] = []
        self._scanned = 0
        self._line = Column()
        self._smoothed = Smoothed(self.smoothing.value() / 100)
        self._drawn: tuple[Any, ...] = ()
        self._naive = {}
        self._extent = (math.inf, -math.inf)

    # What the owner calls

    def begin(self, experiment: Experiment) -> None:
        """Forget what was drawn and get ready for a run of this experiment."""
        self._forget()
        known = RECIPES.get(experiment.recipe).published if experiment.recipe in RECIPES else ()
        self._published = tuple(series for series in known if series.metric in self.published_metrics())
        if self.log_first(experiment) != self._log_default:
            self._log_default = not self._log_default
            self.log_scale.setChecked(self._log_default)
        self.say(_NO_UPDATES)
        self.follow()

    def show_history(self, history: History) -> None:
        """Draw the run as it stands."""
        if history is not self._history:
            naive = self._naive
            self._forget()
            self._history, self._naive = history, naive
        state = (history.step, len(history.evaluations), history.outcome)
        if state != self._drawn:
            self._drawn = state
            self._redraw()

    def show_baseline(self, baseline: Mapping[str, Mapping[str, float]]) -> None:
        """Draw the naive answer that is hardest to beat as a line."""
        self._naive = {}
        for look in self.looks(self._history):
            found = {name: figures[look.metric] for name, figures in baseline.items() if look.metric in figures}
            if found:
                name = (max if "accuracy" in look.metric else min)(found, key=lambda n: found[n])
                self._naive = {f"naive: {name.replace('_', ' ')}": found[name]}
        self._redraw()

    def follow(self) -> None:
        """Show the whole run, and go on doing so."""
        self.following = True
        self.latest.hide()
        self._redraw()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self.key.set_theme(theme)
        paint_axes(self.plot, theme)
        self._smooth.paint(theme.blue, 2)
        for line, look in zip(self._look_lines, _LOOK_STYLES, strict=True):
            line.paint(look[0], 1.6, look[1])
        for item, look in zip(self._look_marks, _LOOK_STYLES, strict=True):
            item.setBrush(look[0])
            item.setPen(pg.mkPen(theme.background, width=0.7))
        for item in self._published_marks:
            item.setBrush(None)
            item.setPen(pg.mkPen(PURPLE, width=2))
        self._best_mark.setBrush(theme.best)
        self._best_mark.setPen(pg.mkPen(theme.text, width=1))
        self._naive_line.setPen(_dashed(theme.text, 1.4, (2, 3)))
        self._epochs.setPen(pg.mkPen(theme.faint, width=1, style=Qt.PenStyle.DotLine))
        self._bad_lines.setPen(_dashed(RED, 1, (4, 4)))
        self._bad_marks.setPen(pg.mkPen(RED, width=2))
        self._bad_marks.setBrush(RED)
        self._cursor.setPen(pg.mkPen(theme.faint, width=1))
        self._readout.setColor(theme.text)
        self._readout.fill = pg.mkBrush(theme.background)
        self._readout.border = pg.mkPen(theme.faint)
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

    # Drawing

    @property
    def off_scale(self) -> int:
        """How many values of updates and looks in view have no place on the vertical axis as it stands."""
        (left, right), (low, high) = self.plot.vb.viewRange()
        if self._log:
            low, high = 10.0 ** np.clip((low, high), -300, 300)
        raw, _ = self.column_of(self._history)
        begin, end = max(0, math.ceil(min(left, len(raw)))), max(0, math.floor(min(right, len(raw))) + 1)
        raw = raw[begin:end]
        with np.errstate(invalid="ignore"):
            count = int(np.count_nonzero((raw < low) | (raw > high)))
            for look in self.looks(self._history):
                steps, values = self._history.evaluated(look.metric)
                values = values[(steps >= left) & (steps <= right)]
                count += int(np.count_nonzero((values < low) | (values > high)))
        return count - sum(begin <= i < end and math.isinf(raw[i - begin]) for i in self._bad)

    def _take_in(self, raw: Floats) -> None:
        """Note what is not finite, and what can be drawn on the scale chosen."""
        new = raw[len(self._line) :]
        finite = np.isfinite(new)
        if len(raw) > self._scanned:
            fresh = ~np.isfinite(raw[self._scanned :])
            self._bad += (self._scanned + np.flatnonzero(fresh)).tolist()
            self._scanned = len(raw)
        if self._log:
            with np.errstate(invalid="ignore"):
                finite &= new > 0
        self._line.extend(np.where(finite, new, np.float32(np.nan)))

    def _redraw(self) -> None:
        if self._drawing:
            return
        history = self._history
        raw, _ = self.column_of(history)
        looked = [look for look in self.looks(history) if len(history.evaluated(look.metric)[0])]
        if not len(raw) and not looked:
            self.say(self.blank_text(history) if history.step else _NO_UPDATES)
            return
        self._drawing = True
        try:
            if self.empty:
                self.say("")
            self._take_in(raw)
            label_axis(self.plot, "left", self.axis_text(history))
            if self.following:
                self._fit_view()
            self._draw_lines()
            self._draw_looks()
            self._draw_bad()
            self._draw_epochs()
            self._draw_published()
            self.key.show_entries(self._entries())
        finally:
            self._drawing = False

    def _fit_view(self) -> None:
        """Show everything; the edges move in steps, because new numbers on the axes cost more than new points."""
        history, vb = self._history, self.plot.vb
        right = float(max(history.step, max((e["step"] for e in history.evaluations), default=0.0), 1.0))
        if history.outcome is None:
            step = 2.0 ** max(0, math.floor(math.log2(right)) - 5)
            right = math.ceil(right / step) * step
        low, high = self._extent_of(right)
        if self._log:
            low, high = math.log10(low), math.log10(high)
        room = max((high - low) * 0.06, 1e-12 + abs(high) * 1e-3, 0.02 if self._log else 0.0)
        (_, _), (bottom, top) = vb.viewRange()
        kept = bottom <= low - room / 3 and top >= high + room / 3 and (top - bottom) <= (high - low + 2 * room) * 1.15
        if not kept:
            bottom, top = low - room, high + room
        margin = right * 0.015
        vb.setRange(xRange=(-margin, right + margin), yRange=(bottom, top), padding=0)

    def _extent_of(self, right: float) -> tuple[float, float]:
        """Return the lowest and highest value to be shown up to an update."""
        values = [self._line.values, *(self._history.evaluated(k.metric)[1] for k in self.looks(self._history))]
        values += [np.array([v for at, v in s.points if at <= right], float) for s in self._published]
        values.append(np.array(list(self._naive.values()), float))
        lows, highs = [], []
        for found in values:
            with np.errstate(invalid="ignore"):
                good = found if found is values[0] else found[np.isfinite(found) & ((found > 0) | (not self._log))]
            if len(good):
                lows.append(float(np.fmin.reduce(good)))
                highs.append(float(np.fmax.reduce(good)))
        lows, highs = [v for v in lows if math.isfinite(v)], [v for v in highs if math.isfinite(v)]
        if not lows:
            return (0.1, 1.0) if self._log else (0.0, 1.0)
        return min(lows), max(highs)

    def _draw_lines(self) -> None:
        raw, _ = self.column_of(self._history)
        shown = self.smoothing.value() > 0 and len(raw) > 1
        self._raw.paint(self.theme.blue, 1, alpha=110 if shown else 255)
        self._raw.draw(self._line.values, log=self._log)
        self._smooth.item.setVisible(shown)
        if shown:
            means = self._smoothed.follow(raw)
            if self._log:
                means = np.where(means > 0, means, np.float32(np.nan))
            self._smooth.draw(means, log=self._log)

    def _to_view(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        with np.errstate(invalid="ignore"):
            good = np.isfinite(values) & ((values > 0) | (not self._log))
        shown = np.where(good, values, 1.0)
        return np.where(good, np.log10(np.maximum(shown, 1e-300)) if self._log else shown, np.nan)

    def _draw_looks(self) -> None:
        looks = self.looks(self._history)
        for i, (line, item) in enumerate(zip(self._look_lines, self._look_marks, strict=True)):
            steps, values = self._history.evaluated(looks[i].metric) if i < len(looks) else (_NOTHING, _NOTHING)
            y = self._to_view(values)
            line.draw(y, steps)
            few = np.isfinite(y) if len(y) <= _MOST_MARKS else np.zeros(len(y), bool)
            item.setData(steps[few], y[few])
        best = self.best_of(self._history)
        at = self._to_view(np.array([best[2]])) if best else _NOTHING
        self._best_mark.setData(np.array([float(best[1])]) if best else _NOTHING, at)
        naive = self._to_view(np.array(list(self._naive.values())))
        self._naive_line.setVisible(len(naive) > 0 and bool(np.isfinite(naive[0])))
        if self._naive_line.isVisible():
            self._naive_line.setValue(float(naive[0]))

    def _draw_bad(self) -> None:
        _, (low, high) = self.plot.vb.viewRange()
        at = np.array(self._bad[:1000], float)
        self._bad_lines.setData(np.repeat(at, 2), np.tile([low, high], len(at)))
        self._bad_marks.setData(at, np.full(len(at), high - (high - low) * 0.05))

    def _draw_epochs(self) -> None:
        """Draw a line where each epoch begins, where they are far enough apart to be read."""
        (left, right), (low, high) = self.plot.vb.viewRange()
        every, at = self._history.updates_per_epoch, _NOTHING
        if every > 1 and every / max(right - left, 1e-9) * self.plot.vb.width() >= _EPOCH_GAP:
            first, last = max(1, math.ceil(left / every)), math.floor(min(right, self._history.step) / every)
            at = np.arange(first, last + 1, dtype=float) * every
        self._epochs.setData(np.repeat(at, 2), np.tile([low, high], len(at)))
        self._epochs_shown = len(at)

    def _draw_published(self) -> None:
        for i, item in enumerate(self._published_marks):
            points = np.array(self._published[i].points if i < len(self._published) else (), float).reshape(-1, 2)
            y = self._to_view(points[:, 1])
            item.setData(points[np.isfinite(y), 0], y[np.isfinite(y)])

    def _entries(self) -> list[Entry]:
        history, theme = self._history, self.theme
        raw, label = self.column_of(history)
        found = []
        if len(raw):
            found.append(Entry(label, self._raw.item.opts["pen"]))
        if self._smooth.item.isVisible():
            found.append(Entry(f"smoothed {self.smoothing.value() / 100:.2f}", self._smooth.item.opts["pen"]))
        for i, look in enumerate(self.looks(history)):
            if len(history.evaluated(look.metric)[0]):
                color, _ = _LOOK_STYLES[i]
                found.append(Entry(look.label, self._look_lines[i].item.opts["pen"], look.symbol, color))
        best = self.best_of(history)
        if best:
            text = f"best {best[0]} {number(best[2], 3)} at {best[1]:,}"
            found.append(Entry(text, pg.mkPen(theme.text), "star", theme.best, line=False))
        found += [Entry(f"{name} {number(v, 3)}", self._naive_line.pen) for name, v in self._naive.items()]
        for i, series in enumerate(self._published):
            text = f"published {series.metric.replace('_', ' ')}"
            found.append(Entry(text, pg.mkPen(PURPLE, width=1.5), "os"[i], line=False))
        if self._epochs_shown:
            found.append(Entry("epoch", self._epochs.opts["pen"]))
        if self._bad:
            found.append(Entry(f"not finite ({len(self._bad)})", pg.mkPen(RED, width=1), "x", RED, line=False))
        count = self.off_scale
        if count:
            found.append(Entry(f"{count:,} off scale", badge=True))
        return found

    # What the user does

    def _resmooth(self, value: int) -> None:
        self._smoothed = Smoothed(value / 100)
        self._redraw()

    def _set_log(self, on: bool) -> None:
        self._log, self._line = on, Column()
        self.plot.getAxis("left").setLogMode(on)
        self.follow()

    def _pause(self, *_: object) -> None:
        self.following = False
        self.latest.show()

    def _range_changed(self, *_: object) -> None:
        self._redraw()

    def _clicked(self, event: Any) -> None:
        if event.double():
            self.follow()

    def leaveEvent(self, event: Any) -> None:
        """Take the readout away with the mouse."""
        super().leaveEvent(event)
        self._hide_cursor()

    def _hide_cursor(self) -> None:
        self._cursor.hide()
        self._readout.hide()

    def _hover(self, place: QPointF) -> None:
        """Show update and values under the mouse."""
        vb = self.plot.vb
        if self.empty or not vb.sceneBoundingRect().contains(place):
            self._hide_cursor()
            return
        point = vb.mapSceneToView(place)
        text, at = self.readout(point.x())
        (left, right), (low, high) = vb.viewRange()
        self._cursor.setValue(at)
        self._readout.setText(text)
        self._readout.setAnchor(
            (1.05 if at > (left + right) / 2 else -0.05, -0.2 if point.y() > (low + high) / 2 else 1.2)
        )
        self._readout.setPos(at, point.y())
        self._cursor.show()
        self._readout.show()

    def readout(self, x: float) -> tuple[str, int]:
        """Return what is known near a place on the horizontal axis, and the update it is about."""
        history = self._history
        raw, label = self.column_of(history)
        at = int(np.clip(round(x), 0, max(0, len(raw) - 1 if len(raw) else history.step)))
        epoch = f", epoch {at / history.updates_per_epoch:.4g}" if history.updates_per_epoch > 1 else ""
        lines = [f"update {at:,}{epoch}"]
        if len(raw):
            lines.append(f"{label} {number(float(raw[at]))}")
        (left, right), _ = self.plot.vb.viewRange()
        for look in self.looks(history):
            steps, values = history.evaluated(look.metric)
            if len(steps):
                i = int(np.argmin(np.abs(steps - at)))
                if abs(steps[i] - at) <= max(1.0, (right - left) * 0.02):
                    lines.append(f"{look.label} {number(float(values[i]))} at {int(steps[i]):,}")
        return "\n".join(lines), at


_NOTHING = np.empty(0)
_LOOK_STYLES: tuple[tuple[str, tuple[float, ...] | None], ...] = ((RED, None), (GREEN, (5.0, 3.0)))


def _dashed(color: str, width: float, dash: Sequence[float]) -> Any:
    pen = pg.mkPen(color, width=width)
    pen.setDashPattern(list(dash))
    return pen
