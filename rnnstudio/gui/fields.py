"""The input of one setting: a check box, a list of choices or a text field."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from rnnstudio.core.given_settings import AUTO
from rnnstudio.core.schema import Field
from rnnstudio.core.wording import with_task_labels
from rnnstudio.gui.editors import ChoiceBox, NumberEdit
from rnnstudio.gui.file_button import FileButton
from rnnstudio.gui.labels import AUTOMATIC, value_label
from rnnstudio.gui.plain_text import PlainLabel, tip

_LONGEST_UNIT = "evaluations"  # all units have its width, so that the inputs end in one line


class _Sentence(PlainLabel):
    """A problem below an input; a form layout would give it two lines, however many it has."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("problem")
        self.setWordWrap(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height of all lines at the new width."""
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def setText(self, text: str) -> None:
        """Show another sentence."""
        super().setText(text)
        self.setMinimumHeight(self.heightForWidth(self.width()))


class FieldInput(QWidget):
    """The input of one setting, with its unit; it accepts any text and leaves validation to the schema.

    Args:
        field: The setting.
        value: The value shown first.

    Attributes:
        field: The setting.
        in_order: What the Tab key reaches, from left to right.
    """

    changed = Signal()  # by the user

    def __init__(self, field: Field, value: Any) -> None:
        super().__init__()
        self.field = field
        self._editor = self._new_editor()
        self.setToolTip(tip(_tooltip(field)))
        self._editor.setToolTip(self.toolTip())
        self._editor.setAccessibleName(field.label)
        self._editor.setAccessibleDescription(field.description)
        self.setFocusProxy(self._editor)
        self._column, row = QVBoxLayout(self), QHBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addLayout(row)
        self._problem: QLabel | None = None
        row.setSpacing(4)
        row.addWidget(self._editor, 1)
        if field.unit:
            unit = PlainLabel(field.unit)
            unit.setMinimumWidth(unit.fontMetrics().horizontalAdvance(_LONGEST_UNIT))
            row.addWidget(unit)
        self.in_order: list[QWidget] = [self._editor]
        if field.path:
            button = FileButton(field.path)
            button.chosen.connect(self._take_file)
            row.addWidget(button)
            self.in_order.append(button)
        self.set_value(value)

    def value(self) -> Any:
        """Return the value: a bool, a choice, or text that the schema converts; `auto` where it is automatic."""
        if self.field.automatic and isinstance(self._editor, QLineEdit) and not self._editor.text().strip():
            return AUTO
        if isinstance(self._editor, QCheckBox):
            return self._editor.isChecked()
        if isinstance(self._editor, QComboBox):
            return self._editor.currentData()
        return self._editor.text().strip()

    def set_value(self, value: Any) -> None:
        """Show a value without emitting `changed`."""
        self._editor.blockSignals(True)
        if isinstance(self._editor, QCheckBox):
            self._editor.setChecked(bool(value))
        elif isinstance(self._editor, QComboBox):
            for choice in self.field.retired:  # listed only while it is the value: the validation says what replaced it
                if (place := self._editor.findData(choice)) >= 0:
                    self._editor.removeItem(place)
            if value in self.field.retired:
                self._editor.addItem(value_label(self.field, value), value)
            self._editor.setCurrentIndex(self._editor.findData(value))
        else:
            empty = "none" if self.field.automatic and value == [] else ""  # no text asks for an automatic value
            self._editor.setText("" if self.field.automatic and value == AUTO else _text(value) or empty)
            self._editor.setCursorPosition(
                len(self._editor.text()) if self.field.path else 0
            )  # the name of a file ends it
        self._editor.blockSignals(False)

    def show_automatic(self, value: Any, reason: str) -> None:
        """Show which value is chosen where the setting is automatic, and why; None for a value that is not known."""
        text = AUTOMATIC if value is None else f"{AUTOMATIC}: {value_label(self.field, value)}"
        if isinstance(self._editor, QLineEdit):
            self._editor.setPlaceholderText(text)
        elif isinstance(self._editor, QComboBox) and (place := self._editor.findData(AUTO)) >= 0:
            self._editor.setItemText(place, text)
        text = _tooltip(self.field)
        if value is not None and reason:
            text = f"{text}\nAutomatic: {value_label(self.field, value)}, {reason}."
        if (tooltip := tip(text)) != self.toolTip():
            self.setToolTip(tooltip)
            self._editor.setToolTip(tip(self.problem) or tooltip)

    @property
    def problem(self) -> str:
        """Why the value is invalid, as it stands below the input; empty where it is valid."""
        return self._problem.text() if self._problem is not None else ""

    def mark(self, problem: str) -> None:
        """Mark the value as invalid, with the reason below and as tooltip; an empty reason removes the mark."""
        if problem == self.problem:
            return
        if self._problem is None:
            self._problem = _Sentence()
            self._column.addWidget(self._problem)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._editor.setToolTip(tip(problem) or self.toolTip())
        if bool(self._editor.property("invalid")) != bool(problem):
            self._editor.setProperty("invalid", bool(problem))
            self._editor.style().unpolish(self._editor)  # Qt reads the property again only then
            self._editor.style().polish(self._editor)

    def _new_editor(self) -> QCheckBox | QComboBox | QLineEdit:
        field = self.field
        choices: tuple[object, ...] = field.choices
        if field.kind == "flag" and (field.automatic or value_label(field, True) != "true"):
            choices = (False, True)
        if choices:
            choice_box = ChoiceBox()
            if field.automatic:
                choice_box.addItem(AUTOMATIC, AUTO)
            for value in choices:
                choice_box.addItem(value_label(field, value), value)
            choice_box.currentIndexChanged.connect(lambda _: self.changed.emit())
            return choice_box
        if field.kind == "flag":
            check_box = QCheckBox()
            check_box.toggled.connect(lambda _: self.changed.emit())
            return check_box
        text_field = NumberEdit(field.kind == "whole") if field.kind in ("whole", "real") else QLineEdit()
        if field.automatic:
            text_field.setPlaceholderText(AUTOMATIC)
        text_field.textChanged.connect(lambda _: self.changed.emit())
        return text_field

    def _take_file(self, name: str) -> None:
        self.set_value(name)
        self.changed.emit()


def _text(value: Any) -> str:
    """Return a value as text from which the schema reads the same value."""
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    if isinstance(value, float):
        short = f"{value:g}"
        return short if float(short) == value else repr(value)
    return str(value)


def _tooltip(field: Field) -> str:
    description = with_task_labels(field.description)
    if field.kind in ("whole", "real", "wholes"):
        return f"{description}\nMust be {field.allowed}."
    return description
