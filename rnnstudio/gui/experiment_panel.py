"""The form with its buttons: train, pause, stop, and what was changed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from rnnstudio.gui.form import ExperimentForm

_PLAY = [[(5, 3), (20, 12), (5, 21)]]
_BARS = [[(5, 3), (10, 3), (10, 21), (5, 21)], [(14, 3), (19, 3), (19, 21), (14, 21)]]
_SQUARE = [[(4, 4), (20, 4), (20, 20), (4, 20)]]


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
        for button, tip, signal in (
            (self._train, "Train this experiment (F5)", self.train),
            (self._pause, "Hold the training, or let it go on (F6)", self.pause),
            (self._stop, "Stop and keep what was learned (Shift+F5)", self.stop),
        ):
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
        column.addWidget(self._changes)
        column.addLayout(buttons)  # last, so that texts which come and go never move them
        self.setMinimumWidth(290)
        self._running = False
        self._lock(False)
        self._draw_icons()

    def refresh(self, *, running: bool, paused: bool) -> None:
        """Switch the buttons to what can be done now."""
        problem = self.form.problem
        trainable = not running and problem is None
        for button, usable in ((self._train, trainable), (self._pause, running), (self._stop, running)):
            if usable:
                button.setEnabled(True)
        if running != self._running:
            self._running = running
            if running:
                self._pause.setFocus()
            elif self._pause.hasFocus() or self._stop.hasFocus():
                self._train.setFocus()
            self._lock(running)
        for button, usable in ((self._train, trainable), (self._pause, running), (self._stop, running)):
            button.setEnabled(usable)  # only now: a button switched off hands its focus to just any widget
        self._pause.setText("Resume" if paused else "Pause")
        self._problem.setText(str(problem) if problem else "")
        self._problem.setVisible(problem is not None)
        changes = self.form.changes()
        self._changes.setText("changed: " + ", ".join(changes) if changes else "")
        self._changes.setVisible(bool(changes))

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icons anew in other colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icons()

    def _draw_icons(self) -> None:
        for button, shape in ((self._train, _PLAY), (self._pause, _BARS), (self._stop, _SQUARE)):
            icon = QIcon()
            for mode, group in (
                (QIcon.Mode.Normal, QPalette.ColorGroup.Active),
                (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled),
            ):
                icon.addPixmap(_drawn(shape, self.palette().color(group, QPalette.ColorRole.ButtonText)), mode)
            button.setIcon(icon)

    def _lock(self, locked: bool) -> None:
        """Hold the form while it trains: what is shown is what is being trained, until a copy is asked for."""
        self.form.setEnabled(not locked)
        self._edit.setVisible(locked)


def _drawn(shape: list[list[tuple[int, int]]], colour: QColor) -> QPixmap:
    """Return polygons on a 24 x 24 grid as a picture fine enough for every screen."""
    pixmap = QPixmap(48, 48)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(2, 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for polygon in shape:
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in polygon]))
    painter.end()
    return pixmap
