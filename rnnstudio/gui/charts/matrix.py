"""The confusion matrix as a drawing: rows are true, columns are told, recall and precision stand at the margins."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from rnnstudio.core.confusion import Counts, PerClass, Shares, per_class, row_shares
from rnnstudio.gui.charts.axes import percent, small_font
from rnnstudio.gui.charts.fit_text import fitted, wrapped
from rnnstudio.gui.charts.tooltip import draw_note
from rnnstudio.gui.theme import LIGHT, RED, Theme

Cell = tuple[int, int]  # true class, told class; -1 for the margin
_MARGIN = -1
_CENTRE = Qt.AlignmentFlag.AlignCenter
_NOTHING: Counts = np.zeros((0, 0), np.int64)


class Matrix(QGraphicsWidget):
    """The cells, their names and their margins.

    Attributes:
        counts: How often class a (row) was told to be class b (column), `(C, C)`.
        pointed: The cell under the mouse, or None.
        focused: The cell the keyboard is at, or None.
        chosen: The cell whose sequences are looked at, or None.
    """

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.counts = _NOTHING
        self.names: tuple[str, ...] = ()
        self.pointed: Cell | None = None
        self.focused: Cell | None = None
        self.chosen: Cell | None = None
        self._shares: Shares = row_shares(_NOTHING)
        self._old = self._shares  # what the colours fade from
        self._faded = 1.0
        self._figures: PerClass = per_class(_NOTHING)
        self._font = small_font()
        self._bold = QFont(self._font)
        self._bold.setBold(True)
        self._metrics = QFontMetricsF(self._font)
        self._line = self._metrics.height()
        self._cells = QRectF()  # all cells together
        self._lines: list[list[str]] = []  # the names above the columns
        self._upright = False
        self.setMinimumSize(80, 60)

    def show_counts(self, counts: Counts, names: tuple[str, ...]) -> None:
        """Show these; the colours fade to them from those before by `fade`."""
        self._old = self._now if self.counts.shape == counts.shape else np.zeros(counts.shape)
        self.counts, self._shares, self._figures = counts, row_shares(counts), per_class(counts)
        if names != self.names:
            self.names, self.focused, self.chosen, self.pointed = names, None, None, None
            self._arrange()
        self._faded = 1.0
        self.update()

    @property
    def _now(self) -> Shares:
        return self._old + (self._shares - self._old) * self._faded

    def fade(self, share: float) -> None:
        """Show the colours this far, 0 to 1, on their way from the last counts to these."""
        if share != self._faded:
            self._faded = share
            self.update()

    def resizeEvent(self, event: Any) -> None:
        """Arrange anew."""
        super().resizeEvent(event)
        self._arrange()

    # Geometry

    def _arrange(self) -> None:
        """Find room for names, cells and margins."""
        count = len(self.names)
        if not count:
            return
        width, height, line, measure = self.size().width(), self.size().height(), self._line, self._wide
        left = line + 4 + min(max(measure(name) for name in self.names), width * 0.26) + 12
        left = max(left, QFontMetricsF(self._bold).horizontalAdvance("precision") + 10)
        right = width - max(measure("recall"), measure("100.0 %")) - 8
        across = (right - left) / count
        self._lines = [wrapped(name) for name in self.names]
        self._upright = max(measure(part) for lines in self._lines for part in lines) > across - 4
        if self._upright:
            longest = max(measure(part) for lines in self._lines for part in lines)
            if max(len(lines) for lines in self._lines) * line > across or longest > height * 0.26:
                self._lines = [[name] for name in self.names]
                longest = max(measure(name) for name in self.names)
            above = min(longest, height * 0.26) + 8
        else:
            above = max(len(lines) for lines in self._lines) * line + 4
        top = line + 2 + above
        self._cells = QRectF(left, top, right - left, max(8.0, height - top - line - 6))
        self.update()

    def _wide(self, text: str) -> float:
        return self._metrics.horizontalAdvance(text)

    def rect_of(self, cell: Cell) -> QRectF:
        """Return where a cell is drawn."""
        row, column = cell
        box, count = self._cells, len(self.names)
        across, down = box.width() / count, box.height() / count
        x = box.right() + 4 if column == _MARGIN else box.left() + column * across
        y = box.bottom() + 3 if row == _MARGIN else box.top() + row * down
        return QRectF(
            x,
            y,
            self.size().width() - x if column == _MARGIN else across,
            self.size().height() - y if row == _MARGIN else down,
        )

    def cell_at(self, place: QPointF) -> Cell | None:
        """Return the cell, or the margin, at a place."""
        box, count = self._cells, len(self.names)
        if not count or place.x() < box.left() or place.y() < box.top():
            return None
        column = int((place.x() - box.left()) / box.width() * count)
        row = int((place.y() - box.top()) / box.height() * count)
        if row >= count and column >= count:
            return None
        return (row if row < count else _MARGIN), (column if column < count else _MARGIN)

    # Words

    def sentence(self, cell: Cell) -> str:
        """Return what a cell or a margin says."""
        row, column = cell
        if column == _MARGIN:
            found, of = int(self.counts[row, row]), int(self.counts[row].sum())
            share = f" ({percent(found / of)})" if of else ""
            return f"recall of {self.names[row]}: {found:,} of {of:,} were found{share}"
        if row == _MARGIN:
            right, told = int(self.counts[column, column]), int(self.counts[:, column].sum())
            share = f" ({percent(right / told)})" if told else ""
            return f"precision of {self.names[column]}: {right:,} of {told:,} told were right{share}"
        count, of = int(self.counts[row, column]), int(self.counts[row].sum())
        share = f" ({percent(count / of)})" if of else ""
        return f"true {self.names[row]}, told {self.names[column]}: {count:,} of {of:,}{share}"

    # Drawing

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw it all."""
        if not len(self.names):
            return
        painter.setFont(self._font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_cells(painter)
        painter.setPen(QColor(self.theme.text))
        self._paint_names(painter)
        self._paint_margins(painter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        text, inside = self.theme.text, self.boundingRect()
        for cell, pen in (
            (self.pointed, pg.mkPen(text, width=1)),
            (self.focused, pg.mkPen(text, width=2, dash=[2, 2])),
            (self.chosen, pg.mkPen(text, width=3)),
        ):
            if cell is not None and _MARGIN not in cell:
                painter.setPen(pen)
                painter.drawRect(self.rect_of(cell).adjusted(0, 0, -1, -1))
        told = self.pointed or self.focused
        if told is not None:
            draw_note(painter, self.theme, self.sentence(told), self.rect_of(told), inside)

    def _paint_cells(self, painter: QPainter) -> None:
        counts, shown, shares, count = self.counts, self._now, self._shares, len(self.names)
        background, blue, red = QColor(self.theme.background), QColor(self.theme.blue), QColor(RED)
        grid, frame = pg.mkPen(self.theme.faint, width=1), pg.mkPen(self.theme.text, width=1)
        size = self.rect_of((0, 0))
        painter.setPen(Qt.PenStyle.NoPen)
        for row, column in np.argwhere((counts > 0) | (shown > 0)).tolist():
            share = float(shown[row, column])
            color = _mixed(background, blue, share) if row == column else _mixed(background, red, math.sqrt(share))
            box = self.rect_of((row, column))
            painter.fillRect(box, color)
            if counts[row, column] and size.height() >= self._line:
                painter.setPen(QColor("#000000" if _bright(color) else "#ffffff"))
                self._paint_count(painter, box, int(counts[row, column]), float(shares[row, column]))
        gap = min(size.width(), size.height())
        if gap > 4:
            painter.setPen(grid)
            for i in range(count + 1):
                x = self._cells.left() + i * size.width()
                y = self._cells.top() + i * size.height()
                painter.drawLine(QPointF(x, self._cells.top()), QPointF(x, self._cells.bottom()))
                painter.drawLine(QPointF(self._cells.left(), y), QPointF(self._cells.right(), y))
        painter.setPen(frame)  # what is right can be told from what is wrong without colours
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = 2 if gap > 12 else 0
        for i in range(count):
            painter.drawRect(self.rect_of((i, i)).adjusted(inset, inset, -inset, -inset))
        if gap <= 4:
            painter.setPen(grid)
            painter.drawRect(self._cells)

    def _paint_count(self, painter: QPainter, box: QRectF, count: int, share: float) -> None:
        number, part = f"{count:,}", percent(share)
        if box.height() >= 2 * self._line + 2 and self._wide(part) <= box.width() - 4:
            upper = QRectF(box.left(), box.center().y() - self._line, box.width(), self._line)
            painter.setFont(self._bold)
            painter.drawText(upper, _CENTRE, number)
            painter.setFont(self._font)
            painter.drawText(upper.translated(0, self._line), _CENTRE, part)
        elif self._wide(number) <= box.width() - 2:
            painter.drawText(box, _CENTRE, number)

    def _paint_names(self, painter: QPainter) -> None:
        box, line, shape = self._cells, self._line, self.rect_of((0, 0))
        painter.setFont(self._bold)
        painter.drawText(QRectF(box.left(), 0, box.width(), line), _CENTRE, "told by the network")
        painter.save()
        painter.rotate(-90)
        painter.drawText(QRectF(-box.bottom(), 0, box.height(), line), _CENTRE, self._caption(box.height()))
        painter.restore()
        painter.setFont(self._font)
        every = max(1, math.ceil(line / shape.height()))
        room, right = box.left() - line - 14, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row in range(0, len(self.names), every):
            cell = self.rect_of((row, 0))
            place = QRectF(line + 8, cell.center().y() - line / 2, room, line)
            painter.drawText(place, right, fitted(self.names[row], room, self._metrics))
        every = max(1, math.ceil(line / shape.width())) if self._upright else 1
        for column in range(0, len(self.names), every):
            cell = self.rect_of((0, column))
            if self._upright:
                lines, room = self._lines[column], box.top() - line - 6
                painter.save()
                painter.translate(cell.center().x() - line * len(lines) / 2, box.top() - 4)
                painter.rotate(-90)
                left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
                for i, part in enumerate(lines):
                    painter.drawText(QRectF(0, i * line, room, line), left, fitted(part, room, self._metrics))
                painter.restore()
            else:
                for i, part in enumerate(reversed(self._lines[column])):
                    place = QRectF(cell.left(), box.top() - 2 - (i + 1) * line, cell.width(), line)
                    painter.drawText(place, _CENTRE, part)

    def _caption(self, room: float) -> str:
        whole = "true (a row is 100 %)"
        return whole if QFontMetricsF(self._bold).horizontalAdvance(whole) <= room else "true"

    def _paint_margins(self, painter: QPainter) -> None:
        box, line, shape = self._cells, self._line, self.rect_of((0, 0))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        corner = self.rect_of((0, _MARGIN))
        painter.setFont(self._bold)
        painter.drawText(QRectF(corner.left(), box.top() - line - 2, corner.width(), line), _CENTRE, "recall")
        bottom = self.rect_of((_MARGIN, 0))
        painter.drawText(QRectF(0, bottom.top(), box.left() - 6, bottom.height()), right, "precision")
        painter.setFont(self._font)
        every = max(1, math.ceil(line / shape.height()))
        for i in range(0, len(self.names), every):
            cell = self.rect_of((i, _MARGIN))
            place = QRectF(cell.left(), cell.center().y() - line / 2, cell.width(), line)
            painter.drawText(place, _CENTRE, _share(self._figures.recall[i]))
        digits = 1 if self._wide("88.8 %") <= shape.width() else 0
        widest = self._wide("88.8 %" if digits else "100 %") + 2
        every = max(1, math.ceil(widest / shape.width()))
        for i in range(every // 2, len(self.names), every):
            cell = self.rect_of((_MARGIN, i))
            place = QRectF(cell.center().x() - widest / 2, cell.top(), widest, cell.height())
            painter.drawText(place, _CENTRE, _share(self._figures.precision[i], digits))


def _share(value: float, digits: int = 1) -> str:
    return percent(value, digits) if math.isfinite(value) else "–"


def _mixed(low: QColor, high: QColor, share: float) -> QColor:
    share = min(max(share, 0.0), 1.0)
    red, green, blue = (
        round(a + (b - a) * share)
        for a, b in ((low.red(), high.red()), (low.green(), high.green()), (low.blue(), high.blue()))
    )
    return QColor(red, green, blue)


def _bright(color: QColor) -> bool:
    """Return whether a colour wants black letters (its relative luminance as in WCAG 2)."""
    parts = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.25
