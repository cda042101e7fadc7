"""The import page: how a file is read, its rows and columns, and what each column is used for."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from rnnstudio.core.account import Account
from rnnstudio.core.column_roles import Role, chosen_roles, roles_problem, roles_text, series_columns, time_columns
from rnnstudio.core.errors import RnnStudioError, SettingError
from rnnstudio.core.wording import with_labels
from rnnstudio.gui.importing.choice import Import, ImportChoice
from rnnstudio.gui.importing.column_list import ColumnList
from rnnstudio.gui.importing.controls import READING_SETTINGS, ReadingControls
from rnnstudio.gui.importing.questions import EACH_ROW_A_SEQUENCE, Questions
from rnnstudio.gui.importing.reader import ImportReader, ImportThreads
from rnnstudio.gui.importing.tables import RowTable
from rnnstudio.gui.importing.texts import locale_date_order, open_question_message, size_text, summary_text
from rnnstudio.results.import_file import ImportedFile, cells_question

_SIZE = QSize(1200, 700)
_COLUMNS = ("target", "features", "sequence", "group")  # settings that the uses of the columns decide
_MAX_NOTES = 6  # sentences about what was assumed; the tooltip has all


class ImportDialog(QDialog):
    """Shows a file and asks how it is to be used; `imported` is emitted with an Import when the user presses OK.

    Args:
        path: The file.
        choice: What the user chose for this file before; changed in place.
        threads: Where the file is read.
        parent: The window.
    """

    imported = Signal(object)  # Import
    failed = Signal(object)  # BaseException: an unexpected error

    def __init__(self, path: str, choice: ImportChoice, threads: ImportThreads, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Import {Path(path).name}")
        self.choice, self._first_choice = choice, deepcopy(choice)
        self._path = path
        self._file: ImportedFile | None = None
        self._before: ImportedFile | None = None
        self._problem: RnnStudioError | None = None
        self._reader = ImportReader(threads, path, self)
        self._summary, self._notes, self._message = QLabel(), QLabel(), QLabel()
        self._busy, self._busy_text = QProgressBar(), QLabel("Reading the whole file …")
        self._questions, self.controls = Questions(), ReadingControls()
        self.columns, self.rows = ColumnList(), RowTable()
        self._rows_box = _titled("First and last rows, as they are read", self.rows)
        self._reset = QPushButton("Reset")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.ok = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setDefault(True)
        self._buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        self._lay_out()
        self._connect()
        self._start()

    @property
    def is_busy(self) -> bool:
        """Whether the file is being read or checked."""
        return self._reader.is_busy

    @property
    def summary(self) -> str:
        """What the file holds."""
        return self._summary.text()

    @property
    def message(self) -> str:
        """Why the file cannot be read or trained on; empty where it can."""
        return self._message.text()

    # -- layout -------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        for label in (self._summary, self._notes, self._message):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._message.setObjectName("problem")
        self._busy.setRange(0, 0)
        self._busy.setFixedWidth(120)
        self._busy.setTextVisible(False)
        self._reset.setToolTip("Forget what you chose for this file, and show what is found in it")
        self._reset.setAutoDefault(False)
        tables = QSplitter(Qt.Orientation.Horizontal)
        tables.setChildrenCollapsible(False)
        tables.addWidget(_titled("Columns, and what each is used for", self.columns))
        tables.addWidget(self._rows_box)
        tables.setSizes([640, 540])
        foot = QHBoxLayout()
        foot.addWidget(self._reset)
        foot.addWidget(self._busy)
        foot.addWidget(self._busy_text)
        foot.addStretch(1)
        foot.addWidget(self._buttons)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        for widget in (self._summary, self._questions, self.controls):
            column.addWidget(widget)
        column.addWidget(tables, 1)
        for widget in (self._notes, self._message):
            column.addWidget(widget)
        column.addLayout(foot)
        self.resize(_SIZE.boundedTo(self.screen().availableGeometry().size() - QSize(40, 60)))

    def _connect(self) -> None:
        self._reader.read.connect(self._show)
        self._reader.failed.connect(self._show_failure)
        self._reader.checked.connect(self._show_problem)
        self.controls.changed.connect(self.set_setting)
        self._questions.answered.connect(self.set_setting)
        self.columns.role_chosen.connect(self.choose_role)
        self._reset.clicked.connect(self._start_again)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    # -- what the user does -------------------------------------------------------------------------------------------

    def set_setting(self, name: str, value: str) -> None:
        """Read the file with another value of a setting; an empty value has it found."""
        if value == EACH_ROW_A_SEQUENCE:
            name, value = "task", "classify"
        elif name == "time":
            self.choice.set("task", "")
        if value != self.choice.settings.get(name, ""):
            self.choice.set(name, value)
            self._start()

    def choose_role(self, name: str, role: Role) -> None:
        """Use a column for something else; another column of times or series makes the file be read again."""
        if self._file is None:
            return
        columns = {"time": time_columns(self._file.account), "series": series_columns(self._file.account)}
        self.choice.choose_role(name, role)
        before = dict(self.choice.settings)
        for setting, names in columns.items():
            if role == setting and names != [name]:
                self.choice.set(setting, name)
            elif role != setting and name in names:
                self.choice.set(setting, "none")
        if self.choice.settings != before:
            self._start()
        else:
            self._show_roles()

    def accept(self) -> None:
        """Emit the import and close."""
        if self._file is None or not self.ok.isEnabled():
            return
        dataset, settings = self._settings(self._file)
        roles = self._roles(self._file.account)
        what = roles_text(roles) if self._file.table is not None else ""
        size = size_text(self._file.account)
        self.imported.emit(Import(dataset, settings, f"{size}. {what}".strip(), self._problem))
        super().accept()

    def done(self, result: int) -> None:
        """Close; what is still being read is not waited for."""
        self._reader.cancel()
        super().done(result)

    def _start_again(self) -> None:
        self.choice.settings.clear()
        self.choice.roles.clear()
        self._questions.clear()
        self._start()

    # -- what was read ------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self._before = self._file
        self._set_busy(True)
        self._reader.start(self.choice.settings)

    def _set_busy(self, busy: bool) -> None:
        self._busy.setVisible(busy)
        self._busy_text.setVisible(busy)
        if busy:
            if self.ok.hasFocus():  # Qt would pass it on to Cancel
                self.columns.setFocus()
            self.ok.setEnabled(False)

    def _show(self, file: ImportedFile) -> None:
        """Show the beginning of the file, or all of it."""
        account, before = file.account, self._before
        own = locale_date_order()
        for question in account.questions:
            if (
                question.setting == "date_order"
                and own in question.choices
                and "date_order" not in self.choice.settings
            ):
                self._questions.show_questions([question], {})
                self.set_setting("date_order", own)
                return
        self._file = file
        old = before.account if before else None
        self._summary.setText(summary_text(account, file.complete))
        self.controls.show_account(account, self.choice.settings, old)
        self.controls.setVisible(file.table is not None)
        self.columns.show_account(account, file.preview, old)
        self._rows_box.setVisible(file.preview is not None)
        if file.preview is not None:
            self.rows.show_preview(file.preview, before.preview if before else None)
        self._show_notes(account)
        if file.complete:
            self._set_busy(False)
        elif before is None:
            self._before = file
        self._show_roles()

    def _show_notes(self, account: Account) -> None:
        assumed = [self._in_words(sentence) for sentence in account.assumed]
        self._notes.setText(" ".join(assumed[:_MAX_NOTES]))
        self._notes.setToolTip("\n".join(assumed) if len(assumed) > _MAX_NOTES else "")
        self._notes.setVisible(bool(account.assumed))

    def _show_failure(self, error: BaseException) -> None:
        """Show why the file cannot be read; other settings of reading can be chosen."""
        if not isinstance(error, RnnStudioError):
            self.reject()
            self.failed.emit(error)
            return
        self._set_busy(False)
        self._set_message(str(error))

    def _show_roles(self) -> None:
        """Show the roles of the columns; check whether the file can be trained on with them."""
        file = self._file
        if file is None:
            return
        roles = self._roles(file.account)
        self.columns.show_roles(roles)
        used = [name for name, role in roles.items() if role in ("target", "input")]
        cells = cells_question(file, used, self.choice.settings.get("missing_values", ""))
        self._questions.show_questions(
            [*file.account.questions, *([cells] if cells and file.complete else [])], self.choice.settings
        )
        self._problem = None
        self._set_message("")
        if not file.complete:
            return
        missing = "" if file.table is None else open_question_message(file.account, roles) or roles_problem(roles)
        self.ok.setEnabled(not missing)
        if missing:
            self._set_message(missing)
        else:
            if self.focusWidget() in (None, self, self.columns) and self.choice == self._first_choice:
                self.ok.setFocus()
            self._reader.check(file, *self._settings(file))

    def _show_problem(self, problem: RnnStudioError | None) -> None:
        self._problem = problem
        in_form = isinstance(problem, SettingError) and problem.field not in (*READING_SETTINGS, *_COLUMNS)
        hint = " You can change this in the form, after OK." if in_form else ""
        self._set_message(f"{problem}{hint}" if problem else "")

    def _set_message(self, text: str) -> None:
        self._message.setText(self._in_words(text))
        self._message.setVisible(bool(text))

    def _in_words(self, text: str) -> str:
        """Return a text with the labels of settings in place of their flat names."""
        return with_labels(text, {name: field.label for name, field in self.controls.fields.items()}) if text else ""

    def _roles(self, account: Account) -> dict[str, Role]:
        return chosen_roles(account, self.choice.roles)

    def _settings(self, file: ImportedFile) -> tuple[str, dict[str, Any]]:
        """Return the data set and its settings."""
        return self.choice.all_settings(self._path, None if file.table is None else self._roles(file.account))


def _titled(title: str, widget: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(QLabel(f"<b>{title}</b>"))
    column.addWidget(widget, 1)
    return box
