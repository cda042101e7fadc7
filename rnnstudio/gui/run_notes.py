"""Naming runs in the run list, and the dialog of their notes."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from rnnstudio.core.visible_text import visible
from rnnstudio.gui.plain_text import PlainLabel
from rnnstudio.results.run_notes import MAX_NAME, MAX_NOTE

_ANY_HEIGHT = 1 << 20
_SHOWN = 34  # letters of a name that always fit into its column


class NameDelegate(QStyledItemDelegate):
    """Edits names in place, up to the length that a name may have, and keeps the column of names narrow."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the size of a name, of a long one that of its beginning."""
        most = option.fontMetrics.averageCharWidth() * _SHOWN
        return super().sizeHint(option, index).boundedTo(QSize(most, _ANY_HEIGHT))

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        """Return the field of a name."""
        editor = super().createEditor(parent, option, index)
        if isinstance(editor, QLineEdit):
            editor.setMaxLength(MAX_NAME)
            editor.setAccessibleName("Name of the run")
        return editor


class NoteDialog(QDialog):
    """The note of a run, to be read and changed.

    Args:
        name: Name of the run.
        note: Its note.
        parent: Qt's parent.
    """

    def __init__(self, name: str, note: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(visible(f"Note on {name}"))
        self.resize(480, 280)
        self.text = QPlainTextEdit(note)
        self.text.setPlaceholderText("What you want to remember of this run")
        self.text.setAccessibleName("Note")
        self.text.setTabChangesFocus(True)
        self._count = PlainLabel()
        self._save, cancel = QPushButton("Save"), QPushButton("Cancel")
        self._save.clicked.connect(self.accept)
        self._save.setDefault(True)
        cancel.clicked.connect(self.reject)
        bottom = QHBoxLayout()
        bottom.addWidget(self._count, 1)
        bottom.addWidget(self._save)
        bottom.addWidget(cancel)
        column = QVBoxLayout(self)
        column.addWidget(self.text, 1)
        column.addLayout(bottom)
        self.text.textChanged.connect(self._show_count)
        self._show_count()

    def note(self) -> str:
        """Return the note."""
        return self.text.toPlainText()

    def _show_count(self) -> None:
        count = len(self.note())
        self._count.setText(f"{count:,} of {MAX_NOTE:,} characters")
        self._save.setEnabled(count <= MAX_NOTE)
