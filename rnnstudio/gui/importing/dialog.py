"""The import page: how a file is read, its rows and columns, and what each column is used for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QWidget

from rnnstudio.core.account import Account
from rnnstudio.core.column_roles import Role, chosen_roles, roles_text, series_columns, time_columns
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.variable_account import VariableAccount
from rnnstudio.core.wording import with_labels
from rnnstudio.gui.importing import texts
from rnnstudio.gui.importing.choice import Import, ImportChoice
from rnnstudio.gui.importing.open_questions import answers_of, questions_of, what_is_missing
from rnnstudio.gui.importing.page_widgets import PageWidgets
from rnnstudio.gui.importing.questions import TASK_OF_ROWS
from rnnstudio.gui.importing.reader import ImportReader, ImportThreads
from rnnstudio.gui.labels import labels_of
from rnnstudio.reading.files import is_text_table
from rnnstudio.reading.text.text_encoding import NoTextError
from rnnstudio.results.data_reader import file_stamp
from rnnstudio.results.import_check import ImportCheck
from rnnstudio.results.import_file import ImportedFile
from rnnstudio.results.import_problems import Problem, Remedy

_CHANGED = "The file has changed since it was read. It was read again, and what differs is marked; press OK once more."


class ImportDialog(QDialog):
    """Shows a file and asks how it is to be used; `imported` is emitted with an Import when the user presses OK.

    Args:
        threads: Where the file is read.
        parent: The window.
    """

    imported = Signal(object)  # Import
    failed = Signal(object)  # BaseException: an unexpected error
    another_wanted = Signal()  # file, in place of one that cannot be read

    def __init__(self, threads: ImportThreads, parent: QWidget) -> None:
        super().__init__(parent)
        self.choice = self._first_choice = ImportChoice()
        self._path = ""
        self._file: ImportedFile | None = None
        self._before: ImportedFile | None = None
        self._check: ImportCheck | None = None
        self._answers, self._note = dict[str, str](), ""
        self._reader = ImportReader(threads, self)
        self._page = page = PageWidgets(self)
        self.controls, self.columns, self.rows, self.problems = page.controls, page.columns, page.rows, page.problems
        self.classes, self.ok, self.read_again = page.classes, page.ok, page.read_again
        self._connect()

    def open_file(self, path: str, choice: ImportChoice) -> None:
        """Show a file with what the user chose for it before, which is changed in place; called once."""
        self._path, self.choice, self._first_choice = path, choice, deepcopy(choice)
        self.setWindowTitle(f"Import {Path(path).name}")
        self._page.show_reading(Path(path).name)
        self._page.fit_into_screen()
        self._start()
        self.open()

    @property
    def is_busy(self) -> bool:
        """Whether the file is being read or checked."""
        return self._reader.is_busy

    @property
    def summary(self) -> str:
        """What the file holds."""
        return self._page.summary.text()

    @property
    def message(self) -> str:
        """Why the file cannot be read or trained on; empty where it can."""
        return self._page.placeholder.reason or self._page.message.text()

    @property
    def notes(self) -> str:
        """What is assumed about the file."""
        return self._page.notes.text()

    def _connect(self) -> None:
        self._reader.read.connect(self._show)
        self._reader.failed.connect(self._show_failure)
        self._reader.checked.connect(self._show_check)
        self._reader.progressed.connect(self._page.show_progress)
        self.controls.changed.connect(self.set_setting)
        self._page.questions.answered.connect(self.set_setting)
        self.columns.role_chosen.connect(self.choose_roles)
        self.problems.chosen.connect(self._remedy)
        self.problems.place_clicked.connect(self.rows.go_to)
        self.rows.chosen.connect(self._remedy)
        self._page.reset.clicked.connect(self._start_again)
        self.read_again.clicked.connect(self._start)
        self._page.placeholder.another.clicked.connect(self.another_wanted)
        self._page.buttons.accepted.connect(self.accept)
        self._page.buttons.rejected.connect(self.reject)

    # -- what the user does -------------------------------------------------------------------------------------------

    def set_setting(self, name: str, value: str) -> None:
        """Read the file with another value of a setting; an empty value has it found."""
        if value in TASK_OF_ROWS:
            name, value = "task", TASK_OF_ROWS[value]
        elif name == "time":
            self.choice.set("task", "")
        elif name == "target" and self._file is not None:
            self.choice.choose_target(value, self._file.account.class_columns)
            self._show_roles()
            return
        self._set_all({name: value})

    def _set_all(self, settings: Mapping[str, str]) -> None:
        """Set settings, and do what they need: read the file again, or only check it."""
        changed = [name for name, value in settings.items() if value != self.choice.settings.get(name, "")]
        for name in changed:
            self.choice.set(name, settings[name])
        if not texts.OF_TRAINING.issuperset(changed):
            self._start()
        elif changed:
            self._show_roles()

    def _remedy(self, remedy: Remedy) -> None:
        """Do something about a problem."""
        if remedy.column:
            self.choose_roles((remedy.column,), remedy.role)
        self._set_all(remedy.settings)

    def choose_roles(self, names: Sequence[str], role: Role) -> None:
        """Use columns for something else; other columns of times or series make the file be read again."""
        if self._file is None:
            return
        columns = {"time": time_columns(self._file.account), "series": series_columns(self._file.account)}
        for i, name in enumerate(names):
            self.choice.choose_role(name, "target too" if i and role == "target" else role)
        before = dict(self.choice.settings)
        for setting, found in columns.items():
            if role == setting and found != list(names):
                self.choice.set(setting, ",".join(names))
            elif role != setting and set(names) & set(found):
                self.choice.set(setting, "none")
        if self.choice.settings != before:
            self._start()
        else:
            self._show_roles()

    def accept(self) -> None:
        """Emit the import and close."""
        if self._file is None or not self.ok.isEnabled():
            return
        if file_stamp(self._path) != self._file.stamp:
            self._note = _CHANGED
            self._start()
            return
        dataset, settings = self._settings(self._file)
        roles = self._roles(self._file.account)
        what = roles_text(roles) if self._file.table is not None else ""
        text, check = f"{texts.size_text(self._file.account)}. {what}".strip(), self._check or ImportCheck(None)
        self.imported.emit(Import(dataset, settings, text, check.problem, check.file or self._file))
        super().accept()

    def done(self, result: int) -> None:
        """Close; what is still being read is not waited for."""
        self._reader.cancel()
        super().done(result)

    def _start_again(self) -> None:
        self.choice.settings.clear()
        self.choice.roles.clear()
        self._page.questions.clear()
        self._start()

    # -- what was read ------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self._before = self._file
        self._set_busy(True)
        self._reader.start(self._path, self.choice.settings)

    def _set_busy(self, busy: bool) -> None:
        self._page.show_busy(busy)
        if busy:
            if self.ok.hasFocus():  # Qt would pass it on to Cancel
                self.columns.setFocus()
            self.ok.setEnabled(False)

    def _show(self, file: ImportedFile) -> None:
        """Show the beginning of the file, or all of it."""
        account, before = file.account, self._before
        if (question := texts.own_date_order(account, self.choice.settings)) is not None:
            self._page.questions.show_questions([question], {})
            self.set_setting("date_order", texts.locale_date_order())
            return
        self._file = file
        old = before.account if before else None
        self._page.summary.setText(texts.summary_text(account, file.complete))
        self.controls.show_account(account, self.choice.settings, old)
        self.columns.show_account(account, file.preview, old)
        self._page.show_kind(file)
        if file.preview is not None:
            self.rows.show_preview(file.preview, before.preview if before else None)
        if file.sequences is not None:
            self.classes.show_preview(file.sequences)
        self._show_notes(account.assumed)
        if file.complete:
            self._set_busy(False)
        elif before is None:
            self._before = file
        self._show_roles()

    def _show_notes(self, sentences: Sequence[str]) -> None:
        self._page.show_notes([self._in_words(sentence) for sentence in sentences])

    def _show_failure(self, error: BaseException, variables: tuple[VariableAccount, ...]) -> None:
        """Show why the file cannot be read; other settings of reading can be chosen, or another array."""
        if not isinstance(error, RnnStudioError):
            self.reject()
            self.failed.emit(error)
            return
        self._set_busy(False)
        question = texts.variable_question(error, variables)
        self._page.questions.show_questions([question] if question else [], self.choice.settings)
        self.read_again.setVisible(question is None)
        reason = "" if question else self._in_words(str(error))
        if self._file is None:
            may_be_text = is_text_table(self._path) and not isinstance(error, NoTextError)
            self._page.show_unreadable(reason, self.choice.settings, settings_help=may_be_text)
            reason = ""
        self._set_message(reason)

    def _show_roles(self) -> None:
        """Show the roles of the columns; check whether the file can be trained on with them."""
        file = self._file
        if file is None:
            return
        roles = self._roles(file.account)
        self.columns.show_roles(roles)
        self._answers = answers_of(roles, self.choice)
        self._page.questions.show_questions(questions_of(file, roles), self._answers)
        self._check = None
        self._set_message("")
        if not file.complete:
            return
        missing = what_is_missing(file, roles, self._answers)
        self.ok.setEnabled(False)
        self._page.show_checking(not missing)
        if missing:
            if self.focusWidget() in (None, self, self.columns) and self.choice == self._first_choice:
                self._page.questions.focus_open()
            self._set_message(missing)
            self._show_problems(())
        else:
            self._reader.check(file, *self._settings(file))

    def _show_check(self, check: ImportCheck) -> None:
        """Show what a training would do with the file: problems with their rows, notes, and why it would not start."""
        self._check = check
        if self._file is not None:
            notes = texts.notes_of(self._file.account, check, bool(self._answers["target"]), self.columns.roles)
            self._show_notes([self._note, *notes] if self._note else notes)
        self._page.show_checking(False)
        self.ok.setEnabled(not any(problem.is_open for problem in check.problems))
        if self.focusWidget() in (None, self, self.columns) and self.choice == self._first_choice:
            self.ok.setFocus()
        if check.preview is not None:
            self.rows.show_preview(check.preview, self._before.preview if self._before else None)
        self._show_problems(check.problems)
        self._set_message(texts.why_not(check))

    def _show_problems(self, problems: tuple[Problem, ...]) -> None:
        self.problems.show_problems(problems, self._labels)
        self.rows.show_problems(problems)

    def _set_message(self, text: str) -> None:
        self._page.message.setText(self._in_words(text))
        self._page.message.setVisible(bool(text))

    def _in_words(self, text: str) -> str:
        """Return a text with the labels of settings and uses in place of flat names."""
        return with_labels(texts.with_uses(text), self._labels)

    @property
    def _labels(self) -> dict[str, str]:
        return labels_of(self.controls.fields)

    def _roles(self, account: Account) -> dict[str, Role]:
        return chosen_roles(account, self.choice.roles)

    def _settings(self, file: ImportedFile) -> tuple[str, dict[str, Any]]:
        """Return the data set and its settings."""
        return self.choice.all_settings(self._path, self._roles(file.account), file.labelled)
