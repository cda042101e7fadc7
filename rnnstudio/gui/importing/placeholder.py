"""What stands in the middle of the import page while there are no rows: that the file is read, or why it cannot be."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from rnnstudio.gui.plain_text import Heading, PlainLabel


class Placeholder(QWidget):
    """A heading, a reason, and what can be done.

    Attributes:
        another: The button that asks for another file.
    """

    def __init__(self) -> None:
        super().__init__()
        self._heading, self._reason, self._advice = Heading(), PlainLabel(), PlainLabel()
        self.another = QPushButton("Open another file …")
        self.another.setAutoDefault(False)
        self._reason.setObjectName("problem")
        column, row, texts = QVBoxLayout(self), QHBoxLayout(), QVBoxLayout()
        for label in (self._heading, self._reason, self._advice):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            texts.addWidget(label)
        texts.addSpacing(8)
        texts.addWidget(self.another, 0, Qt.AlignmentFlag.AlignHCenter)
        row.addStretch(1)
        row.addLayout(texts, 2)  # lines are easier to read where they are not as wide as the page
        row.addStretch(1)
        column.addStretch(1)
        column.addLayout(row)
        column.addStretch(2)
        self.show_texts("Reading …")

    @property
    def reason(self) -> str:
        """Why the file cannot be read; empty while it is read."""
        return "" if self.isHidden() else self._reason.text()

    def show_texts(self, heading: str, reason: str = "", advice: str = "") -> None:
        """Show other texts; without a reason there is nothing to do but wait."""
        self._heading.show_text(heading)
        for label, text in ((self._reason, reason), (self._advice, advice)):
            label.setText(text)
            label.setVisible(bool(text))
        self.another.setVisible(bool(reason))
