"""Names and shading of the spans of a horizontal axis: training, validation and test set, or sequences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsRectItem

from rnnstudio.gui.charts.prediction_lines import Span
from rnnstudio.gui.charts.text import small_font
from rnnstudio.gui.theme import GREEN, Theme

_MAX_NAMES = 5
_OPACITY = 38  # of 255


class SpanShading:
    """Draws the spans on one pair of axes; a name is left out where its span is too narrow.

    Args:
        axes: Where they are drawn.
    """

    def __init__(self, axes: Any) -> None:
        self._axes = axes
        self._shades = {"validation": QGraphicsRectItem(), "test": QGraphicsRectItem()}
        self._texts = [pg.TextItem(anchor=(0.5, 0)) for _ in range(_MAX_NAMES)]
        for shade in self._shades.values():
            shade.setZValue(-10)
            axes.addItem(shade, ignoreBounds=True)
        for text in self._texts:
            text.setZValue(20)
            text.setFont(small_font())
            axes.addItem(text, ignoreBounds=True)

    @property
    def visible_names(self) -> list[str]:
        """The names that are drawn."""
        return [text.toPlainText() for text in self._texts if text.isVisible()]

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        for shade, color in zip(self._shades.values(), (GREEN, theme.blue), strict=True):
            tint = pg.mkColor(color)
            tint.setAlpha(_OPACITY)
            shade.setBrush(pg.mkBrush(tint))
            shade.setPen(pg.mkPen(None))
        for text in self._texts:
            text.setColor(theme.text)

    def draw(self, spans: Sequence[Span]) -> None:
        """Draw the visible part of the spans."""
        view = self._axes.vb
        (left, right), (low, high) = view.viewRange()
        for item in (*self._shades.values(), *self._texts):
            item.hide()
        for span, text in zip(spans, self._texts, strict=False):
            shade = self._shades.get(span.name)
            if shade is not None:
                shade.setRect(QRectF(span.begin, low, span.end - span.begin, high - low))
                shade.show()
            begin, end = max(span.begin, left), min(span.end, right)
            text.setText(span.name)
            if (end - begin) / (right - left) * view.width() > text.boundingRect().width():
                text.setPos((begin + end) / 2, high)
                text.show()
