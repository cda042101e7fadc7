"""What the tests of plots read from graphics items, and what they do with the mouse."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication


def line(item) -> tuple[np.ndarray, np.ndarray]:
    """Return the x and y coordinates of a curve or of symbols."""
    x, y = item.getData()
    return np.asarray([] if x is None else x), np.asarray([] if y is None else y)


def turn_wheel(plot) -> None:
    """Zoom in at the middle of the canvas."""
    viewport = plot.canvas.viewport()
    middle = QPointF(viewport.rect().center())
    event = QWheelEvent(
        middle, viewport.mapToGlobal(middle), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)


def view_position(plot, item, position: QPointF) -> QPoint:
    """Return the position on the canvas of a position in an item."""
    return plot.canvas.mapFromScene(item.mapToScene(position))


def move_mouse(qtbot, plot, item, position: QPointF) -> None:
    """Move the mouse to a position in an item."""
    qtbot.mouseMove(plot.canvas.viewport(), view_position(plot, item, position) + QPoint(2, 2))
    qtbot.wait(30)  # pyqtgraph ignores a second movement that comes too soon
    qtbot.mouseMove(plot.canvas.viewport(), view_position(plot, item, position))
