"""Input widgets for numbers and choices."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit

from rnnstudio.core.typed_numbers import TypedNumberError, typed_number


class NumberEdit(QLineEdit):
    """A text field for a number; the up and down keys add or subtract one, or double or halve a real number.

    Args:
        whole: Whether the number is a whole number.
    """

    def __init__(self, whole: bool) -> None:
        super().__init__()
        self._whole = whole

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step the number on an up or down key."""
        up = {Qt.Key.Key_Up: True, Qt.Key.Key_Down: False}.get(Qt.Key(event.key()))
        try:
            number = typed_number(self.text(), whole=self._whole)
        except TypedNumberError:
            number = ""
        if up is None or isinstance(number, str):
            super().keyPressEvent(event)
        elif self._whole:
            self.setText(str(int(number) + (1 if up else -1)))
        else:
            self.setText(f"{number * (2 if up else 0.5):.6g}")


class ChoiceBox(QComboBox):
    """A list of choices that the mouse wheel does not change: the wheel scrolls the form."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the event to the form."""
        event.ignore()
