"""The legend above a plot, in as many rows as it needs and the plot allows, so that it never covers data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from rnnstudio.core.data_info import DataInfo
from rnnstudio.gui.charts.text import small_font
from rnnstudio.gui.plain_text import tip
from rnnstudio.gui.theme import LIGHT, RED, Theme

_LINE_WIDTH, _SYMBOL_WIDTH = 24.0, 12.0  # pixels of the sample in front of the text
_SYMBOL_SIZE = 9
_MARGIN, _GAP = 4.0, 14.0
_MORE = "…"  # stands for the entries for which there is no room
_MAX_SHARE = 0.35  # of the height of the plot, the rest of which is for data


@dataclass(frozen=True)
class Entry:
    """One entry of a legend.

    Attributes:
        text: The name of the line or symbol.
        pen: Pen of the line, or of the symbol's outline where there is one.
        symbol: Name of pyqtgraph's symbol; empty for a line alone.
        brush: Fill colour of the symbol; empty for none.
        line: Whether a line is drawn.
        badge: Whether the text stands on a red background, as a count that must be noticed.
    """

    text: str
    pen: Any = None
    symbol: str = ""
    brush: str = ""
    line: bool = True
    badge: bool = False


class Legend(QGraphicsWidget):
    """Rows of entries, wrapped at the width of the plot; its tooltip has the entries for which there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.entries: tuple[Entry, ...] = ()
        self._font = small_font()
        self._metrics = QFontMetricsF(self._font)
        self._positions: list[QPointF] = []
        self._end, self._max_rows = QPointF(), 100
        self._wrap()

    def fit_into(self, plot_height: float) -> None:
        """Use as many rows as a plot of this height, in pixels, has room for."""
        self._max_rows = max(1, int(_MAX_SHARE * plot_height / self._row_height))
        self._wrap()

    @property
    def texts(self) -> list[str]:
        """The texts of all entries."""
        return [entry.text for entry in self.entries]

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these entries, counts that must be noticed first; nothing happens if they are unchanged."""
        ordered = tuple(sorted(entries, key=lambda entry: not entry.badge))
        if ordered != self.entries:
            self.entries = ordered
            self._wrap()
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = theme
        self.update()

    def resizeEvent(self, event: Any) -> None:
        """Wrap at the new width."""
        super().resizeEvent(event)
        self._wrap()

    @property
    def _row_height(self) -> float:
        return self._metrics.height() + 4

    def _sample_width(self, entry: Entry) -> float:
        if entry.badge:
            return 6.0
        if entry.pen is None and not entry.symbol:
            return 0.0
        return (_LINE_WIDTH if entry.line else _SYMBOL_WIDTH) + 4

    def _wrap(self) -> None:
        x, row, width = _MARGIN, 0, self.size().width()
        more = self._metrics.horizontalAdvance(_MORE) + _GAP
        self._positions = []
        for i, entry in enumerate(self.entries):
            needed = self._sample_width(entry) + self._metrics.horizontalAdvance(entry.text) + (6 if entry.badge else 0)
            is_last_row, is_last_entry = row + 1 == self._max_rows, i + 1 == len(self.entries)
            if x > _MARGIN and x + needed + (more if is_last_row and not is_last_entry else 0) > width:
                if is_last_row:
                    break
                x, row = _MARGIN, row + 1
            self._positions.append(QPointF(x, row * self._row_height))
            x += needed + _GAP
        self._end = QPointF(x, row * self._row_height)
        hidden = self.entries[len(self._positions) :]
        self.setToolTip(tip("\n".join(entry.text for entry in hidden)))
        # A number at an axis' top is half above the axis.
        height = (row + 1) * self._row_height + 4 if self.entries else 0.0
        if height != self.maximumHeight():
            self.setMinimumHeight(height)
            self.setMaximumHeight(height)
            self.setPreferredHeight(height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw samples and texts."""
        painter.setFont(self._font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = self._row_height
        if len(self._positions) < len(self.entries):
            painter.setPen(QColor(self.theme.text))
            painter.drawText(
                QRectF(self._end.x(), self._end.y(), 2 * _GAP, height), Qt.AlignmentFlag.AlignVCenter, _MORE
            )
        for entry, position in zip(self.entries, self._positions, strict=False):
            sample, width = self._sample_width(entry), self._metrics.horizontalAdvance(entry.text)
            text_box = QRectF(position.x() + sample, position.y(), width + 2, height)
            if entry.badge:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(RED))
                painter.drawRoundedRect(QRectF(position.x(), position.y() + 1, width + 12, height - 2), 4, 4)
                painter.setPen(QColor("#ffffff"))
            else:
                self._draw_sample(painter, entry, QPointF(position.x(), position.y() + height / 2), sample - 4)
                painter.setPen(QColor(self.theme.text))
            painter.drawText(text_box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, entry.text)

    def _draw_sample(self, painter: QPainter, entry: Entry, left: QPointF, width: float) -> None:
        if entry.line and entry.pen is not None:
            painter.setPen(QPen(entry.pen))
            painter.drawLine(left, QPointF(left.x() + width, left.y()))
        if entry.symbol:
            painter.save()
            painter.translate(left.x() + width / 2, left.y())
            painter.scale(_SYMBOL_SIZE, _SYMBOL_SIZE)
            if entry.pen is not None:
                painter.setPen(pg.mkPen(entry.pen.color(), width=entry.pen.widthF()))
            painter.setBrush(QBrush(QColor(entry.brush)) if entry.brush else Qt.BrushStyle.NoBrush)
            painter.drawPath(Symbols[entry.symbol])
            painter.restore()


def target_note(info: DataInfo | None) -> list[Entry]:
    """Return an entry that says which one of several targets is drawn; none if there is one target."""
    names = info.target_names if info is not None else ()
    return [Entry(f"{names[0]}, the first of {len(names):,} targets")] if len(names) > 1 else []


def outside_the_view(count: int) -> list[Entry]:
    """Return a badge that counts the values outside the view; none if there are none."""
    return [Entry(f"{count:,} outside the view", badge=True)] if count else []
