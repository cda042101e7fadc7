"""The plots of one run side by side: training curves on the left, predictions on the right."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.gui.charts.plot import Plot
from rnnstudio.gui.charts.training_curves import TrainingCurves
from rnnstudio.gui.panel import Panel
from rnnstudio.gui.plots.confusion import ConfusionPlot
from rnnstudio.gui.plots.forecast import ForecastPlot
from rnnstudio.gui.plots.sequences import SequencesPlot
from rnnstudio.gui.theme import Theme

# Pauses between two plots, in which the window reacts to the user and the training thread runs. The pause grows with
# the time of drawing, because Qt paints the plot afterwards, which takes about as long.
_MIN_PAUSE_MS, _PAUSE_PER_DRAWING, _MAX_PAUSE_MS = 60, 20, 150

P = TypeVar("P", bound=Plot)


class Live(QWidget):
    """All plots of one run; only visible plots are drawn, and only when the run has changed.

    Args:
        plots: The plots by name, in the order of their tabs.
        parent: Qt's parent.

    Attributes:
        failed: Emitted with a message when a plot cannot be saved.
        start_chosen: Emitted with the start of a free-running forecast that the user asks for.
        plots: The plots by name.
    """

    failed = Signal(str)
    start_chosen = Signal(int)

    def __init__(self, plots: Mapping[str, Plot], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = History()
        self._experiment: Experiment | None = None
        self._info: DataInfo | None = None  # of the data of the tabs
        self._waiting: list[Plot] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._draw_next)
        self.plots = dict(plots)
        self._panels = {name: Panel(plot, self) for name, plot in self.plots.items()}
        for panel in self._panels.values():
            panel.hide()  # until `begin` shows those that suit the run; without a parent, any thread could delete them
            panel.failed.connect(self.failed)
        self._curves = [name for name, plot in self.plots.items() if isinstance(plot, TrainingCurves)]
        left = QSplitter(Qt.Orientation.Vertical)
        for name in self._curves:
            left.addWidget(self._panels[name])
        left.setSizes([260, 240])
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._tabs.currentChanged.connect(lambda _: self._draw_visible())
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(left)
        splitter.addWidget(self._tabs)
        splitter.setSizes([500, 600])
        splitter.setChildrenCollapsible(False)
        left.setChildrenCollapsible(False)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(splitter, 1)
        self.forecast.start_chosen.connect(self.start_chosen)
        self.confusion.cell_selected.connect(self._show_cell)
        self.sequences.cell_changed.connect(self.confusion.mark_cell)

    def _plot(self, kind: type[P]) -> P:
        plot = self.plots[kind.name]
        assert isinstance(plot, kind)
        return plot

    @property
    def forecast(self) -> ForecastPlot:
        """The forecast plot."""
        return self._plot(ForecastPlot)

    @property
    def confusion(self) -> ConfusionPlot:
        """The confusion matrix."""
        return self._plot(ConfusionPlot)

    @property
    def sequences(self) -> SequencesPlot:
        """The classified sequences."""
        return self._plot(SequencesPlot)

    @property
    def tab(self) -> str:
        """Title of the current tab; empty where there is none."""
        return self._tabs.tabText(self._tabs.currentIndex())

    def _show_cell(self, truth: int, predicted: int) -> None:
        """Show the sequences of one cell of the confusion matrix."""
        self._tabs.setCurrentWidget(self._panels[self.sequences.name])
        self.sequences.show_cell(truth, predicted)
        self.sequences.setFocus()

    def begin(self, experiment: Experiment) -> None:
        """Clear all plots, and show those that suit runs of this experiment."""
        self._experiment, self._history = experiment, History()
        suited = {name: plot for name, plot in self.plots.items() if plot.suits(experiment)}
        for name in self._curves:
            self._panels[name].setVisible(name in suited)
        self._tabs.clear()
        for name in suited:
            self._panels[name].show_title(self.plots[name].title_for(experiment))
        tabs = self._show_tabs(None)
        for plot in suited.values():
            plot.begin(experiment)
        first = next((name for name in tabs if self.plots[name].default_for(experiment)), None)
        if first is not None:
            self._tabs.setCurrentWidget(self._panels[first])

    def set_experiment(self, experiment: Experiment) -> None:
        """Use the values that were chosen for automatic settings of the run that is drawn."""
        self._experiment = experiment
        for plot in self.plots.values():
            if plot.suits(experiment):
                plot.experiment = experiment

    def _show_tabs(self, info: DataInfo | None) -> list[str]:
        """Add the tabs of the plots that suit the experiment and its data, and return their names.

        Args:
            info: Names and sizes of the data; None while they are not known.
        """
        self._info, experiment = info, self._experiment
        assert experiment is not None
        suited = [n for n, plot in self.plots.items() if plot.suits(experiment) and plot.suits_data(info)]
        tabs = [name for name in suited if name not in self._curves]
        for index, name in enumerate(tabs):
            if self._tabs.indexOf(self._panels[name]) < 0:
                self._tabs.insertTab(index, self._panels[name], self.plots[name].title_for(experiment))
        self._tabs.tabBar().setVisible(len(tabs) > 1)
        return tabs

    def show_history(self, history: History) -> None:
        """Draw the current state of a run: one plot after another during training, all at once after its end."""
        self._history = history
        if history.info is not None and history.info is not self._info and self._experiment is not None:
            self._show_tabs(history.info)
        if history.outcome is not None:
            self._draw_visible()
            return
        self._waiting += [plot for plot in self.plots.values() if plot.isVisible() and plot not in self._waiting]
        if not self._timer.isActive():
            self._timer.start(0)

    def show_baseline(self, baselines: Mapping[str, Mapping[str, float]]) -> None:
        """Draw the baselines of a finished run in the plots that show them."""
        for plot in self.plots.values():
            plot.show_baseline(baselines)
        self._draw_visible()

    def show_moment(self, step: int | None) -> None:
        """Mark the update whose predictions are shown in the training curves; None for no mark."""
        for name in self._curves:
            self.plots[name].show_moment(step)

    def add_bar(self, bar: QWidget) -> None:
        """Add a bar under the plots."""
        self._column.addWidget(bar)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        for plot in self.plots.values():
            plot.set_theme(theme)
        self._draw_visible()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what has changed while this was hidden."""
        super().showEvent(event)
        self._draw_visible()

    def _draw_next(self) -> None:
        if not self._waiting:
            return
        plot = self._waiting.pop(0)
        start = time.perf_counter()
        if plot.isVisible():
            plot.show_history(self._history)
        milliseconds = 1000 * (time.perf_counter() - start)
        self._timer.start(round(min(max(_MIN_PAUSE_MS, milliseconds * _PAUSE_PER_DRAWING), _MAX_PAUSE_MS)))

    def _draw_visible(self) -> None:
        self._waiting.clear()
        if self._experiment is None:
            return
        for plot in self.plots.values():
            if plot.isVisible():
                plot.show_history(self._history)
