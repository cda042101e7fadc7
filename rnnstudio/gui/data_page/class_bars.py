"""How many sequences each class has in training, validation and test set, as bars with numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from rnnstudio.gui.charts.text import bold_font, shorten, small_font
from rnnstudio.gui.theme import GREEN, LIGHT, Theme
from rnnstudio.results.data_summary import SPLIT_NAMES

BARS_HEIGHT = 40  # pixels at least
_MAX_NAME = 0.4  # of the width
_MIN_BAR, _MAX_BAR = 5.0, 14.0  # pixels
_GAP = 6.0
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def split_brush(theme: Theme, split: str) -> QBrush:
    """Return the fill of a split's bars: its colour in the shading of a series, and a pattern of its own."""
    fills = {
        "train": (theme.faint, Qt.BrushStyle.SolidPattern),
        "val": (GREEN, Qt.BrushStyle.Dense4Pattern),
        "test": (theme.blue, Qt.BrushStyle.BDiagPattern),
    }
    color, pattern = fills[split]
    return QBrush(QColor(color), pattern)


class ClassBars(QGraphicsWidget):
    """A name, and a bar for each split, per class; of very many classes the first ones.

    Attributes:
        drawn: Texts as last drawn, from top to bottom: name and numbers of each class.
    """

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.drawn: list[str] = []
        self._classes: tuple[str, ...] = ()
        self._counts: dict[str, NDArray[Any]] = {}
        self.setMinimumSize(0, BARS_HEIGHT)

    def show_counts(self, classes: tuple[str, ...], counts: Mapping[str, NDArray[Any]]) -> None:
        """Show the number of sequences of each class in each split, `(C,)`; splits without any have no bars."""
        self._classes = classes
        self._counts = {split: number for split, number in counts.items() if number.any()}
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw as many classes as fit."""
        self.drawn = []
        if not self._classes or not self._counts:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetricsF(small_font())
        line, width, height = metrics.height(), self.size().width(), self.size().height()
        painter.setFont(bold_font())
        painter.setPen(QColor(self.theme.text))
        names = [SPLIT_NAMES[split] for split in self._counts]
        painter.drawText(QRectF(0, 0, width, line), _LEFT, f"Sequences: {' / '.join(names)}")
        top, splits = line + _GAP, len(self._counts)
        min_row = max(line, splits * _MIN_BAR) + 2
        fitting = max(1, int((height - top) / min_row))
        shown = len(self._classes) if len(self._classes) <= fitting else max(1, fitting - 1)
        row = min((height - top - (line if shown < len(self._classes) else 0)) / shown, splits * _MAX_BAR + 2 * _GAP)
        gap = min(_GAP, row / 6)
        texts = [" / ".join(f"{int(n[c]):,}" for n in self._counts.values()) for c in range(len(self._classes))]
        room = min(max(map(metrics.horizontalAdvance, self._classes)) + _GAP, width * _MAX_NAME)
        numbers = max(map(metrics.horizontalAdvance, texts)) + _GAP
        longest, bar = max(int(number.max()) for number in self._counts.values()), (row - gap) / splits
        painter.setFont(small_font())
        for c, text in enumerate(texts[:shown]):
            y = top + c * row
            painter.setPen(QColor(self.theme.text))
            name = shorten(self._classes[c], room - _GAP, metrics)
            painter.drawText(QRectF(0, y, room - _GAP, row - gap), _RIGHT, name)
            painter.drawText(QRectF(width - numbers, y, numbers, row - gap), _RIGHT, text)
            painter.setPen(pg.mkPen(self.theme.faint, width=1))
            for i, (split, number) in enumerate(self._counts.items()):
                length = max(1.0, (width - room - numbers) * int(number[c]) / longest)
                painter.setBrush(split_brush(self.theme, split))
                painter.drawRect(QRectF(room, y + i * bar, length, bar))
            self.drawn.append(f"{self._classes[c]}: {text}")
        painter.setPen(QColor(self.theme.text))
        if shown < len(self._classes):
            text = f"… and {len(self._classes) - shown:,} more classes"
            painter.drawText(QRectF(0, top + shown * row, width, line), _LEFT, text)
            self.drawn.append(text)

    def boundingRect(self) -> QRectF:
        """Return the area of the bars."""
        return QRectF(QPointF(0, 0), self.size())

    def resizeEvent(self, event: Any) -> None:
        """Draw in the new size."""
        super().resizeEvent(event)
        self.update()
