"""The base class of all plots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rnnstudio.core.catalog import RECIPES
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.gui.charts.chart import Chart


class Plot(Chart):
    """A plot of one run, drawn from its experiment and its history at any time.

    A subclass is a module of `rnnstudio.gui.plots`, named after the plot, and registers itself with `@plot`.

    Attributes:
        name: Name of the plot in `rnnstudio plot --kind`.
        title: Title of its panel and its tab.
        order: Position among the tabs; smaller comes first.
        empty_message: Message shown while there is nothing to draw.
        experiment: The experiment of the run; None before `begin`.
    """

    order: ClassVar[int] = 100
    empty_message: ClassVar[str] = "No updates yet."
    experiment: Experiment | None = None

    @classmethod
    def suits(cls, experiment: Experiment) -> bool:
        """Return whether runs of this experiment have this plot."""
        return True

    @classmethod
    def title_for(cls, experiment: Experiment) -> str:
        """Return the title of its panel and tab for runs of this experiment."""
        return cls.title

    @classmethod
    def suits_data(cls, info: DataInfo | None) -> bool:
        """Return whether runs on these data have this plot, where their experiment alone does not say so.

        Args:
            info: Names and sizes of the data; None while they are not known, before a training has read them.
        """
        return True

    @classmethod
    def default_for(cls, experiment: Experiment) -> bool:
        """Return whether this is the first plot to show for runs of this experiment; by default its recipe says so."""
        return experiment.recipe in RECIPES and RECIPES.get(experiment.recipe).plot == cls.name

    def begin(self, experiment: Experiment) -> None:
        """Clear the plot and prepare it for a run of this experiment."""
        self.experiment = experiment
        self.legend.show_entries([])
        self.show_message(self.empty_message)

    def show_history(self, history: History) -> None:
        """Draw the current state of a run.

        This is called about 20 times a second during training, so it must be fast and draw only what has changed.
        """
        raise NotImplementedError

    def show_baseline(self, baselines: Mapping[str, Mapping[str, float]]) -> None:
        """Draw the baselines of a finished run.

        Args:
            baselines: The metrics of each baseline, as in `Run.baseline`.
        """

    def show_moment(self, step: int | None) -> None:
        """Mark the update whose predictions the other plots show.

        Args:
            step: The number of updates; None for no mark.
        """

    def show_series(self, index: int) -> None:
        """Draw another one of several series; plots of other data stay as they are.

        Args:
            index: Its index.
        """
