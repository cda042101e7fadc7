"""The line under the mouse and what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF

from rnnstudio.gui.charts.axes import small_font
from rnnstudio.gui.theme import Theme


class Cursor:
    """Follows the mouse over one plot.

    Args:
        plot: The plot.
        tell: Returns the text for a place on the horizontal axis, and where the line stands; no text hides both.
    """

    def __init__(self, plot: Any, tell: Callable[[float], tuple[str, float]]) -> None:
        self._plot, self._tell = plot, tell
        self.line = pg.InfiniteLine(angle=90)
        self.text = pg.TextItem()
        self.text.setFont(small_font())
        for z, item in enumerate((self.line, self.text)):
            item.setZValue(100 + z)
            plot.addItem(item, ignoreBounds=True)
        plot.scene().sigMouseMoved.connect(self._moved)
        self.hide()

    def hide(self) -> None:
        """Take it away."""
        self.line.hide()
        self.text.hide()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.line.setPen(pg.mkPen(theme.faint, width=1))
        self.text.setColor(theme.text)
        self.text.fill, self.text.border = pg.mkBrush(theme.background), pg.mkPen(theme.faint)

    def _moved(self, place: QPointF) -> None:
        view = self._plot.vb
        if not view.sceneBoundingRect().contains(place):
            self.hide()
            return
        point = view.mapSceneToView(place)
        text, at = self._tell(point.x())
        if not text:
            self.hide()
            return
        (left, right), (low, high) = view.viewRange()
        self.line.setValue(at)
        self.text.setText(text)
        # Always towards the middle, so that it is never cut off.
        self.text.setAnchor((1.0 if at > (left + right) / 2 else 0.0, 0.0 if point.y() > (low + high) / 2 else 1.0))
        self.text.setPos(at, point.y())
        self.line.show()
        self.text.show()
