"""A confusion matrix: rows are true classes, columns predicted classes, with recall and precision in the margins."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from rnnstudio.core.confusion import Counts, PerClass, Shares, per_class, row_shares
from rnnstudio.gui.charts.matrix_labels import draw_margins, draw_names
from rnnstudio.gui.charts.matrix_layout import MARGIN, Cell, MatrixLayout
from rnnstudio.gui.charts.note import draw_note
from rnnstudio.gui.charts.numbers import percent
from rnnstudio.gui.charts.text import bold_font, small_font
from rnnstudio.gui.theme import LIGHT, RED, Theme

_CENTER = Qt.AlignmentFlag.AlignCenter
_NO_COUNTS: Counts = np.zeros((0, 0), np.int64)
_MIN_GRID, _MIN_INSET = 4, 12  # pixels of a cell with grid lines, and of one whose frame is inset


class Matrix(QGraphicsWidget):
    """The drawing of a confusion matrix.

    Attributes:
        counts: How often true class a (row) is predicted as class b (column), `(classes, classes)`.
        names: Class names.
        arrangement: Where cells and texts stand.
        arrangement: Where cells and texts stand.
        hovered: The cell at the mouse position, or None.
        focused: The cell at the keyboard focus, or None.
        selected: The cell whose sequences are shown elsewhere, or None.
    """

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.counts = _NO_COUNTS
        self.names: tuple[str, ...] = ()
        self.arrangement = MatrixLayout((), QSizeF())
        self.hovered: Cell | None = None
        self.focused: Cell | None = None
        self.selected: Cell | None = None
        self._shares: Shares = row_shares(_NO_COUNTS)
        self._previous_shares = self._shares
        self._progress = 1.0  # of the fade from the previous colours
        self._per_class: PerClass = per_class(_NO_COUNTS)
        self.setMinimumSize(80, 60)

    def show_counts(self, counts: Counts, names: tuple[str, ...]) -> None:
        """Show these counts; `fade` blends the colours of the previous counts into the new ones."""
        same_shape = self.counts.shape == counts.shape
        self._previous_shares = self.visible_shares if same_shape else np.zeros(counts.shape)
        self.counts, self._shares, self._per_class = counts, row_shares(counts), per_class(counts)
        if names != self.names:
            self.names, self.focused, self.selected, self.hovered = names, None, None, None
            self._arrange()
        self._progress = 1.0
        self.update()

    @property
    def visible_shares(self) -> Shares:
        """Share of each cell in its row as the colours show it, `(classes, classes)`."""
        return self._previous_shares + (self._shares - self._previous_shares) * self._progress

    def fade(self, progress: float) -> None:
        """Blend the colours of the previous counts (0) into those of the current counts (1)."""
        if progress != self._progress:
            self._progress = progress
            self.update()

    def resizeEvent(self, event: Any) -> None:
        """Arrange the matrix in the new size."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        self.arrangement = MatrixLayout(self.names, self.size())
        self.update()

    def readout(self, cell: Cell) -> str:
        """Return the text for a cell or for a part of the margin."""
        row, column = cell
        if column == MARGIN:
            correct, count = int(self.counts[row, row]), int(self.counts[row].sum())
            return f"recall of {self.names[row]}: {_part(correct, count)} classified correctly"
        if row == MARGIN:
            correct, count = int(self.counts[column, column]), int(self.counts[:, column].sum())
            return f"precision of {self.names[column]}: {_part(correct, count)} predictions correct"
        text = _part(int(self.counts[row, column]), int(self.counts[row].sum()))
        return f"true {self.names[row]}, predicted {self.names[column]}: {text}"

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the matrix."""
        if not self.names:
            return
        painter.setFont(small_font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._draw_cells(painter)
        self._draw_grid(painter)
        painter.setPen(QColor(self.theme.text))
        draw_names(painter, self.arrangement)
        draw_margins(painter, self.arrangement, self._per_class)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for cell, pen in (
            (self.hovered, pg.mkPen(self.theme.text, width=1)),
            (self.focused, pg.mkPen(self.theme.text, width=2, dash=[2, 2])),
            (self.selected, pg.mkPen(self.theme.text, width=3)),
        ):
            if cell is not None and MARGIN not in cell:
                painter.setPen(pen)
                painter.drawRect(self.arrangement.box(cell).adjusted(0, 0, -1, -1))
        described = self.hovered or self.focused
        if described is not None:
            box = self.arrangement.box(described)
            draw_note(painter, self.theme, self.readout(described), box, self.boundingRect())

    def _draw_cells(self, painter: QPainter) -> None:
        visible = self.visible_shares
        background, blue, red = QColor(self.theme.background), QColor(self.theme.blue), QColor(RED)
        painter.setPen(Qt.PenStyle.NoPen)
        for row, column in np.argwhere((self.counts > 0) | (visible > 0)).tolist():
            share = float(visible[row, column])
            color = _blend(background, blue, share) if row == column else _blend(background, red, math.sqrt(share))
            box = self.arrangement.box((row, column))
            painter.fillRect(box, color)
            if self.counts[row, column] and box.height() >= self.arrangement.line_height:
                painter.setPen(QColor("#000000" if _is_bright(color) else "#ffffff"))
                self._draw_count(painter, box, int(self.counts[row, column]), float(self._shares[row, column]))

    def _draw_count(self, painter: QPainter, box: QRectF, count: int, share: float) -> None:
        layout, line = self.arrangement, self.arrangement.line_height
        count_text, share_text = f"{count:,}", percent(share)
        if box.height() >= 2 * line + 2 and layout.text_width(share_text) <= box.width() - 4:
            upper = QRectF(box.left(), box.center().y() - line, box.width(), line)
            painter.setFont(bold_font())
            painter.drawText(upper, _CENTER, count_text)
            painter.setFont(small_font())
            painter.drawText(upper.translated(0, line), _CENTER, share_text)
        elif layout.text_width(count_text) <= box.width() - 2:
            painter.drawText(box, _CENTER, count_text)

    def _draw_grid(self, painter: QPainter) -> None:
        """Draw grid lines, and a frame around each correct cell, which shows them without colour too."""
        layout, cells, count = self.arrangement, self.arrangement.cells, len(self.names)
        grid, frame = pg.mkPen(self.theme.faint, width=1), pg.mkPen(self.theme.text, width=1)
        width, height = layout.cell_size.width(), layout.cell_size.height()
        if min(width, height) > _MIN_GRID:
            painter.setPen(grid)
            for i in range(count + 1):
                x, y = cells.left() + i * width, cells.top() + i * height
                painter.drawLine(QPointF(x, cells.top()), QPointF(x, cells.bottom()))
                painter.drawLine(QPointF(cells.left(), y), QPointF(cells.right(), y))
        painter.setPen(frame)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = 2 if min(width, height) > _MIN_INSET else 0
        for i in range(count):
            painter.drawRect(layout.box((i, i)).adjusted(inset, inset, -inset, -inset))
        if min(width, height) <= _MIN_GRID:
            painter.setPen(grid)
            painter.drawRect(cells)


def _part(part: int, whole: int) -> str:
    share = f" ({percent(part / whole)})" if whole else ""
    return f"{part:,} of {whole:,}{share}"


def _blend(low: QColor, high: QColor, share: float) -> QColor:
    share = min(max(share, 0.0), 1.0)
    pairs = ((low.red(), high.red()), (low.green(), high.green()), (low.blue(), high.blue()))
    red, green, blue = (round(first + (last - first) * share) for first, last in pairs)
    return QColor(red, green, blue)


def _is_bright(color: QColor) -> bool:
    """Return whether black text is readable on a colour, by its relative luminance (WCAG 2)."""
    channels = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.25
