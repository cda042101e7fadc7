"""The confusion matrix of the newest predictions."""

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
from rnnstudio.core.predicted_split import predicted_split
from rnnstudio.core.predictions import ClassPredictions
from rnnstudio.core.wording import split_label
from rnnstudio.gui.charts.legend import Entry
from rnnstudio.gui.charts.matrix import Matrix
from rnnstudio.gui.charts.matrix_layout import MARGIN, Cell
from rnnstudio.gui.charts.numbers import percent
from rnnstudio.gui.charts.update_note import update_note
from rnnstudio.gui.plots import Plot, plot
from rnnstudio.gui.theme import LIGHT, RED, Theme

if TYPE_CHECKING:
    import pandas as pd

_FADE_MS, _FADE_STEPS = 350, 8
_MAX_FADING = 20  # classes; a larger matrix takes too long to paint several times
_DIRECTIONS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
_SELECT_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


@plot
class ConfusionPlot(Plot):
    """True classes as rows, predicted classes as columns; a click on a cell selects its sequences.

    Attributes:
        matrix: The drawing of the matrix.
        cell_selected: Emitted with the indices of the true and the predicted class of a selected cell.

    >>> from rnnstudio.core.experiment import compose
    >>> ConfusionPlot.suits(compose("har", {})), ConfusionPlot.suits(compose("airline", {}))
    (True, False)
    """

    name = "confusion"
    title = "Confusion matrix"
    order = 60
    empty_message = "No prediction yet. The matrix appears after the first evaluation."
    cell_selected = Signal(int, int)

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._history = History()
        self._predictions: ClassPredictions | None = None
        self.matrix = Matrix()
        self.canvas.addItem(self.matrix, 1, 0)
        self.canvas.scene().sigMouseMoved.connect(self._mouse_moved)
        self.canvas.scene().sigMouseClicked.connect(self._mouse_clicked)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setDuration(_FADE_MS)
        self._animation.valueChanged.connect(self._fade)
        self.set_theme(theme)

    @classmethod
    def suits(cls, experiment: Experiment) -> bool:
        """Return whether each sequence has one class."""
        return experiment.data.task == "classify"

    def begin(self, experiment: Experiment) -> None:
        """Clear the plot."""
        super().begin(experiment)
        self._history, self._predictions = History(), None
        self._animation.stop()
        self.matrix.hovered = self.matrix.focused = self.matrix.selected = None

    def show_history(self, history: History) -> None:
        """Draw the newest predictions; the colours fade from the previous ones during training."""
        predictions, info = history.predictions, history.info
        if not isinstance(predictions, ClassPredictions) or info is None:
            return
        if predictions is self._predictions:
            self._show_legend()  # the weights may have become the final ones
            return
        first, self._history, self._predictions = self._predictions is None, history, predictions
        self.matrix.show_counts(confusion(predictions, len(info.classes)), info.classes)
        if self.isVisible() and history.outcome is None and not first and len(info.classes) <= _MAX_FADING:
            self.matrix.fade(0.0)
            self._animation.start()
        else:
            self._animation.stop()
        self._show_legend()
        self.show_message("")

    def _fade(self, progress: float) -> None:
        self.matrix.fade(round(float(progress) * _FADE_STEPS) / _FADE_STEPS)

    def _show_legend(self) -> None:
        correct, count = int(np.trace(self.matrix.counts)), int(self.matrix.counts.sum())
        frame, no_frame = pg.mkPen(self.theme.text, width=1.5), pg.mkPen(self.theme.background)
        split, note = split_label(predicted_split(self._history)), update_note(self._history, self.experiment)
        text = f"{correct:,} of {count:,} correct ({percent(correct / max(1, count))})"
        self.legend.show_entries(
            [
                Entry(text, frame, "s", self.theme.blue, line=False),
                Entry("Misclassified", no_frame, "s", RED, line=False),
                Entry(f"{split.capitalize()}: {note[0].lower()}{note[1:]}"),
            ]
        )

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self.matrix.theme = theme
        self.matrix.update()
        if self._predictions is not None:
            self._show_legend()

    def to_frame(self) -> pd.DataFrame:
        """Return one row per cell: true class, predicted class, count, and percentage of the true class."""
        import pandas as pd

        if self._predictions is None:
            return pd.DataFrame(columns=["truth", "prediction", "count", "percent"])
        counts, names = self.matrix.counts, np.array(self.matrix.names, object)
        totals = np.maximum(counts.sum(axis=1, keepdims=True), 1)
        return pd.DataFrame(
            {
                "truth": np.repeat(names, len(names)),
                "prediction": np.tile(names, len(names)),
                "count": counts.ravel(),
                "percent": (100.0 * counts / totals).ravel(),
            }
        )

    def mark_cell(self, cell: Cell | None) -> None:
        """Mark the cell whose sequences are shown elsewhere; None removes the mark."""
        self.matrix.selected = cell
        self.matrix.update()

    def _select_focused(self) -> None:
        cell = self.matrix.focused
        if cell is not None and self.matrix.counts[cell]:
            self.mark_cell(cell)
            self.cell_selected.emit(*cell)

    def _cell_at(self, scene_position: QPointF) -> Cell | None:
        return self.matrix.arrangement.cell_at(self.matrix.mapFromScene(scene_position))

    def _mouse_moved(self, scene_position: QPointF) -> None:
        cell = self._cell_at(scene_position)
        if cell != self.matrix.hovered:
            self.matrix.hovered = cell
            self.matrix.update()

    def _mouse_clicked(self, event: Any) -> None:
        cell = self._cell_at(event.scenePos())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None and MARGIN not in cell:
            self.matrix.focused = cell
            self._select_focused()

    def hide_cursor(self) -> None:
        """Hide the readout at the mouse position."""
        self.matrix.hovered = None
        self.matrix.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move from cell to cell with the arrow keys, and select one with Enter or Space."""
        key, count = Qt.Key(event.key()), len(self.matrix.names)
        if self._predictions is None or not (key in _DIRECTIONS or key in _SELECT_KEYS):
            super().keyPressEvent(event)
            return
        if key in _SELECT_KEYS:
            self._select_focused()
            return
        row, column = self.matrix.focused or (0, 0)
        if self.matrix.focused is not None:
            row, column = row + _DIRECTIONS[key][0], column + _DIRECTIONS[key][1]
        self.matrix.focused = min(max(row, 0), count - 1), min(max(column, 0), count - 1)
        self.setAccessibleDescription(self.matrix.readout(self.matrix.focused))
        self.matrix.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Remove the mark of the keyboard focus."""
        super().focusOutEvent(event)
        self.matrix.focused = None
        self.matrix.update()
