"""The centre of the window: the start page, or the data in the form, and the plots and metrics of one run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.gui.background import BackgroundThread
from rnnstudio.gui.plain_text import PlainLabel
from rnnstudio.gui.preload import load_plots
from rnnstudio.gui.theme import Theme
from rnnstudio.results.run import Run
from rnnstudio.results.run_group import RunGroup

if TYPE_CHECKING:
    from rnnstudio.gui.data_page.page import DataPage
    from rnnstudio.gui.data_page.series_chart import SeriesChart
    from rnnstudio.gui.forecast_page.page import ForecastPage
    from rnnstudio.gui.moments import Moments
    from rnnstudio.gui.new_data_page.page import NewDataPage
    from rnnstudio.gui.pages import Pages, PagesBuilder

_PREPARE_MS = 30  # between two parts of the pages


class RunView(QStackedWidget):
    """Shows the start page, the data in the form, the experiment that trains, or a run that has ended.

    What is to be shown before the pages exist waits for them: loading and creating them at once would block the window.

    Args:
        start_page: The page shown first.
        background: Loads the plots, and computes free-running forecasts.
        new_data_page: Creates the page of the data in the form around the plot of a series.
        theme: Colours of the plots.

    Attributes:
        run: The run that is shown; None while an experiment that trains, or nothing, is shown.
        predictor: This run, or the mean of the group that is shown.
        resumable: This run, or the group that is shown where seeds are left of its training.
    """

    run_shown = Signal(bool, bool, bool)  # whether a run that has ended is shown, or a group, or what can go on
    plot_failed = Signal(str)  # why a plot could not be saved
    forecast_failed = Signal(object)  # BaseException
    saved = Signal(str)  # a message that names the file of a forecast
    moment_kept = Signal(str, str)  # name and path of a run that was saved with the weights of a moment
    run_changed = Signal()  # the run that is shown was trained on all rows, or one was saved
    data_failed = Signal(object)  # BaseException: the data in the form cannot be shown
    settings_chosen = Signal(object, object)  # Experiment of a run, and the settings to change by flat name

    def __init__(
        self,
        start_page: QWidget,
        background: BackgroundThread,
        new_data_page: Callable[[SeriesChart], DataPage],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.run: Run | None = None
        self.predictor: Run | None = None
        self.resumable: Run | RunGroup | None = None
        self._finished: Run | None = None  # the last training that was shown until its end
        self._start_page, self._background, self._theme = start_page, background, theme
        self._new_data_page = new_data_page
        self._experiment: Experiment | None = None
        self._history = History()
        self._training = self._is_preparing = False
        self._pages: Pages | None = None
        self._builder: PagesBuilder | None = None
        self._waiting: list[Callable[[Pages], None]] = []  # for the pages
        self._opening = PlainLabel("Opening …")
        self._opening.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.addWidget(start_page)
        self.addWidget(self._opening)

    @property
    def pages(self) -> Pages:
        """Plots and metrics; where they are not complete yet, the window is blocked until they are."""
        if self._pages is None:
            self._pages = self._new_builder().finish(self._theme)
            self._builder = None
            self._pages.data.save_failed.connect(self.plot_failed)
            self._pages.data.failed.connect(self.data_failed)
            self._pages.live.failed.connect(self.plot_failed)
            self._pages.live.start_chosen.connect(self._forecast_from)
            self._pages.result.settings_chosen.connect(self.settings_chosen)
            self._connect_moments(self._pages.moments)
            self._connect_forecasts(self._pages.forecast)
            self._connect_new_data(self._pages.new_data)
            self.addWidget(self._pages)
            if self._experiment is not None:
                self._pages.data.show_experiment(self._experiment)
            for show in self._waiting:
                show(self._pages)
            self._waiting.clear()
            if self.currentWidget() is self._opening:
                self.setCurrentWidget(self._pages)
        return self._pages

    def _connect_moments(self, moments: Moments) -> None:
        moments.failed.connect(self.forecast_failed)
        moments.kept.connect(self.moment_kept)
        moments.kept.connect(lambda *_: self.run_changed.emit())

    def _connect_forecasts(self, page: ForecastPage) -> None:
        page.failed.connect(self.forecast_failed)
        page.plot_failed.connect(self.plot_failed)
        page.saved.connect(self.saved)
        page.settings_chosen.connect(self.settings_chosen)
        page.refitted.connect(self._refitted)

    def _connect_new_data(self, page: NewDataPage) -> None:
        page.failed.connect(self.forecast_failed)
        page.save_failed.connect(self.plot_failed)
        page.saved.connect(self.saved)

    def use_on_new_data(self, file: str = "", *, ask: bool = True) -> None:
        """Use the run that is shown on a file; where none is given, ask for one, or do nothing."""

        def show(pages: Pages) -> None:
            pages.setCurrentWidget(pages.new_data)
            if file:
                pages.new_data.use(file)
            else:
                pages.new_data.ask_for_file()

        if (self.run is not None and ask) or file:
            self._when_ready(show)

    def refresh_name(self) -> bool:
        """Show the name and note of what is shown as they are now, and return whether they have changed."""
        return self._pages is not None and self._pages.result.refresh_name()

    def _refitted(self) -> None:
        """Show the result again, which marks the new weights, and have the list of runs do so."""
        self.pages.result.show_run(self.run)
        self.run_changed.emit()

    def prepare(self) -> None:
        """Load the plots on the background thread, then create the pages part by part; the first call does it."""
        if self._pages is None and not self._is_preparing:
            self._is_preparing = True
            self._background.submit(load_plots, lambda _: self._create_part(), lambda _: self._complete())

    def _create_part(self) -> None:
        if self._pages is None:
            more = self._new_builder().create_part()
            QTimer.singleShot(_PREPARE_MS, self, self._create_part if more else self._complete)

    def _complete(self) -> None:
        """Create what is left of the pages."""
        _ = self.pages

    def _when_ready(self, show: Callable[[Pages], None]) -> None:
        """Change the pages, now or once they exist."""
        if self._pages is not None:
            show(self._pages)
        else:
            self._waiting.append(show)
            self.prepare()

    def _open(self) -> None:
        """Show the pages, now or once they exist."""
        self.setCurrentWidget(self._opening if self._pages is None else self._pages)

    def _new_builder(self) -> PagesBuilder:
        """Return what creates the pages, with what has been created already."""
        if self._builder is None:
            from rnnstudio.gui.pages import PagesBuilder

            self._builder = PagesBuilder(self._new_data_page, self._background, self._theme)
        return self._builder

    def set_theme(self, theme: Theme) -> None:
        """Change the colours of the plots."""
        self._theme = theme
        if self._pages is not None:
            self._pages.set_theme(theme)

    def set_training_state(self, state: str) -> None:
        """Allow free-running forecasts only while no experiment trains."""
        self._training = state != "idle"
        if self._pages is not None:
            self._pages.set_training(self._training)
        self._allow_forecasts()

    def show_start_page(self) -> None:
        """Show the start page; a training continues."""
        self.setCurrentWidget(self._start_page)

    def set_experiment(self, experiment: Experiment) -> None:
        """Show the data of the experiment in the form, once their page is visible."""
        self._experiment = experiment
        if self._pages is not None:
            self._pages.data.show_experiment(experiment)

    def show_data(self, experiment: Experiment) -> None:
        """Show the data of a new experiment, with nothing of another run; a training continues."""
        if not self._training:
            self._forget_run()
            self._begin(experiment, History())
        self.set_experiment(experiment)
        self._when_ready(lambda pages: pages.setCurrentWidget(pages.data))
        self._open()

    def show_training(self, experiment: Experiment, history: History) -> None:
        """Show the experiment that trains, from its first update on."""
        self._forget_run()
        self._show(experiment, history)

    def _forget_run(self) -> None:
        self.run = self.predictor = self.resumable = None
        self.run_shown.emit(False, False, False)
        self._when_ready(lambda pages: pages.show_run(None))

    def update_training(self, history: History) -> None:
        """Show the progress of the experiment that trains, unless a run or group is shown."""
        if self.predictor is None:
            self._history = history
            if self._pages is not None:
                self._pages.live.show_history(history)

    def show_finished(self, run: Run | RunGroup) -> bool:
        """Show the metrics of the run or group that has just ended; return False where another run is shown instead."""
        if isinstance(run, RunGroup):
            if is_shown := self.run is self._finished:  # and no other one was opened meanwhile
                self._show_group(run)
            return is_shown
        if self.run is not None:
            return False
        self._finished = run
        self._show_metrics(run)
        return True

    def show_run(self, run: Run | RunGroup) -> None:
        """Show a saved run or group; a training continues."""
        if isinstance(run, RunGroup):
            self._show_group(run)
            return
        self._show(run.experiment, run.record)
        self._show_metrics(run)

    def _show_group(self, group: RunGroup) -> None:
        """Show the result of a group, with the curves of its first run; its forecasts are the mean of those of all."""
        self._forget_run()
        self._show(group.experiment, group.runs[0].record)
        self.predictor = ensemble = group.ensemble
        self.resumable = group if group.path and group.seeds_left else None
        self.run_shown.emit(False, True, self.resumable is not None)
        self._when_ready(lambda pages: pages.show_group(group, ensemble))

    def _show(self, experiment: Experiment, history: History) -> None:
        self._begin(experiment, history)

        def show(pages: Pages) -> None:
            pages.setCurrentWidget(pages.live)
            pages.live.show_history(self._history)

        self._when_ready(show)
        self._open()

    def _begin(self, experiment: Experiment, history: History) -> None:
        """Clear all plots for another run."""
        self._history = history

        def begin(pages: Pages) -> None:
            pages.live.begin(experiment)
            pages.live.forecast.enable_start(False)

        self._when_ready(begin)

    def _show_metrics(self, run: Run) -> None:
        self.run = self.predictor = self.resumable = run
        self.run_shown.emit(True, True, True)

        def show(pages: Pages) -> None:
            pages.show_run(run)
            pages.live.show_baseline(run.baseline)
            self._allow_forecasts()

        self._when_ready(show)

    def _allow_forecasts(self) -> None:
        if self.run is not None and self._pages is not None:
            info = self.run.info
            self._pages.live.forecast.enable_start(info.autoregressive and not self._training)

    def _forecast_from(self, start: int) -> None:
        """Compute and show a free-running forecast that starts at a step of the series."""
        from rnnstudio.gui.free_running import show_forecast_from  # pyqtgraph takes a while to load

        if self.run is not None and not self._training:
            show_forecast_from(start, self.pages, self._background, self.forecast_failed.emit)
