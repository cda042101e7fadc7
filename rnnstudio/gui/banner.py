"""A sentence across the window, with one thing to do about it; it never stops anybody's work."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget


class Banner(QFrame):
    """Hidden until there is something to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._act = QPushButton()
        self._act.clicked.connect(self._do)
        self._work: Callable[[], None] = lambda: None
        close = QToolButton()
        close.setText("✕")
        close.setAutoRaise(True)
        close.setAccessibleName("Close the message")
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(self._text, 1)
        row.addWidget(self._act)
        row.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that stands there; empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    def say(self, text: str, action: str = "", work: Callable[[], None] = lambda: None) -> None:
        """Show a sentence; with `action`, a button of that name that does `work`."""
        self._text.setText(text)
        self._act.setText(action)
        self._act.setVisible(bool(action))
        self._work = work
        self.show()

    def _do(self) -> None:
        self.hide()
        self._work()
