"""The tabs in the middle of the window: data, live plots and result."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QTabWidget

from rnnstudio.gui.data_page.page import DataPage
from rnnstudio.gui.data_page.series_chart import SeriesChart
from rnnstudio.gui.live import Live
from rnnstudio.gui.plots import PLOTS, Plot
from rnnstudio.gui.result import Result
from rnnstudio.gui.theme import Theme


class Pages(QTabWidget):
    """The pages of the data in the form, and of one run.

    Args:
        data: The data before a training.
        plots: The plots of a run by name, in the order of their tabs.

    Attributes:
        data: The data before a training.
        live: The plots.
        result: The metrics.
    """

    def __init__(self, data: DataPage, plots: Mapping[str, Plot]) -> None:
        super().__init__()
        self.data = data
        self.live = Live(plots)
        self.result = Result()
        self.addTab(self.data, "Data")
        self.addTab(self.live, "Live")
        self.addTab(self.result, "Result")

    def set_theme(self, theme: Theme) -> None:
        """Change the colours of the plots."""
        self.data.set_theme(theme)
        self.live.set_theme(theme)


class PagesBuilder:
    """Creates the pages part by part, because all of them at once would block the window.

    Args:
        new_data_page: Creates the page of the data before a training around the plot of a series.
        theme: Colours of the plots.
    """

    def __init__(self, new_data_page: Callable[[SeriesChart], DataPage], theme: Theme) -> None:
        self._new_data_page, self._theme = new_data_page, theme
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
        return len(self._plots) < len(self._kinds)

    def finish(self, theme: Theme) -> Pages:
        """Create what is left, and return the pages in the colours of a theme."""
        while self.create_part():
            pass
        assert self._data is not None
        pages = Pages(self._data, self._plots)
        if theme != self._theme:
            pages.set_theme(theme)
        return pages
