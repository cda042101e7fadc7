"""Notes of which the first is shown, with a link that shows the others, for mouse and keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from rnnstudio.gui.plain_text import shown


class NotesLabel(QLabel):
    """A line with the first of some notes; the link at its end shows all of them, a line each."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: tuple[str, ...] = ()
        self.is_open = False
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.linkActivated.connect(lambda _: self.open(not self.is_open))
        self.hide()

    def show_notes(self, notes: Sequence[str]) -> None:
        """Show other notes; of the same ones, all remain visible."""
        if tuple(notes) != self.notes:
            self.notes = tuple(notes)
            self.open(False)
        self.setVisible(bool(notes))

    def open(self, is_open: bool) -> None:
        """Show all notes, or the first one alone."""
        self.is_open = is_open
        lines = [shown(note) for note in (self.notes if is_open else self.notes[:1])]
        others = "the first only" if is_open else f"and {len(self.notes) - 1:,} more"
        link = f' … <a href="#">{others}</a>' if len(self.notes) > 1 else ""
        self.setText(f"Note: {'<br>'.join(lines)}{link}" if lines else "")
