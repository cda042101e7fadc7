"""Loads the data of the experiment in the form on a background thread; only the newest result is reported."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from rnnstudio.core.experiment import Experiment
from rnnstudio.gui.background import BackgroundThread
from rnnstudio.gui.data_page.plotted_series import PlottedSeries, plotted_series
from rnnstudio.results.data_reader import DataReader, DataView
from rnnstudio.results.data_summary import summary


@dataclass(frozen=True)
class LoadedData:
    """The data of an experiment, ready to be drawn.

    Attributes:
        view: The data.
        summary: What they are, in words.
        plotted: What is drawn of one series; None for separate sequences.
    """

    view: DataView
    summary: str
    plotted: PlottedSeries | None


class DataLoader(QObject):
    """Loads one experiment after the other.

    Args:
        reader: Reads the data.
        thread: Where that takes place.
        parent: Qt's parent.

    Attributes:
        loaded: Emitted with the LoadedData.
        failed: Emitted with an unexpected error.
    """

    loaded = Signal(object)
    failed = Signal(object)

    def __init__(self, reader: DataReader, thread: BackgroundThread, parent: QObject) -> None:
        super().__init__(parent)
        self._reader, self._thread = reader, thread
        self._number = 0
        self._last: tuple[DataView, int, str, PlottedSeries] | None = None
        self.is_busy = False

    def load(self, experiment: Experiment, series: int = 0, below: str = "") -> None:
        """Load the data of an experiment in place of one that has not been loaded yet.

        Args:
            experiment: The experiment.
            series: Index of the series that is drawn, where there are several.
            below: The input that is drawn below the predicted quantity.
        """
        self.is_busy = True
        self._number += 1
        number = self._number

        def is_newest() -> bool:
            return number == self._number

        def load() -> LoadedData | None:
            if not is_newest():
                return None
            view = self._reader.view(experiment)
            is_series = view.data is not None and view.data.is_windowed
            return LoadedData(view, summary(view), self._plotted(view, series, below) if is_series else None)

        def show(loaded: LoadedData) -> None:
            if is_newest():
                self.is_busy = False
                self.loaded.emit(loaded)

        def fail(error: BaseException) -> None:
            if is_newest():
                self.is_busy = False
                self.failed.emit(error)

        self._thread.submit(load, show, fail)

    def _plotted(self, view: DataView, series: int, below: str) -> PlottedSeries:
        """Return what is drawn of a series; that of before where only the model or the training has changed."""
        last = self._last
        if last is not None:
            before, *chosen, plotted = last
            if before.data is view.data and before.has_windows == view.has_windows and chosen == [series, below]:
                return plotted
        plotted = plotted_series(view, series, below)
        self._last = view, series, below, plotted
        return plotted
