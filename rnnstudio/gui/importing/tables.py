"""Rows of a file as a table model; cells that were read otherwise before are marked."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QPalette

from rnnstudio.gui.plain_text import tip
from rnnstudio.gui.theme import RED
from rnnstudio.reading.preview import Preview

_Index = QModelIndex | QPersistentModelIndex


def changed_brush() -> QBrush:
    """Return the background of what has changed."""
    is_dark = QGuiApplication.palette().color(QPalette.ColorRole.Base).lightness() < 128
    return QBrush(QColor("#4a3b17" if is_dark else "#fff0c2"))


class RowModel(QAbstractTableModel):
    """The rows of a preview, with a row of dots for those between that are not shown."""

    def __init__(self) -> None:
        super().__init__()
        self.preview = Preview((), (), (), (), 0)
        self._rows: list[int] = []  # of the preview; -1 for dots
        self._changed: set[tuple[int, int]] = set()

    def show_preview(self, preview: Preview, before: Preview | None) -> None:
        """Show other rows, and mark the cells that differ from those of the same row and column before."""
        self.beginResetModel()
        self.preview, self._changed, self._rows = preview, set(), []
        for i, position in enumerate(preview.positions):
            if position - (preview.positions[i - 1] if i else -1) > 1:
                self._rows.append(-1)
            self._rows.append(i)
        if before is not None:
            texts = _by_place(before)
            self._changed = {
                divmod(k, len(preview.columns))
                for k, (place, text) in enumerate(_by_place(preview).items())
                if texts.get(place, text) != text
            }
        self.endResetModel()

    def row_at(self, position: int) -> int:
        """Return where the row with an index in the table is shown."""
        return self._rows.index(self.preview.positions.index(position))

    def kind_of(self, index: _Index) -> str:
        """Return the kind of the problem in a cell: "cells" where it is no number, "missing"; empty for none."""
        row = self._rows[index.row()]
        if row < 0:
            return ""
        if (row, index.column()) in self.preview.unread:
            return "cells"
        return "" if self.preview.texts[row][index.column()] else "missing"

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of rows, with those of dots."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.preview.columns)

    def _dots(self, row: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return "⋮"
        if role == Qt.ItemDataRole.ToolTipRole:
            after = self.preview.positions[self._rows[row + 1]]
            before = self.preview.positions[self._rows[row - 1]] if row else -1
            return f"{after - before - 1:,} more rows"
        return Qt.AlignmentFlag.AlignCenter if role == Qt.ItemDataRole.TextAlignmentRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the names of the columns, and the numbers of the rows in the file."""
        is_horizontal = orientation == Qt.Orientation.Horizontal
        if role != Qt.ItemDataRole.DisplayRole and not (is_horizontal and role == Qt.ItemDataRole.ToolTipRole):
            return None
        if is_horizontal:
            name = self.preview.columns[section]
            text = f"{name} ({self.preview.zones[name]})" if name in self.preview.zones else name
            return tip(text) if role == Qt.ItemDataRole.ToolTipRole else text
        row = self._rows[section]
        number = self.preview.row_numbers[row]
        return "⋮" if row < 0 else number if isinstance(number, str) else f"{number:,}"

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell and how it is drawn."""
        row, column = self._rows[index.row()], index.column()
        if row < 0:
            return self._dots(index.row(), role)
        text = self.preview.texts[row][column]
        filled = self.preview.filled.get((row, column), "")
        is_unread, is_left_out = (row, column) in self.preview.unread, row in self.preview.left_out
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text or (filled_text(filled) if filled else "missing")
            case Qt.ItemDataRole.TextAlignmentRole if self.preview.columns[column] in self.preview.plots:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ForegroundRole if is_unread:
                return QBrush(QColor(RED))
            case Qt.ItemDataRole.ForegroundRole if not text or is_left_out:
                return QGuiApplication.palette().brush(QPalette.ColorRole.PlaceholderText)
            case Qt.ItemDataRole.FontRole if filled or is_left_out:
                font = QGuiApplication.font()
                font.setItalic(bool(filled))
                font.setStrikeOut(is_left_out)
                return font
            case Qt.ItemDataRole.BackgroundRole if (row, column) in self._changed:
                return changed_brush()
            case Qt.ItemDataRole.ToolTipRole if is_unread:
                return "This is not a number. Correct the file, or click to treat it as missing."
            case Qt.ItemDataRole.ToolTipRole if is_left_out:
                return "This row is left out of the training."
            case Qt.ItemDataRole.ToolTipRole if filled:
                return (
                    "This value is missing; the last one before it is taken. It does not count as a value to predict."
                )
        return None


def filled_text(value: str) -> str:
    """Return what stands in the cell of a missing value for which a training takes another one."""
    return f"{value} (filled)"


def _by_place(preview: Preview) -> dict[tuple[int | str, str], str]:
    """Return the text of each cell by the number of its row and the name of its column."""
    return {
        (number, name): text
        for number, row in zip(preview.row_numbers, preview.texts, strict=True)
        for name, text in zip(preview.columns, row, strict=True)
    }
