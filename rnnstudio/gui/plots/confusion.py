"""Which class is taken for which: rows are true, columns are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from rnnstudio.core.confusion import confusion
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.predictions import ClassPredictions
from rnnstudio.gui.charts.axes import percent
from rnnstudio.gui.charts.legend import Entry, Key
from rnnstudio.gui.charts.matrix import Matrix
from rnnstudio.gui.plots import Plot, plot
from rnnstudio.gui.theme import LIGHT, RED, Theme

if TYPE_CHECKING:
    import pandas as pd

_NO_PREDICTION = "No prediction yet. The matrix comes with the first look at the held-out part."
_FADE_MS, _FADE_STEPS = 350, 8
_MOST_FADING = 20  # classes; more take too long to paint several times
_WAYS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
_CHOOSE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


@plot
class ConfusionPlot(Plot):
    """What does it take for what?

    Attributes:
        chosen: Emitted with the true and the told class of a cell the user wants to see sequences of.
    """

    name = "confusion"
    title = "Confusion matrix"
    chosen = Signal(int, int)

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._history = History()
        self._predictions: ClassPredictions | None = None
        self.key, self.matrix = Key(), Matrix()
        self.canvas.addItem(self.key, 0, 0)
        self.canvas.addItem(self.matrix, 1, 0)
        self.canvas.scene().sigMouseMoved.connect(self._pointed)
        self.canvas.scene().sigMouseClicked.connect(self._clicked)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.title)
        self._fade = QVariantAnimation(self)
        self._fade.setStartValue(0.0)
        self._fade.setEndValue(1.0)
        self._fade.setDuration(_FADE_MS)
        self._fade.valueChanged.connect(lambda share: self.matrix.fade(round(float(share) * _FADE_STEPS) / _FADE_STEPS))
        self.set_theme(theme)
        self.say(_NO_PREDICTION)

    @classmethod
    def suits(cls, experiment: Experiment) -> bool:
        """Return whether the network tells a class of each sequence."""
        return experiment.data.task == "classify"

    def begin(self, experiment: Experiment) -> None:
        """Forget what was drawn."""
        self._history, self._predictions = History(), None
        self._fade.stop()
        self.matrix.pointed = self.matrix.focused = self.matrix.chosen = None
        self.say(_NO_PREDICTION)

    def show_history(self, history: History) -> None:
        """Draw the newest answers; the colours fade to them while it trains."""
        predictions, info = history.predictions, history.info
        if predictions is self._predictions or not isinstance(predictions, ClassPredictions) or info is None:
            return
        first, self._history, self._predictions = self._predictions is None, history, predictions
        self.matrix.show_counts(confusion(predictions, len(info.classes)), info.classes)
        if self.isVisible() and history.outcome is None and not first and len(info.classes) <= _MOST_FADING:
            self.matrix.fade(0.0)
            self._fade.start()
        else:
            self._fade.stop()
        self._write_key()
        self.say("")

    def _write_key(self) -> None:
        history, counts = self._history, self.matrix.counts
        right, count = int(np.trace(counts)), int(counts.sum())
        frame = pg.mkPen(self.theme.text, width=1.5)
        self.key.show_entries(
            [
                Entry(
                    f"{right:,} of {count:,} right ({percent(right / max(1, count))})",
                    frame,
                    "s",
                    self.theme.blue,
                    line=False,
                ),
                Entry("wrong", pg.mkPen(self.theme.background), "s", RED, line=False),
                Entry(f"{part_looked_at(history)} after {history.predictions_step:,} updates"),
            ]
        )

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self.key.set_theme(theme)
        self.matrix.theme = theme
        self.matrix.update()
        if self._predictions is not None:
            self._write_key()

    def to_frame(self) -> pd.DataFrame:
        """Return a row per cell: true class, told class, count, and percent of the true class."""
        import pandas as pd

        if self._predictions is None:
            return pd.DataFrame(columns=["true", "told", "count", "percent"])
        counts, names = self.matrix.counts, np.array(self.matrix.names, object)
        totals = np.maximum(counts.sum(axis=1, keepdims=True), 1)
        return pd.DataFrame(
            {
                "true": np.repeat(names, len(names)),
                "told": np.tile(names, len(names)),
                "count": counts.ravel(),
                "percent": (100.0 * counts / totals).ravel(),
            }
        )

    # What the user does

    def _pointed(self, place: QPointF) -> None:
        found = self.matrix.cell_at(self.matrix.mapFromScene(place))
        if found != self.matrix.pointed:
            self.matrix.pointed = found
            self.matrix.update()

    def _clicked(self, event: Any) -> None:
        cell = self.matrix.cell_at(self.matrix.mapFromScene(event.scenePos()))
        if event.button() == Qt.MouseButton.LeftButton and cell is not None and -1 not in cell:
            self.matrix.focused = cell
            self._choose()

    def _choose(self) -> None:
        """Ask for the sequences of the cell the keyboard is at."""
        cell = self.matrix.focused
        if cell is not None and self.matrix.counts[cell]:
            self.show_choice(cell)
            self.chosen.emit(*cell)

    def show_choice(self, cell: tuple[int, int] | None) -> None:
        """Mark the cell whose sequences are looked at."""
        self.matrix.chosen = cell
        self.matrix.update()

    def hide_cursor(self) -> None:
        """Take the readout away."""
        self.matrix.pointed = None
        self.matrix.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from cell to cell with the arrow keys, choose one with Enter."""
        key, count = Qt.Key(event.key()), len(self.matrix.names)
        if self._predictions is None or not (key in _WAYS or key in _CHOOSE):
            super().keyPressEvent(event)
            return
        if key in _CHOOSE:
            self._choose()
            return
        row, column = self.matrix.focused or (0, 0)
        if self.matrix.focused is not None:
            row, column = row + _WAYS[key][0], column + _WAYS[key][1]
        self.matrix.focused = min(max(row, 0), count - 1), min(max(column, 0), count - 1)
        self.setAccessibleDescription(self.matrix.sentence(self.matrix.focused))
        self.matrix.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the keyboard's mark away."""
        super().focusOutEvent(event)
        self.matrix.focused = None
        self.matrix.update()


def part_looked_at(history: History) -> str:
    """Return which part of the data the newest answers are for."""
    windows = history.info.windows if history.info else {}
    names = {"test": "test part", "val": "validation part"}
    return next((name for part, name in names.items() if windows.get(part)), "training part")
