"""A sequence as small figures: its features as lines, or all of them as an image."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from rnnstudio.core.events import Floats
from rnnstudio.gui.charts.axes import number, small_font
from rnnstudio.gui.charts.feature_groups import Group
from rnnstudio.gui.charts.trace import thin
from rnnstudio.gui.theme import GREEN, ORANGE, PURPLE, RED, Theme

Reach = tuple[float, float]
_DASHES: tuple[list[float] | None, ...] = (None, [5.0, 2.0], [1.0, 1.5], [6.0, 2.0, 1.0, 2.0])
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def pen_of(theme: Theme, line: int) -> Any:
    """Return the pen of a group's n-th line: another colour and other dashes for each, one pixel wide for speed."""
    color = (theme.blue, RED, GREEN, PURPLE, ORANGE, theme.text)[line % 6]
    return pg.mkPen(color, width=1, dash=_DASHES[line % len(_DASHES)])


def axis_room(reach: Reach) -> float:
    """Return the width of the numbers beside a figure."""
    metrics = QFontMetricsF(small_font())
    return max(metrics.horizontalAdvance(number(edge, 2)) for edge in reach) + 5


def draw_lines(
    painter: QPainter, theme: Theme, box: QRectF, signals: Floats, group: Group, reach: Reach, steps: int, end: str
) -> QRectF:
    """Draw the lines of a group, its lowest and highest value, and where the steps end.

    Args:
        painter: Draws there.
        theme: The colours.
        box: Where, with title and numbers.
        signals: `(T, F)`.
        group: Which features.
        reach: Lowest and highest value of the axis.
        steps: Steps the horizontal axis has room for.
        end: What is written at its end.

    Returns:
        Where the lines are.
    """
    metrics = QFontMetricsF(small_font())
    line, side = metrics.height(), axis_room(reach)
    inside = QRectF(box.left() + side, box.top() + line + 2, box.width() - side, box.height() - 2 * line - 2)
    painter.setFont(small_font())
    painter.setPen(QColor(theme.text))
    above = QRectF(inside.left(), box.top(), inside.width(), line)
    if metrics.horizontalAdvance(group.title) > above.width():
        above.setLeft(box.left())
    painter.drawText(above, _LEFT, metrics.elidedText(group.title, Qt.TextElideMode.ElideRight, above.width()))
    for edge, y in zip(reach, (inside.bottom() - line / 2 - 2, inside.top() + line / 2 + 1), strict=True):
        painter.drawText(QRectF(box.left(), y - line / 2, side - 3, line), _RIGHT, number(edge, 2))
    below = QRectF(inside.left(), inside.bottom() + 1, inside.width(), line)
    if metrics.horizontalAdvance(f"0 {end}") <= below.width():
        painter.drawText(below, _LEFT, "0")
    painter.drawText(below, _RIGHT, end)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(pg.mkPen(theme.faint, width=1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(inside)
    low, high = reach
    if low < 0 < high:
        zero = inside.bottom() - inside.height() * (0 - low) / (high - low)
        painter.setPen(pg.mkPen(theme.faint, width=1, dash=[2, 2]))
        painter.drawLine(QPointF(inside.left(), zero), QPointF(inside.right(), zero))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    columns = max(1, int(inside.width()))
    for i, feature in enumerate(group.features):
        share = (signals[:, feature].astype(np.float64) - low) / ((high - low) or 1.0)
        at, share = thin(share, 0, len(share), columns)
        x = inside.left() + inside.width() * at / max(1, steps - 1)
        painter.setPen(pen_of(theme, i))
        painter.drawPath(pg.arrayToQPath(x, inside.bottom() - inside.height() * np.clip(share, 0, 1)))
    return inside


def image_shape(signals: Floats) -> tuple[int, int]:
    """Return height and width in pixels: a step is a row where both are alike, else a column."""
    steps, features = signals.shape
    return (steps, features) if 0.5 <= steps / features <= 2 else (features, steps)


def draw_image(painter: QPainter, theme: Theme, box: QRectF, signals: Floats, reach: Reach) -> QRectF:
    """Draw all features as an image, one value a pixel, and return where it is; arguments as for `draw_lines`."""
    steps, features = signals.shape
    rows, columns = image_shape(signals)
    square = (rows, columns) == (steps, features)
    width, height = box.width(), box.height()
    if square:
        scale = min(width / columns, height / rows)
        width, height = columns * scale, rows * scale
    inside = QRectF(box.left(), box.top() + (box.height() - height) / 2, width, height)
    low, high = reach
    share = np.clip((signals - low) / ((high - low) or 1.0), 0, 1)
    share = share if square else share.T
    ends = [QColor(name) for name in (theme.background, theme.text)]
    first, last = np.array([[c.red(), c.green(), c.blue()] for c in ends], np.float32)
    pixels = np.ascontiguousarray((first + (last - first) * share[..., None]).astype(np.uint8))
    image = QImage(pixels.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(inside, image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(pg.mkPen(theme.faint, width=1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(inside)
    return inside
