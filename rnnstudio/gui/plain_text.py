"""Text in the window. Qt would show text of a file or run with HTML in it as a page, and open the files it names.

All labels are made here, and all tooltips pass through here.
"""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QLabel, QWidget

from rnnstudio.core.visible_text import visible

_SIZES = {"title": "h2", "heading": "h3", "bold": "b", "small": "small"}


class PlainLabel(QLabel):
    """A label that shows each character of its text.

    Args:
        text: The text.
        parent: Qt's parent.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        super().setText(visible(text))

    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(visible(text))


class Heading(QLabel):
    """A label whose text is bold, larger or smaller, and shows each character of it.

    Args:
        text: The text.
        rest: Text behind it, of usual weight.
        size: "title", "heading", "bold" or "small".
    """

    def __init__(self, text: str = "", rest: str = "", size: str = "bold") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.RichText)
        self._tag = _SIZES[size]
        self.show_text(text, rest)

    def show_text(self, text: str, rest: str = "") -> None:
        """Show another text."""
        self.setText(f"<{self._tag}>{shown(text)}</{self._tag}>{shown(rest)}" if text or rest else "")


def shown(text: str) -> str:
    """Return text as HTML that shows each character of it.

    >>> shown("<img src='a.png'>")
    '&lt;img src=&#x27;a.png&#x27;&gt;'
    """
    return escape(visible(text)).replace("\n", "<br>")


def tip(text: str) -> str:
    """Return a tooltip that shows each character of a text.

    >>> tip("Rows of the table"), tip("<b>bold</b>")
    ('Rows of the table', '<p>&lt;b&gt;bold&lt;/b&gt;</p>')
    """
    return f"<p>{shown(text)}</p>" if GuiQt.mightBeRichText(text) else visible(text)
