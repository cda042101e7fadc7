"""The main window: form on the left, plots and metrics in the centre, runs at the bottom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from rnnstudio import api
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.experiment import Experiment
from rnnstudio.gui import dialogs
from rnnstudio.gui.appearance import Appearance
from rnnstudio.gui.background import BackgroundThread
from rnnstudio.gui.backtest.opener import BacktestOpener
from rnnstudio.gui.banner import Banner
from rnnstudio.gui.cards import Cards
from rnnstudio.gui.controller import Train, TrainingController
from rnnstudio.gui.error_display import ErrorDisplay
from rnnstudio.gui.experiment_panel import ExperimentPanel
from rnnstudio.gui.file_opening import FileOpener
from rnnstudio.gui.file_saving import RunSaver
from rnnstudio.gui.going_on import GoingOn
from rnnstudio.gui.importing.choice import recent_files
from rnnstudio.gui.menus import Menus
from rnnstudio.gui.name_updates import NameUpdates
from rnnstudio.gui.outcome_messages import OutcomeMessages
from rnnstudio.gui.preload import load_tensorflow
from rnnstudio.gui.run_heading import shown_name
from rnnstudio.gui.run_list import RunList
from rnnstudio.gui.run_view import RunView
from rnnstudio.gui.saved_settings import saved_settings
from rnnstudio.gui.seed_runs import SeedRuns
from rnnstudio.gui.status import StatusBar
from rnnstudio.gui.trash import Trash
from rnnstudio.gui.window_state import WindowState, new_dock
from rnnstudio.results.data_reader import DataReader
from rnnstudio.results.group_store import load_any
from rnnstudio.results.run_group import RunGroup

if TYPE_CHECKING:
    from rnnstudio.gui.data_page.page import DataPage
    from rnnstudio.gui.data_page.series_chart import SeriesChart

_PRELOAD_DELAY_MS = 300


class MainWindow(QMainWindow):
    """Lays out the widgets and connects them.

    Args:
        train: Trains an experiment, saves the run and returns it; tests pass a scripted function.
        preload: Load TensorFlow in the background once the window is visible.
    """

    def __init__(self, train: Train = api.train_experiment, *, preload: bool = True) -> None:
        super().__init__()
        self.setWindowTitle("rnnstudio")
        self.setAcceptDrops(True)
        settings = saved_settings()
        self.appearance = Appearance(settings, self)
        self.background = BackgroundThread(self)
        self.controller = TrainingController(train, self)
        self.banner = Banner()
        self.cards = Cards()
        self.panel = ExperimentPanel()
        self.runs = RunList()
        self.status = StatusBar()
        self.data_reader, self.data_thread = DataReader(), BackgroundThread(self)
        self.view = RunView(self.cards, self.background, self._new_data_page, self.appearance.theme)
        self.seeds = SeedRuns(self.controller, self.view, self.background, self)
        self.opener = FileOpener(self, self.panel.form.begin)
        self.saver = RunSaver(self, self.background)
        self.backtests = BacktestOpener(self, self.background, self.appearance, self.banner.show_message)
        self.errors = ErrorDisplay(self.banner, self.panel.form)
        self.going_on = GoingOn(self, self.seeds, self.banner, self.errors.show, self.runs)
        NameUpdates(self, self.view, self.runs)
        self.trash = Trash(self, self.banner, self.errors.show, self.runs)
        self.outcomes = OutcomeMessages(self.banner, self.panel.form.message, self)
        self.experiment_dock = new_dock(self, "Experiment", self.panel, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.runs_dock = new_dock(self, "Runs", self.runs, Qt.DockWidgetArea.BottomDockWidgetArea)
        docks = self.experiment_dock, self.runs_dock
        self.menus = Menus(self.menuBar(), [dock.toggleViewAction() for dock in docks], self.appearance)
        self._state = WindowState(self, settings)
        self._lay_out()
        self._connect_training()
        self._connect_files()
        self._connect_view()
        self._state.restore(*docks)
        if problem := dialogs.unwritable_home():
            self.banner.show_message(problem)
        if preload:
            QTimer.singleShot(_PRELOAD_DELAY_MS, self._preload)

    def _lay_out(self) -> None:
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.view, 1)
        self.setCentralWidget(centre)
        self.setStatusBar(self.status)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)

    def _connect_training(self) -> None:
        controller, panel, menus, seeds = self.controller, self.panel, self.menus, self.seeds
        for widget in (panel, menus, self.status, self.view):
            controller.state_changed.connect(widget.set_training_state)
        controller.started.connect(self.banner.hide)
        controller.started.connect(seeds.show_started)
        for show in (self.view.update_training, self.status.show_training, self.outcomes.show_training):
            controller.progressed.connect(show)
        for changed in (controller.finished, controller.failed, self.saver.saved, self.view.run_changed, seeds.grouped):
            changed.connect(self.runs.reload)
        controller.finished.connect(lambda run: self.outcomes.show(run, visible=self.view.show_finished(run)))
        controller.failed.connect(lambda error: self.errors.show(error, "training"))
        controller.finished.connect(seeds.continue_after)  # after the run is shown
        controller.failed.connect(seeds.cancel)
        seeds.part_changed.connect(self.status.set_part)
        seeds.grouped.connect(lambda group: self.outcomes.show(group, visible=self.view.show_finished(group)))
        controller.finished.connect(lambda run: panel.form.show_choices(run.choices, run.requested))
        seeds.refused.connect(self.errors.show)
        self.outcomes.save_requested.connect(self.saver.save)
        self.outcomes.retry_requested.connect(self._retry)
        self.view.moment_kept.connect(self.outcomes.show_kept)
        panel.train_requested.connect(self.train)
        panel.pause_requested.connect(controller.toggle_pause)
        panel.stop_requested.connect(controller.stop)
        panel.form.changed.connect(self._form_changed)
        panel.form.data_chosen.connect(self._show_data)
        menus.train.triggered.connect(self.train)
        menus.pause.triggered.connect(controller.toggle_pause)
        menus.stop.triggered.connect(controller.stop)
        self._form_changed()
        menus.set_run_shown(False)

    def _connect_files(self) -> None:
        opener, saver, menus, view = self.opener, self.saver, self.menus, self.view
        opener.file_read.connect(self.data_reader.keep)
        opener.data_opened.connect(lambda text: self.banner.show_message(text, "Train", self.train))
        opener.run_chosen.connect(self.show_run)
        for part in (opener, saver, self.runs):
            part.failed.connect(self.errors.show)
        saver.begun.connect(self.banner.show_message)
        saver.saved.connect(self.banner.show_message)
        self.cards.open_file.connect(opener.choose_data)
        menus.open_data.triggered.connect(opener.choose_data)
        menus.paste.triggered.connect(opener.paste)
        opener.recent_changed.connect(lambda: menus.show_recent(recent_files(), opener.open))
        opener.recent_changed.emit()
        menus.open_run.triggered.connect(opener.choose_run)
        menus.connect_to_run(saver, self.backtests, view, self.going_on)

    def _connect_view(self) -> None:
        menus, view = self.menus, self.view
        view.run_shown.connect(menus.set_run_shown)
        for said in (view.plot_failed, view.saved):
            said.connect(self.banner.show_message)
        view.forecast_failed.connect(lambda problem: self.errors.show_failure("forecast", problem))
        view.settings_chosen.connect(self._use_settings)
        view.data_failed.connect(lambda error: self.errors.show_failure("drawing of the data", error))
        self.appearance.changed.connect(self.cards.set_theme)
        self.appearance.changed.connect(view.set_theme)
        self.cards.set_theme(self.appearance.theme)
        self.cards.train.connect(self._train_recipe)
        self.cards.show_settings.connect(self._show_recipe)
        for chosen in (self.runs.chosen, self.runs.file_dropped, self.outcomes.show_requested):
            chosen.connect(self.show_run)
        menus.start_page.triggered.connect(self.show_start_page)
        menus.reset_layout.triggered.connect(self._state.reset)
        menus.how_to.triggered.connect(lambda: dialogs.show_how_to(self))
        menus.about.triggered.connect(lambda: dialogs.show_about(self))
        menus.quit.triggered.connect(self.close)

    def _form_changed(self) -> None:
        experiment = self.panel.form.experiment
        self.menus.set_trainable(experiment is not None)
        if experiment is not None:
            self.view.set_experiment(experiment)

    def _show_data(self) -> None:
        """Show the data that were chosen in the form, without anything of a run."""
        if self.panel.form.experiment is None:
            return
        self.banner.hide()
        if not self.controller.running:
            self.status.clear()
        self.view.show_data(self.panel.form.experiment)

    def _new_data_page(self, chart: SeriesChart) -> DataPage:
        from rnnstudio.gui.data_page.page import DataPage  # pyqtgraph takes a while to load

        page = DataPage(chart, self.data_reader, self.data_thread, self.panel.form.message)
        page.resolved.connect(lambda view: self.panel.form.show_choices(view.choices, view.experiment))
        return page

    def _preload(self) -> None:
        self.opener.warm_up()
        self.panel.form.prepare()
        self.view.prepare()
        self.background.submit(  # after the plots: beside them, both would take longer, and the window would wait
            load_tensorflow,
            self.status.set_device,
            lambda error: self.banner.show_message(f"TensorFlow could not be loaded: {error}"),
        )

    # -- actions that concern several widgets -------------------------------------------------------------------------

    def train(self) -> None:
        """Train the experiment in the form, or say why it has none."""
        if self.controller.running:
            self.banner.show_message(
                "An experiment is training. Stop it before you train another one.", "Show it", self._show_training
            )
        elif self.panel.form.experiment is not None:
            self.seeds.start(self.panel.form.experiment, self.panel.seeds.value())
        elif self.panel.form.problem is not None:
            self.errors.show(self.panel.form.problem)

    def _train_recipe(self, name: str) -> None:
        if not self.controller.running:
            self.panel.form.begin(name)
        self.train()

    def _retry(self, experiment: Experiment, learning_rate: float) -> None:
        self.panel.form.show_experiment(experiment, learning_rate=learning_rate)
        self.train()

    def _use_settings(self, experiment: Experiment, settings: Mapping[str, Any]) -> None:
        """Put the settings of a run into the form, with some of them changed, for another training."""
        if self.controller.running:
            self.banner.show_message("An experiment is training. Use these settings when it has ended.")
            return
        self.panel.form.show_experiment(experiment, **settings)
        self.banner.show_message("The form has these settings now.", "Train", self.train)

    def _show_recipe(self, name: str) -> None:
        self.panel.form.begin(name)
        self.panel.form.setFocus()

    def _show_training(self) -> None:
        if self.controller.experiment is not None:
            self.view.show_training(self.controller.experiment, self.controller.history)

    def show_start_page(self) -> None:
        """Show the start page; a training continues."""
        self.banner.hide()
        self.view.show_start_page()

    def show_run(self, name: str, new_data: str = "") -> None:
        """Show a saved run; a training continues.

        Args:
            name: Name or path of the run.
            new_data: A file to use it on; empty for none.
        """
        try:
            run = load_any(name)
        except RnnStudioError as error:
            self.errors.show(error)
            return
        self.banner.hide()
        self.view.show_run(run)
        self.view.use_on_new_data(new_data, ask=False)
        first = run.runs[0] if isinstance(run, RunGroup) else run
        if self.controller.running:
            self.banner.show_message(
                f"This is {shown_name(run)}. The training continues.", "Back to the training", self._show_training
            )
        else:
            self.panel.form.show_experiment(first.requested)
            self.panel.form.show_choices(first.choices, first.requested)
            self.status.show_history(first.record, first.unfinished)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files anywhere on the window."""
        event.setAccepted(event.mimeData().hasUrls())

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a dropped data file or run."""
        self.opener.open_dropped(event.mimeData())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask what happens to a training; then stop it and wait until the run is saved."""
        if self.controller.running and not dialogs.confirm_stop(self):
            event.ignore()
            return
        self._state.save()
        self.hide()
        for part in (self.seeds, self.opener, self.background, self.data_thread):
            part.close()
        event.accept()
