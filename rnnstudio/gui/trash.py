"""Deleting runs and groups from the run list, and the dialog of the trash that holds them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QMessageBox,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from rnnstudio.core.byte_budget import size_text
from rnnstudio.core.errors import RnnStudioError, StoreError
from rnnstudio.core.visible_text import visible
from rnnstudio.gui.banner import Banner
from rnnstudio.gui.plain_text import PlainLabel
from rnnstudio.gui.run_list import RunList
from rnnstudio.results.trash import DeletedRun, delete, deleted_runs, empty_trash, restore

_HINT = "Deleted runs and groups stay here until you empty the trash."
_EMPTY = "The trash is empty."


class Trash(QObject):
    """Deletes and restores runs, as the run list and the dialog ask for.

    Args:
        window: Parent of the dialog.
        banner: Says what was deleted, and offers to restore it.
        show_error: Shows why a run could not be deleted or restored.
        runs: The list of runs.
    """

    def __init__(
        self, window: QWidget, banner: Banner, show_error: Callable[[RnnStudioError], None], runs: RunList
    ) -> None:
        super().__init__(window)
        self._window, self._banner, self._show_error, self._runs = window, banner, show_error, runs
        runs.delete_requested.connect(self.delete)
        runs.trash_requested.connect(self.open)
        runs.damaged_chosen.connect(self._offer_to_delete)

    def delete(self, paths: Sequence[str]) -> None:
        """Move runs or groups into the trash.

        Args:
            paths: Their folders.
        """
        deleted: list[DeletedRun] = []
        self._do(lambda: deleted.extend(delete(Path(path)) for path in paths))
        if deleted:
            text = f"{_name(deleted[0])} is" if len(deleted) == 1 else f"{len(deleted):,} runs are"
            self._banner.show_message(f"{text} in the trash.", "Undo", lambda: self.restore(deleted))

    def restore(self, items: Sequence[DeletedRun]) -> None:
        """Move runs or groups back into the run list."""
        self._do(lambda: [restore(str(item.folder)) for item in items])

    def open(self) -> None:
        """Show what is in the trash."""
        dialog = TrashDialog(self._window)
        dialog.restore_requested.connect(self.restore)
        dialog.empty_requested.connect(lambda: self._do(empty_trash))
        for changed in (dialog.restore_requested, dialog.empty_requested):
            changed.connect(dialog.reload)  # after the change
        dialog.exec()

    def _offer_to_delete(self, path: str, problem: str) -> None:
        self._banner.show_message(problem, "Delete", lambda: self.delete([path]))

    def _do(self, action: Callable[[], object]) -> None:
        try:
            action()
        except RnnStudioError as error:
            self._show_error(error)
        self._runs.reload()


def _name(item: DeletedRun) -> str:
    """Return what the window calls a run or group in the trash."""
    return item.given_name or item.name


class TrashDialog(QDialog):
    """What is in the trash, to restore, and a button that empties it.

    Args:
        parent: Qt's parent.
    """

    restore_requested = Signal(list)  # of DeletedRun
    empty_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Trash")
        self.resize(560, 320)
        self._items: list[DeletedRun] = []
        self._note = PlainLabel()
        self.table = QTableWidget(0, 4)
        self.table.setHorizontalHeaderLabels(["Run", "Kind", "Deleted", "Size"])
        self.table.setAccessibleName("Deleted runs")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.itemSelectionChanged.connect(self._enable)
        self.table.itemDoubleClicked.connect(self._restore)
        self._restore_button, self._empty_button, close = (
            QPushButton(text) for text in ("Restore", "Empty trash …", "Close")
        )
        self._restore_button.clicked.connect(self._restore)
        self._empty_button.clicked.connect(self._ask_to_empty)
        close.clicked.connect(self.accept)
        close.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addWidget(self._restore_button)
        buttons.addWidget(self._empty_button)
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.addWidget(self._note)
        column.addWidget(self.table, 1)
        column.addLayout(buttons)
        self.reload()

    def reload(self) -> None:
        """Read the trash from disk."""
        problem = ""
        try:
            self._items = deleted_runs()
        except StoreError as error:
            self._items, problem = [], str(error)
        self.table.setRowCount(len(self._items))
        for i, item in enumerate(self._items):
            deleted = item.deleted[:16].replace("T", " ")
            for j, text in enumerate((visible(_name(item)), item.kind, deleted, size_text(item.size))):
                cell = QTableWidgetItem(text)
                if j == self.table.columnCount() - 1:
                    cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(i, j, cell)
        self._note.setText(problem or (_HINT if self._items else _EMPTY))
        self.table.clearSelection()
        self._enable()

    def _enable(self) -> None:
        self._restore_button.setEnabled(bool(self._chosen()))
        self._empty_button.setEnabled(bool(self._items))

    def _chosen(self) -> list[DeletedRun]:
        return [self._items[i] for i in sorted({index.row() for index in self.table.selectedIndexes()})]

    def _restore(self) -> None:
        if chosen := self._chosen():
            self.restore_requested.emit(chosen)

    def _ask_to_empty(self) -> None:
        count = len(self._items)
        what = _name(self._items[0]) if count == 1 else f"the {count:,} runs and groups in the trash"
        box = QMessageBox(self)
        box.setWindowTitle("Empty the trash")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(visible(f"Delete {what} for good? This cannot be undone."))
        sure = box.addButton("Delete for good", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole))
        box.exec()
        if box.clickedButton() is sure:
            self.empty_requested.emit()
