"""The probabilities of the classes as bars: what is told stands out, the true class has a pointer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPolygonF

from rnnstudio.core.events import Floats
from rnnstudio.gui.charts.axes import percent, small_font
from rnnstudio.gui.charts.fit_text import fitted
from rnnstudio.gui.theme import RED, Theme

_LEAST_BAR = 24.0
_SHORT = 2  # letters of names that fit under upright bars
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def bar_places(box: QRectF, names: tuple[str, ...], probabilities: Floats, truth: int) -> list[tuple[int, QRectF]]:
    """Return which classes have a bar, in their order, and the room of each; the least likely are left out."""
    if upright(names):
        width = min(box.width() / len(names), 26.0)
        return [(i, QRectF(box.left() + i * width, box.top(), width, box.height())) for i in range(len(names))]
    line = QFontMetricsF(small_font()).height()
    most = max(1, int(box.height() / line))
    order: NDArray[np.int64] = np.argsort(-probabilities, kind="stable")[:most]
    shown = {*order.tolist()}
    if truth not in shown:
        shown = {*order[: most - 1].tolist(), truth}
    return [(c, QRectF(box.left(), box.top() + i * line, box.width(), line)) for i, c in enumerate(sorted(shown))]


def bars_room(names: tuple[str, ...]) -> float:
    """Return the width that bars with whole names would like to have."""
    metrics = QFontMetricsF(_bold())
    if upright(names):
        return len(names) * 16.0
    return max(metrics.horizontalAdvance(name) for name in names) + metrics.horizontalAdvance("100 %") + 2 * _LEAST_BAR


def _bold() -> QFont:
    font = QFont(small_font())
    font.setBold(True)
    return font


def upright(names: tuple[str, ...]) -> bool:
    """Return whether names are so short that the bars stand on them."""
    return max(map(len, names)) <= _SHORT and len(names) <= 12


def draw_bars(
    painter: QPainter, theme: Theme, box: QRectF, names: tuple[str, ...], probabilities: Floats, truth: int
) -> None:
    """Draw a bar per class.

    Args:
        painter: Draws there.
        theme: The colours.
        box: Where.
        names: Of the classes.
        probabilities: `(C,)`.
        truth: The true class.
    """
    told = int(np.argmax(probabilities))
    text = max(QFontMetricsF(_bold()).horizontalAdvance(name) for name in names) + 3
    for number, place in bar_places(box, names, probabilities, truth):
        font = QFont(small_font())
        font.setBold(number in (truth, told))
        painter.setFont(font)
        color = QColor(theme.faint if number != told else theme.blue if told == truth else RED)
        share = float(probabilities[number])
        if upright(names):
            _draw_upright(painter, theme, place, names[number], share, color)
        else:
            _draw_lying(painter, theme, place, names[number], share, color, text)
        if number == truth:
            painter.setBrush(QColor(theme.text))
            painter.setPen(Qt.PenStyle.NoPen)
            tip = QPointF(place.center().x(), place.bottom() - 6) if upright(names) else place.topLeft()
            painter.drawPolygon(_pointer(tip, place.height(), up=upright(names)))


def _pointer(at: QPointF, height: float, *, up: bool) -> QPolygonF:
    if up:
        return QPolygonF([at, at + QPointF(4, 6), at + QPointF(-4, 6)])
    middle = at + QPointF(1, height / 2)
    return QPolygonF([middle + QPointF(0, -4), middle + QPointF(6, 0), middle + QPointF(0, 4)])


def _draw_lying(
    painter: QPainter, theme: Theme, box: QRectF, name: str, probability: float, color: QColor, text: float
) -> None:
    metrics = QFontMetricsF(painter.font())
    number = metrics.horizontalAdvance("100 %") + 2
    text = min(text, box.width() - number - 14 - _LEAST_BAR)
    bar = QRectF(box.left() + text + 10, box.top() + 2, box.width() - text - number - 14, box.height() - 4)
    painter.setPen(QColor(theme.text))
    painter.drawText(QRectF(box.left() + 9, box.top(), text, box.height()), _LEFT, fitted(name, text - 3, metrics))
    painter.drawText(QRectF(box.right() - number, box.top(), number, box.height()), _RIGHT, percent(probability, 0))
    painter.fillRect(QRectF(bar.left(), bar.top(), max(1.0, bar.width() * probability), bar.height()), color)


def _draw_upright(painter: QPainter, theme: Theme, box: QRectF, name: str, probability: float, color: QColor) -> None:
    line = QFontMetricsF(painter.font()).height()
    room = max(4.0, box.height() - line - 8)
    high = max(1.0, room * probability)
    painter.fillRect(QRectF(box.left() + 1, box.top() + room - high, box.width() - 2, high), color)
    painter.setPen(QColor(theme.text))
    painter.drawText(QRectF(box.left(), box.top() + room, box.width(), line), Qt.AlignmentFlag.AlignCenter, name)
