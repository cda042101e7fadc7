"""The widgets of the import page and their layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from rnnstudio.gui.importing.class_list import ClassList
from rnnstudio.gui.importing.column_list import ColumnList
from rnnstudio.gui.importing.controls import OF_TEXT, ReadingControls
from rnnstudio.gui.importing.placeholder import Placeholder
from rnnstudio.gui.importing.problems import Problems
from rnnstudio.gui.importing.questions import Questions
from rnnstudio.gui.importing.row_table import RowTable
from rnnstudio.gui.importing.texts import has_more_to_say
from rnnstudio.gui.plain_text import Heading, PlainLabel, tip
from rnnstudio.reading.reading_progress import ReadingProgress
from rnnstudio.results.import_file import ImportedFile

_SIZE = QSize(1200, 700)
_MAX_NOTES = 6  # lines about what was assumed; the tooltip has all
_PATIENCE_MS = 300  # after which reading or checking says that it takes a while
_COLUMNS = "Columns, and what each is used for"


class PageWidgets:
    """The widgets of the import page, laid out in a dialog.

    Args:
        dialog: The page.
    """

    def __init__(self, dialog: QDialog) -> None:
        self.summary, self.notes, self.message = PlainLabel(), PlainLabel(), PlainLabel()
        self.questions, self.controls, self.problems = Questions(), ReadingControls(), Problems()
        self.columns, self.rows, self.classes = ColumnList(), RowTable(), ClassList()
        self._columns_title = Heading(_COLUMNS)
        self.columns_box = _titled(self._columns_title, self.columns)
        self.rows_box = _titled(Heading("Rows, as they are read"), self.rows)
        self._classes_title = Heading("Classes")
        self.classes_box = _titled(self._classes_title, self.classes)
        self.placeholder = Placeholder()
        self.busy, self.busy_text = QProgressBar(), PlainLabel()
        self.reset, self.read_again = QPushButton("Reset"), QPushButton("Read again")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setDefault(True)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        self._dialog, self._patience = dialog, QTimer(dialog)
        self._set_up()
        self._lay_out(dialog)

    def fit_into_screen(self) -> None:
        """Give the dialog its size, or as much as the screen has room for."""
        self._dialog.resize(_SIZE.boundedTo(self._dialog.screen().availableGeometry().size() - QSize(40, 60)))

    def show_reading(self, name: str) -> None:
        """Show that a file is read of which nothing is known yet."""
        self.summary.setText(name)
        self.placeholder.show_texts(f"Reading {name} …")
        self._show_boxes(())

    def show_kind(self, file: ImportedFile) -> None:
        """Show the controls and lists that fit a file."""
        is_of_sequences, is_table = file.sequences is not None, file.table is not None
        self._columns_title.show_text("Features" if is_of_sequences else _COLUMNS)
        has_values = file.sequences is not None and file.sequences.has_values
        self._classes_title.show_text("Values" if has_values else "Classes")
        boxes = [self.rows_box] if is_table else [self.classes_box] if is_of_sequences else []
        if is_table or has_more_to_say(file.account):
            boxes.append(self.columns_box)
        if not is_of_sequences:
            boxes.append(self.controls)
        is_first = not self.placeholder.isHidden()
        self._show_boxes(boxes)
        if is_first and not self.controls.isAncestorOf(self._dialog.focusWidget()):
            self.columns.setFocus()

    def show_unreadable(self, reason: str, settings: Mapping[str, str], *, settings_help: bool) -> None:
        """Show in place of the rows why a file cannot be read.

        Args:
            reason: The sentence; empty where a question above says it.
            settings: What the user set.
            settings_help: Whether it may be read with other settings.
        """
        advice = "If it is a table, choose above how it is written." if settings_help else ""
        heading = "This file cannot be read" if reason else "Answer the question at the top first."
        self.placeholder.show_texts(heading, reason, advice)
        self._show_boxes([self.controls] if settings_help else ())
        if settings_help:
            self.controls.show_unread(OF_TEXT, settings)

    def _show_boxes(self, boxes: Sequence[QWidget]) -> None:
        """Show these parts; the placeholder where there are no lists, and OK and Reset where they do something."""
        for box in (self.columns_box, self.rows_box, self.classes_box, self.controls):
            box.setVisible(box in boxes)
        has_lists = any(box is not self.controls for box in boxes)
        self.tables.setVisible(has_lists)
        self.placeholder.setVisible(not has_lists)
        self.reset.setVisible(bool(boxes))
        self.ok.setVisible(has_lists or not self.placeholder.reason)

    def show_notes(self, notes: Sequence[str]) -> None:
        """Show what is assumed about the file, a line for each note."""
        shown = notes if len(notes) <= _MAX_NOTES else [*notes[: _MAX_NOTES - 1], f"{len(notes) - _MAX_NOTES + 1} more"]
        self.notes.setText("\n".join(f"• {note}" if len(notes) > 1 else note for note in shown))
        self.notes.setToolTip(tip("\n".join(notes)) if len(notes) > _MAX_NOTES else "")
        self.notes.setVisible(bool(notes))

    def show_busy(self, busy: bool, what: str = "Reading the whole file …") -> None:
        """Show the progress, which begins anew, where it takes a while; or hide it."""
        self.busy.setRange(0, 0)
        self.busy_text.setText(what)
        if not busy:
            self._patience.stop()
            self._show_progress_bar(False)
        else:
            self.read_again.hide()
            if self.busy.isHidden():
                self._patience.start()

    def show_checking(self, checking: bool) -> None:
        """Show that the file is checked, where that takes a while; or hide the progress."""
        self.show_busy(False)
        if checking:
            self.show_busy(True, "Checking what a training would do with it …")

    def _show_progress_bar(self, visible: bool) -> None:
        for widget in (self.busy, self.busy_text):
            widget.setVisible(visible)

    def show_progress(self, progress: ReadingProgress) -> None:
        """Show how far the file has been read."""
        self.busy.setRange(0, 100 if progress.total else 0)
        self.busy.setValue(progress.percent)
        if progress.unit == "bytes":
            self.busy_text.setText(f"{progress.done / 1e6:,.1f} of {progress.total / 1e6:,.1f} MB")
        else:
            of = f" of {progress.total:,}" if progress.total else ""
            self.busy_text.setText(f"{progress.unit} read: {progress.done:,}{of}")

    def _set_up(self) -> None:
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(lambda: self._show_progress_bar(True))
        self.show_busy(False)
        for label in (self.summary, self.notes, self.message):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.setObjectName("problem")
        self.busy.setFixedWidth(120)
        self.busy.setTextVisible(False)
        self.reset.setToolTip("Forget what you chose for this file, and show what is found in it")
        self.read_again.setToolTip("Read the file again, after it was closed in another program or put back")
        self.read_again.hide()
        for button in (self.reset, self.read_again):
            button.setAutoDefault(False)

    def _lay_out(self, dialog: QDialog) -> None:
        tables = self.tables = QSplitter(Qt.Orientation.Horizontal)
        tables.setChildrenCollapsible(False)
        tables.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        for box in (self.columns_box, self.rows_box, self.classes_box):
            tables.addWidget(box)
        tables.setSizes([640, 540, 900])
        foot = QHBoxLayout()
        at_foot: list[QWidget] = [self.reset, self.read_again, self.busy, self.busy_text]
        for widget in at_foot:
            foot.addWidget(widget)
        foot.addStretch(1)
        foot.addWidget(self.buttons)
        column = QVBoxLayout(dialog)
        column.setSpacing(8)
        above: list[QWidget] = [self.summary, self.questions, self.controls]
        below: list[QWidget] = [self.problems, self.notes, self.message]
        for widget in (*above, tables, self.placeholder, *below):
            column.addWidget(widget, 1 if widget in (tables, self.placeholder) else 0)
        column.addLayout(foot)


def _titled(title: QLabel, widget: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(title)
    column.addWidget(widget, 1)
    return box
