"""The widgets of the import page and their layout."""

from __future__ import annotations

from collections.abc import Sequence

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
from rnnstudio.gui.importing.controls import ReadingControls
from rnnstudio.gui.importing.problems import Problems
from rnnstudio.gui.importing.questions import Questions
from rnnstudio.gui.importing.row_table import RowTable
from rnnstudio.gui.importing.texts import has_more_to_say
from rnnstudio.reading.reading_progress import ReadingProgress
from rnnstudio.results.import_file import ImportedFile

_SIZE = QSize(1200, 700)
_MAX_NOTES = 6  # lines about what was assumed; the tooltip has all
_PATIENCE_MS = 300  # after which a check says that it takes a while
_COLUMNS = "<b>Columns, and what each is used for</b>"


class PageWidgets:
    """The widgets of the import page, laid out in a dialog.

    Args:
        dialog: The page.
    """

    def __init__(self, dialog: QDialog) -> None:
        self.summary, self.notes, self.message = QLabel(), QLabel(), QLabel()
        self.questions, self.controls, self.problems = Questions(), ReadingControls(), Problems()
        self.columns, self.rows, self.classes = ColumnList(), RowTable(), ClassList()
        self._columns_title = QLabel(_COLUMNS)
        self.columns_box = _titled(self._columns_title, self.columns)
        self.rows_box = _titled(QLabel("<b>Rows, as they are read</b>"), self.rows)
        self.classes_box = _titled(QLabel("<b>Classes</b>"), self.classes)
        self.busy, self.busy_text = QProgressBar(), QLabel()
        self.reset, self.read_again = QPushButton("Reset"), QPushButton("Read again")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setDefault(True)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        self._dialog, self._checking = dialog, QTimer(dialog)
        self._set_up()
        self._lay_out(dialog)

    def fit_into_screen(self) -> None:
        """Give the dialog its size, or as much as the screen has room for."""
        self._dialog.resize(_SIZE.boundedTo(self._dialog.screen().availableGeometry().size() - QSize(40, 60)))

    def show_kind(self, file: ImportedFile | None) -> None:
        """Show the lists that fit a file; none for a file that cannot be read."""
        is_of_sequences = file is not None and file.sequences is not None
        is_table = file is not None and file.table is not None
        self.columns_box.setVisible(file is not None and (is_table or has_more_to_say(file.account)))
        self._columns_title.setText("<b>Features</b>" if is_of_sequences else _COLUMNS)
        self.rows_box.setVisible(is_table)
        self.classes_box.setVisible(is_of_sequences)
        self.controls.setVisible(not is_of_sequences)

    def show_notes(self, notes: Sequence[str]) -> None:
        """Show what is assumed about the file, a line for each note."""
        shown = notes if len(notes) <= _MAX_NOTES else [*notes[: _MAX_NOTES - 1], f"{len(notes) - _MAX_NOTES + 1} more"]
        self.notes.setText("\n".join(f"• {note}" if len(notes) > 1 else note for note in shown))
        self.notes.setToolTip("\n".join(notes) if len(notes) > _MAX_NOTES else "")
        self.notes.setVisible(bool(notes))

    def show_busy(self, busy: bool, what: str = "Reading the whole file …") -> None:
        """Show or hide the progress, which begins anew."""
        self._checking.stop()
        self.busy.setVisible(busy)
        self.busy_text.setVisible(busy)
        self.busy.setRange(0, 0)
        self.busy_text.setText(what)

    def show_checking(self, checking: bool) -> None:
        """Show that the file is checked, where that takes a while; else hide the progress."""
        self.show_busy(False)
        if checking:
            self._checking.start()

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
        self._checking.setSingleShot(True)
        self._checking.setInterval(_PATIENCE_MS)
        self._checking.timeout.connect(lambda: self.show_busy(True, "Checking what a training would do with it …"))
        for label in (self.summary, self.notes, self.message):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.setObjectName("problem")
        self.busy.setFixedWidth(120)
        self.busy.setTextVisible(False)
        self.classes_box.hide()
        self.reset.setToolTip("Forget what you chose for this file, and show what is found in it")
        self.read_again.setToolTip("Read the file again, after it was closed in another program or put back")
        for button in (self.reset, self.read_again):
            button.setAutoDefault(False)

    def _lay_out(self, dialog: QDialog) -> None:
        tables = QSplitter(Qt.Orientation.Horizontal)
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
        for widget in (*above, tables, *below):
            column.addWidget(widget, 1 if widget is tables else 0)
        column.addLayout(foot)


def _titled(title: QLabel, widget: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(title)
    column.addWidget(widget, 1)
    return box
