"""A small plot of each column of numbers, drawn in the cells of the list of columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from rnnstudio.gui.theme import BLUE, SKY

PLOT_ROLE = int(Qt.ItemDataRole.UserRole)  # of the ranges that are drawn, `(2, stretches)`; None for no plot


class SmallPlots(QStyledItemDelegate):
    """Draws the course of a column: the range of its values in each stretch of the rows."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the plot of the column in a row."""
        super().paint(painter, option, index)
        ranges = index.data(PLOT_ROLE)
        if ranges is None:
            return
        rect = QRectF(option.rect).adjusted(4, 4, -4, -4)
        painter.save()
        painter.setClipRect(rect.adjusted(-1, -1, 1, 1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_dark = option.palette.base().color().lightness() < 128
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        colour = option.palette.highlightedText().color() if is_selected else QColor(SKY if is_dark else BLUE)
        painter.setPen(QPen(colour, 1.0))  # a wider pen takes 20 times as long
        for line in lines_in(ranges, rect):
            painter.drawPolyline(line)
        painter.restore()


def lines_in(ranges: NDArray[np.float64], rect: QRectF, limits: tuple[float, float] | None = None) -> list[QPolygonF]:
    """Return the lines through the least and greatest values of each stretch; a line ends where values are missing.

    Args:
        ranges: Least and greatest values, `(2, stretches)`.
        rect: Where the plot stands, in pixels.
        limits: The values at its lower and upper edge; the least and the greatest of the plot where not given.
    """
    known = ~np.isnan(ranges[0])
    if not known.any():
        return []
    low, high = limits or (float(ranges[0, known].min()), float(ranges[1, known].max()))
    count = ranges.shape[1]
    xs = rect.left() + (np.arange(count) + 0.5) * rect.width() / count
    scale = rect.height() / (high - low) if high > low else 0.0
    ys = rect.bottom() - (ranges - low) * scale if scale else np.full(ranges.shape, rect.center().y())
    lines, points = [], list[QPointF]()
    for i in range(count + 1):
        if i < count and known[i]:
            points += [QPointF(xs[i], ys[0, i]), QPointF(xs[i], ys[1, i])]
        elif points:
            lines.append(QPolygonF(points))
            points = []
    return lines
