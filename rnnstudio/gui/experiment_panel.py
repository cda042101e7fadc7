"""The form with its buttons (Train, Pause, Stop), the reason why it cannot train, and the changed settings."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from rnnstudio.core.spread import MAX_SEEDS
from rnnstudio.core.wording import enumeration, listed
from rnnstudio.gui import icons
from rnnstudio.gui.form import ExperimentForm
from rnnstudio.gui.plain_text import PlainLabel, tip

_MAX_CHANGES = 8  # that are named; an experiment saved before settings were automatic has many
_SEEDS_TIP = (
    "Train so many runs that differ by seed, one after the other, on the same split of the same data. Their mean and "
    "spread show how much chance decides; forecasts of the group are the mean of theirs."
)


class ExperimentPanel(QWidget):
    """Edits an experiment and asks for its training.

    The form is locked while an experiment trains: it shows what trains, until the user asks to edit a copy.

    Attributes:
        form: The settings.
        seeds: Number of runs that Train makes, which differ by seed.
    """

    train_requested = Signal()
    pause_requested = Signal()
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running = False
        self.form = ExperimentForm()
        self._train = QPushButton("Train")
        self._train.setDefault(True)
        self._pause = QPushButton("Pause")
        self._stop = QPushButton("Stop")
        for button, tooltip, signal in (
            (self._train, "Train this experiment (F5)", self.train_requested),
            (self._pause, "Pause or resume the training (F6)", self.pause_requested),
            (self._stop, "Stop the training and save the run (Shift+F5)", self.stop_requested),
        ):
            button.setToolTip(tip(tooltip))
            button.clicked.connect(signal)
        self.seeds = QSpinBox()
        self.seeds.setRange(1, MAX_SEEDS)
        self.seeds.setAccessibleName("Number of seeds")
        self.seeds.setToolTip(_SEEDS_TIP)
        self._edit_copy = QPushButton("Edit a copy for the next run")
        self._edit_copy.setToolTip("Unlock the form; the experiment that trains does not change")
        self._edit_copy.setFlat(True)
        self._edit_copy.clicked.connect(lambda: self._lock(False))
        self._problem = PlainLabel()
        self._problem.setObjectName("problem")
        self._problem.setWordWrap(True)
        self._changes = PlainLabel()
        self._changes.setWordWrap(True)
        self._changes.setEnabled(False)
        self._lay_out()
        self._lock(False)
        self._draw_icons()
        self.form.changed.connect(self._show_form_state)
        self._show_form_state()

    def _lay_out(self) -> None:
        seeds = QHBoxLayout()
        label = PlainLabel("Seeds")
        label.setBuddy(self.seeds)
        label.setToolTip(_SEEDS_TIP)
        self._seeds_note = PlainLabel()
        self._seeds_note.setEnabled(False)
        self.seeds.valueChanged.connect(
            lambda count: self._seeds_note.setText("runs that differ by seed" if count > 1 else "one run")
        )
        self._seeds_note.setText("one run")
        for widget, stretch in ((label, 0), (self.seeds, 0), (self._seeds_note, 1)):
            seeds.addWidget(widget, stretch)
        buttons = QHBoxLayout()
        for button in (self._train, self._pause, self._stop):
            buttons.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.addWidget(self.form, 1)
        column.addWidget(self._edit_copy)
        column.addWidget(self._problem)
        column.addWidget(self._changes)
        column.addLayout(seeds)
        column.addLayout(buttons)  # last, so that a message above never moves them
        self.setMinimumWidth(290)

    def set_training_state(self, state: str) -> None:
        """Enable the buttons for a training that is idle, training or paused; lock the form when it starts."""
        running = state != "idle"
        self._pause.setText("Resume" if state == "paused" else "Pause")
        if running == self._running:
            return
        self._running = running
        # Focus moves before a button is disabled: Qt would pass it to an arbitrary widget.
        if running:
            self._pause.setEnabled(True)
            self._pause.setFocus()
        elif self._pause.hasFocus() or self._stop.hasFocus():
            self._train.setEnabled(self.form.problem is None)
            self._train.setFocus()
        self._lock(running)
        self._enable_buttons()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icons in the colours of a new palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icons()

    def _show_form_state(self) -> None:
        """Show why the form cannot train and what differs from the recipe; runs once after each change."""
        problem, changes = self.form.problem, self.form.changes()
        invalid = self.form.invalid
        text = f"{len(invalid)} settings are not allowed: {enumeration(invalid)}." if len(invalid) > 1 else ""
        self._problem.setText(text or (self.form.message(problem) if problem else ""))
        self._problem.setVisible(problem is not None)
        self._changes.setText(f"Changed: {listed(changes, _MAX_CHANGES)}" if changes else "")
        self._changes.setVisible(bool(changes))
        self._enable_buttons()

    def _enable_buttons(self) -> None:
        self._train.setEnabled(not self._running and self.form.problem is None)
        self._pause.setEnabled(self._running)
        self._stop.setEnabled(self._running)

    def _lock(self, locked: bool) -> None:
        self.form.setEnabled(not locked)
        self.seeds.setEnabled(not locked)
        self._edit_copy.setVisible(locked)

    def _draw_icons(self) -> None:
        for button, polygons in ((self._train, icons.TRAIN), (self._pause, icons.PAUSE), (self._stop, icons.STOP)):
            button.setIcon(icons.icon(polygons, self.palette()))
