"""The tabs in the middle of the window: data, live plots and result."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QTabWidget

from rnnstudio.gui.background import BackgroundThread
from rnnstudio.gui.data_page.page import DataPage
from rnnstudio.gui.data_page.series_chart import SeriesChart
from rnnstudio.gui.forecast_page.page import ForecastPage
from rnnstudio.gui.live import Live
from rnnstudio.gui.moments import Moments
from rnnstudio.gui.new_data_page.page import NewDataPage
from rnnstudio.gui.plots import PLOTS, Plot
from rnnstudio.gui.result import Result
from rnnstudio.gui.theme import Theme
from rnnstudio.results.run import Run
from rnnstudio.results.run_group import RunGroup


class Pages(QTabWidget):
    """The pages of the data in the form, and of one run.

    Args:
        data: The data before a training.
        plots: The plots of a run by name, in the order of their tabs.
        forecast: The future of the series.
        new_data: Predictions for a file.
        background: Evaluates moments of a run.

    Attributes:
        data: The data before a training.
        live: The plots.
        moments: The moments of the run, through which the plots go.
        result: The metrics.
        forecast: The future of the series.
        new_data: Predictions for a file.
    """

    def __init__(
        self,
        data: DataPage,
        plots: Mapping[str, Plot],
        forecast: ForecastPage,
        new_data: NewDataPage,
        background: BackgroundThread,
    ) -> None:
        super().__init__()
        self.data = data
        self.live = Live(plots)
        self.moments = Moments(self.live, background, self)
        self.live.add_bar(self.moments.bar)
        self.result = Result()
        self.result.best_requested.connect(self._go_to_best)
        self.forecast, self.new_data = forecast, new_data
        self.addTab(self.data, "Data")
        self.addTab(self.live, "Live")
        self.addTab(self.result, "Result")
        self.addTab(self.forecast, "Forecast")
        self.addTab(self.new_data, "New data")

    def show_run(self, run: Run | None) -> None:
        """Show result and forecast of a run that has ended; None for none."""
        if run is not None:
            self.live.set_experiment(run.experiment)
        self.moments.show_run(run)
        self.result.show_run(run)
        self.forecast.show_run(run)
        self.new_data.show_run(run)

    def show_group(self, group: RunGroup, ensemble: Run) -> None:
        """Show the result of a group, and the forecasts and predictions of its mean."""
        self.live.show_baseline(group.baseline)
        self.moments.show_run(None)
        self.result.show_group(group)
        self.forecast.show_run(ensemble)
        self.new_data.show_run(ensemble)
        self.setCurrentWidget(self.result)

    def set_training(self, training: bool) -> None:
        """Compute nothing while an experiment trains."""
        self.moments.set_training(training)
        self.forecast.set_training(training)
        self.new_data.set_training(training)

    def _go_to_best(self) -> None:
        """Show the plots with the best weights."""
        self.setCurrentWidget(self.live)
        self.moments.go_to_best()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours of the plots."""
        self.data.set_theme(theme)
        self.live.set_theme(theme)
        self.forecast.set_theme(theme)


class PagesBuilder:
    """Creates the pages part by part, because all of them at once would block the window.

    Args:
        new_data_page: Creates the page of the data before a training around the plot of a series.
        background: Computes forecasts.
        theme: Colours of the plots.
    """

    def __init__(
        self, new_data_page: Callable[[SeriesChart], DataPage], background: BackgroundThread, theme: Theme
    ) -> None:
        self._new_data_page, self._background, self._theme = new_data_page, background, theme
        self._forecast: ForecastPage | None = None
        self._chart: SeriesChart | None = None
        self._kinds = sorted(PLOTS, key=lambda kind: (kind.order, kind.name))
        self._plots: dict[str, Plot] = {}
        self._data: DataPage | None = None

    def create_part(self) -> bool:
        """Create one more part; return whether there are more."""
        if self._chart is None:
            self._chart = SeriesChart(self._theme)
        elif not self._chart.is_complete:
            self._chart.create_axes()
        elif self._data is None:
            self._data = self._new_data_page(self._chart)
        elif len(self._plots) < len(self._kinds):
            kind = self._kinds[len(self._plots)]
            self._plots[kind.name] = kind(self._theme)
        elif self._forecast is None:
            self._forecast = ForecastPage(self._background, self._theme)
        return self._forecast is None

    def finish(self, theme: Theme) -> Pages:
        """Create what is left, and return the pages in the colours of a theme."""
        while self.create_part():
            pass
        assert self._data is not None
        assert self._forecast is not None
        pages = Pages(self._data, self._plots, self._forecast, NewDataPage(self._background), self._background)
        if theme != self._theme:
            pages.set_theme(theme)
        return pages
