"""One quantity of a series on a pair of axes: its line, the splits, one window, and its targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QFontMetricsF

from rnnstudio.core.gaps import EMPTY, LEFT_OUT, NO_ROW
from rnnstudio.gui.charts.axes import markers
from rnnstudio.gui.charts.prediction_lines import Span
from rnnstudio.gui.charts.span_shading import SpanShading
from rnnstudio.gui.charts.text import small_font
from rnnstudio.gui.charts.trace import Trace
from rnnstudio.gui.data_page.plotted_series import Quantity, QuantityLine
from rnnstudio.gui.theme import ORANGE, PURPLE, RED, Theme
from rnnstudio.results.data_summary import WindowSpan

TARGET_DASH = [5.0, 3.0]
_FILL = 50  # opacity of the window, of 255
_MAX_MARKED = 48  # samples of a window, or targets, that have a marker each
_MAX_FRAMES = 60  # steps of several samples each, whose borders are drawn
_MAX_GAPS = 400  # marks of missing values across the axes; more would lie on each other
_MAX_CLASSES, _MAX_LETTERS = 8, 14  # names of classes on an axis
_AXIS_HEIGHT, _TICK_WIDTH = 200.0, 10.0  # pixels
_GAP_HEIGHT = 0.03  # of the axes, above their lower end
GAP_SYMBOLS = {EMPTY: "x", NO_ROW: "t1", LEFT_OUT: "d"}


def class_ticks(classes: Sequence[str]) -> list[tuple[int, str]]:
    """Return numbers and names of classes for an axis: of very many every second, third, and so on; shortened.

    >>> class_ticks(["sit", "stand"])
    [(0, 'sit'), (1, 'stand')]
    >>> class_ticks([])
    []
    """
    every = max(1, -(-len(classes) // _MAX_CLASSES))
    shown = list(enumerate(classes))[::every]
    return [(i, name if len(name) <= _MAX_LETTERS else f"{name[: _MAX_LETTERS - 1]}…") for i, name in shown]


class QuantityAxes:
    """Draws a quantity, all of it or the part around a window.

    Args:
        axes: Where it is drawn.
        movable: Whether the mouse can drag the window.

    Attributes:
        axes: Where it is drawn.
        window: The box of the window's inputs.
        targets: The box of its targets.
    """

    def __init__(self, axes: Any, *, movable: bool) -> None:
        self.axes = axes
        self.quantity: Quantity | None = None
        self._spans: Sequence[Span] = ()
        self._line: QuantityLine | None = None
        self._gaps: Mapping[int, NDArray[Any]] = {}
        self._window: WindowSpan | None = None
        self._is_held = self._has_changed = False
        self.trace, self.shading = Trace(axes), SpanShading(axes)
        self.window, self.targets = pg.LinearRegionItem(movable=movable), pg.LinearRegionItem(movable=False)
        for z, region in ((5, self.targets), (6, self.window)):
            region.setZValue(z)
            region.hide()
            for line in region.lines:
                line.setMovable(False)  # only the whole window moves
            axes.addItem(region, ignoreBounds=True)
        self._read, self._to_predict = Trace(axes), Trace(axes)
        self._frames = pg.PlotCurveItem(connect="pairs")
        axes.addItem(self._frames, ignoreBounds=True)
        self._inputs, self._predicted = markers("s", 6), markers("o", 8)
        for item in (self._inputs, self._predicted):
            item.setZValue(12)
            axes.addItem(item, ignoreBounds=True)
        self._gap_marks = {mark: markers(symbol, 7) for mark, symbol in GAP_SYMBOLS.items()}
        for item in self._gap_marks.values():
            item.setZValue(15)
            axes.addItem(item, ignoreBounds=True)
        axes.vb.sigRangeChanged.connect(self.draw)
        axes.vb.sigResized.connect(self.draw)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.trace.set_style(theme.text, 1.2)
        self.shading.set_theme(theme)
        for region, color, dash in ((self.window, ORANGE, None), (self.targets, RED, TARGET_DASH)):
            tint = pg.mkColor(color)
            tint.setAlpha(_FILL)
            region.setBrush(tint)
            region.setHoverBrush(tint)
            for line in region.lines:
                line.setPen(pg.mkPen(color, width=2, dash=dash))
                line.setHoverPen(pg.mkPen(color, width=2, dash=dash))
        self._read.set_style(ORANGE, 2.5)
        self._to_predict.set_style(RED, 2.5)
        self._frames.setPen(pg.mkPen(ORANGE, width=1, dash=[1.0, 3.0]))
        self._inputs.setBrush(ORANGE)
        self._inputs.setPen(pg.mkPen(theme.text, width=0.5))
        self._predicted.setBrush(RED)
        self._predicted.setPen(pg.mkPen(theme.text, width=0.5))
        for item in self._gap_marks.values():
            item.setBrush(PURPLE)
            item.setPen(pg.mkPen(PURPLE, width=1.5))
        self.draw()

    def show_quantity(
        self,
        quantity: Quantity,
        line: QuantityLine,
        spans: Sequence[Span],
        gaps: Mapping[int, NDArray[Any]],
    ) -> None:
        """Draw a quantity with the splits of its series, and the places where values were missing."""
        self.quantity, self._line, self._spans, self._gaps = quantity, line, spans, gaps
        axis = self.axes.getAxis("left")
        axis.setTicks([class_ticks(quantity.classes)] if quantity.classes else None)
        self.axes.vb.setYRange(*quantity.y_range, padding=0)
        self.draw()

    def show_window(self, window: WindowSpan | None, *, frame: int = 0) -> None:
        """Draw the box of a window and that of its targets; None hides them.

        Args:
            window: The window.
            frame: Samples in a step, whose inputs and targets are drawn one by one; 0 draws the boxes alone.
        """
        before, self._window = self._window, window if frame else None
        for region in (self.window, self.targets):
            region.setVisible(window is not None)
        for item in (self._inputs, self._predicted, self._frames):
            _set_data(item, [], [])
        if window is not None:
            self.window.blockSignals(True)  # it is not dragged
            self.window.setRegion((window.begin - 0.5, window.end - 0.5))
            self.window.blockSignals(False)
            self.targets.setRegion((window.target_begin - 0.5, window.target_end - 0.5))
            if frame and self.quantity is not None:
                self._mark(self._inputs, self.quantity.read, window.begin, window.end)
                if self.quantity.is_target:
                    self._mark(self._predicted, self.quantity.values, window.target_begin, window.target_end)
                if frame > 1 and (window.end - window.begin) // frame <= _MAX_FRAMES:
                    borders = np.repeat(np.arange(window.begin + frame, window.end, frame) - 0.5, 2)
                    self._frames.setData(borders, np.tile(self.quantity.y_range, len(borders) // 2))
        if before is not self._window:
            self.draw()

    @property
    def left_width(self) -> float:
        """Pixels that the vertical axis needs, before it is drawn."""
        axis, metrics = self.axes.getAxis("left"), QFontMetricsF(small_font())
        if self.quantity is None:
            return 0.0
        texts = [text for _, text in class_ticks(self.quantity.classes)]
        if not texts:
            levels = axis.tickValues(*self.quantity.y_range, _AXIS_HEIGHT)
            texts = [text for spacing, values in levels for text in axis.tickStrings(values, 1.0, spacing) if text]
        label = axis.label_lines * metrics.height() + 2 if axis.labelText else 0.0
        return max(map(metrics.horizontalAdvance, texts), default=0.0) + label + _TICK_WIDTH

    def _mark(self, item: Any, values: NDArray[Any] | None, begin: int, end: int) -> None:
        if values is not None and end - begin <= _MAX_MARKED:
            known = np.isfinite(values[begin:end])
            item.setData(np.arange(begin, end)[known], values[begin:end][known])

    def hold(self) -> None:
        """Draw nothing until `release`."""
        self._is_held = True

    def release(self) -> None:
        """Draw once what has changed since `hold`."""
        self._is_held = False
        if self._has_changed:
            self.draw()

    def draw(self, *_: object) -> None:
        """Draw the visible part of lines, splits and marks."""
        self._has_changed = self._is_held
        line = self._line
        if self.quantity is None or line is None or self._is_held:
            return
        self.trace.draw(line.values, line.positions, blocks=line.blocks)
        self._draw_window(self.quantity)
        self.shading.draw(self._spans)
        (left, right), (low, high) = self.axes.vb.viewRange()
        for mark, item in self._gap_marks.items():
            at = self._gaps.get(mark, np.empty(0))
            at = at[(at >= left) & (at <= right)]
            if len(at) > _MAX_GAPS:
                at = at[np.unique(((at - left) / (right - left) * _MAX_GAPS).astype(int), return_index=True)[1]]
            _set_data(item, at, np.full(len(at), low + _GAP_HEIGHT * (high - low)))

    def _draw_window(self, quantity: Quantity) -> None:
        """Draw what the network reads, with filled values, and what it predicts."""
        window, none = self._window, np.empty(0)
        read: NDArray[Any] = none
        predicted: NDArray[Any] = none
        begin = target_begin = 0
        is_line = self._line is not None and self._line.positions is None  # classes have markers alone
        if window is not None and is_line and quantity.read is not None:
            begin, read = window.begin, quantity.read[window.begin : window.end]
        if window is not None and is_line and quantity.is_target:
            target_begin, predicted = window.target_begin, quantity.values[window.target_begin : window.target_end]
        for trace, values, first in ((self._read, read, begin), (self._to_predict, predicted, target_begin)):
            if len(values) or trace.item.getData()[0] is not None:
                trace.draw(values, first + np.arange(len(values)))


def _set_data(item: Any, x: Any, y: Any) -> None:
    """Draw other points; nothing happens where there are none before and after, which takes pyqtgraph 0.2 ms."""
    before = item.getData()[0]
    if len(x) or (before is not None and len(before)):
        item.setData(x, y)
