"""A small box of words beside what they are about."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from rnnstudio.gui.charts.axes import small_font
from rnnstudio.gui.theme import Theme


def draw_note(painter: QPainter, theme: Theme, text: str, about: QRectF, inside: QRectF) -> None:
    """Draw words under what they are about, or above it where there is no room, and never outside.

    Args:
        painter: Draws there.
        theme: The colours.
        text: One line or several.
        about: What it is about.
        inside: Where it must stay.
    """
    metrics = QFontMetricsF(small_font())
    lines = text.split("\n")
    width = max(metrics.horizontalAdvance(line) for line in lines) + 12
    height = metrics.height() * len(lines) + 6
    left = min(max(about.center().x() - width / 2, inside.left() + 1), inside.right() - width - 1)
    top = about.bottom() + 4 if about.bottom() + 4 + height <= inside.bottom() else about.top() - height - 4
    box = QRectF(max(left, inside.left() + 1), max(top, inside.top() + 1), width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pg.mkPen(theme.faint, width=1))
    painter.setBrush(QColor(theme.background))
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(QColor(theme.text))
    painter.setFont(small_font())
    painter.drawText(box.adjusted(6, 3, -6, -3), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
