"""The chart of a forecast: the last seasons, the forecast after them, and its bands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from rnnstudio.core.times import time_text
from rnnstudio.gui.charts.chart import Chart
from rnnstudio.gui.charts.cursor import Cursor
from rnnstudio.gui.charts.legend import Entry
from rnnstudio.gui.charts.numbers import label_with_unit, number
from rnnstudio.gui.charts.time_scale import TimeScale
from rnnstudio.gui.forecast_page.job import SeriesForecast
from rnnstudio.gui.theme import LIGHT, Theme

if TYPE_CHECKING:
    import pandas as pd

_ROOM = 0.08  # of the range of the values, above and below them
_MIN_ALPHA, _MAX_ALPHA = 45, 110  # of 255: the widest band, and the narrowest one
_MORE_ON_DARK = 30


class ForecastChart(Chart):
    """Known values as a line, the forecast as another one that continues it, and bands around the latter."""

    name = "forecast"
    title = "Forecast"
    empty_message = "The forecast appears here."

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._shown: SeriesForecast | None = None
        self._scale: TimeScale | None = None
        self.axes = self.add_axes(whole_numbers=True)
        self._known, self._forecast = pg.PlotCurveItem(connect="finite"), pg.PlotCurveItem(connect="finite")
        self._origin = pg.InfiniteLine(angle=90)
        self._areas: list[pg.FillBetweenItem] = []
        for z, item in enumerate((self._origin, self._known, self._forecast)):
            item.setZValue(10 + z)
            self.axes.addItem(item, ignoreBounds=True)
        self._cursor = Cursor(self.axes, self.readout)
        self.set_theme(theme)

    def show_forecast(self, shown: SeriesForecast | None, message: str = "") -> None:
        """Draw the forecast of a series.

        Args:
            shown: The forecast; None for none.
            message: What is shown in place of it.
        """
        self._shown = shown
        self._cursor.hide()
        if shown is None:
            self.show_message(message or self.empty_message)
            return
        self.show_message("")
        steps = len(shown.known) + len(shown.values)
        self._scale = TimeScale.of(shown.times, 0, steps, shown.frequency)
        bottom = self.axes.getAxis("bottom")
        bottom.set_times(self._scale)
        bottom.set_label("" if self._scale else "step")
        self.axes.getAxis("left").set_label(label_with_unit(shown.column, shown.unit))
        self._draw_lines(shown)
        self._draw_bands(shown)
        self.legend.show_entries(self._entries(shown))
        self.reset_view()

    def _draw_lines(self, shown: SeriesForecast) -> None:
        count = len(shown.known)
        self._known.setData(np.arange(count, dtype=float), shown.known)
        last = shown.known[-1:] if count else shown.known
        begin = count - len(last)
        self._forecast.setData(
            np.arange(begin, count + len(shown.values), dtype=float), np.concatenate([last, shown.values])
        )
        self._origin.setValue(count - 0.5)

    def _draw_bands(self, shown: SeriesForecast) -> None:
        for area in self._areas:
            self.axes.removeItem(area)
        self._areas = []
        x = len(shown.known) + np.arange(len(shown.values), dtype=float)
        for i, (_, lower, upper) in enumerate(shown.bands):
            finite = np.isfinite(lower) & np.isfinite(upper)
            area = pg.FillBetweenItem(
                pg.PlotDataItem(x[finite], lower[finite]), pg.PlotDataItem(x[finite], upper[finite])
            )
            area.setZValue(-20 - i)
            self.axes.addItem(area, ignoreBounds=True)
            self._areas.append(area)
        self._paint_bands()

    def _paint_bands(self) -> None:
        for i, area in enumerate(self._areas):
            area.setBrush(self._band_color(i))

    def _band_color(self, index: int) -> Any:
        color = pg.mkColor(self.theme.blue)
        alpha = _MAX_ALPHA - (_MAX_ALPHA - _MIN_ALPHA) * index // max(1, len(self._areas) - 1)
        color.setAlpha(alpha + (_MORE_ON_DARK if self.theme.dark else 0))
        return color

    def _entries(self, shown: SeriesForecast) -> list[Entry]:
        entries = [Entry("Known", self._known.opts["pen"]), Entry("Forecast", self._forecast.opts["pen"])]
        for i, (level, _, _) in enumerate(shown.bands):
            color = self._band_color(i)
            entries.append(Entry(f"{level} % band", pg.mkPen(color), "s", color.name(color.NameFormat.HexArgb), False))
        return entries

    def reset_view(self) -> None:
        """Show all values."""
        shown = self._shown
        if shown is None:
            return
        values = np.concatenate([shown.known, shown.values, *(side for _, *sides in shown.bands for side in sides)])
        finite = values[np.isfinite(values)]
        low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
        room = _ROOM * (high - low or abs(high) or 1.0)
        end = len(shown.known) + len(shown.values) - 0.5
        self.axes.vb.setRange(xRange=(-0.5, end), yRange=(low - room, high + room), padding=0)

    def hide_cursor(self) -> None:
        """Hide the line and the text at the mouse."""
        self._cursor.hide()

    def readout(self, x: float) -> tuple[str, float]:
        """Return the values at a position, and the position of the line; an empty text outside the forecast."""
        shown, at = self._shown, round(x)
        if shown is None or not 0 <= at < len(shown.known) + len(shown.values):
            return "", 0.0
        when = self._scale.text(at) if self._scale is not None else f"step {at - len(shown.known) + 1:,}"
        if at < len(shown.known):
            return f"{when}\nknown {number(float(shown.known[at]))}", float(at)
        step = at - len(shown.known)
        lines = [when, f"forecast {number(float(shown.values[step]))}"]
        lines += [
            f"{level} % band {number(float(lower[step]))} to {number(float(upper[step]))}"
            for level, lower, upper in shown.bands
            if np.isfinite(lower[step])
        ]
        return "\n".join(lines), float(at)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self._known.setPen(pg.mkPen(theme.text, width=1.5))
        self._forecast.setPen(pg.mkPen(theme.blue, width=2.5))
        self._origin.setPen(pg.mkPen(theme.faint, width=1, dash=[4, 3]))
        self._paint_bands()
        self._cursor.set_theme(theme)
        if self._shown is not None:
            self.legend.show_entries(self._entries(self._shown))

    def to_frame(self) -> pd.DataFrame:
        """Return known values and forecast, with dates where they are known, and bands."""
        import pandas as pd

        shown = self._shown
        if shown is None:
            return pd.DataFrame({"what": [], "value": []})
        count = len(shown.known)
        columns: dict[str, Any] = {"what": ["known"] * count + ["forecast"] * len(shown.values)}
        if self._scale is not None:
            columns["time"] = [time_text(stamp, self._scale.resolution) for stamp in self._scale.times]
        columns[shown.column] = np.concatenate([shown.known, shown.values])
        empty = np.full(count, np.nan)
        for level, lower, upper in shown.bands:
            columns |= {f"lower_{level}": np.append(empty, lower), f"upper_{level}": np.append(empty, upper)}
        return pd.DataFrame(columns)
