"""A multi-step forecast above a free-running forecast, as in S. Lee's publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.predictions import SeriesPredictions
from rnnstudio.gui.charts.legend import Legend
from rnnstudio.gui.charts.numbers import number
from rnnstudio.gui.charts.series_picker import SeriesPicker
from rnnstudio.gui.charts.single_forecast import SingleForecast
from rnnstudio.gui.charts.update_note import update_note
from rnnstudio.gui.plots import Plot, plot
from rnnstudio.gui.theme import LIGHT, Theme

if TYPE_CHECKING:
    import pandas as pd

NO_FORECAST = "This run has no multi-step forecast: its inputs are not its targets, so no predictions are fed back."


@plot
class MultiStepPlot(Plot):
    """The first multi-step forecast of the test set, and the free-running forecast from the same step.

    Attributes:
        series: Chooses one of several series.
        multi_step: The multi-step forecast.
        free: The free-running forecast.

    >>> from rnnstudio.core.experiment import compose
    >>> MultiStepPlot.suits(compose("machinery", {})), MultiStepPlot.suits(compose("airline", {}))
    (True, False)
    """

    name = "multi_step"
    title = "Multi-step forecast"
    order = 50
    empty_message = "No prediction yet. It appears after the first evaluation."

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._history = History()
        self._source: object = None  # the predictions of all series
        self.series = SeriesPicker()
        self.series.chosen.connect(self._series_chosen)
        self.column.insertWidget(0, self.series)
        free_legend = Legend()
        self.canvas.addItem(free_legend, 2, 0)
        self.multi_step = SingleForecast(self.add_axes(1, 0, whole_numbers=True), self.legend)
        self.free = SingleForecast(self.add_axes(3, 0, whole_numbers=True), free_legend)
        for row in (1, 3):
            self.canvas.ci.layout.setRowStretchFactor(row, 1)
            self.canvas.ci.layout.setRowPreferredHeight(row, 100)
        self.set_theme(theme)

    @classmethod
    def suits(cls, experiment: Experiment) -> bool:
        """Return whether the network predicts several steps at once."""
        return experiment.data.task == "forecast" and getattr(experiment.data, "horizon", 1) > 1

    def begin(self, experiment: Experiment) -> None:
        """Clear the plot."""
        super().begin(experiment)
        self._source, self._history = None, History()
        self.series.show_names(())
        self.multi_step.clear()
        self.free.clear()

    def show_history(self, history: History) -> None:
        """Draw the newest predictions."""
        info = history.info
        self.series.show_info(info, history.predictions)
        note = update_note(history, self.experiment)
        if history.predictions is self._source:
            self.multi_step.show_note(note)  # the weights may have become the final ones
            return
        predictions = self.series.one_of(history.predictions)
        if not isinstance(predictions, SeriesPredictions) or info is None:
            return
        self._history = history
        if predictions.multi_step is None or predictions.multi_step_at is None:
            self.show_message(NO_FORECAST)
            return
        self._source = history.predictions
        self.show_message("")
        of_series = f"{self.series.title} {self.series.name}: " if self.series.name else ""
        title = f"{of_series}{_counted(len(predictions.multi_step), info.step_name)} at once:"
        self.multi_step.show_note(note)
        self.multi_step.says_target = self.free.says_target = not self.series.name
        self.multi_step.show(title, predictions, predictions.multi_step_at, predictions.multi_step, info)
        has_free = predictions.free is not None and predictions.free_at is not None
        if predictions.free is not None and predictions.free_at is not None:
            title = f"{of_series}{_counted(len(predictions.free), info.step_name)} free-running:"
            self.free.show(title, predictions, predictions.free_at, predictions.free, info)
        rate = f" ({number(info.rate, 6)} per second)" if info.rate else ""
        for forecast, is_lowest in ((self.multi_step, not has_free), (self.free, True)):
            forecast.axes.getAxis("bottom").set_label(f"{forecast.axis_label}{rate}" if is_lowest else "")
        self.free.axes.setVisible(has_free)
        self.free.legend.setVisible(has_free)

    def show_series(self, index: int) -> None:
        """Draw another one of several series."""
        self.series.choose(index)

    def _series_chosen(self) -> None:
        self._source = None
        self.multi_step.clear()  # the view is fitted to the series
        self.free.clear()
        self.show_history(self._history)

    def reset_view(self) -> None:
        """Show both forecasts completely."""
        self.multi_step.reset_view()
        self.free.reset_view()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self.multi_step.set_theme(theme)
        self.free.set_theme(theme)

    def hide_cursor(self) -> None:
        """Hide the readouts at the mouse position."""
        self.multi_step.hide_cursor()
        self.free.hide_cursor()

    def to_frame(self) -> pd.DataFrame:
        """Return one row per predicted step with truth, predictions and baseline in original units, NaN where none."""
        import pandas as pd

        forecasts = {"multi_step": self.multi_step, "free": self.free}
        lines = {name: forecast.lines["prediction"] for name, forecast in forecasts.items() if forecast.lines}
        if not lines:
            return pd.DataFrame(columns=["step", "truth", "multi_step", "naive"])
        table = pd.DataFrame({name: pd.Series(values, positions) for name, (positions, values) in lines.items()})
        positions, truth = self.multi_step.lines["truth"]
        table.insert(0, "truth", pd.Series(truth, positions).reindex(table.index))
        longest = self.free if self.free.lines else self.multi_step
        if "baseline" in longest.lines:
            positions, values = longest.lines["baseline"]
            table["naive"] = pd.Series(values, positions)
        table = table.rename_axis("step").reset_index()
        times = longest.times_of(table["step"].to_numpy())
        if times is not None:
            table.insert(1, "time", times)
        return table


def _counted(count: int, name: str) -> str:
    return f"1 {name}" if count == 1 else f"{count:,} {name}s"
