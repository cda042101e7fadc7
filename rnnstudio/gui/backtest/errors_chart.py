"""The errors of every method of a backtest, by origin and by step ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from rnnstudio.core.backtest_plots import PLOT_KINDS
from rnnstudio.core.backtest_scores import METHODS, NETWORK
from rnnstudio.core.wording import method_label, score_label
from rnnstudio.gui.charts.axes import markers
from rnnstudio.gui.charts.chart import Chart
from rnnstudio.gui.charts.cursor import Cursor
from rnnstudio.gui.charts.legend import Entry
from rnnstudio.gui.charts.numbers import number
from rnnstudio.gui.charts.time_scale import TimeScale
from rnnstudio.gui.theme import GREEN, LIGHT, ORANGE, PURPLE, RED, Theme

if TYPE_CHECKING:
    import pandas as pd

    from rnnstudio.results.backtest_result import Backtest

_STYLES: dict[str, tuple[str, list[float] | None]] = {  # colour, or the attribute of the theme, and dashes
    "network": ("blue", None),
    "last_value": ("#8a8f98", [2, 3]),
    "seasonal_last_value": (GREEN, [6, 3]),
    "drift": (PURPLE, [6, 3, 2, 3]),
    "ets": (RED, [9, 3]),
    "theta": (ORANGE, [4, 2]),
    "ridge": ("text", [1, 2]),
}
_MAX_MARKED = 60  # positions that have a marker each
_MAX_FACTOR = 3.0  # a method with larger errors than so many times those of network and best baseline may be cut off


class ErrorsChart(Chart):
    """A line for each method over the values of a column; the base of the two plots."""

    key: ClassVar[str]
    empty_message = "No backtest yet."

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._errors: pd.DataFrame | None = None
        self._methods: list[str] = []
        self._measure = ""
        self._time_scale: TimeScale | None = None
        self.axes = self.add_axes(whole_numbers=True)
        self._lines = {name: pg.PlotCurveItem() for name in reversed(METHODS)}
        self._markers = markers("o", 7.0)
        for z, item in enumerate([*self._lines.values(), self._markers]):
            item.setZValue(10 + z)
            self.axes.addItem(item, ignoreBounds=True)
        self._cursor = Cursor(self.axes, self.readout)
        self.set_theme(theme)

    def show_backtest(self, backtest: Backtest | None) -> None:
        """Draw the errors of a backtest; None clears the plot."""
        self._errors = None
        self._cursor.hide()
        if backtest is None:
            self.legend.show_entries([])
            self.show_message(self.empty_message)
            return
        scores = self.scores_of(backtest)
        self._measure = "mase" if scores["mase"].notna().any() else "rmse"
        wide = scores.pivot(index=self.key, columns="method", values=self._measure)
        self._errors, self._methods = wide, [name for name in backtest.methods if name in wide]
        positions = wide.index.to_numpy(np.float64)
        for name, line in self._lines.items():
            known = name in self._methods
            line.setData(positions if known else [], self._of(name) if known else [], connect="finite")
        marked = len(positions) <= _MAX_MARKED
        self._markers.setData(positions if marked else [], self._of(NETWORK) if marked else [])
        self._time_scale = self.times_of(scores)
        self.axes.getAxis("bottom").set_times(self._time_scale)
        self.axes.getAxis("bottom").set_label(self.label_of(backtest))
        self.axes.getAxis("left").set_label(score_label(self._measure))
        self.show_message("")
        self.reset_view()

    def scores_of(self, backtest: Backtest) -> pd.DataFrame:
        """Return the scores of each method for each value of `key`."""
        raise NotImplementedError

    def label_of(self, backtest: Backtest) -> str:
        """Return the label of the horizontal axis."""
        raise NotImplementedError

    def times_of(self, scores: pd.DataFrame) -> TimeScale | None:
        """Return the dates of the positions; None where they have none."""
        return None

    def _of(self, method: str) -> NDArray[np.float64]:
        assert self._errors is not None
        return self._errors[method].to_numpy(np.float64)

    def reset_view(self) -> None:
        """Show all positions, from an error of 0 on; methods with far larger errors are cut off, which is said."""
        if self._errors is None:
            return
        highest = {name: float(np.nanmax([0.0, *self._of(name)])) for name in self._methods}
        limit = _MAX_FACTOR * max(highest[NETWORK], min(highest.values()))
        top = max(value for value in highest.values() if value <= limit)
        first, last = float(self._errors.index[0]), float(self._errors.index[-1])
        margin = 0.03 * max(last - first, 1.0)
        self.axes.setRange(xRange=(first - margin, last + margin), yRange=(0.0, 1.08 * top or 1.0), padding=0)
        entries = [Entry(method_label(name), self._lines[name].opts["pen"]) for name in self._methods]
        cut_off = [method_label(name) for name, value in highest.items() if value > limit]
        if cut_off:
            entries.append(Entry(f"partly above the view: {', '.join(cut_off)}"))
        self.legend.show_entries(entries)

    def readout(self, x: float) -> tuple[str, float]:
        """Return the errors at the position nearest to one on the horizontal axis, and that position."""
        if self._errors is None:
            return "", x
        positions = self._errors.index.to_numpy(np.float64)
        at = int(np.abs(positions - x).argmin())
        where = self._time_scale.text(round(positions[at])) if self._time_scale is not None else ""
        lines = [f"{score_label(self._measure)}, {self.title_of(int(positions[at]))} {where}".rstrip()]
        lines += [f"{method_label(name)} {number(float(self._of(name)[at]))}" for name in self._methods]
        return "\n".join(lines), float(positions[at])

    def title_of(self, position: int) -> str:
        """Return what a position is, in words."""
        raise NotImplementedError

    def hide_cursor(self) -> None:
        """Hide the readout at the mouse position."""
        self._cursor.hide()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        for name, line in self._lines.items():
            color, dash = _STYLES[name]
            line.setPen(pg.mkPen(getattr(theme, color, color), width=2 if name == NETWORK else 1.6, dash=dash))
        self._markers.setBrush(pg.mkBrush(theme.blue))
        self._markers.setPen(pg.mkPen(theme.background, width=0.7))
        self._cursor.set_theme(theme)
        self.reset_view()

    def to_frame(self) -> pd.DataFrame:
        """Return a row per position with the error of each method."""
        import pandas as pd

        return pd.DataFrame() if self._errors is None else self._errors[self._methods].reset_index()


class OriginErrors(ErrorsChart):
    """The error of each method at each origin."""

    name, title, key = PLOT_KINDS[0], "Error by origin", "origin_number"

    def scores_of(self, backtest: Backtest) -> pd.DataFrame:
        """Return the scores by origin."""
        return backtest.by_origin()

    def label_of(self, backtest: Backtest) -> str:
        """Return "origin", with what one is."""
        return "time of the origin" if self._time_scale is not None else "origin, from the first to the last"

    def times_of(self, scores: pd.DataFrame) -> TimeScale | None:
        """Return the dates of the origins."""
        if "origin_time" not in scores:
            return None
        times = scores.drop_duplicates("origin_number")["origin_time"].to_numpy("datetime64[ns]")
        return TimeScale.of(times, 1, 1 + len(times), "")

    def title_of(self, position: int) -> str:
        """Return the number of an origin."""
        return f"origin {position:,}"


class StepErrors(ErrorsChart):
    """The error of each method at each step ahead."""

    name, title, key = PLOT_KINDS[1], "Error by step ahead", "step_ahead"

    def scores_of(self, backtest: Backtest) -> pd.DataFrame:
        """Return the scores by step ahead."""
        return backtest.by_step()

    def label_of(self, backtest: Backtest) -> str:
        """Return "steps ahead"."""
        return "steps ahead"

    def title_of(self, position: int) -> str:
        """Return a step ahead in words."""
        return f"{position:,} ahead"


CHARTS: dict[str, type[ErrorsChart]] = {chart.name: chart for chart in (OriginErrors, StepErrors)}
