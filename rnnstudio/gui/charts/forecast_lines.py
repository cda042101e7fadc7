"""Truth, predictions and baseline of a forecast as styled lines and markers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg

from rnnstudio.core.wording import baseline_label
from rnnstudio.gui.charts.axes import markers
from rnnstudio.gui.charts.legend import Entry
from rnnstudio.gui.charts.prediction_lines import NO_LINE, Line
from rnnstudio.gui.charts.trace import Trace
from rnnstudio.gui.theme import LIGHT, ORANGE, PURPLE, RED, Theme


@dataclass(frozen=True)
class _Style:
    """How a line is drawn and named; a width of 0 draws markers only, an empty symbol no markers."""

    series_label: str
    sequences_label: str
    dash: list[float] | None
    width: float
    symbol: str
    size: int


_NAIVE = baseline_label("last_value")
_STYLES = {
    "inputs": _Style("", "Input", [1.0, 2.5], 1.0, "s", 6),
    "truth": _Style("Truth", "Truth", None, 1.5, "o", 9),
    "naive": _Style(f"{_NAIVE[0].upper()}{_NAIVE[1:]}", "", [1.0, 2.5], 1.5, "", 0),
    "one_step": _Style("One-step prediction", "Prediction", [5.0, 2.0], 2.0, "x", 10),
    "free": _Style("Free-running forecast", "", [7.0, 2.0, 1.5, 2.0], 2.0, "", 0),
    "published": _Style("", "Published prediction", None, 0.0, "d", 13),
}


class ForecastLines:
    """The lines and markers on one pair of axes.

    Args:
        axes: Where they are drawn.

    Attributes:
        traces: The lines by name.
        multi_step: Whether the network predicts several steps at once. The baseline drawn is that of one step, while
            the metrics of the baselines are those of all steps.
    """

    def __init__(self, axes: Any) -> None:
        self.theme: Theme = LIGHT
        self.multi_step = False
        self.traces = {name: Trace(axes) for name, style in _STYLES.items() if style.width}
        self._markers = {name: markers(style.symbol, style.size) for name, style in _STYLES.items() if style.symbol}
        for z, item in enumerate(self._markers.values()):
            item.setZValue(10 + z)
            axes.addItem(item, ignoreBounds=True)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = theme
        for name, trace in self.traces.items():
            trace.set_style(self._color(name), _STYLES[name].width, _STYLES[name].dash)
        for name, item in self._markers.items():
            item.setPen(pg.mkPen(self._color(name), width=2 if name == "published" else 1))
            item.setBrush(self._fill(name) or None)

    def _color(self, name: str) -> str:
        theme = self.theme
        colors = {"one_step": theme.blue, "naive": ORANGE, "free": RED, "published": PURPLE, "inputs": theme.faint}
        return colors.get(name, theme.text)

    def _fill(self, name: str) -> str:
        return "" if name == "published" else self._color(name)

    def draw(self, lines: Mapping[str, Line], *, with_markers: bool) -> None:
        """Draw the visible part of the lines.

        Args:
            lines: Lines by name.
            with_markers: Whether each value has a marker; published values always have one.
        """
        for name, trace in self.traces.items():
            positions, values = lines.get(name, NO_LINE)
            trace.draw(values, positions)
        for name, item in self._markers.items():
            positions, values = lines.get(name, NO_LINE) if with_markers or name == "published" else NO_LINE
            finite = np.isfinite(values)
            item.setData(positions[finite], values[finite])

    def label(self, name: str, *, sequences: bool) -> str:
        """Return the label of a line, of a series or of separate sequences."""
        style = _STYLES[name]
        further = ", one step ahead" if name == "naive" and self.multi_step else ""
        return style.sequences_label if sequences else f"{style.series_label}{further}"

    def legend_entries(self, lines: Mapping[str, Line], *, sequences: bool, with_markers: bool) -> list[Entry]:
        """Return the legend of the lines that are drawn."""
        entries = []
        for name, style in _STYLES.items():
            if name in lines:
                trace = self.traces.get(name)
                pen = trace.pen if trace else pg.mkPen(self._color(name), width=1.5)
                symbol = style.symbol if with_markers or trace is None else ""
                label = self.label(name, sequences=sequences)
                entries.append(Entry(label, pen, symbol, self._fill(name), line=trace is not None))
        return entries
