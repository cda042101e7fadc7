"""A grid of cards, one per predicted sequence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from rnnstudio.gui.charts.grid_layout import grid_boxes, rows_and_columns
from rnnstudio.gui.charts.note import draw_note
from rnnstudio.gui.charts.sequence_card import SequenceCard, SequenceInfo, ShownSequence, draw_card
from rnnstudio.gui.theme import LIGHT, Theme

_GAP = 6.0  # pixels between cards
_MAX_CARD_HEIGHT = 220.0
_MAX_TALL = 4  # cards in a grid so small that its rows are not merged


class CardGrid(QGraphicsWidget):
    """As many cards as fit.

    Attributes:
        sequences: The sequences on this page.
        cards: The cards as last drawn.
        info: What all sequences have in common.
    """

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.info = SequenceInfo()
        self.sequences: tuple[ShownSequence, ...] = ()
        self.cards: list[SequenceCard] = []
        self._mouse: QPointF | None = None
        self.setMinimumSize(80, 60)

    def show_sequences(self, sequences: Sequence[ShownSequence], info: SequenceInfo) -> None:
        """Show these sequences, at most `capacity`."""
        self.sequences, self.info = tuple(sequences), info
        self.update()

    def set_mouse(self, position: QPointF | None) -> None:
        """Show the values at a mouse position; None hides them."""
        if position != self._mouse:
            self._mouse = position
            self.update()

    @property
    def _rows_and_columns(self) -> tuple[int, int]:
        return rows_and_columns(self.size(), self.info.min_card_size, _GAP)

    @property
    def capacity(self) -> int:
        """How many cards fit."""
        rows, columns = self._rows_and_columns
        return rows * columns

    def _boxes(self) -> list[QRectF]:
        rows, columns = self._rows_and_columns
        if rows * columns > _MAX_TALL:
            rows = min(rows, max(1, -(-len(self.sequences) // columns)))
        return grid_boxes(self.size(), len(self.sequences), rows, columns, _GAP, _MAX_CARD_HEIGHT)

    def readout(self, position: QPointF) -> tuple[str, QRectF]:
        """Return the text for a mouse position and the area it describes; an empty text where there is nothing."""
        for card in self.cards:
            text, target = card.readout(position)
            if text:
                return text, target
        return "", QRectF()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the cards, and the values at the mouse position."""
        self.cards = [
            draw_card(painter, self.theme, box, sequence, self.info)
            for box, sequence in zip(self._boxes(), self.sequences, strict=True)
            if box.bottom() <= self.size().height() + 1
        ]
        if self._mouse is None:
            return
        text, target = self.readout(self._mouse)
        if text:
            if target.width() == 1:
                painter.setPen(pg.mkPen(self.theme.text, width=1))
                painter.drawLine(target.topLeft(), target.bottomLeft())
            draw_note(painter, self.theme, text, target, self.boundingRect())

    def boundingRect(self) -> QRectF:
        """Return the area of the grid."""
        return QRectF(QPointF(0, 0), self.size())

    def resizeEvent(self, event: Any) -> None:
        """Draw the cards in the new size."""
        super().resizeEvent(event)
        self.update()
