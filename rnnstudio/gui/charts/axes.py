"""Axes with short numbers, in the colours of the theme."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF, QTextOption

from rnnstudio.gui.charts.numbers import number
from rnnstudio.gui.charts.text import broken_into_lines, small_font
from rnnstudio.gui.charts.ticks import LABEL_HEIGHT, Ticks, apart, linear_texts, linear_ticks, log_ticks
from rnnstudio.gui.charts.time_scale import SequenceTimes, TimeScale
from rnnstudio.gui.plain_text import shown
from rnnstudio.gui.theme import Theme

_MIN_LABEL = 40.0  # pixels a label may use on a very short axis
_NUMBER_GAP = 24.0  # pixels between two numbers on a horizontal axis
_DATE_GAP = 16.0  # pixels between two dates
_BEYOND_END = 14.0  # pixels by which a text may stand out at an end of an axis
_MIN_DATE = 10  # letters of a date with its day; a time of day such as 03:00 has fewer


class NumberAxis(pg.AxisItem):
    """An axis whose numbers stay short and do not overlap.

    Args:
        side: "left" or "bottom".
        whole_numbers: Whether ticks stand at whole numbers only, as for steps and updates.

    Attributes:
        label_lines: Number of lines of the label.
        label_broken: Emitted when that number has changed.
    """

    label_broken = Signal()

    def __init__(self, side: str, *, whole_numbers: bool = False) -> None:
        self._metrics, self._label = QFontMetricsF(small_font()), ""  # before pyqtgraph's constructor, which resizes
        self.label_lines = 1
        self._min_step = 1.0 if whole_numbers else 0.0
        self._time_scale: TimeScale | SequenceTimes | None = None
        self._time_texts: dict[float, str] = {}
        super().__init__(side, maxTickLength=4)
        self.enableAutoSIPrefix(False)
        self.setTickFont(small_font())
        self.setStyle(tickTextOffset=3, hideOverlappingLabels=False)
        self.label.document().setDocumentMargin(1)
        self.label.setFont(small_font())
        self.label.document().setDefaultTextOption(QTextOption(Qt.AlignmentFlag.AlignHCenter))

    def set_label(self, text: str) -> None:
        """Set the label; on a shorter axis it takes two lines, or three, the last of which is elided if need be."""
        self._label = text
        self._fit_label()

    def set_times(self, time_scale: TimeScale | SequenceTimes | None) -> None:
        """Write dates at the ticks; numbers where there is no scale."""
        self._time_scale = time_scale
        self.setTicks(None)  # draws new ticks

    def resizeEvent(self, event: Any = None) -> None:
        """Break the label into lines for the new length."""
        super().resizeEvent(event)
        self._fit_label()

    def _fit_label(self) -> None:
        if not self._label and not self.labelText:
            return
        length = self.size().height() if self.orientation == "left" else self.size().width()
        lines = broken_into_lines(self._label, max(length, _MIN_LABEL), self._metrics)
        text = "<br>".join(map(shown, lines))
        if text != self.labelText:
            is_other, self.label_lines = self.label_lines != len(lines), len(lines)
            self.label.setTextWidth(-1)
            self.setLabel(text)
            self.label.setTextWidth(self.label.document().idealWidth())  # lines are centred within a width
            self._place_label()
            if is_other:
                self.label_broken.emit()

    def _place_label(self) -> None:
        """Let pyqtgraph put the label, whose size has changed, beside the middle of the axis."""
        super().resizeEvent(None)

    def tickValues(self, low: float, high: float, size: float) -> Ticks:
        """Return `(spacing, positions)` per level of ticks; spacing 0 marks ticks without numbers."""
        low, high = sorted((low, high))
        if self.logMode:
            return log_ticks(low, high, size)
        if self._time_scale is not None:
            return self._time_ticks(self._time_scale, low, high, size)
        if self.orientation == "left":
            return linear_ticks(low, high, lambda step: size / LABEL_HEIGHT, self._min_step)

        def max_count(step: float) -> float:
            widest = max(self._metrics.horizontalAdvance(text) for text in linear_texts([low, high], step))
            return max(2.0, size / (widest + _NUMBER_GAP))

        return linear_ticks(low, high, max_count, self._min_step)

    def _time_ticks(self, time_scale: TimeScale | SequenceTimes, low: float, high: float, size: float) -> Ticks:
        pixels = size / (high - low)

        def width(text: str) -> float:
            return self._metrics.horizontalAdvance(text)

        def fitting(texts: dict[float, str]) -> dict[float, str]:
            """Return the texts that pyqtgraph draws: the others would stand out at an end of the axis."""
            room = {x: min(x - low, high - x) * pixels + _BEYOND_END for x in texts}
            return {x: text for x, text in texts.items() if text and width(text) / 2 <= room[x]}

        texts = fitting(time_scale.ticks(low, high, lambda text: size / (width(text) + _DATE_GAP)))
        if all(len(text) < _MIN_DATE for text in texts.values()) and any(":" in text for text in texts.values()):
            texts = fitting({x: time_scale.text(round(x)) for x in texts})  # hours of a day that no tick names
        middle = round((low + high) / 2)
        self._time_texts = texts or fitting({float(middle): time_scale.text(middle)})
        widest = max(map(width, self._time_texts.values()), default=0.0) + _DATE_GAP
        return [(1.0, apart(list(self._time_texts), widest / pixels))]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str | None]:
        """Return the text of each tick."""
        if self._time_scale is not None:
            return [self._time_texts.get(value, "") for value in values]
        if not self.logMode:
            return [*linear_texts(values, spacing)]
        return [None if spacing == 0 else _power_text(value) for value in values]


def _power_text(exponent: float) -> str:
    """Return 10**exponent as text, without the rounding errors of the logarithm."""
    return number(float(f"{10.0**exponent:.6g}"), 6)


def add_axes(
    canvas: Any, row: int, column: int, *, bottom: str = "", left: str = "", whole_numbers: bool = False
) -> Any:
    """Add a pair of axes to the grid of `canvas` and return its `PlotItem`; the view moves only by code or mouse.

    Args:
        canvas: A `GraphicsLayoutWidget`.
        row: Row of the grid.
        column: Column of the grid.
        bottom: Label of the horizontal axis.
        left: Label of the vertical axis.
        whole_numbers: Whether the horizontal axis counts, so that its ticks are whole numbers.
    """
    sides = {"left": NumberAxis("left"), "bottom": NumberAxis("bottom", whole_numbers=whole_numbers)}
    axes = pg.PlotItem(axisItems=sides, enableMenu=False)
    axes.hideButtons()
    axes.setContentsMargins(0, 0, 0, 0)
    axes.disableAutoRange()
    for side, label in (("bottom", bottom), ("left", left)):
        if label:
            sides[side].set_label(label)
    canvas.addItem(axes, row, column)
    return axes


def paint_axes(axes: Any, theme: Theme) -> None:
    """Apply the colours of the theme to a pair of axes."""
    for side in ("left", "bottom"):
        axis = axes.getAxis(side)
        axis.setPen(pg.mkPen(theme.faint))
        axis.setTextPen(pg.mkPen(theme.text))
        axis.label.setDefaultTextColor(pg.mkColor(theme.text))


def markers(symbol: str, size: float = 9.0) -> Any:
    """Return an item that draws symbols of `size` pixels; without a cache they stay sharp in exported files."""
    return pg.ScatterPlotItem(symbol=symbol, size=size, pxMode=True, useCache=False, antialias=True)
