"""The table of a forecast: cells that are known ahead can be edited, checked, and pasted from a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyleOptionViewItem, QTableView

from rnnstudio.gui.forecast_page.table_model import ForecastTableModel

_MAX_WIDTH = 420  # pixels that the table takes from the chart


@dataclass(frozen=True)
class _Drag:
    """Check boxes that are ticked by one movement of the mouse.

    Attributes:
        row: Where it began.
        column: Of the plan.
        is_ticked: Whether they become ticked, or not.
        before: The plan before it.
    """

    row: int
    column: int
    is_ticked: bool
    before: NDArray[np.float64]


class ForecastTable(QTableView):
    """Rows of steps; Ctrl+V puts cells of a spreadsheet into the plan, Ctrl+C copies the selected cells.

    A press on a check box ticks it or clears it, and the mouse that moves on does so with all boxes up to it.

    Attributes:
        rows: The model.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows = ForecastTableModel(self)
        self._drag: _Drag | None = None
        self.setModel(self.rows)
        self.setAccessibleName("Forecast")
        self.setAlternatingRowColors(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for changed in (self.rows.modelReset, self.rows.columnsInserted, self.rows.columnsRemoved):
            changed.connect(self.fit_columns)

    def fit_columns(self) -> None:
        """Make the columns as wide as their cells, and the table wide enough for them, as far as there is room.

        A table with a plan has its full width before there are values, so that it does not move while it is filled in.
        """
        self.resizeColumnsToContents()
        width = self.horizontalHeader().length() + self.verticalScrollBar().sizeHint().width() + 2 * self.frameWidth()
        self.setMinimumWidth(_MAX_WIDTH if self.rows.planned else min(width, _MAX_WIDTH))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tick or clear a check box."""
        at = event.position().toPoint()
        index = self.indexAt(at)
        column = self.rows.switch_at(index)
        if event.button() != Qt.MouseButton.LeftButton or column < 0 or not self._is_on_box(index, at):
            super().mousePressEvent(event)
            return
        before = self.rows.plan.copy()
        self._drag = _Drag(index.row(), column, not before[index.row(), column] > 0, before)
        self.setCurrentIndex(index)
        self._tick_up_to(index.row())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the second of two fast clicks on check boxes as a click."""
        if self.rows.switch_at(self.indexAt(event.position().toPoint())) >= 0:
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tick or clear all check boxes up to the mouse."""
        if self._drag is None:
            super().mouseMoveEvent(event)
            return
        y, height, last = event.position().toPoint().y(), self.viewport().height(), self.rows.rowCount() - 1
        row = self.rowAt(min(max(y, 0), height - 1))
        row = min(max((last if row < 0 else row) + (y >= height) - (y < 0), 0), last)
        self.scrollTo(self.rows.index(row, self.rows.first_planned + self._drag.column))
        self._tick_up_to(row)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the movement; the forecast follows now, because its message and its columns may move the table."""
        if self._drag is None:
            super().mouseReleaseEvent(event)
            return
        self._drag = None
        self.rows.edited.emit()

    def _is_on_box(self, index: QModelIndex, at: QPoint) -> bool:
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.rect, option.features = self.visualRect(index), QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
        element = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        return self.style().subElementRect(element, option, self).adjusted(-4, -4, 4, 4).contains(at)

    def _tick_up_to(self, row: int) -> None:
        if self._drag is not None:
            first, last = sorted((self._drag.row, row))
            self.rows.tick(range(first, last + 1), self._drag.column, self._drag.is_ticked, self._drag.before)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Paste and copy cells."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def paste(self) -> None:
        """Put the cells in the clipboard into the plan, from the current cell on, else from its first one."""
        if self.rows.planned:
            self.rows.paste(QGuiApplication.clipboard().text(), self.currentIndex())

    def copy(self) -> None:
        """Copy the selected cells as a spreadsheet takes them."""
        cells = sorted(self.selectedIndexes(), key=lambda index: (index.row(), index.column()))
        lines: dict[int, list[str]] = {}
        for index in cells:
            lines.setdefault(index.row(), []).append(str(index.data() or ""))
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines.values()))
