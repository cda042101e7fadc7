"""What the window calls a run or group, and the heading with its name and note, which may change at any time."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from rnnstudio.gui.plain_text import Heading, PlainLabel
from rnnstudio.results.run import Run
from rnnstudio.results.run_group import RunGroup
from rnnstudio.results.run_notes import RunNotes, notes_at


def notes_of(run: Run | RunGroup) -> RunNotes:
    """Return the name and note that the user gave a run or group; empty ones where it is not saved."""
    return notes_at(Path(run.path)) if run.path else RunNotes()


def shown_name(run: Run | RunGroup) -> str:
    """Return the name that the user gave a run or group, else that of its folder; empty where it is not saved."""
    return notes_of(run).name or run.name


class RunHeading(QWidget):
    """The name of a run or group with what follows it, and its note below.

    Args:
        run: The run or group.
        rest: What follows its name.
    """

    def __init__(self, run: Run | RunGroup, rest: str) -> None:
        super().__init__()
        self._run, self._rest = run, rest
        self._notes: RunNotes | None = None
        self._heading, self._note = Heading(size="heading"), PlainLabel()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for label in (self._heading, self._note):
            label.setWordWrap(True)  # never widens the page
            column.addWidget(label)
        self.refresh()

    def refresh(self) -> bool:
        """Show name and note as they are now, and return whether they have changed."""
        notes, before = notes_of(self._run), self._notes
        if notes == before:
            return False
        self._notes = notes
        unsaved = "Run (not saved)" if isinstance(self._run, Run) else "Group (not saved)"
        self._heading.show_text(f"{notes.name or self._run.name or unsaved} – {self._rest}")
        self._note.setText(notes.beginning)
        self._note.setVisible(bool(notes.beginning))
        return True
