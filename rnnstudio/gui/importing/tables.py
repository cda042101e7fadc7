"""The first and last rows of a file as a table; cells that were read otherwise before are marked."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QAbstractItemView, QTableView

from rnnstudio.gui.theme import RED
from rnnstudio.reading.preview import Preview

_Index = QModelIndex | QPersistentModelIndex


def changed_brush() -> QBrush:
    """Return the background of what has changed."""
    is_dark = QGuiApplication.palette().color(QPalette.ColorRole.Base).lightness() < 128
    return QBrush(QColor("#4a3b17" if is_dark else "#fff0c2"))


class RowModel(QAbstractTableModel):
    """The rows of a preview, with a row of dots between the first and the last ones."""

    def __init__(self) -> None:
        super().__init__()
        self.preview = Preview((), (), ())
        self._changed: set[tuple[int, int]] = set()

    def show_preview(self, preview: Preview, before: Preview | None) -> None:
        """Show other rows, and mark the cells that differ from those of the same row and column before."""
        self.beginResetModel()
        self.preview, self._changed = preview, set()
        if before is not None:
            texts = _by_place(before)
            self._changed = {
                divmod(k, len(preview.columns))
                for k, (place, text) in enumerate(_by_place(preview).items())
                if texts.get(place, text) != text
            }
        self.endResetModel()

    @property
    def _has_gap(self) -> bool:
        return self.preview.between > 0

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of rows, with that of the dots."""
        return 0 if parent.isValid() else len(self.preview.texts) + self._has_gap

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.preview.columns)

    def _row(self, row: int) -> int | None:
        """Return the row of the preview; None for the row of dots."""
        if not self._has_gap or row < self.preview.first:
            return row
        return None if row == self.preview.first else row - 1

    def _gap(self, role: int) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{self.preview.between:,} more rows"
        return Qt.AlignmentFlag.AlignCenter if role == Qt.ItemDataRole.TextAlignmentRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the names of the columns, and the numbers of the rows in the file."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self.preview.columns[section]
        row = self._row(section)
        return "⋮" if row is None else f"{self.preview.row_numbers[row]:,}"

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell and how it is drawn."""
        row, column = self._row(index.row()), index.column()
        if row is None:
            return "⋮" if role == Qt.ItemDataRole.DisplayRole else self._gap(role)
        text = self.preview.texts[row][column]
        is_unread = (row, column) in self.preview.unread
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text or "missing"
            case Qt.ItemDataRole.TextAlignmentRole if self.preview.columns[column] in self.preview.plots:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ForegroundRole if is_unread:
                return QBrush(QColor(RED))
            case Qt.ItemDataRole.ForegroundRole if not text:
                return QGuiApplication.palette().brush(QPalette.ColorRole.PlaceholderText)
            case Qt.ItemDataRole.BackgroundRole if (row, column) in self._changed:
                return changed_brush()
            case Qt.ItemDataRole.ToolTipRole if is_unread:
                return "This is not a number. Correct the file, or name it among the marks of missing values."
        return None


def _by_place(preview: Preview) -> dict[tuple[int, str], str]:
    """Return the text of each cell by the number of its row and the name of its column."""
    return {
        (number, name): text
        for number, row in zip(preview.row_numbers, preview.texts, strict=True)
        for name, text in zip(preview.columns, row, strict=True)
    }


class RowTable(QTableView):
    """The first and last rows of a file, as they are read."""

    def __init__(self) -> None:
        super().__init__()
        self._model = RowModel()
        self.setModel(self._model)
        self.setAccessibleName("First and last rows of the file")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        self.horizontalHeader().setHighlightSections(False)

    def show_preview(self, preview: Preview, before: Preview | None) -> None:
        """Show the rows of a preview, and mark what differs from the one before; widths of columns stay."""
        is_other = self._model.preview.columns != preview.columns
        self._model.show_preview(preview, before)
        if is_other:
            self._fit_columns()

    def _fit_columns(self) -> None:
        metrics = self.fontMetrics()
        preview = self._model.preview
        for j, name in enumerate(preview.columns):
            texts = [name, *(row[j] for row in preview.texts[:5]), *(row[j] for row in preview.texts[-2:])]
            widest = max(metrics.horizontalAdvance(text) for text in texts)
            self.setColumnWidth(j, min(max(widest + 20, 70), 240))
