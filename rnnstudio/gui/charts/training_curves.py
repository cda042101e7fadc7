"""A figure along the updates of a run: what the pictures of loss, accuracy and error have in common."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtWidgets import QWidget

from rnnstudio.core.catalog import RECIPES, PublishedSeries
from rnnstudio.core.events import Floats
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.gui.charts.axes import add_plot, paint_axes
from rnnstudio.gui.charts.cursor import Cursor
from rnnstudio.gui.charts.curve_controls import Controls
from rnnstudio.gui.charts.curve_data import Figures, Look
from rnnstudio.gui.charts.curves import Curves, Shown
from rnnstudio.gui.charts.legend import Entry, Key
from rnnstudio.gui.charts.plot import Plot
from rnnstudio.gui.theme import LIGHT, Theme

if TYPE_CHECKING:
    import pandas as pd


_NO_UPDATES = "No updates yet. The curve begins with the first one."


class Along(Plot):
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
        self.curves = Curves(self.plot)
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
        self.curves.paint(theme)
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
        (raw, label), looks = self.column_of(history), self.looks(history)
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
            shown = Shown(history, label, self.best_of(history), self._naive, self._published)
            self.curves.draw(self.figures, shown, self.controls.share)
            entries = self.curves.entries(self.figures, shown, self.controls.share)
            if self.off_scale:
                entries.append(Entry(f"{self.off_scale:,} off scale", badge=True))
            self.key.show_entries(entries)
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
