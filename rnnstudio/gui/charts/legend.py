"""The key above a picture: what each line and symbol means, in as many rows as it needs, never over the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from rnnstudio.gui.charts.axes import small_font
from rnnstudio.gui.theme import LIGHT, RED, Theme

_SAMPLE = 24.0  # pixels of line drawn as a sample
_GAP = 14.0


@dataclass(frozen=True)
class Entry:
    """One thing in the key.

    Attributes:
        text: What it is called.
        pen: Of its line, or of its symbol's outline where it has one.
        symbol: Name of pyqtgraph's symbol; empty for a line alone.
        brush: Colour inside the symbol; empty for none.
        line: Whether a line is part of it.
        badge: A count that must not be overlooked, drawn as a label of its own.
    """

    text: str
    pen: Any = None
    symbol: str = ""
    brush: str = ""
    line: bool = True
    badge: bool = False


class Key(QGraphicsWidget):
    """Rows of entries, wrapped at the width there is."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.entries: tuple[Entry, ...] = ()
        self._font = small_font()
        self._metrics = QFontMetricsF(self._font)
        self._places: list[QPointF] = []
        self._fit()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these; nothing happens where they are the ones shown."""
        found = tuple(entries)
        if found != self.entries:
            self.entries = found
            self._fit()
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = theme
        self.update()

    def resizeEvent(self, event: Any) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        self._fit()

    def _sample(self, entry: Entry) -> float:
        """Return the width of what is drawn before the text."""
        if entry.badge:
            return 6.0
        if entry.pen is None and not entry.symbol:
            return 0.0
        return (_SAMPLE if entry.line else 12.0) + 4

    def _fit(self) -> None:
        x, y, row = 4.0, 0.0, self._metrics.height() + 4
        self._places = []
        for entry in self.entries:
            width = self._sample(entry) + self._metrics.horizontalAdvance(entry.text) + (6 if entry.badge else 0)
            if x > 4 and x + width > self.size().width():
                x, y = 4.0, y + row
            self._places.append(QPointF(x, y))
            x += width + _GAP
        height = y + row + 4 if self.entries else 0.0  # a number at the top of an axis stands half above it
        if height != self.maximumHeight():
            self.setMinimumHeight(height)
            self.setMaximumHeight(height)
            self.setPreferredHeight(height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw samples and texts."""
        painter.setFont(self._font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = self._metrics.height() + 4
        for entry, place in zip(self.entries, self._places, strict=True):
            sample, width = self._sample(entry), self._metrics.horizontalAdvance(entry.text)
            middle = place.y() + height / 2
            text = QRectF(place.x() + sample, place.y(), width + 2, height)
            if entry.badge:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(RED))
                painter.drawRoundedRect(QRectF(place.x(), place.y() + 1, width + 12, height - 2), 4, 4)
                painter.setPen(QColor("#ffffff"))
            else:
                self._draw_sample(painter, entry, QPointF(place.x(), middle), sample - 4)
                painter.setPen(QColor(self.theme.text))
            painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, entry.text)

    def _draw_sample(self, painter: QPainter, entry: Entry, left: QPointF, width: float) -> None:
        if entry.line and entry.pen is not None:
            painter.setPen(QPen(entry.pen))
            painter.drawLine(left, QPointF(left.x() + width, left.y()))
        if entry.symbol:
            path = Symbols[entry.symbol]
            painter.save()
            painter.translate(left.x() + width / 2, left.y())
            painter.scale(9, 9)
            if entry.pen is not None:
                painter.setPen(pg.mkPen(entry.pen.color(), width=entry.pen.widthF()))
            painter.setBrush(QBrush(QColor(entry.brush)) if entry.brush else Qt.BrushStyle.NoBrush)
            painter.drawPath(path)
            painter.restore()
