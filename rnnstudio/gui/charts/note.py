"""A small text box beside the thing it describes."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from rnnstudio.gui.charts.text import small_font
from rnnstudio.gui.theme import Theme

_DISTANCE = 4.0  # pixels between the box and its target


def draw_note(painter: QPainter, theme: Theme, text: str, target: QRectF, bounds: QRectF) -> None:
    """Draw a text box below its target, or above it if there is no space below.

    Args:
        painter: Where to draw.
        theme: The colours.
        text: One or more lines.
        target: Area that the text describes.
        bounds: Area that the box does not leave.
    """
    metrics = QFontMetricsF(small_font())
    lines = text.split("\n")
    width = max(metrics.horizontalAdvance(line) for line in lines) + 12
    height = metrics.height() * len(lines) + 6
    left = min(max(target.center().x() - width / 2, bounds.left() + 1), bounds.right() - width - 1)
    below = target.bottom() + _DISTANCE
    top = below if below + height <= bounds.bottom() else target.top() - height - _DISTANCE
    box = QRectF(max(left, bounds.left() + 1), max(top, bounds.top() + 1), width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pg.mkPen(theme.faint, width=1))
    painter.setBrush(QColor(theme.background))
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(QColor(theme.text))
    painter.setFont(small_font())
    painter.drawText(box.adjusted(6, 3, -6, -3), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
