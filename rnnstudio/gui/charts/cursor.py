"""A vertical line at the mouse position, with the values there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF

from rnnstudio.gui.charts.text import small_font
from rnnstudio.gui.theme import Theme


class Cursor:
    """Follows the mouse over one pair of axes.

    Args:
        axes: The axes.
        readout: Returns, for a position on the horizontal axis, the text and the position of the line; an empty text
            hides both.
    """

    def __init__(self, axes: Any, readout: Callable[[float], tuple[str, float]]) -> None:
        self._axes, self._readout = axes, readout
        self.line = pg.InfiniteLine(angle=90)
        self.text = pg.TextItem()
        self.text.setFont(small_font())
        for z, item in enumerate((self.line, self.text)):
            item.setZValue(100 + z)
            axes.addItem(item, ignoreBounds=True)
        axes.scene().sigMouseMoved.connect(self._mouse_moved)
        self.hide()

    def hide(self) -> None:
        """Hide line and text."""
        self.line.hide()
        self.text.hide()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.line.setPen(pg.mkPen(theme.faint, width=1))
        self.text.setColor(theme.text)
        self.text.fill, self.text.border = pg.mkBrush(theme.background), pg.mkPen(theme.faint)

    def _mouse_moved(self, scene_position: QPointF) -> None:
        view = self._axes.vb
        if not view.sceneBoundingRect().contains(scene_position):
            self.hide()
            return
        mouse = view.mapSceneToView(scene_position)
        text, x = self._readout(mouse.x())
        if not text:
            self.hide()
            return
        (left, right), (low, high) = view.viewRange()
        self.line.setValue(x)
        self.text.setText(text)
        # The text lies on the side towards the middle, so that it is never cut off.
        self.text.setAnchor((1.0 if x > (left + right) / 2 else 0.0, 0.0 if mouse.y() > (low + high) / 2 else 1.0))
        self.text.setPos(x, mouse.y())
        self.line.show()
        self.text.show()
