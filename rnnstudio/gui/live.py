"""The pictures of one run side by side: how the loss goes, and prediction against truth."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.gui.panel import Panel
from rnnstudio.gui.plots import PICTURES
from rnnstudio.gui.plots.base import Picture
from rnnstudio.gui.plots.forecast import ForecastPicture
from rnnstudio.gui.theme import Theme

_PROGRESS = ("loss", "accuracy")  # on the left, one above the other; the others answer on the right


class Live(QWidget):
    """Loss and accuracy or error on the left, predictions on the right; draws what is visible and has changed."""

    failed = Signal(str)
    start_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = History()
        self._experiment: Experiment | None = None
        self.pictures: dict[str, Picture] = {kind.name: kind(theme) for kind in PICTURES}
        self._panels = {name: Panel(picture) for name, picture in self.pictures.items()}
        for panel in self._panels.values():
            panel.failed.connect(self.failed)
        left = QSplitter(Qt.Orientation.Vertical)
        for name in _PROGRESS:
            left.addWidget(self._panels[name])
        left.setSizes([300, 200])
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
        forecast = self.pictures["forecast"]
        if isinstance(forecast, ForecastPicture):
            forecast.start_chosen.connect(self.start_chosen)

    @property
    def forecast(self) -> ForecastPicture:
        """The forecast view."""
        found = self.pictures["forecast"]
        assert isinstance(found, ForecastPicture)
        return found

    def begin(self, experiment: Experiment) -> None:
        """Get ready for a run of this experiment."""
        self._experiment, self._history = experiment, History()
        self._right.clear()
        for name, picture in self.pictures.items():
            fits = picture.suits(experiment)
            if name not in _PROGRESS and fits:
                self._right.addTab(self._panels[name], picture.title)
            elif name in _PROGRESS:
                self._panels[name].setVisible(fits)
            if fits:
                picture.begin(experiment)
        self._right.tabBar().setVisible(self._right.count() > 1)

    def show_history(self, history: History) -> None:
        """Draw a run as it stands."""
        self._history = history
        self._draw()

    def show_baseline(self, baseline: Mapping[str, Mapping[str, float]]) -> None:
        """Draw a run's naive answers where a picture has a place for them."""
        for picture in self.pictures.values():
            picture.show_baseline(baseline)
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        for picture in self.pictures.values():
            picture.set_theme(theme)
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up on what happened while this was hidden."""
        super().showEvent(event)
        self._draw()

    def _draw(self) -> None:
        if self._experiment is None:
            return
        for picture in self.pictures.values():
            if picture.isVisible():
                picture.show_history(self._history)
