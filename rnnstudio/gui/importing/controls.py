"""How a file is read, as controls: each shows what was found, and can be set to something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from rnnstudio.core.account import Account
from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.found_settings import found_setting
from rnnstudio.core.schema import fields_of
from rnnstudio.core.time_account import STANDARD_TIME
from rnnstudio.gui.editors import ChoiceBox
from rnnstudio.gui.plain_text import PlainLabel, tip

_ENCODINGS = ("utf-8", "cp1252", "utf-16", "gbk", "big5", "shift_jis", "euc_kr", "koi8_r", "cp1251")
_TYPED = {"header": ("1", "2", "3", "none"), "encoding": _ENCODINGS, "missing_values": ("-999", "?", "0")}
READING_SETTINGS = (
    "variable", "separator", "decimal_mark", "thousands_mark", "encoding", "header", "date_order", "time",
    "doubles", "missing_values",
)  # fmt: skip
OF_TEXT = ("separator", "decimal_mark", "thousands_mark", "encoding", "header", "missing_values")
_UNKNOWN = {"date_order": "no dates to decide"}
_SHEETS = ("Excel workbook", "Excel workbook of before 2007")
_OF_ARRAYS = ("time", "missing_values")
_IN_A_ROW = 4


class ReadingControls(QWidget):
    """The settings of reading; the first choice of each is what was found in the file."""

    changed = Signal(str, str)  # flat name and value that the user chose; empty or auto for what is found

    def __init__(self) -> None:
        super().__init__()
        self.fields = fields_of(DATASETS.get("file").settings, "data")
        self._labels: dict[str, QLabel] = {}
        self._boxes: dict[str, QComboBox] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        for i, name in enumerate(READING_SETTINGS):
            field = self.fields[name]
            label, box = PlainLabel(field.label), self._new_box(name)
            label.setBuddy(box)
            for widget in (label, box):
                widget.setToolTip(tip(field.description))
            box.setAccessibleName(field.label)
            box.setAccessibleDescription(field.description)
            self._labels[name], self._boxes[name] = label, box
            self._grid.setColumnStretch(i % _IN_A_ROW, 1)
        self._arrange(READING_SETTINGS)

    def box(self, name: str) -> QComboBox:
        """Return the control of a setting."""
        return self._boxes[name]

    def show_account(self, account: Account, settings: Mapping[str, str], before: Account | None) -> None:
        """Show what was found, what is set, and mark what differs from the account before."""
        for name, box in self._boxes.items():
            found = found_setting(account, name)
            is_set = settings.get(name, "") not in ("", "auto")
            is_open = any(question.setting == name for question in account.questions)
            found = "" if is_set else found
            self._fill(name, box, account, "asked above" if is_open else f"found: {_words(found)}" if found else "")
            box.blockSignals(True)
            if is_set and box.findData(settings[name]) < 0:
                box.addItem(settings[name], settings[name])
            box.setCurrentIndex(box.findData(settings[name]) if is_set else 0)
            box.blockSignals(False)
            is_other = before is not None and not is_set and found_setting(before, name) != found
            _mark(self._labels[name], self.fields[name].label, is_other)
        self._arrange([name for name in READING_SETTINGS if _concerns(name, account) or settings.get(name)])

    def show_unread(self, names: Sequence[str], settings: Mapping[str, str]) -> None:
        """Show the settings that may help to read a file that cannot be read."""
        for name, box in self._boxes.items():
            value = settings.get(name, "")
            box.blockSignals(True)
            box.clear()
            box.addItem("automatic", "")
            for choice in [
                *self._choices_of(name),
                *([value] if value and value not in self._choices_of(name) else []),
            ]:
                box.addItem(_words(choice), choice)
            box.setCurrentIndex(max(0, box.findData(value)))
            box.blockSignals(False)
            _mark(self._labels[name], self.fields[name].label, changed=False)
        self._arrange(names)

    def _arrange(self, names: Sequence[str]) -> None:
        """Show the controls of these settings, without places for the others."""
        for name, box in self._boxes.items():
            is_shown = name in names
            for k, widget in enumerate((self._labels[name], box)):
                if is_shown:  # first: a widget without a parent would be shown as a window of its own
                    row, column = divmod(names.index(name), _IN_A_ROW)
                    self._grid.addWidget(widget, 2 * row + k, column)
                widget.setVisible(is_shown)

    def _fill(self, name: str, box: QComboBox, account: Account, first: str) -> None:
        """Fill a list with the choices of a setting; the first is what was found."""
        box.blockSignals(True)
        box.clear()
        box.addItem(first or _UNKNOWN.get(name, "automatic"), "")
        shown = {variable.name: str(variable) for variable in account.variables} if name == "variable" else {}
        for value in self._choices(name, account):
            box.addItem(shown.get(value) or _words(value), value)
        box.blockSignals(False)

    def _choices(self, name: str, account: Account) -> Sequence[str]:
        if name == "variable":
            return [variable.name for variable in account.variables]
        if name == "time":
            return [*[c.name for c in account.columns if c.kind != "empty"][:50], "none"]
        return self._choices_of(name)

    def _choices_of(self, name: str) -> Sequence[str]:
        """Return the choices of a setting that do not depend on the file."""
        return _TYPED.get(name) or [str(choice) for choice in self.fields[name].choices if choice != "auto"]

    def _new_box(self, name: str) -> QComboBox:
        box = ChoiceBox()
        box.setMinimumContentsLength(12)
        box.activated.connect(lambda _: self._emit(name, box.currentData()))
        if name in _TYPED:
            box.setEditable(True)
            box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            edit = box.lineEdit()
            assert edit is not None
            edit.editingFinished.connect(lambda: self._take_text(name, box))
        return box

    def _take_text(self, name: str, box: QComboBox) -> None:
        text = box.currentText().strip()
        index = box.findText(text, Qt.MatchFlag.MatchExactly)
        self._emit(name, box.itemData(index) if index >= 0 else text)

    def _emit(self, name: str, value: Any) -> None:
        self.changed.emit(name, str(value or ""))


def _concerns(name: str, account: Account) -> bool:
    """Return whether a setting can change how a file of this format is read."""
    if name == "variable":
        return len(account.variables) > 1
    if name == "doubles":
        return bool(account.time and (account.time.doubles or account.time.zone == STANDARD_TIME))
    if account.format == "arrays":
        return name in _OF_ARRAYS
    is_text = bool(account.separator)
    needs = {"separator": is_text, "encoding": bool(account.encoding), "header": is_text or account.format in _SHEETS}
    return needs.get(name, True)


def _words(value: str) -> str:
    return value.replace("_", " ") if value in ("day_first", "month_first", "year_first") else value


def _mark(label: QLabel, text: str, changed: bool) -> None:
    label.setText(f"{text} (changed)" if changed else text)
    font = label.font()
    font.setBold(changed)
    label.setFont(font)
