"""One input per kind of setting; all of them speak text, and the schema judges it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QToolButton,
    QWidget,
)

from rnnstudio.core.schema import Field


class FieldInput(QWidget):
    """The input of one setting, with its unit.

    Args:
        field: The setting.
        value: What it shows first.
        changed: Called after each change by the user.
    """

    def __init__(self, field: Field, value: Any, changed: Callable[[], None]) -> None:
        super().__init__()
        self.field = field
        self._editor = _editor(field, changed)
        self._editor.setToolTip(_tip(field))
        self._editor.setAccessibleName(field.label)
        self._editor.setAccessibleDescription(field.description)
        self.setFocusProxy(self._editor)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._editor, 1)
        if field.unit:
            unit = QLabel(field.unit)
            unit.setFixedWidth(66)  # one width for all, so that the inputs end in one line
            row.addWidget(unit)
        if field.path:
            row.addWidget(self._browser(changed))
        self.set_value(value)

    def _browser(self, changed: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setText("…")
        files = [ending for ending in self.field.path if ending != "/"]
        folders = len(files) < len(self.field.path)
        what = "Choose a file or a folder" if folders else "Choose a file"
        button.setToolTip(what)
        button.setAccessibleName(what)

        def take(name: str) -> None:
            if name:
                self.set_value(name)
                changed()

        def choose_file() -> None:
            take(QFileDialog.getOpenFileName(self, "Choose a file", "", files_filter(files))[0])

        def choose_folder() -> None:
            take(QFileDialog.getExistingDirectory(self, "Choose a folder"))

        if folders:  # no dialog of any system offers both at once
            menu = QMenu(button)
            menu.addAction(f"File ({', '.join(files)}) …", choose_file)
            menu.addAction("Folder …", choose_folder)
            button.setMenu(menu)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        else:
            button.clicked.connect(choose_file)
        return button

    def value(self) -> Any:
        """Return what stands in it; numbers as text, for the schema to judge."""
        if isinstance(self._editor, QCheckBox):
            return self._editor.isChecked()
        if isinstance(self._editor, QComboBox):
            return self._editor.currentText()
        return self._editor.text().strip()

    def set_value(self, value: Any) -> None:
        """Show a value, without calling `changed`."""
        self._editor.blockSignals(True)
        if isinstance(self._editor, QCheckBox):
            self._editor.setChecked(bool(value))
        elif isinstance(self._editor, QComboBox):
            self._editor.setCurrentText(str(value))
        else:
            self._editor.setText(_text(value))
            self._editor.setCursorPosition(0)
        self._editor.blockSignals(False)

    def mark(self, problem: str) -> None:
        """Show that its value is not allowed, or with an empty sentence that it is."""
        self._editor.setProperty("wrong", bool(problem))
        self._editor.setToolTip(problem or _tip(self.field))
        self._editor.style().unpolish(self._editor)
        self._editor.style().polish(self._editor)


class _NumberEdit(QLineEdit):
    """A line that takes a number; the up and down keys step it by one, or by half and double for fractions."""

    def __init__(self, whole: bool) -> None:
        super().__init__()
        self._whole = whole

    def keyPressEvent(self, event: QKeyEvent) -> None:
        up = {Qt.Key.Key_Up: True, Qt.Key.Key_Down: False}.get(Qt.Key(event.key()))
        try:
            number = float(self.text())
        except ValueError:
            up = None
        if up is None:
            super().keyPressEvent(event)
            return
        if self._whole:
            self.setText(str(int(number) + (1 if up else -1)))
        else:
            self.setText(f"{number * (2 if up else 0.5):.6g}")


class _Choice(QComboBox):
    """A list to choose from; a wheel over the form scrolls the form and must not change what it passes over."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def _editor(field: Field, changed: Callable[[], None]) -> QCheckBox | QComboBox | QLineEdit:
    if field.kind == "flag":
        box = QCheckBox()
        box.toggled.connect(lambda _: changed())
        return box
    if field.kind == "choice":
        choice = _Choice()
        choice.addItems(list(field.choices))
        choice.currentTextChanged.connect(lambda _: changed())
        choice.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return choice
    line = _NumberEdit(field.kind == "whole") if field.kind in ("whole", "real") else QLineEdit()
    line.textChanged.connect(lambda _: changed())
    return line


def files_filter(endings: Sequence[str]) -> str:
    """Return what a file dialog shows: files with these endings, or all."""
    return f"Data ({' '.join(f'*{ending}' for ending in endings)});;All files (*)"


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _tip(field: Field) -> str:
    return (
        f"{field.description}\nMust be {field.allowed}."
        if field.kind in ("whole", "real", "wholes")
        else field.description
    )
