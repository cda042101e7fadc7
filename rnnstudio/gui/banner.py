"""A message across the window, with at most one action; it never blocks the user."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from rnnstudio.gui.plain_text import PlainLabel


class Banner(QFrame):
    """Shows one message at a time; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._text = PlainLabel()
        self._text.setWordWrap(True)
        self._button = QPushButton()
        self._button.clicked.connect(self._run_action)
        self._on_click: Callable[[], None] = lambda: None
        close = QToolButton()
        close.setText("✕")
        close.setAutoRaise(True)
        close.setToolTip("Close the message")
        close.setAccessibleName("Close the message")
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        row.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        """The message; empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    def show_message(self, text: str, action: str = "", on_click: Callable[[], None] = lambda: None) -> None:
        """Show a message in place of the previous one.

        Args:
            text: The message.
            action: Text of a button beside it; no button when empty.
            on_click: Called when the button is clicked.
        """
        self._text.setText(text)
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self._on_click = on_click
        self.show()

    def _run_action(self) -> None:
        self.hide()
        self._on_click()
