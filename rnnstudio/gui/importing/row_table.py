"""Rows of a file as a table; a click on a problem offers what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView

from rnnstudio.gui.importing.tables import RowModel, filled_text
from rnnstudio.gui.plain_text import tip
from rnnstudio.reading.preview import Preview
from rnnstudio.results.import_problems import Problem, Remedy

_PADDING = 20  # pixels beside the text of a cell


class RowTable(QTableView):
    """The first and last rows of a file, and those with problems, as they are read."""

    chosen = Signal(object)  # Remedy

    def __init__(self) -> None:
        super().__init__()
        self._model = RowModel()
        self._problems: tuple[Problem, ...] = ()
        self.setModel(self._model)
        self.setAccessibleName("Rows of the file")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.clicked.connect(self.offer_remedies)

    def show_preview(self, preview: Preview, before: Preview | None) -> None:
        """Show the rows of a preview, and mark what differs from the one before; columns only become wider."""
        is_other = self._model.preview.columns != preview.columns
        position = self.verticalScrollBar().value()
        self._model.show_preview(preview, before)
        self._fit_row_numbers()
        if is_other:
            self._fit_columns()
        else:
            self.verticalScrollBar().setValue(position)
        for (_, j), text in preview.filled.items():
            width = self.fontMetrics().horizontalAdvance(filled_text(text)) + _PADDING
            self.setColumnWidth(j, max(self.columnWidth(j), width))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Offer the remedies at the current cell on Space or Return."""
        is_press = event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_press and self.currentIndex().isValid() and self.remedies_at(self.currentIndex()):
            self.offer_remedies(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Offer the remedies of these problems at the cells where they stand."""
        self._problems = problems

    def go_to(self, position: int, column: str) -> None:
        """Make a cell the current one, and scroll to it.

        Args:
            position: Index of its row in the table of the file.
            column: Its column; empty for the first.
        """
        preview = self._model.preview
        if position not in preview.positions:
            return
        place = preview.columns.index(column) if column in preview.columns else 0
        index = self._model.index(self._model.row_at(position), place)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        self.setFocus()

    def offer_remedies(self, index: QModelIndex) -> None:
        """Open the menu of what can be done about the problem in a cell; nothing where there is none."""
        remedies = self.remedies_at(index)
        if not remedies:
            return
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for remedy in remedies:
            action = menu.addAction(remedy.label)
            action.setToolTip(tip(remedy.meaning))
            action.setCheckable(True)
            action.setChecked(remedy.is_chosen)
            action.triggered.connect(lambda _=False, remedy=remedy: self.chosen.emit(remedy))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(self.visualRect(index).bottomLeft()))

    def remedies_at(self, index: QModelIndex) -> list[Remedy]:
        """Return what can be done about the problem in a cell."""
        kind, column = self._model.kind_of(index), self._model.preview.columns[index.column()]
        return [
            remedy
            for problem in self._problems
            if problem.kind == kind and column in problem.columns
            for remedy in problem.remedies
        ]

    def _fit_row_numbers(self) -> None:
        numbers = [self._model.headerData(i, Qt.Orientation.Vertical) for i in range(self._model.rowCount())]
        widest = max(map(self.fontMetrics().horizontalAdvance, numbers), default=0)
        self.verticalHeader().setMinimumWidth(widest + _PADDING // 2)  # Qt would keep the width of the numbers before
        self.updateGeometries()

    def _fit_columns(self) -> None:
        metrics = self.fontMetrics()
        preview = self._model.preview
        for j in range(len(preview.columns)):
            title = str(self._model.headerData(j, Qt.Orientation.Horizontal))
            texts = [title, *(row[j] for row in preview.texts[:5]), *(row[j] for row in preview.texts[-2:])]
            widest = max(metrics.horizontalAdvance(text) for text in texts)
            self.setColumnWidth(j, min(max(widest + _PADDING, 70), 240))
