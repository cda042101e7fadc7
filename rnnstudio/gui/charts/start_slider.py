"""The row below a forecast: a slider for the step at which the free-running forecast starts."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from rnnstudio.gui.plain_text import PlainLabel

_REST_MS = 120  # the slider rests this long before a forecast is computed


class StartSlider(QWidget):
    """Chooses the start of the free-running forecast.

    Attributes:
        moved: Emitted with the step at each movement.
        chosen: Emitted with the step once the slider rests.
        slider: The slider.
    """

    moved = Signal(int)
    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Start of the free-running forecast")
        self.slider.setToolTip("From this step on, the network's input is its own predictions.")
        self._text = PlainLabel()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST_MS)
        self._timer.timeout.connect(lambda: self.chosen.emit(self.slider.value()))
        self.slider.valueChanged.connect(self._slider_moved)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 2)
        for widget in (PlainLabel("Free-running from"), self.slider, self._text):
            row.addWidget(widget)
        self.clear()

    def clear(self) -> None:
        """Hide and disable the slider, and forget a step that has not been emitted."""
        self._timer.stop()
        self.slider.setEnabled(False)
        self.hide()

    def set_range(self, first: int, last: int) -> None:
        """Set the first and last step that can be chosen, and show the slider."""
        with QSignalBlocker(self.slider):
            self.slider.setRange(first, last)
        self.show()

    def show_step(self, step: int, text: str) -> None:
        """Move the slider to a step without emitting it, and show the name of the step."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(step)
        self._text.setText(text)

    def _slider_moved(self, step: int) -> None:
        self.moved.emit(step)
        self._timer.start()
