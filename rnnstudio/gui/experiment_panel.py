"""The form with its buttons: train, pause, stop, and what was changed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStyle, QVBoxLayout, QWidget

from rnnstudio.gui.form import ExperimentForm


class ExperimentPanel(QWidget):
    """Form, buttons, the sentence about a wrong value, and what differs from the recipe."""

    train = Signal()
    pause = Signal()
    stop = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = ExperimentForm()
        self._train = QPushButton("Train")
        self._train.setDefault(True)
        self._pause = QPushButton("Pause")
        self._stop = QPushButton("Stop")
        icons = QStyle.StandardPixmap
        for button, icon, tip, signal in (
            (self._train, icons.SP_MediaPlay, "Train this experiment (F5)", self.train),
            (self._pause, icons.SP_MediaPause, "Hold the training, or let it go on (F6)", self.pause),
            (self._stop, icons.SP_MediaStop, "Stop and keep what was learned (Shift+F5)", self.stop),
        ):
            button.setIcon(self.style().standardIcon(icon))
            button.setToolTip(tip)
            button.clicked.connect(signal)
        self._edit = QPushButton("Edit a copy for the next run")
        self._edit.setFlat(True)
        self._edit.clicked.connect(lambda: self._lock(False))
        self._problem = QLabel()
        self._problem.setObjectName("problem")
        self._problem.setWordWrap(True)
        self._changes = QLabel()
        self._changes.setWordWrap(True)
        self._changes.setEnabled(False)
        buttons = QHBoxLayout()
        for button in (self._train, self._pause, self._stop):
            buttons.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.addWidget(self.form, 1)
        column.addWidget(self._edit)
        column.addWidget(self._problem)
        column.addLayout(buttons)
        column.addWidget(self._changes)
        self.setMinimumWidth(290)
        self._running = False
        self._lock(False)

    def refresh(self, *, running: bool, paused: bool) -> None:
        """Switch the buttons to what can be done now."""
        if running != self._running:
            self._running = running
            self._lock(running)
        problem = self.form.problem
        self._train.setEnabled(not running and problem is None)
        self._pause.setEnabled(running)
        self._pause.setText("Resume" if paused else "Pause")
        self._stop.setEnabled(running)
        self._problem.setText(str(problem) if problem else "")
        self._problem.setVisible(problem is not None)
        changes = self.form.changes()
        self._changes.setText("changed: " + ", ".join(changes) if changes else "")
        self._changes.setVisible(bool(changes))

    def _lock(self, locked: bool) -> None:
        """Hold the form while it trains: what is shown is what is being trained, until a copy is asked for."""
        self.form.setEnabled(not locked)
        self._edit.setVisible(locked)
