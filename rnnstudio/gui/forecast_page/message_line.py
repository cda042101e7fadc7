"""A sentence about the forecast, with at most one button that helps."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from rnnstudio.gui.plain_text import PlainLabel


class MessageLine(QWidget):
    """Shows one message at a time; its room stays, so that nothing moves when it comes and goes."""

    def __init__(self) -> None:
        super().__init__()
        self.label = PlainLabel()
        self.label.setWordWrap(True)
        self.remedy = QPushButton()
        self.remedy.clicked.connect(self._run)
        self._on_click: Callable[[], None] = lambda: None
        line = QHBoxLayout(self)
        line.setContentsMargins(10, 0, 8, 2)
        line.addWidget(self.label, 1)
        line.addWidget(self.remedy, 0, Qt.AlignmentFlag.AlignTop)
        self.setMinimumHeight(self.remedy.sizeHint().height() + 2)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.say("")

    @property
    def text(self) -> str:
        """The message; empty while there is none."""
        return self.label.text()

    def say(self, text: str, remedy: str = "", on_click: Callable[[], None] = lambda: None) -> None:
        """Show a message in place of the previous one.

        Args:
            text: The message; empty for none.
            remedy: Text of a button beside it; no button when empty.
            on_click: Called when the button is clicked.
        """
        self.label.setText(text)
        self.remedy.setText(remedy)
        self.remedy.setVisible(bool(remedy))
        self._on_click = on_click
        self.setVisible(bool(text))

    def _run(self) -> None:
        self._on_click()
