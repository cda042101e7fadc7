"""One quantity of a series on a pair of axes: its line, the splits, one window, and its targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray

from rnnstudio.core.gaps import EMPTY, LEFT_OUT, NO_ROW, Gaps
from rnnstudio.gui.charts.axes import markers
from rnnstudio.gui.charts.prediction_lines import Span
from rnnstudio.gui.charts.span_shading import SpanShading
from rnnstudio.gui.charts.trace import Trace
from rnnstudio.gui.data_page.plotted_series import Quantity
from rnnstudio.gui.theme import ORANGE, PURPLE, RED, Theme
from rnnstudio.results.data_summary import WindowSpan

TARGET_DASH = [5.0, 3.0]
_FILL = 50  # opacity of the window, of 255
_MAX_MARKED = 150  # samples of a window, or targets, that have a marker each
_MAX_GAPS = 400  # marks of missing values across the axes; more would lie on each other
_GAP_HEIGHT = 0.03  # of the axes, above their lower end
GAP_SYMBOLS = {EMPTY: "x", NO_ROW: "t1", LEFT_OUT: "d"}


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
        self._line: tuple[NDArray[Any] | None, NDArray[Any]] = (None, np.empty(0))
        self._gaps: dict[int, NDArray[Any]] = {}
        self.trace, self.shading = Trace(axes), SpanShading(axes)
        self.window, self.targets = pg.LinearRegionItem(movable=movable), pg.LinearRegionItem(movable=False)
        for z, region in ((5, self.targets), (6, self.window)):
            region.setZValue(z)
            region.hide()
            for line in region.lines:
                line.setMovable(False)  # only the whole window moves
            axes.addItem(region, ignoreBounds=True)
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
        line: tuple[NDArray[Any] | None, NDArray[Any]],
        spans: Sequence[Span],
        gaps: Gaps | None,
    ) -> None:
        """Draw a quantity with the splits of its series, and the places where values were missing."""
        self.quantity, self._line, self._spans = quantity, line, spans
        self._gaps = {} if gaps is None else {mark: np.flatnonzero(gaps == mark) for mark in GAP_SYMBOLS}
        axis = self.axes.getAxis("left")
        axis.setTicks([list(enumerate(quantity.classes))] if quantity.classes else None)
        self.axes.vb.setYRange(*quantity.y_range, padding=0)
        self.draw()

    def show_window(self, window: WindowSpan | None, *, with_markers: bool) -> None:
        """Draw the box of a window and that of its targets; None hides them."""
        for region in (self.window, self.targets):
            region.setVisible(window is not None)
        self._inputs.setData([], [])
        self._predicted.setData([], [])
        if window is None or self.quantity is None:
            return
        self.window.blockSignals(True)  # it is not dragged
        self.window.setRegion((window.begin - 0.5, window.end - 0.5))
        self.window.blockSignals(False)
        self.targets.setRegion((window.target_begin - 0.5, window.target_end - 0.5))
        if with_markers:
            if self.quantity.is_input:
                self._mark(self._inputs, window.begin, window.end)
            if self.quantity.is_target:
                self._mark(self._predicted, window.target_begin, window.target_end)

    def _mark(self, item: Any, begin: int, end: int) -> None:
        assert self.quantity is not None
        if end - begin <= _MAX_MARKED:
            values = self.quantity.values[begin:end]
            known = np.isfinite(values)
            item.setData(np.arange(begin, end)[known], values[known])

    def draw(self, *_: object) -> None:
        """Draw the visible part of line, splits and marks."""
        if self.quantity is None:
            return
        positions, values = self._line
        self.trace.draw(values, positions)
        self.shading.draw(self._spans)
        (left, right), (low, high) = self.axes.vb.viewRange()
        for mark, item in self._gap_marks.items():
            at = self._gaps.get(mark, np.empty(0))
            at = at[(at >= left) & (at <= right)]
            if len(at) > _MAX_GAPS:
                at = at[np.unique(((at - left) / (right - left) * _MAX_GAPS).astype(int), return_index=True)[1]]
            item.setData(at, np.full(len(at), low + _GAP_HEIGHT * (high - low)))
