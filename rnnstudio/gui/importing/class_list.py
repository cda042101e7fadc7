"""The classes of labelled sequences, or ranges of their values, as a list: number, length, and a few drawn small."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from rnnstudio.gui.importing.small_plots import lines_in
from rnnstudio.gui.plain_text import tip
from rnnstudio.gui.theme import BLUE, GREEN, ORANGE, SKY
from rnnstudio.results.sequence_preview import ClassPreview, SequencePreview

_Index = QModelIndex | QPersistentModelIndex
_NAME, _TRAIN, _TEST, _STEPS, _EXAMPLES = range(5)
_SHARES = {_NAME: 3, _TRAIN: 2, _TEST: 2, _STEPS: 2, _EXAMPLES: 9}  # of the width of the list
_MAX_EXAMPLES = 4
_GAP = 10  # pixels between two examples
_CLASS_ROLE = int(Qt.ItemDataRole.UserRole)


class ClassModel(QAbstractTableModel):
    """The classes of a preview."""

    def __init__(self) -> None:
        super().__init__()
        self.preview: SequencePreview | None = None

    def show_preview(self, preview: SequencePreview) -> None:
        """Show the classes of a preview."""
        self.beginResetModel()
        self.preview = preview
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of classes."""
        return 0 if parent.isValid() or self.preview is None else len(self.preview.classes)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns of the list."""
        return 0 if parent.isValid() else len(_SHARES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the titles."""
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal or self.preview is None:
            return None
        features = self.preview.features
        drawn = "" if len(features) == 1 else f": {', '.join(features)}"
        train = "Training" if self.preview.has_test else "Sequences"
        return ("Value" if self.preview.has_values else "Class", train, "Test", "Steps", f"A few sequences{drawn}")[
            section
        ]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, or the class of its row."""
        if self.preview is None:
            return None
        of_class = self.preview.classes[index.row()]
        if role == _CLASS_ROLE:
            return of_class
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            text = _text(of_class, index.column())
            return tip(text) if role == Qt.ItemDataRole.ToolTipRole else text
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in (_TRAIN, _TEST, _STEPS):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


class _Examples(QStyledItemDelegate):
    """Draws the examples of a class side by side, all classes to the same scale."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the examples of the class in a row."""
        super().paint(painter, option, index)
        of_class: ClassPreview = index.data(_CLASS_ROLE)
        model = index.model()
        assert isinstance(model, ClassModel)
        assert model.preview is not None
        ranges, rect = model.preview.ranges, QRectF(option.rect).adjusted(6, 4, -6, -4)
        width = (rect.width() - (_MAX_EXAMPLES - 1) * _GAP) / _MAX_EXAMPLES
        is_dark = option.palette.base().color().lightness() < 128
        painter.save()
        painter.setClipRect(rect.adjusted(-1, -1, 1, 1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for k, (example, share) in enumerate(zip(of_class.examples, of_class.shares, strict=True)):
            left = rect.left() + k * (width + _GAP)
            place = QRectF(left, rect.top(), max(2.0, width * share), rect.height())
            for plot, limits, color in zip(example, ranges, (SKY if is_dark else BLUE, ORANGE, GREEN), strict=False):
                painter.setPen(QPen(QColor(color), 1.0))  # a wider pen takes 20 times as long
                for line in lines_in(plot, place, (float(limits[0]), float(limits[1]))):
                    painter.drawPolyline(line)
        painter.restore()


class ClassList(QTableView):
    """The list of classes, with a few sequences of each."""

    def __init__(self) -> None:
        super().__init__()
        self._model = ClassModel()
        self.setModel(self._model)
        self.setItemDelegateForColumn(_EXAMPLES, _Examples(self))
        self.setAccessibleName("Classes of the sequences")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(3 * self.fontMetrics().height())
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)

    def show_preview(self, preview: SequencePreview) -> None:
        """Show the classes of a preview."""
        self._model.show_preview(preview)
        self.setAccessibleName("Values of the sequences" if preview.has_values else "Classes of the sequences")
        self.setColumnHidden(_TEST, not preview.has_test)
        self._share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width among the columns."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        shares = {j: share for j, share in _SHARES.items() if not self.isColumnHidden(j)}
        for j, share in shares.items():
            self.setColumnWidth(j, int(self.viewport().width() * share / sum(shares.values())))


def _text(of_class: ClassPreview, column: int) -> str:
    low, high = of_class.lengths
    texts = {
        _NAME: of_class.name,
        _TRAIN: f"{of_class.train:,}",
        _TEST: f"{of_class.test:,}",
        _STEPS: f"{low:,}" if low == high else f"{low:,} to {high:,}",
    }
    return texts.get(column, "")
