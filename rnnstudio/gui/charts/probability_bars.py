"""Bars of the class probabilities of one sequence; the predicted and the true class stand out."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPolygonF

from rnnstudio.core.events import Floats
from rnnstudio.gui.charts.numbers import percent
from rnnstudio.gui.charts.text import bold_font, shorten, small_font
from rnnstudio.gui.theme import RED, Theme

_MIN_BAR, _MAX_UPRIGHT_BAR = 24.0, 26.0  # pixels
_MAX_UPRIGHT_NAME, _MAX_UPRIGHT = 2, 12  # letters of names below upright bars, and the number of such bars
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def bars_are_upright(names: tuple[str, ...]) -> bool:
    """Return whether the class names are short enough to stand below upright bars."""
    return max(map(len, names)) <= _MAX_UPRIGHT_NAME and len(names) <= _MAX_UPRIGHT


def bars_width(names: tuple[str, ...]) -> float:
    """Return the width in pixels at which no name is shortened."""
    metrics = QFontMetricsF(bold_font())
    if bars_are_upright(names):
        return len(names) * 16.0
    return max(metrics.horizontalAdvance(name) for name in names) + metrics.horizontalAdvance("100 %") + 2 * _MIN_BAR


def bar_boxes(box: QRectF, names: tuple[str, ...], probabilities: Floats, truth: int) -> list[tuple[int, QRectF]]:
    """Return classes with the area of their bars; where space is short, the true and the most likely classes.

    Args:
        box: Area of all bars.
        names: Class names.
        probabilities: `(classes,)`.
        truth: Index of the true class.
    """
    if bars_are_upright(names):
        width = min(box.width() / len(names), _MAX_UPRIGHT_BAR)
        return [(i, QRectF(box.left() + i * width, box.top(), width, box.height())) for i in range(len(names))]
    line = QFontMetricsF(small_font()).height()
    count = max(1, int(box.height() / line))
    most_likely = np.argsort(-probabilities, kind="stable")[:count].tolist()
    classes = {*most_likely} if truth in most_likely else {*most_likely[: count - 1], truth}
    return [(c, QRectF(box.left(), box.top() + i * line, box.width(), line)) for i, c in enumerate(sorted(classes))]


def draw_bars(
    painter: QPainter,
    theme: Theme,
    box: QRectF,
    names: tuple[str, ...],
    probabilities: Floats,
    truth: int,
    predicted: int,
) -> None:
    """Draw the bars; a pointer marks the true class.

    Args:
        painter: Where to draw.
        theme: The colours.
        box: Area of all bars.
        names: Class names.
        probabilities: `(classes,)`.
        truth: Index of the true class.
        predicted: Index of the predicted class, which a threshold can make the less probable one.
    """
    upright = bars_are_upright(names)
    name_width = max(QFontMetricsF(bold_font()).horizontalAdvance(name) for name in names) + 3
    for index, bar_box in bar_boxes(box, names, probabilities, truth):
        painter.setFont(bold_font() if index in (truth, predicted) else small_font())
        color = QColor(theme.faint if index != predicted else theme.blue if predicted == truth else RED)
        probability = float(probabilities[index])
        if upright:
            _draw_upright_bar(painter, theme, bar_box, names[index], probability, color)
        else:
            _draw_horizontal_bar(painter, theme, bar_box, names[index], probability, color, name_width)
        if index == truth:
            painter.setBrush(QColor(theme.text))
            painter.setPen(Qt.PenStyle.NoPen)
            tip = QPointF(bar_box.center().x(), bar_box.bottom() - 6) if upright else bar_box.topLeft()
            painter.drawPolygon(_pointer(tip, bar_box.height(), up=upright))


def _pointer(tip: QPointF, height: float, *, up: bool) -> QPolygonF:
    if up:
        return QPolygonF([tip, tip + QPointF(4, 6), tip + QPointF(-4, 6)])
    middle = tip + QPointF(1, height / 2)
    return QPolygonF([middle + QPointF(0, -4), middle + QPointF(6, 0), middle + QPointF(0, 4)])


def _draw_horizontal_bar(
    painter: QPainter, theme: Theme, box: QRectF, name: str, probability: float, color: QColor, name_width: float
) -> None:
    metrics = QFontMetricsF(painter.font())
    number_width = metrics.horizontalAdvance("100 %") + 2
    name_width = min(name_width, box.width() - number_width - 14 - _MIN_BAR)
    bar_width = box.width() - name_width - number_width - 14
    painter.setPen(QColor(theme.text))
    name_box = QRectF(box.left() + 9, box.top(), name_width, box.height())
    painter.drawText(name_box, _LEFT, shorten(name, name_width - 3, metrics))
    number_box = QRectF(box.right() - number_width, box.top(), number_width, box.height())
    painter.drawText(number_box, _RIGHT, percent(probability, 0))
    bar = QRectF(box.left() + name_width + 10, box.top() + 2, max(1.0, bar_width * probability), box.height() - 4)
    painter.fillRect(bar, color)


def _draw_upright_bar(
    painter: QPainter, theme: Theme, box: QRectF, name: str, probability: float, color: QColor
) -> None:
    line = QFontMetricsF(painter.font()).height()
    max_height = max(4.0, box.height() - line - 8)
    height = max(1.0, max_height * probability)
    painter.fillRect(QRectF(box.left() + 1, box.top() + max_height - height, box.width() - 2, height), color)
    painter.setPen(QColor(theme.text))
    name_box = QRectF(box.left(), box.top() + max_height, box.width(), line)
    painter.drawText(name_box, Qt.AlignmentFlag.AlignCenter, name)
