"""A message across the window, with actions; it never blocks the user."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from rnnstudio.gui.plain_text import PlainLabel


class Banner(QFrame):
    """Shows one message at a time; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._text = PlainLabel()
        self._text.setWordWrap(True)
        self._buttons = QHBoxLayout()
        close = QToolButton()
        close.setText("✕")
        close.setAutoRaise(True)
        close.setToolTip("Close the message")
        close.setAccessibleName("Close the message")
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(self._text, 1)
        row.addLayout(self._buttons)
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
        self.show_choice(text, {action: on_click} if action else {})

    def show_choice(self, text: str, actions: Mapping[str, Callable[[], None]]) -> None:
        """Show a message with a button for each action, by its text; a click hides the message first."""
        self._text.setText(text)
        while (item := self._buttons.takeAt(0)) is not None:
            if (button := item.widget()) is not None:
                button.hide()
                button.deleteLater()
        for action, on_click in actions.items():
            button = self._button(action, on_click)
            self._buttons.addWidget(button)
            button.show()  # the layout would show it later
        self.show()

    def _button(self, text: str, on_click: Callable[[], None]) -> QPushButton:
        def run() -> None:
            self.hide()
            on_click()

        button = QPushButton(text)
        button.clicked.connect(run)
        return button
