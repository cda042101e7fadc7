"""The window: form on the left, pictures and figures in the middle, runs below."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QSettings, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from rnnstudio import api
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.paths import home, why_unwritable
from rnnstudio.core.predictions import SeriesPredictions
from rnnstudio.gui.appearance import Appearance
from rnnstudio.gui.banner import Banner
from rnnstudio.gui.bridge import Background
from rnnstudio.gui.cards import Cards
from rnnstudio.gui.controller import Controller, Train
from rnnstudio.gui.experiment_panel import ExperimentPanel
from rnnstudio.gui.files import Files
from rnnstudio.gui.menus import Menus
from rnnstudio.gui.run_list import RunList
from rnnstudio.gui.status import Status
from rnnstudio.gui.theme import Theme
from rnnstudio.gui.training import Training
from rnnstudio.results.run import Run

if TYPE_CHECKING:
    from rnnstudio.gui.pages import Pages

_STATE_VERSION = 1
_FIRST_SIZE, _LEAST_SIZE = QSize(1280, 720), QSize(900, 560)
_TITLE_BAR = 36  # pixels a window manager may add above the window


class MainWindow(QMainWindow):
    """The Studio.

    Args:
        train: Trains, keeps the run and returns it; tests pass a scripted one.
        preload: Load TensorFlow in the background once the window stands.
    """

    def __init__(self, train: Train = api.train_experiment, *, preload: bool = True) -> None:
        super().__init__()
        self.setWindowTitle("rnnstudio")
        self.setAcceptDrops(True)
        self.settings = QSettings(str(home() / "studio.ini"), QSettings.Format.IniFormat)
        self.controller = Controller(train, self)
        self.background = Background(self)
        self.run: Run | None = None
        self.banner = Banner()
        self.cards = Cards()
        self.panel = ExperimentPanel()
        self.runs = RunList()
        self.status = Status()
        self._history = History()
        self._live_page: Pages | None = None
        self._middle = QStackedWidget()
        self._middle.addWidget(self.cards)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self._middle, 1)
        self.setCentralWidget(middle)
        self.setStatusBar(self.status)
        self._experiment_dock = self._dock("Experiment", self.panel, Qt.DockWidgetArea.LeftDockWidgetArea)
        self._runs_dock = self._dock("Runs", self.runs, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.appearance = Appearance(self.settings, self)
        self.files = Files(self)
        self.training = Training(self)
        self._menus = Menus(self)
        self._connect()
        self._restore()
        if why := why_unwritable(home()):
            self.banner.say(
                f"Nothing can be kept in {home()}: {why}. Trainings run, but runs and settings are lost at the end, "
                "except for what is saved elsewhere (File, Save run as …)."
            )
        if preload:
            QTimer.singleShot(300, self._preload)

    # -- layout -------------------------------------------------------------------------------------------------------

    @property
    def docks(self) -> tuple[QDockWidget, QDockWidget]:
        """What can be moved, closed and brought back."""
        return self._experiment_dock, self._runs_dock

    def _dock(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(title)
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        return dock

    def _connect(self) -> None:
        self.cards.train.connect(self.training.begin_recipe)
        self.cards.show_settings.connect(self._look_at_recipe)
        self.cards.open_file.connect(self.files.open_data)
        self.panel.train.connect(self.train)
        self.panel.pause.connect(self.controller.pause)
        self.panel.stop.connect(self.controller.stop)
        self.panel.form.changed.connect(self.refresh)
        self.runs.chosen.connect(self.show_run)
        self.appearance.changed.connect(self._recolour)
        self._recolour(self.appearance.theme)
        self.refresh()

    def _restore(self) -> None:
        room = self.screen().availableGeometry().size() - QSize(0, _TITLE_BAR)
        self.setMinimumSize(_LEAST_SIZE.boundedTo(room))
        self.resize(_FIRST_SIZE.boundedTo(room))
        self.resizeDocks([self._experiment_dock], [310], Qt.Orientation.Horizontal)
        self.resizeDocks([self._runs_dock], [150], Qt.Orientation.Vertical)
        self._first_state = self.saveState(_STATE_VERSION)
        size, state = self.settings.value("size"), self.settings.value("state")
        if isinstance(size, QSize):
            self.resize(size.boundedTo(room))
        if isinstance(state, QByteArray):
            self.restoreState(state, _STATE_VERSION)

    def reset_layout(self) -> None:
        """Put docks back where they were at first."""
        self.restoreState(self._first_state, _STATE_VERSION)

    def _recolour(self, theme: Theme) -> None:
        self.cards.set_theme(theme)
        if self._live_page is not None:
            self._live_page.live.set_theme(theme)

    @property
    def pages(self) -> Pages:
        """Pictures and figures; made when first needed, because pyqtgraph takes a while to load."""
        if self._live_page is None:
            from rnnstudio.gui.pages import Pages

            self._live_page = Pages(self.appearance.theme)
            self._live_page.live.failed.connect(self.banner.say)
            self._live_page.live.start_chosen.connect(self._free_run)
            self._middle.addWidget(self._live_page)
        return self._live_page

    # -- training -----------------------------------------------------------------------------------------------------

    def train(self) -> None:
        """Train what the form says."""
        self.training.begin()

    def _look_at_recipe(self, name: str) -> None:
        self.panel.form.begin(name)
        self.panel.form.setFocus()

    def _free_run(self, start: int) -> None:
        run = self.run
        predictions = self._history.predictions
        if run is None or self.controller.running or not isinstance(predictions, SeriesPredictions):
            return
        length = predictions.first + len(predictions.truth)
        steps = max(20, length - start)

        def show(values: NDArray[np.float32]) -> None:
            if self.run is run:
                self.pages.live.forecast.show_free_run(range(start, start + steps), values)

        self.background.submit(lambda: run.forecast(min(steps, 1000), start), show, self.training.say_error)

    # -- runs -----------------------------------------------------------------------------------------------

    def show_cards(self) -> None:
        """Go back to the start page; a training goes on."""
        self.banner.hide()
        self._middle.setCurrentWidget(self.cards)

    def show_history(self, experiment: Experiment, history: History) -> None:
        """Show a run from its beginning."""
        self._history = history
        self._middle.setCurrentWidget(self.pages)
        self.pages.setCurrentIndex(0)
        self.pages.live.begin(experiment)
        self.pages.live.forecast.enable_start(False)
        self.pages.live.show_history(history)

    def go_on(self, history: History) -> None:
        """Show how the run that is shown goes on."""
        self._history = history
        self.pages.live.show_history(history)

    def show_run(self, path: str) -> None:
        """Show a saved run; a training goes on meanwhile."""
        try:
            run = api.load(path)
        except RnnStudioError as error:
            self.banner.say(str(error))
            return
        self.banner.hide()
        self.show_history(run.experiment, run.record)
        self.show_figures(run)
        if self.controller.running:
            self.banner.say(
                f"This is {run.name}; the training goes on meanwhile.", "Back to the training", self.training.back
            )
        else:
            self.panel.form.show_experiment(run.experiment)
            self.status.show_history(run.record, state=run.outcome.replace("_", " "))
        self.refresh()

    def show_figures(self, run: Run) -> None:
        """Show what is only known of a run that has ended."""
        self.run = run
        self.pages.result.show_run(run)
        self.pages.live.show_baseline(run.baseline)
        self.pages.live.forecast.enable_start(run.info.autoregressive and not self.controller.running)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files dropped anywhere."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a dropped table or run."""
        self.files.open_dropped(event.mimeData())

    # -- the rest -----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Switch buttons and menus to what can be done now."""
        running, problem = self.controller.running, self.panel.form.problem
        self.panel.refresh(running=running, paused=self.controller.paused)
        self._menus.refresh(running=running, trainable=problem is None, has_run=self.run is not None)

    def _preload(self) -> None:
        def load() -> str:
            import_module("rnnstudio.engine.train")  # with it TensorFlow
            from rnnstudio.engine.runtime import device

            return ": ".join(device())

        self.background.submit(
            load, self.status.set_device, lambda error: self.banner.say(f"TensorFlow could not be loaded: {error}")
        )

    def quit(self) -> None:
        """Close the window, as its own button does."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask what becomes of a training; then stop it, wait for it and keep it."""
        if self.controller.running and not self._may_stop():
            event.ignore()
            return
        self.settings.setValue("size", self.size())
        self.settings.setValue("state", self.saveState(_STATE_VERSION))
        self.settings.sync()
        self.hide()
        self.controller.close()
        self.background.close()
        event.accept()

    def _may_stop(self) -> bool:
        box = QMessageBox(self)
        box.setWindowTitle("A training is running")
        box.setText("A training is running. Stop it and keep what it has learned?")
        stop = box.addButton("Stop and keep", QMessageBox.ButtonRole.AcceptRole)
        box.addButton("Go on training", QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return box.clickedButton() is stop
