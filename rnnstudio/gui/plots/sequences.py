"""Sequences with their signals and their true and predicted class, with probabilities, or value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.predicted_split import predicted_split
from rnnstudio.core.predictions import ClassPredictions, ValuePredictions
from rnnstudio.core.setting_types import TASKS_PER_SEQUENCE
from rnnstudio.core.wording import split_label
from rnnstudio.gui.charts.card_grid import CardGrid
from rnnstudio.gui.charts.legend import Entry
from rnnstudio.gui.charts.sequence_browser import SequenceBrowser
from rnnstudio.gui.charts.sequence_card import ClassifiedSequence, SequenceInfo, ShownSequence
from rnnstudio.gui.charts.sequence_selection import (
    select_sequences,
    select_values,
    sequence_info,
    sequence_with_inputs,
)
from rnnstudio.gui.charts.signals import line_pen
from rnnstudio.gui.charts.update_note import update_note
from rnnstudio.gui.plots import Plot, plot
from rnnstudio.gui.theme import LIGHT, RED, Theme

if TYPE_CHECKING:
    import pandas as pd

_PREVIOUS_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_PageUp)
_NEXT_KEYS = (Qt.Key.Key_Right, Qt.Key.Key_PageDown)
_NO_INDICES: NDArray[np.int64] = np.empty(0, np.int64)


@plot
class SequencesPlot(Plot):
    """Pages of sequences, optionally only misclassified ones or those of one cell of the confusion matrix.

    Attributes:
        grid: The cards on the page.
        browser: The controls above them.
        cell_changed: Emitted with the only cell shown, or None once all are shown again.

    >>> from rnnstudio.core.experiment import compose
    >>> SequencesPlot.suits(compose("har", {})), SequencesPlot.suits(compose("airline", {}))
    (True, False)
    """

    name = "sequences"
    title = "Sequences"
    order = 70
    empty_message = "No prediction yet. The sequences appear after the first evaluation."
    cell_changed = Signal(object)

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._history = History()
        self._predictions: ClassPredictions | ValuePredictions | None = None
        self._info = SequenceInfo()
        self._cell: tuple[int, int] | None = None
        self._indices, self._first = _NO_INDICES, 0
        self.grid, self.browser = CardGrid(), SequenceBrowser()
        self.canvas.addItem(self.grid, 1, 0)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.canvas.scene().sigMouseMoved.connect(self._mouse_moved)
        self.column.insertWidget(0, self.browser)
        self.browser.page_turned.connect(self.turn_pages)
        self.browser.filter_changed.connect(self._select_from_start)
        self.browser.cell_cleared.connect(self.clear_cell)
        self.grid.geometryChanged.connect(self._show_page)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_theme(theme)

    @classmethod
    def suits(cls, experiment: Experiment) -> bool:
        """Return whether each sequence has one class or value."""
        return experiment.data.task in TASKS_PER_SEQUENCE

    def begin(self, experiment: Experiment) -> None:
        """Clear the plot."""
        super().begin(experiment)
        self._history, self._predictions = History(), None
        self._cell, self._indices, self._first = None, _NO_INDICES, 0
        self.browser.show_kind(has_classes=experiment.data.task == "classify")
        self.browser.show_cell("")
        self.browser.show_range(0, 0, 0)

    def show_history(self, history: History) -> None:
        """Draw the newest predictions of the sequences on this page."""
        predictions, info = history.predictions, history.info
        if not isinstance(predictions, ClassPredictions | ValuePredictions) or info is None:
            return
        if predictions is self._predictions:
            self._show_legend()  # the weights may have become the final ones
            return
        self._history, self._predictions = history, predictions
        self._info = sequence_info(info, predictions)
        self._show_legend()
        self._select()

    def _show_legend(self) -> None:
        if self._predictions is None:
            return
        shown, count = len(self._predictions.shown), len(self._predictions.truth)
        entries = [Entry(f"{shown:,} of {count:,} ({split_label(predicted_split(self._history))})")]
        labels = max((group.labels for group in self._info.groups), key=len, default=())
        if len(labels) > 1:
            entries += [Entry(label, line_pen(self.theme, i)) for i, label in enumerate(labels)]
        border = pg.mkPen(self.theme.background)
        if isinstance(self._predictions, ClassPredictions):
            entries += [
                Entry("True class", border, "t2", self.theme.text, line=False),
                Entry("✓ Correct", border, "s", self.theme.blue, line=False),
                Entry("✗ Incorrect", border, "s", RED, line=False),
            ]
        self.legend.show_entries([*entries, Entry(update_note(self._history, self.experiment))])

    # Which sequences are shown

    def show_cell(self, truth: int, predicted: int) -> None:
        """Show only the sequences of one cell of the confusion matrix."""
        self._cell, self._first = (truth, predicted), 0
        classes = self._info.classes
        self.browser.show_cell(f"true {classes[truth]}, predicted {classes[predicted]}")
        self.cell_changed.emit(self._cell)
        self._select()

    def clear_cell(self) -> None:
        """Show the sequences of all cells."""
        self._cell, self._first = None, 0
        self.browser.show_cell("")
        self.cell_changed.emit(None)
        self._select()

    def _select_from_start(self) -> None:
        self._first = 0
        self._select()

    def _select(self) -> None:
        if self._predictions is None:
            return
        is_checked = self.browser.misclassified_only.isChecked()
        if isinstance(self._predictions, ValuePredictions):
            self._indices = select_values(self._predictions, errors_first=is_checked)
        else:
            self._indices = select_sequences(self._predictions, self._cell, misclassified_only=is_checked)
        self.show_message("" if len(self._indices) else self._no_sequences_message())
        self._show_page()

    def _no_sequences_message(self) -> str:
        if self._predictions is None or not len(self._predictions.shown):
            return "This run has saved no sequences to show."
        if self._cell is not None:
            truth, predicted = (self._info.classes[c] for c in self._cell)
            return f"No saved sequence of class {truth} is predicted as {predicted} now. Press ✕ above to show all."
        return "All saved sequences are classified correctly."

    def turn_pages(self, pages: int) -> None:
        """Turn to a later page, or with a negative number to an earlier one."""
        self._first = min(max(self._first + pages * self.grid.capacity, 0), self._last_page)
        self._show_page()

    @property
    def _last_page(self) -> int:
        """Index of the first sequence on the last page."""
        return max(0, (len(self._indices) - 1) // self.grid.capacity * self.grid.capacity)

    @property
    def _page(self) -> list[ShownSequence]:
        """The sequences on this page."""
        if self._predictions is None:
            return []
        indices = self._indices[self._first : self._first + self.grid.capacity].tolist()
        return [sequence_with_inputs(self._predictions, index) for index in indices]

    def _show_page(self) -> None:
        if self._predictions is None:
            return
        capacity, count = self.grid.capacity, len(self._indices)
        self._first = min(self._first // capacity * capacity, self._last_page)
        self.grid.show_sequences(self._page, self._info)
        self.browser.show_range(self._first, min(self._first + capacity, count), count)

    # The rest of the interface

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self.grid.theme = theme
        self.grid.update()
        self._show_legend()

    def to_frame(self) -> pd.DataFrame:
        """Return one row per step of the sequences on this page: features, and classes with probabilities or values."""
        import pandas as pd

        classes, tables = self._info.classes, []
        for sequence in self._page:
            table = pd.DataFrame(sequence.signals, columns=list(self._info.features))
            if sequence.times is not None:
                table.insert(0, "time", sequence.times, allow_duplicates=True)
            table.insert(0, "step", np.arange(len(table)), allow_duplicates=True)
            columns: dict[str, float] = {}
            truth: str | float = sequence.truth
            predicted: str | float = sequence.predicted
            if isinstance(sequence, ClassifiedSequence):
                truth, predicted = classes[sequence.truth], classes[sequence.predicted]
                columns = {f"p({name})": float(p) for name, p in zip(classes, sequence.probabilities, strict=True)}
            table.insert(0, "prediction", predicted)
            table.insert(0, "truth", truth)
            table.insert(0, "sequence", sequence.index + 1)
            tables.append(table.assign(**columns))
        if not tables:
            return pd.DataFrame(columns=["sequence", "truth", "prediction"])
        return pd.concat(tables, ignore_index=True)

    def _mouse_moved(self, scene_position: QPointF) -> None:
        self.grid.set_mouse(self.grid.mapFromScene(scene_position))

    def hide_cursor(self) -> None:
        """Hide the readout at the mouse position."""
        self.grid.set_mouse(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn pages with arrow and page keys, show all cells with Escape, errors only or first with W."""
        key = Qt.Key(event.key())
        if key in _PREVIOUS_KEYS or key in _NEXT_KEYS:
            self.turn_pages(1 if key in _NEXT_KEYS else -1)
        elif key == Qt.Key.Key_Escape and self._cell is not None:
            self.clear_cell()
        elif key == Qt.Key.Key_W:
            self.browser.misclassified_only.toggle()
        else:
            super().keyPressEvent(event)
