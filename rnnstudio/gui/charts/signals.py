"""One sequence as a small plot: a group of its features as lines, or all of them as an image."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from rnnstudio.core.events import Floats
from rnnstudio.gui.charts.downsampling import downsample
from rnnstudio.gui.charts.feature_groups import FeatureGroup
from rnnstudio.gui.charts.numbers import number
from rnnstudio.gui.charts.text import small_font
from rnnstudio.gui.theme import GREEN, ORANGE, PURPLE, RED, Theme

Range = tuple[float, float]  # lowest and highest value
_DASHES: tuple[list[float] | None, ...] = (None, [5.0, 2.0], [1.0, 1.5], [6.0, 2.0, 1.0, 2.0])
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def line_pen(theme: Theme, index: int) -> Any:
    """Return the pen of a group's line: colour and dashes depend on its index; one pixel wide, which paints fast."""
    color = (theme.blue, RED, GREEN, PURPLE, ORANGE, theme.text)[index % 6]
    return pg.mkPen(color, width=1, dash=_DASHES[index % len(_DASHES)])


def draw_lines(
    painter: QPainter,
    theme: Theme,
    box: QRectF,
    signals: Floats,
    group: FeatureGroup,
    value_range: Range,
    steps: int,
    end: str,
) -> QRectF:
    """Draw the features of a group as lines, with title, value range and length.

    Args:
        painter: Where to draw.
        theme: The colours.
        box: Area of lines, title and numbers.
        signals: The sequence, `(steps, features)`.
        group: The features to draw.
        value_range: Ends of the vertical axis.
        steps: Length of the horizontal axis in steps.
        end: Text at the end of the horizontal axis.

    Returns:
        The area of the lines.
    """
    inside = _draw_frame(painter, theme, box, group.title, value_range, end)
    low, high = value_range
    if low < 0 < high:
        zero = inside.bottom() - inside.height() * (0 - low) / (high - low)
        painter.setPen(pg.mkPen(theme.faint, width=1, dash=[2, 2]))
        painter.drawLine(QPointF(inside.left(), zero), QPointF(inside.right(), zero))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for i, feature in enumerate(group.features):
        heights = (signals[:, feature].astype(np.float64) - low) / ((high - low) or 1.0)
        indices, heights = downsample(heights, 0, len(heights), max(1, int(inside.width())))
        x = inside.left() + inside.width() * indices / max(1, steps - 1)
        painter.setPen(line_pen(theme, i))
        painter.drawPath(pg.arrayToQPath(x, inside.bottom() - inside.height() * np.clip(heights, 0, 1)))
    return inside


def _draw_frame(painter: QPainter, theme: Theme, box: QRectF, title: str, value_range: Range, end: str) -> QRectF:
    """Draw title, numbers and frame, and return the area inside the frame."""
    metrics = QFontMetricsF(small_font())
    line = metrics.height()
    numbers_width = max(metrics.horizontalAdvance(number(value, 2)) for value in value_range) + 5
    inside = QRectF(box)
    inside.adjust(numbers_width, line + 2, 0, -line)
    painter.setFont(small_font())
    painter.setPen(QColor(theme.text))
    above = QRectF(inside.left(), box.top(), inside.width(), line)
    if metrics.horizontalAdvance(title) > above.width():
        above.setLeft(box.left())
    painter.drawText(above, _LEFT, metrics.elidedText(title, Qt.TextElideMode.ElideRight, above.width()))
    for value, y in zip(value_range, (inside.bottom() - line / 2 - 2, inside.top() + line / 2 + 1), strict=True):
        painter.drawText(QRectF(box.left(), y - line / 2, numbers_width - 3, line), _RIGHT, number(value, 2))
    below = QRectF(inside.left(), inside.bottom() + 1, inside.width(), line)
    if metrics.horizontalAdvance(f"0 {end}") <= below.width():
        painter.drawText(below, _LEFT, "0")
    painter.drawText(below, _RIGHT, end)
    _draw_border(painter, theme, inside)
    return inside


def _draw_border(painter: QPainter, theme: Theme, box: QRectF) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(pg.mkPen(theme.faint, width=1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)


def image_shape(signals: Floats) -> tuple[int, int]:
    """Return rows and columns of a sequence drawn as an image.

    A step is a row where there are about as many steps as features, as in an image of a digit, else a column.
    """
    steps, features = signals.shape
    return (steps, features) if 0.5 <= steps / features <= 2 else (features, steps)


def draw_image(painter: QPainter, theme: Theme, box: QRectF, signals: Floats, value_range: Range) -> QRectF:
    """Draw all features as a greyscale image and return its area; arguments as for `draw_lines`."""
    rows, columns = image_shape(signals)
    steps_are_rows = (rows, columns) == signals.shape
    width, height = box.width(), box.height()
    if steps_are_rows:
        scale = min(width / columns, height / rows)
        width, height = columns * scale, rows * scale
    inside = QRectF(box.left(), box.top() + (box.height() - height) / 2, width, height)
    low, high = value_range
    shades = np.clip((signals - low) / ((high - low) or 1.0), 0, 1)
    shades = shades if steps_are_rows else shades.T
    ends = [QColor(name) for name in (theme.background, theme.text)]
    first, last = np.array([[color.red(), color.green(), color.blue()] for color in ends], np.float32)
    pixels = np.ascontiguousarray((first + (last - first) * shades[..., None]).astype(np.uint8))
    image = QImage(pixels.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(inside, image)
    _draw_border(painter, theme, inside)
    return inside
