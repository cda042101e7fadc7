"""The list of saved runs, with a filter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from rnnstudio import api
from rnnstudio.core.chosen_on_test import FOOTNOTE_OF_MANY, MARK
from rnnstudio.core.errors import RnnStudioError, StoreError
from rnnstudio.gui.plain_text import PlainLabel, tip
from rnnstudio.gui.run_notes import NameDelegate, NoteDialog
from rnnstudio.gui.run_table import RunTable
from rnnstudio.results.group_store import runs_and_groups
from rnnstudio.results.run_notes import notes_at

_LEFT_OUT = (
    "Seed",
    "Units",
    "Learning\nrate",
    "Training\nloss",
    "Time",
    "Cell",
)  # one after the other, where it is narrow
_MEASURED = 100  # rows whose cells decide how wide a column is
_GRID = 3  # pixels beside the text of a cell
_HINT = "Double-click opens a run, F2 names it; drop a file on one to use it on these data."
_MARKED = f" {MARK} chosen on the test set."


class _Table(QTableView):
    """A table that reports its new size, and files that are dropped on a row.

    Attributes:
        takes_files: Whether files can be dropped on a row.
    """

    resized = Signal()
    dropped = Signal(QModelIndex, str)  # row, and path of the file
    takes_files: Callable[[QModelIndex], bool]

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files."""
        event.setAccepted(event.mimeData().hasUrls())

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Accept files over a run."""
        index = self.indexAt(event.position().toPoint())
        event.setAccepted(event.mimeData().hasUrls() and index.isValid() and self.takes_files(index))

    def dropEvent(self, event: QDropEvent) -> None:
        """Report the file that was dropped on a run."""
        self.dropped.emit(self.indexAt(event.position().toPoint()), event.mimeData().urls()[0].toLocalFile())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Report the new size."""
        super().resizeEvent(event)
        self.resized.emit()


class RunList(QWidget):
    """A table of the saved runs that can be sorted and filtered."""

    file_dropped = Signal(str, str)  # folder of a run, and the file that was dropped on it
    chosen = Signal(str)  # folder of a run that was double-clicked, or confirmed with Enter
    damaged_chosen = Signal(str, str)  # the same of a run that cannot be read, and what is wrong with it
    delete_requested = Signal(list)  # folders of runs
    trash_requested = Signal()
    failed = Signal(object)  # RnnStudioError
    reloaded = Signal()  # the list was read again

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = RunTable(self)
        self._model.renamed.connect(lambda path, name: self._write(path, name=name), Qt.ConnectionType.QueuedConnection)
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(self._model)
        self._proxy.setFilterKeyColumn(-1)
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._proxy.setSortRole(Qt.ItemDataRole.UserRole)
        self._filter = QLineEdit()
        self._filter.setPlaceholderText("Filter")
        self._filter.setToolTip("Show only the runs with this text in any column")
        self._filter.setAccessibleName("Filter runs")
        self._filter.setClearButtonEnabled(True)
        self._filter.setMaximumWidth(220)
        self._filter.textChanged.connect(self._proxy.setFilterFixedString)
        self._note = PlainLabel(_HINT)
        self._note.setEnabled(False)
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # never widens the window
        self._delete_button = _button("Delete", "Move the selected runs into the trash", self._delete)
        trash = _button("Trash …", "Restore deleted runs, or empty the trash", self.trash_requested.emit)
        self.table = self._new_table()
        top = QHBoxLayout()
        top.addWidget(self._filter)
        top.addWidget(self._note, 1)
        top.addWidget(self._delete_button)
        top.addWidget(trash)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 2, 4, 4)
        column.setSpacing(3)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        self.reload()

    def reload(self) -> None:
        """Read the saved runs from disk; where that is not possible, the note says why."""
        try:
            runs, problem = runs_and_groups(), ""
        except StoreError as error:
            runs, problem = [], str(error)
        self._model.load(runs)
        is_marked = any(run["chosen_on_test"] for run in runs)
        self._hint = problem or _HINT + (_MARKED if is_marked else "") + _count(runs)
        self._hint_tip = problem or (FOOTNOTE_OF_MANY if is_marked else "")
        self._show_selection()
        self._fit_width()
        self.reloaded.emit()

    def _show_selection(self) -> None:
        """Say what is wrong with the run that is selected, else what the list is for."""
        rows = self.table.selectionModel().selectedRows()
        self._delete_button.setEnabled(bool(rows) and not any(self._run(row)["outcome"] == "running" for row in rows))
        problem = self._problem(rows[0]) if len(rows) == 1 else ""
        self._note.setText(problem or self._hint)
        self._note.setEnabled(bool(problem))
        self._note.setToolTip(tip(problem or self._hint_tip))

    @property
    def interrupted(self) -> list[str]:
        """Paths of the runs whose process ended before their training did, newest first."""
        return [str(run["path"]) for run in self._model.runs if run["outcome"] == "interrupted"]

    def _fit_width(self) -> None:
        """Show the columns that fit, so that the list need not be scrolled sideways."""
        table, header = self.table, self.table.horizontalHeader()
        columns = range(self._model.columnCount())
        for j in columns:  # a hidden one has no size
            table.setColumnHidden(j, False)
        widths = {j: max(table.sizeHintForColumn(j), header.sectionSizeHint(j)) + _GRID for j in columns}
        headings = {str(self._model.headerData(j, Qt.Orientation.Horizontal)): j for j in columns}
        hidden = {j for j in columns if self._model.is_empty(j)}
        for heading in _LEFT_OUT:
            if sum(width for j, width in widths.items() if j not in hidden) > table.viewport().width():
                hidden.add(headings[heading])
        for j in columns:
            if table.isColumnHidden(j) != (j in hidden):  # each change lays the table out
                table.setColumnHidden(j, j in hidden)

    def _new_table(self) -> QTableView:
        table = _Table()
        table.resized.connect(self._fit_width)
        table.setAcceptDrops(True)
        table.dropped.connect(lambda index, file: self.file_dropped.emit(self._path(index), file))
        table.setModel(self._proxy)
        table.setAccessibleName("Runs")
        table.setSortingEnabled(True)
        table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)  # newest first, as in the model
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setAlternatingRowColors(True)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(22)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setResizeContentsPrecision(_MEASURED)
        table.horizontalHeader().setStretchLastSection(True)
        table.activated.connect(self._choose)
        table.setItemDelegateForColumn(0, NameDelegate(table))
        table.takes_files = lambda index: not self._problem(index)
        table.selectionModel().selectionChanged.connect(self._show_selection)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), table, self._delete, Qt.ShortcutContext.WidgetShortcut)
        QShortcut(QKeySequence("F2"), table, self._rename, Qt.ShortcutContext.WidgetShortcut)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(lambda point: self._menu().exec(table.viewport().mapToGlobal(point)))
        return table

    def _menu(self) -> QMenu:
        """Return the menu of the rows that are selected."""
        rows, menu = self.table.selectionModel().selectedRows(), QMenu(self.table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_run = menu.addAction("&Open", lambda: self._choose(rows[0]))
        open_run.setEnabled(len(rows) == 1 and not self._problem(rows[0]))
        for text, act, key in (("&Rename", self._rename, "F2"), ("&Note …", self._edit_note, "")):
            action = menu.addAction(text, act)
            action.setShortcut(QKeySequence(key))
            action.setEnabled(len(rows) == 1)
        menu.addAction("&Delete", self._delete).setEnabled(self._delete_button.isEnabled())
        return menu

    def _delete(self) -> None:
        if self._delete_button.isEnabled():
            self.delete_requested.emit([self._path(row) for row in self.table.selectionModel().selectedRows()])

    def _rename(self) -> None:
        """Edit the name of the selected run in its row."""
        rows = self.table.selectionModel().selectedRows(0)
        if len(rows) == 1:
            self.table.setCurrentIndex(rows[0])
            self.table.edit(rows[0])

    def _edit_note(self) -> None:
        """Show the note of the selected run in a dialog."""
        row = self.table.selectionModel().selectedRows()[0]
        path, run = Path(self._path(row)), self._run(row)
        dialog = NoteDialog(run["name"] or run["run"], notes_at(path).note, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._write(str(path), note=dialog.note())

    def _write(self, path: str, **changes: str) -> None:
        """Change the name or the note of a run, and select it again."""
        try:
            if "name" in changes:
                api.rename(path, changes["name"])
            else:
                api.note(path, changes["note"])
        except RnnStudioError as error:
            self.failed.emit(error)
        self.reload()
        row = next((i for i, run in enumerate(self._model.runs) if run["path"] == path), -1)
        if row >= 0:
            self.table.setCurrentIndex(self._proxy.mapFromSource(self._model.index(row, 0)))

    def _choose(self, index: QModelIndex) -> None:
        if problem := self._problem(index):
            self.damaged_chosen.emit(self._path(index), problem)
        else:
            self.chosen.emit(self._path(index))

    def _run(self, index: QModelIndex) -> dict[str, Any]:
        """Return the summary of the run in a row."""
        return self._model.runs[self._proxy.mapToSource(index).row()]

    def _path(self, index: QModelIndex) -> str:
        """Return the folder of the run in a row."""
        return str(self._run(index)["path"])

    def _problem(self, index: QModelIndex) -> str:
        """Return what is wrong with the run in a row; empty for nothing."""
        return str(self._run(index)["problem"]) if index.isValid() else ""


def _button(text: str, description: str, on_click: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip(description))
    button.setAccessibleDescription(description)
    button.clicked.connect(lambda _=False: on_click())
    return button


def _count(runs: Sequence[dict[str, Any]]) -> str:
    """Return a sentence that counts the runs that cannot be read; empty for none."""
    count = sum(bool(run["problem"]) for run in runs)
    verb = "1 run cannot be read; select it" if count == 1 else f"{count:,} runs cannot be read; select one"
    return f" {verb} to see why." if count else ""
