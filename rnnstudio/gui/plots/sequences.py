"""Some sequences of the held-out part: their signals, what is true, what was told, and how sure the network was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from rnnstudio.core.events import Floats
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.predictions import ClassPredictions
from rnnstudio.gui.charts.card_grid import Kind, Sample, Sheet
from rnnstudio.gui.charts.feature_groups import groups, is_image
from rnnstudio.gui.charts.legend import Entry, Key
from rnnstudio.gui.charts.sequence_browser import Browser
from rnnstudio.gui.charts.signals import Reach, pen_of
from rnnstudio.gui.plots import Plot, plot
from rnnstudio.gui.plots.confusion import part_looked_at
from rnnstudio.gui.theme import LIGHT, RED, Theme

if TYPE_CHECKING:
    import pandas as pd

_NO_PREDICTION = "No prediction yet. The sequences come with the first look at the held-out part."
_BACK = (Qt.Key.Key_Left, Qt.Key.Key_PageUp)
_FORTH = (Qt.Key.Key_Right, Qt.Key.Key_PageDown)
_NONE: NDArray[np.int64] = np.empty(0, np.int64)


@plot
class SequencesPlot(Plot):
    """What do right and wrong ones look like?

    Attributes:
        cell_changed: Emitted with the cell of the confusion matrix that is looked at, or None when it is left.
    """

    name = "sequences"
    title = "Sequences"
    cell_changed = Signal(object)

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._history = History()
        self._predictions: ClassPredictions | None = None
        self._kind = Kind()
        self._cell: tuple[int, int] | None = None
        self._found, self._first = _NONE, 0
        self.key, self.sheet, self.browser = Key(), Sheet(), Browser()
        self.canvas.addItem(self.key, 0, 0)
        self.canvas.addItem(self.sheet, 1, 0)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.canvas.scene().sigMouseMoved.connect(self._pointed)
        self.column.insertWidget(0, self.browser)
        self.browser.turned.connect(self.turn)
        self.browser.changed.connect(self._choose_anew)
        self.browser.cell_left.connect(self.leave_cell)
        self.sheet.geometryChanged.connect(self._show_page)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.title)
        self.set_theme(theme)
        self.say(_NO_PREDICTION)

    @classmethod
    def suits(cls, experiment: Experiment) -> bool:
        """Return whether the network tells a class of each sequence."""
        return experiment.data.task == "classify"

    def begin(self, experiment: Experiment) -> None:
        """Forget what was drawn."""
        self._history, self._predictions = History(), None
        self._cell, self._found, self._first = None, _NONE, 0
        self.browser.show_cell("")
        self.browser.show_place(0, 0, 0)
        self.say(_NO_PREDICTION)

    def show_history(self, history: History) -> None:
        """Draw the newest answers for the sequences on this page."""
        predictions = history.predictions
        if predictions is self._predictions or not isinstance(predictions, ClassPredictions) or history.info is None:
            return
        self._history, self._predictions = history, predictions
        self._kind = _kind(history, predictions)
        self._write_key()
        self._choose()

    def _write_key(self) -> None:
        if self._predictions is None:
            return
        kept, count = len(self._predictions.shown), len(self._predictions.truth)
        done = {"test part": "tested", "validation part": "validated"}.get(part_looked_at(self._history), "trained on")
        found = [Entry(f"{kept:,} of the {count:,} {done}")]
        labels = max((group.labels for group in self._kind.groups), key=len, default=())
        if len(labels) > 1:
            found += [Entry(label, pen_of(self.theme, i)) for i, label in enumerate(labels)]
        edge = pg.mkPen(self.theme.background)
        found += [
            Entry("true class", edge, "t2", self.theme.text, line=False),
            Entry("✓ right", edge, "s", self.theme.blue, line=False),
            Entry("✗ wrong", edge, "s", RED, line=False),
        ]
        self.key.show_entries(found)

    # Which are shown

    def show_cell(self, truth: int, told: int) -> None:
        """Show only sequences of one cell of the confusion matrix."""
        self._cell, self._first = (truth, told), 0
        names = self._kind.names
        self.browser.show_cell(f"true {names[truth]}, told {names[told]}")
        self.cell_changed.emit(self._cell)
        self._choose()

    def leave_cell(self) -> None:
        """Show all again."""
        self._cell, self._first = None, 0
        self.browser.show_cell("")
        self.cell_changed.emit(None)
        self._choose()

    def _choose_anew(self) -> None:
        self._first = 0
        self._choose()

    def _choose(self) -> None:
        """Find the sequences that are wanted: one of each class first, then a second of each, and so on."""
        if self._predictions is None:
            return
        shown = self._predictions.shown
        truth, told = self._predictions.truth[shown], self._predictions.predicted[shown]
        wanted = np.ones(len(truth), bool)
        if self._cell is not None:
            wanted = (truth == self._cell[0]) & (told == self._cell[1])
        elif self.browser.wrong_only.isChecked():
            wanted = truth != told
        found = np.flatnonzero(wanted)
        turn = np.zeros(len(found), np.int64)
        for c in np.unique(truth[found]):
            mine = truth[found] == c
            turn[mine] = np.arange(int(mine.sum()))
        self._found = found[np.lexsort((truth[found], turn))]
        self.say("" if len(found) else self._none_text(len(truth)))
        self._show_page()

    def _none_text(self, kept: int) -> str:
        if not kept:
            return "This run keeps no sequences to look at."
        if self._cell is not None:
            truth, told = (self._kind.names[c] for c in self._cell)
            return f"None that is {truth} is told {told} any more. Press ✕ above to see others."
        return "None of the sequences kept is told wrongly."

    def turn(self, pages: int) -> None:
        """Go some pages on, or back."""
        size, count = self.sheet.capacity, len(self._found)
        last = max(0, (count - 1) // size * size)
        self._first = min(max(0, self._first + pages * size), last)
        self._show_page()

    def _show_page(self) -> None:
        if self._predictions is None:
            return
        size, count = self.sheet.capacity, len(self._found)
        first = self._first = min(self._first // size * size, max(0, (count - 1) // size * size))
        self.sheet.show_samples([self._sample(i) for i in self._found[first : first + size].tolist()], self._kind)
        self.browser.show_place(first, min(first + size, count), count)

    def _sample(self, kept: int) -> Sample:
        predictions = self._predictions
        assert predictions is not None
        place = int(predictions.shown[kept])
        return Sample(
            place,
            int(predictions.truth[place]),
            int(predictions.predicted[place]),
            predictions.probabilities[place],
            predictions.inputs[kept, : int(predictions.lengths[kept])],
        )

    # The rest

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self.key.set_theme(theme)
        self.sheet.theme = theme
        self.sheet.update()
        self._write_key()

    def to_frame(self) -> pd.DataFrame:
        """Return a row per step of the sequences on this page: their classes, their features, and the probabilities."""
        import pandas as pd

        size = self.sheet.capacity
        samples = [self._sample(i) for i in self._found[self._first : self._first + size].tolist()]
        names, tables = self._kind.names, []
        for sample in samples:
            table = pd.DataFrame(sample.signals, columns=list(self._kind.features))
            table.insert(0, "step", np.arange(len(table)))
            table.insert(0, "told", names[sample.told])
            table.insert(0, "true", names[sample.truth])
            table.insert(0, "sequence", sample.place + 1)
            shares = {f"p({name})": float(p) for name, p in zip(names, sample.probabilities, strict=True)}
            tables.append(table.assign(**shares))
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["sequence", "true", "told"])

    def _pointed(self, place: QPointF) -> None:
        self.sheet.point(self.sheet.mapFromScene(place))

    def hide_cursor(self) -> None:
        """Take the readout away."""
        self.sheet.point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn pages, leave the cell, switch to the wrong ones."""
        key = Qt.Key(event.key())
        if key in _BACK or key in _FORTH:
            self.turn(1 if key in _FORTH else -1)
        elif key == Qt.Key.Key_Escape and self._cell is not None:
            self.leave_cell()
        elif key == Qt.Key.Key_W:
            self.browser.wrong_only.toggle()
        else:
            super().keyPressEvent(event)


def _kind(history: History, predictions: ClassPredictions) -> Kind:
    """Return what the sequences of a run have in common."""
    info, inputs, lengths = history.info, predictions.inputs, predictions.lengths
    assert info is not None
    units = info.feature_units or ("",) * len(info.features)
    features = tuple(f"{name} ({unit})" if unit else name for name, unit in zip(info.features, units, strict=True))
    image = is_image(inputs.shape[-1])
    found = () if image else tuple(groups(features))
    counted = inputs[np.arange(inputs.shape[1]) < lengths[:, None]]
    parts = [counted] if image else [counted[:, group.features] for group in found]
    return Kind(
        info.classes,
        features,
        found,
        tuple(_reach(part) for part in parts),
        int(lengths.max(initial=1)),
        info.step_name,
        info.rate,
    )


def _reach(values: Floats) -> Reach:
    if not values.size:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)
