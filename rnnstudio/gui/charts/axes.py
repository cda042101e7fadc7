"""Axes with short numbers, in the theme's colours."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication

from rnnstudio.gui.theme import Theme

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LABEL_HEIGHT = 26  # pixels a number needs on a vertical axis


Ticks = list[tuple[float, list[float]]]


def number(value: float, digits: int = 4) -> str:
    """Return a number as people write it: 0.0123, 12,345, 3.2·10⁻⁷."""
    if not math.isfinite(value):
        return {math.inf: "∞", -math.inf: "−∞"}.get(value, "NaN")
    if value == 0 or 1e-3 <= abs(value) < 1e6:
        if abs(value) >= 10 ** (digits - 1):
            return f"{value:,.0f}".replace("-", "−")
        return f"{value:,.{digits}g}".replace("-", "−")
    mantissa, power = f"{value:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    ten = "10" + str(int(power)).translate(_SUPERSCRIPTS)
    return ten if mantissa == "1" else f"{mantissa}·{ten}".replace("-", "−")


def value_text(name: str, unit: str) -> str:
    """Return what an axis of values is called: "acceleration (g)"; the unit alone where it names them too."""
    return unit if unit and name in unit else f"{name} ({unit})" if unit else name


def percent(share: float, digits: int = 1) -> str:
    """Return a share as people write it: 7.5 %; never 0 or 100 where it is not quite."""
    text = f"{100 * share:.{digits}f}"
    if 0 < share < 1 and text in (f"{0:.{digits}f}", f"{100:.{digits}f}"):
        least = 10.0**-digits
        text = f"<{least:g}" if share < 0.5 else f">{100 - least:.{digits}f}"
    elif share in (0, 1):
        text = f"{100 * share:.0f}"
    return f"{text}\u202f%"


def small_font(points: float = 0.0) -> QFont:
    """Return the font of axes and keys: the application's, a little smaller."""
    font = QFont(QApplication.font())
    font.setPointSizeF(points or max(7.5, font.pointSizeF() * 0.9))
    return font


class NumberAxis(pg.AxisItem):
    """An axis whose numbers stay short and never touch; a logarithmic one has them at 1, 2, 5 or whole powers of ten.

    Args:
        side: left or bottom.
    """

    def __init__(self, side: str) -> None:
        self._metrics, self._text = QFontMetricsF(small_font()), ""  # before pyqtgraph's own, which resizes
        super().__init__(side, maxTickLength=4)
        self.enableAutoSIPrefix(False)
        self.setTickFont(small_font())
        self.setStyle(tickTextOffset=3, hideOverlappingLabels=False)
        self.label.document().setDocumentMargin(1)
        self.label.setFont(small_font())

    def write(self, text: str) -> None:
        """Write what the axis shows, cut short where the axis is."""
        self._text = text
        self._fit_text()

    def resizeEvent(self, event: Any = None) -> None:
        """Fit the text to the new length."""
        super().resizeEvent(event)
        self._fit_text()

    def _fit_text(self) -> None:
        length = self.size().height() if self.orientation == "left" else self.size().width()
        shown = self._metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, max(length, 40.0))
        shown = shown.replace("&", "&amp;").replace("<", "&lt;")
        if shown != self.labelText:
            self.setLabel(shown)

    def tickValues(self, low: float, high: float, size: float) -> Ticks:
        """Return `(spacing, values)` per level of ticks; spacing 0 marks ticks without numbers."""
        low, high = sorted((low, high))
        if self.logMode:
            return log_ticks(low, high, size)
        if self.orientation == "left":
            return linear_ticks(low, high, lambda step: size / _LABEL_HEIGHT)

        def room(step: float) -> float:
            widest = max(self._metrics.horizontalAdvance(text) for text in linear_texts([low, high], step))
            return max(2.0, size / (widest + 24))

        return linear_ticks(low, high, room, least=1.0)

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str | None]:
        """Return what is written at each tick."""
        if not self.logMode:
            return [*linear_texts(values, spacing)]
        return [None if spacing == 0 else number(float(f"{10.0**v:.6g}"), 6) for v in values]


def linear_texts(values: list[float], step: float) -> list[str]:
    """Return numbers with as many places as a step between them needs."""
    largest = max((abs(v) for v in values), default=0.0)
    if largest >= 1e7 or 0 < largest < 1e-3:
        return [number(float(f"{v:.6g}")) for v in values]
    places = max(0, math.ceil(-math.log10(step) - 1e-9))
    return [f"{v + 0.0:,.{places}f}".replace("-", "−") for v in np.round(values, places)]


def linear_ticks(low: float, high: float, room: Callable[[float], float], least: float = 0.0) -> Ticks:
    """Return ticks at the smallest of 1, 2 and 5 times a power of ten that leaves room for their numbers.

    Args:
        low: Begin of the axis.
        high: Its end.
        room: How many numbers have room side by side, given the step between them.
        least: Smallest step allowed.
    """
    span = high - low
    if not (math.isfinite(span) and span > 0):
        return []
    power = 10.0 ** (math.floor(math.log10(span)) - 2)
    steps = [power * 10.0**k * m for k in range(5) for m in (1, 2, 5)]

    def numbers(step: float) -> list[float]:
        return [i * step for i in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]

    step = next((s for s in steps if s >= least and len(numbers(s)) <= room(s)), max(steps[-1], least))
    return [(step, numbers(step))]


def log_ticks(low: float, high: float, size: float) -> Ticks:
    """Return the ticks of an axis from 10**low to 10**high, `size` pixels long: numbered ones, then small ones."""
    room = max(2, int(size / _LABEL_HEIGHT))
    decades = np.arange(math.floor(low), math.ceil(high) + 1)
    digits = (decades[:, None] + np.log10(np.arange(1, 10))).ravel()
    inside = digits[(digits >= low) & (digits <= high)]
    whole = inside[np.isclose(inside, np.round(inside))]
    if len(whole) >= 3:
        every = -(-len(whole) // room)
        numbered = whole[np.round(whole).astype(int) % every == 0]
        return [(1.0, numbered.tolist()), (0.0, (inside if high - low < 12 else whole).tolist())]
    leading = np.round(10 ** (inside - np.floor(inside + 1e-9)))
    for chosen in (range(1, 10), (1, 2, 5), (1, 3), (1,)):
        numbered = inside[np.isin(leading, chosen)]
        apart = np.diff(numbered).min(initial=np.inf) * size / (high - low)
        if (2 if chosen == (1,) else 3) <= len(numbered) <= room and apart >= _LABEL_HEIGHT / 2:
            return [(1.0, numbered.tolist()), (0.0, inside.tolist())]
    plain = linear_ticks(10.0**low, 10.0**high, lambda step: room + 1)
    return [(1.0, [math.log10(v) for _, values in plain for v in values if v > 0])]


def add_plot(canvas: Any, row: int, column: int, *, rowspan: int = 1, colspan: int = 1) -> Any:
    """Return a plot in the grid of `canvas` that only moves when it is told to or dragged."""
    axes = {side: NumberAxis(side) for side in ("left", "bottom")}
    plot = pg.PlotItem(axisItems=axes, enableMenu=False)
    plot.hideButtons()
    plot.setContentsMargins(0, 0, 0, 0)
    plot.disableAutoRange()
    canvas.addItem(plot, row, column, rowspan, colspan)
    return plot


def paint_axes(plot: Any, theme: Theme) -> None:
    """Give a plot's axes the theme's colours."""
    for side in ("left", "bottom"):
        axis = plot.getAxis(side)
        axis.setPen(pg.mkPen(theme.faint))
        axis.setTextPen(pg.mkPen(theme.text))
        axis.label.setDefaultTextColor(pg.mkColor(theme.text))


def marks(symbol: str, size: float = 9.0) -> Any:
    """Return an item that draws symbols of `size` pixels, sharp on paper as well."""
    return pg.ScatterPlotItem(symbol=symbol, size=size, pxMode=True, useCache=False, antialias=True)
