"""The icons of the Train, Pause and Stop buttons, drawn in the colours of the palette."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap, QPolygonF

Polygons = list[list[tuple[int, int]]]  # corners on a grid of 24 x 24

TRAIN: Polygons = [[(5, 3), (20, 12), (5, 21)]]
PAUSE: Polygons = [[(5, 3), (10, 3), (10, 21), (5, 21)], [(14, 3), (19, 3), (19, 21), (14, 21)]]
STOP: Polygons = [[(4, 4), (20, 4), (20, 20), (4, 20)]]


def icon(polygons: Polygons, palette: QPalette) -> QIcon:
    """Return an icon of filled polygons in the text colours of buttons, enabled and disabled."""
    result = QIcon()
    for mode, group in (
        (QIcon.Mode.Normal, QPalette.ColorGroup.Active),
        (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled),
    ):
        result.addPixmap(_pixmap(polygons, palette.color(group, QPalette.ColorRole.ButtonText)), mode)
    return result


def _pixmap(polygons: Polygons, colour: QColor) -> QPixmap:
    pixmap = QPixmap(48, 48)  # twice the grid, for high-resolution screens
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(2, 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for polygon in polygons:
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in polygon]))
    painter.end()
    return pixmap
