"""The table of a forecast: cells that are known ahead can be edited, checked, and pasted from a spreadsheet."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from rnnstudio.gui.forecast_page.table_model import ForecastTableModel

_MAX_WIDTH = 420  # pixels that the table takes from the chart


class ForecastTable(QTableView):
    """Rows of steps; Ctrl+V puts cells of a spreadsheet into the plan, Ctrl+C copies the selected cells.

    Attributes:
        rows: The model.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows = ForecastTableModel(self)
        self.setModel(self.rows)
        self.setAccessibleName("Forecast")
        self.setAlternatingRowColors(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.rows.modelReset.connect(self.fit_columns)

    def fit_columns(self) -> None:
        """Make the columns as wide as their cells, and the table wide enough for them, as far as there is room."""
        self.resizeColumnsToContents()
        width = self.horizontalHeader().length() + self.verticalScrollBar().sizeHint().width() + 2 * self.frameWidth()
        self.setMinimumWidth(min(width, _MAX_WIDTH))

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
