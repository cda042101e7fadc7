"""The row below a series: which of its windows is shown, by number, by slider, and in words."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSlider, QSpinBox, QWidget

from rnnstudio.gui.plain_text import PlainLabel


class WindowStepper(QWidget):
    """Chooses one window.

    Attributes:
        chosen: Emitted with the index of the window that the user chooses.
        number: Its number, counted from 1.
        slider: The same as a slider.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.number, self.slider = QSpinBox(), QSlider(Qt.Orientation.Horizontal)
        self._count, self._text = PlainLabel(), PlainLabel()
        self.number.setAccessibleName("Window that is shown")
        self.number.setGroupSeparatorShown(True)
        self.number.setKeyboardTracking(False)
        self.slider.setAccessibleName("Window that is shown, as a slider")
        for control in (self.number, self.slider):
            control.setToolTip("Shows another window. You can also drag the window, or click where it is to begin.")
        self.number.valueChanged.connect(lambda number: self.chosen.emit(number - 1))
        self.slider.valueChanged.connect(self.chosen)
        self._text.setWordWrap(True)
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 0, 8, 4)
        grid.setVerticalSpacing(2)
        for column, widget in enumerate((PlainLabel("Window"), self.number, self._count, self.slider)):
            grid.addWidget(widget, 0, column)
        grid.addWidget(self._text, 1, 0, 1, 4)
        grid.setColumnStretch(3, 1)

    @property
    def text(self) -> str:
        """What is said about the window."""
        return self._text.text()

    def show_window(self, index: int, count: int, text: str) -> None:
        """Show which of `count` windows is shown, and what it covers."""
        with QSignalBlocker(self.number), QSignalBlocker(self.slider):
            self.number.setRange(1, count)
            self.slider.setRange(0, count - 1)
            self.slider.setPageStep(max(1, count // 20))
            self.number.setValue(index + 1)
            self.slider.setValue(index)
        self._count.setText(f"of {count:,}")
        self._text.setText(text)
