"""The class names around a confusion matrix, and recall and precision in its margins."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from rnnstudio.core.confusion import PerClass
from rnnstudio.gui.charts.matrix_layout import MARGIN, MatrixLayout
from rnnstudio.gui.charts.numbers import percent
from rnnstudio.gui.charts.text import bold_font, shorten, small_font

_CENTER = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ROW_TITLES = ("true class (each row sums to 100 %)", "true class", "true")


def draw_names(painter: QPainter, layout: MatrixLayout) -> None:
    """Draw the titles of both axes and the class names; names that would overlap are left out."""
    cells, line = layout.cells, layout.line_height
    painter.setFont(bold_font())
    painter.drawText(QRectF(cells.left(), 0, cells.width(), line), _CENTER, "predicted class")
    painter.save()
    painter.rotate(-90)
    bold = QFontMetricsF(bold_font())
    title = next((text for text in _ROW_TITLES if bold.horizontalAdvance(text) <= cells.height()), _ROW_TITLES[-1])
    painter.drawText(QRectF(-cells.bottom(), 0, cells.height(), line), _CENTER, title)
    painter.restore()
    painter.setFont(small_font())
    metrics = QFontMetricsF(small_font())
    width = cells.left() - line - 14
    for row in range(0, len(layout.names), _spacing(line, layout.cell_size.height())):
        box = QRectF(line + 8, layout.box((row, 0)).center().y() - line / 2, width, line)
        painter.drawText(box, _RIGHT, shorten(layout.names[row], width, metrics))
    every = _spacing(line, layout.cell_size.width()) if layout.upright else 1
    for column in range(0, len(layout.names), every):
        if layout.upright:
            _draw_upright_name(painter, layout, column)
            continue
        box = layout.box((0, column))
        for i, text in enumerate(reversed(layout.column_names[column])):
            painter.drawText(QRectF(box.left(), cells.top() - 2 - (i + 1) * line, box.width(), line), _CENTER, text)


def _draw_upright_name(painter: QPainter, layout: MatrixLayout, column: int) -> None:
    lines, line = layout.column_names[column], layout.line_height
    length = layout.cells.top() - line - 6
    painter.save()
    painter.translate(layout.box((0, column)).center().x() - line * len(lines) / 2, layout.cells.top() - 4)
    painter.rotate(-90)
    for i, text in enumerate(lines):
        shortened = shorten(text, length, QFontMetricsF(small_font()))
        painter.drawText(QRectF(0, i * line, length, line), _LEFT, shortened)
    painter.restore()


def draw_margins(painter: QPainter, layout: MatrixLayout, metrics: PerClass) -> None:
    """Draw recall at the right of each row and precision below each column; numbers that would overlap are left out."""
    cells, line = layout.cells, layout.line_height
    painter.setFont(bold_font())
    right = layout.box((0, MARGIN))
    painter.drawText(QRectF(right.left(), cells.top() - line - 2, right.width(), line), _CENTER, "recall")
    bottom = layout.box((MARGIN, 0))
    painter.drawText(QRectF(0, bottom.top(), cells.left() - 6, bottom.height()), _RIGHT, "precision")
    painter.setFont(small_font())
    for i in range(0, len(layout.names), _spacing(line, layout.cell_size.height())):
        box = layout.box((i, MARGIN))
        text = _percent_or_dash(metrics.recall[i])
        painter.drawText(QRectF(box.left(), box.center().y() - line / 2, box.width(), line), _CENTER, text)
    digits = 1 if layout.text_width("88.8 %") <= layout.cell_size.width() else 0
    widest = layout.text_width("88.8 %" if digits else "100 %") + 2
    every = _spacing(widest, layout.cell_size.width())
    for i in range(every // 2, len(layout.names), every):
        box = layout.box((MARGIN, i))
        text = _percent_or_dash(metrics.precision[i], digits)
        painter.drawText(QRectF(box.center().x() - widest / 2, box.top(), widest, box.height()), _CENTER, text)


def _spacing(length: float, cell_length: float) -> int:
    """Return the smallest distance in cells at which texts of `length` pixels do not overlap."""
    return max(1, math.ceil(length / cell_length))


def _percent_or_dash(share: float, digits: int = 1) -> str:
    return percent(share, digits) if math.isfinite(share) else "–"
