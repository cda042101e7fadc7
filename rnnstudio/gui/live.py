"""The pictures of one run side by side: how the loss goes, and prediction against truth."""

from __future__ import annotations

import time
from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from rnnstudio.core.catalog import RECIPES
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.gui.charts.plot import Plot
from rnnstudio.gui.panel import Panel
from rnnstudio.gui.plots import PLOTS
from rnnstudio.gui.plots.confusion import ConfusionPlot
from rnnstudio.gui.plots.forecast import ForecastPlot
from rnnstudio.gui.plots.sequences import SequencesPlot
from rnnstudio.gui.theme import Theme

# Between two pictures the window answers, and the training gets the interpreter; painting takes about as long again.
_REST_MS, _REST_PER_DRAWING, _LONGEST_REST_MS = 60, 20, 150
_PROGRESS = ("loss", "accuracy")  # on the left, one above the other; the others answer on the right


class Live(QWidget):
    """Loss and accuracy or error on the left, predictions on the right; draws what is visible and has changed."""

    failed = Signal(str)
    start_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = History()
        self._experiment: Experiment | None = None
        self._due: list[Plot] = []
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._draw_next)
        self.plots: dict[str, Plot] = {kind.name: kind(theme) for kind in PLOTS}
        self._panels = {name: Panel(picture) for name, picture in self.plots.items()}
        for panel in self._panels.values():
            panel.failed.connect(self.failed)
        left = QSplitter(Qt.Orientation.Vertical)
        for name in _PROGRESS:
            left.addWidget(self._panels[name])
        left.setSizes([260, 240])
        self._right = QTabWidget()
        self._right.setDocumentMode(True)
        self._right.currentChanged.connect(lambda _: self._draw())
        both = QSplitter(Qt.Orientation.Horizontal)
        both.addWidget(left)
        both.addWidget(self._right)
        both.setSizes([500, 600])
        both.setChildrenCollapsible(False)
        left.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(both)
        self.forecast.start_chosen.connect(self.start_chosen)
        self.confusion.chosen.connect(self._show_cell)
        self.sequences.cell_changed.connect(self.confusion.show_choice)

    @property
    def forecast(self) -> ForecastPlot:
        """The forecast view."""
        found = self.plots["forecast"]
        assert isinstance(found, ForecastPlot)
        return found

    @property
    def confusion(self) -> ConfusionPlot:
        """The confusion matrix."""
        found = self.plots["confusion"]
        assert isinstance(found, ConfusionPlot)
        return found

    @property
    def sequences(self) -> SequencesPlot:
        """The sequences."""
        found = self.plots["sequences"]
        assert isinstance(found, SequencesPlot)
        return found

    def _show_cell(self, truth: int, told: int) -> None:
        """Show the sequences of one cell of the confusion matrix."""
        self._right.setCurrentWidget(self._panels["sequences"])
        self.sequences.show_cell(truth, told)
        self.sequences.setFocus()

    def begin(self, experiment: Experiment) -> None:
        """Get ready for a run of this experiment."""
        self._experiment, self._history = experiment, History()
        self._right.clear()
        for name, picture in self.plots.items():
            fits = picture.suits(experiment)
            if name not in _PROGRESS and fits:
                self._right.addTab(self._panels[name], picture.title)
            elif name in _PROGRESS:
                self._panels[name].setVisible(fits)
            if fits:
                picture.begin(experiment)
        self._right.tabBar().setVisible(self._right.count() > 1)
        best = RECIPES.get(experiment.recipe).plot if experiment.recipe in RECIPES else ""
        if best in self._panels and best not in _PROGRESS and self.plots[best].suits(experiment):
            self._right.setCurrentWidget(self._panels[best])

    def show_history(self, history: History) -> None:
        """Draw a run as it stands: one picture at a time with a rest after each while it goes on, else all at once."""
        self._history = history
        if history.outcome is not None:
            self._draw()
            return
        self._due += [p for p in self.plots.values() if p.isVisible() and p not in self._due]
        if not self._turn.isActive():
            self._turn.start(0)

    def show_baseline(self, baseline: Mapping[str, Mapping[str, float]]) -> None:
        """Draw a run's naive answers where a picture has a place for them."""
        for picture in self.plots.values():
            picture.show_baseline(baseline)
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        for picture in self.plots.values():
            picture.set_theme(theme)
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up on what happened while this was hidden."""
        super().showEvent(event)
        self._draw()

    def _draw_next(self) -> None:
        if not self._due:
            return
        picture = self._due.pop(0)
        began = time.perf_counter()
        if picture.isVisible():
            picture.show_history(self._history)
        spent = 1000 * (time.perf_counter() - began)
        self._turn.start(round(min(max(_REST_MS, spent * _REST_PER_DRAWING), _LONGEST_REST_MS)))

    def _draw(self) -> None:
        self._due.clear()
        if self._experiment is None:
            return
        for picture in self.plots.values():
            if picture.isVisible():
                picture.show_history(self._history)
