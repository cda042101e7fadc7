"""A few sequences as small plots, as many as fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from rnnstudio.gui.charts.feature_groups import FeatureGroup
from rnnstudio.gui.charts.grid_layout import grid_boxes, rows_and_columns
from rnnstudio.gui.charts.numbers import number
from rnnstudio.gui.charts.signals import Range, draw_image, draw_lines
from rnnstudio.gui.charts.text import bold_font, small_font
from rnnstudio.gui.theme import LIGHT, ORANGE, PURPLE, Theme

_GAP = 8.0  # pixels, as all sizes here
_IMAGE, _LINES_HEIGHT, _MIN_WIDTH, _GROUP_WIDTH = (84.0, 92.0), 88.0, 130.0, 74.0
_MAX_HEIGHT = 220.0
_MARK_SIZE = 5.0
_FILL = 60  # opacity of the first step, of 255
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Example:
    """One sequence.

    Attributes:
        title: Its class, or what it is called.
        remark: Its number and split.
        signals: Its values in original units without padding, `(steps, features)`.
        filled: Steps at which a value was missing and was filled.
    """

    title: str
    remark: str
    signals: NDArray[Any]
    filled: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))


@dataclass(frozen=True)
class ExampleInfo:
    """What all examples have in common.

    Attributes:
        groups: Features that share one small plot; empty if sequences are drawn as images.
        ranges: Lowest and highest value of each group, or of the image.
        steps: Samples of the longest sequence.
        rate: Samples per second; 0 where unknown.
        frame: Samples that form one step of the network.
    """

    groups: tuple[FeatureGroup, ...] = ()
    ranges: tuple[Range, ...] = ()
    steps: int = 1
    rate: float = 0.0
    frame: int = 1


class ExampleGrid(QGraphicsWidget):
    """As many examples as fit.

    Attributes:
        examples: The examples that are shown.
    """

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.info = ExampleInfo()
        self.examples: tuple[Example, ...] = ()
        self.setMinimumSize(80, 60)

    def show_examples(self, examples: Sequence[Example]) -> None:
        """Show these examples, at most `capacity`."""
        self.examples = tuple(examples)
        self.update()

    @property
    def _rows_and_columns(self) -> tuple[int, int]:
        groups = len(self.info.groups)
        box = (max(_MIN_WIDTH, groups * _GROUP_WIDTH), _LINES_HEIGHT) if groups else _IMAGE
        return rows_and_columns(self.size(), box, _GAP)

    @property
    def capacity(self) -> int:
        """How many examples fit."""
        rows, columns = self._rows_and_columns
        return rows * columns

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the examples."""
        rows, columns = self._rows_and_columns
        rows = min(rows, max(1, -(-len(self.examples) // columns)))
        shown = self.examples[: rows * columns]
        for box, example in zip(
            grid_boxes(self.size(), len(shown), rows, columns, _GAP, _MAX_HEIGHT), shown, strict=True
        ):
            self._draw(painter, box, example)

    def _draw(self, painter: QPainter, box: QRectF, example: Example) -> None:
        info, metrics = self.info, QFontMetricsF(bold_font())
        line = metrics.height()
        title = QRectF(box.left(), box.top(), box.width(), line)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self.theme.text))
        painter.setFont(small_font())
        painter.drawText(title, _RIGHT, example.remark)
        room = box.width() - QFontMetricsF(small_font()).horizontalAdvance(example.remark) - 6
        painter.setFont(bold_font())
        painter.drawText(title, _LEFT, metrics.elidedText(example.title, Qt.TextElideMode.ElideRight, room))
        body = box.adjusted(0, line + 2, 0, 0)
        if not info.groups:
            draw_image(painter, self.theme, body, example.signals, info.ranges[0])
            return
        share = body.width() / len(info.groups)
        end = f"{number(info.steps / info.rate, 3)} s" if info.rate else f"{info.steps - 1:,}"
        for i, (group, value_range) in enumerate(zip(info.groups, info.ranges, strict=True)):
            area = QRectF(body.left() + i * share, body.top(), share - 6, body.height())
            inside = draw_lines(painter, self.theme, area, example.signals, group, value_range, info.steps, end)
            self._draw_filled(painter, inside, example.filled)
            if info.frame > 1:
                self._draw_step(painter, inside)

    def _draw_filled(self, painter: QPainter, inside: QRectF, filled: NDArray[np.int64]) -> None:
        """Mark the steps at which a value was missing by small crosses, each pixel once."""
        pixels = np.unique(np.rint(inside.left() + inside.width() * filled / max(1, self.info.steps - 1)))
        painter.setPen(pg.mkPen(PURPLE, width=1.5))
        y, half = inside.bottom() - _MARK_SIZE, _MARK_SIZE / 2
        for x in pixels.tolist():
            painter.drawLine(QPointF(x - half, y - half), QPointF(x + half, y + half))
            painter.drawLine(QPointF(x - half, y + half), QPointF(x + half, y - half))

    def _draw_step(self, painter: QPainter, inside: QRectF) -> None:
        """Mark the samples of the first step."""
        width = inside.width() * (self.info.frame - 1) / max(1, self.info.steps - 1)
        tint = pg.mkColor(ORANGE)
        tint.setAlpha(_FILL)
        painter.setPen(pg.mkPen(ORANGE, width=1))
        painter.setBrush(tint)
        painter.drawRect(QRectF(inside.left(), inside.top(), min(width, inside.width()), inside.height()))

    def boundingRect(self) -> QRectF:
        """Return the area of the grid."""
        return QRectF(QPointF(0, 0), self.size())

    def resizeEvent(self, event: Any) -> None:
        """Draw in the new size."""
        super().resizeEvent(event)
        self.update()
