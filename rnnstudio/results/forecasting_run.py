"""A trained run that forecasts the values after its series, or after newer data."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from rnnstudio.core.errors import SettingError
from rnnstudio.core.precision import Floats
from rnnstudio.results.column_series import with_names
from rnnstudio.results.evaluated_run import EvaluatedRun
from rnnstudio.results.forecasting import (
    Forecast,
    ForecastRequest,
    PlannedValues,
    forecast,
    known_end,
    planned_values,
)
from rnnstudio.results.new_data import read_new_data
from rnnstudio.results.new_source import chosen_options, new_source
from rnnstudio.results.recent_values import RecentValues, recent_values
from rnnstudio.results.refit import refit_of
from rnnstudio.results.run_files import refit_writers
from rnnstudio.results.saving import save_part

if TYPE_CHECKING:
    import pandas as pd

    from rnnstudio.results.trained_network import TrainedNetwork

Report = Callable[[int, int], None]


class ForecastingRun(EvaluatedRun):
    """The forecasts of a run."""

    __slots__ = ("_refit_network",)

    _refit_network: TrainedNetwork | None

    def refit(self, should_stop: Callable[[], bool] = lambda: False, report: Report = lambda done, total: None) -> bool:
        """Train again with the same settings and number of updates on all rows, and return whether that was finished.

        The number is that of the weights that the run has kept. Scalers are fitted on all rows. Forecasts of the future
        use these weights, so that they have seen the last rows; no rows are left to test them, and metrics, predictions
        and plots remain those of the tested weights. They are saved with the run, where it is saved.

        Args:
            should_stop: Asked between chunks of updates.
            report: Called with the updates that are done, and their number.

        Raises:
            SettingError: The run forecasts no series.
            DataError: Its data cannot be loaded.
            RnnStudioError: The loss diverged.

        >>> import rnnstudio as rs
        >>> run = rs.train("airline", updates=1, verbose=0, save=False)
        >>> run.refit(), run.refitted.updates, "not_tested" in run.forecast_table(2)
        (True, 1, True)
        """
        refitted = refit_of(self, self.data(), should_stop=should_stop, report=report)
        if refitted is None:
            return False
        self.refitted, self._refit_network = refitted, None
        if self.path:
            save_part(self, refit_writers(refitted))
        return True

    def forecast(
        self,
        steps: Any = None,
        start: Any = None,
        series: Any = "",
        *,
        until: Any = None,
        input: Any = None,
        refit: Any = None,
        known: Any = None,
        **reading: Any,
    ) -> Floats:
        """Return the values after the end of the series, or of newer data, in original units.

        Up to its horizon the network forecasts all steps at once. Later steps are forecast block by block, each
        prediction being read as if it were observed. The forecast starts after the last row with a known value of what
        is predicted.

        Args:
            steps: Number of steps; None for those up to `until`, else 20, or the horizon where a forecast ends there.
            start: Step of the series at which the forecast starts; None starts after its end.
            series: Name of one of several series; all of them when empty.
            until: The last day, month or time to forecast, such as 2025-03-31, instead of `steps`.
            input: Newer data that the forecast continues: the path of a file, a data frame, or an array `(T, F)`, with
                at least the rows of a window; fewer, where they follow the data of the training.
            refit: Whether the weights that were trained on all rows are used: None where there are any and the forecast
                does not start inside the series, True also trains them now if there are none, False never.
            known: Of a run whose inputs are known ahead: their values at these steps, the path of a file or a data
                frame, whose rows are matched by their times, or an array `(steps, K)`, of N series `(N, steps, K)`;
                None for those in the rows after the last value to predict.
            **reading: How a file or frame is read, if not as in the training, by the settings that `inspect` takes.

        Returns:
            `(steps,)` for one value, else `(steps, D)`; of N series, in the order of their names, `(N, steps, ...)`,
            with NaN after `until` for those that end later than others.

        Raises:
            SettingError: The run predicts classes, or values of the steps it reads; an argument is out of range; or
                steps beyond the horizon need an input that is only known for the past.
            DataError: The newer data cannot be read, or are too short.
            UnknownNameError: There is no such series.

        >>> import rnnstudio as rs
        >>> run = rs.train("airline", updates=1, verbose=0, save=False)
        >>> run.forecast(3).shape, run.forecast(until="1961-06").shape
        ((3,), (6,))
        """
        result = self._forecast(steps, start, series, until, input, refit, known, "none", reading)
        return result.array(is_one=not self.info.series or series not in (None, ""))

    def forecast_table(
        self,
        steps: Any = None,
        start: Any = None,
        series: Any = "",
        *,
        until: Any = None,
        input: Any = None,
        refit: Any = None,
        known: Any = None,
        level: Any = None,
        **reading: Any,
    ) -> pd.DataFrame:
        """Return a forecast as a data frame: `series`, `step` from 1, `time`, and a column for each predicted value.

        Bands follow where the run has them: `lower_80` and `upper_80` of level 80 %, of several values such as
        `sales_lower_80`. The column `not_tested` is there where it is true: with weights that were trained on all rows.

        Arguments and errors are those of `forecast`, and `level`: the levels of bands in percent, some of those of the
        run; None for all of them, none for no bands.

        >>> import rnnstudio as rs
        >>> run = rs.train("airline", updates=1, verbose=0, save=False)
        >>> run.forecast_table(2)["time"].dt.strftime("%Y-%m").tolist()
        ['1961-01', '1961-02']
        """
        table = self._forecast(steps, start, series, until, input, refit, known, level, reading).table()
        return table.assign(not_tested=True) if self._uses_refit(start, refit) else table

    def recent_values(self, most: int, input: Any = None, series: Any = "", **reading: Any) -> list[RecentValues]:
        """Return the last values of each series before a forecast, for a chart.

        Args:
            most: The most values of a series.
            input: Newer data, as for `forecast`.
            series: As for `forecast`.
            **reading: As for `forecast`.

        >>> import rnnstudio as rs
        >>> run = rs.train("airline", updates=1, verbose=0, save=False)
        >>> run.recent_values(2)[0].values.ravel().tolist()
        [390.0, 432.0]
        """
        source = None if input is None else new_source(input, self)
        new = None
        if source is not None:
            changed = chosen_options(input, source, reading)
            new = read_new_data(source, self, changed, series, partial(known_end, self.info))
        return recent_values(self, self.data, most, new)

    def planned(self, steps: Any = None, input: Any = None) -> PlannedValues:
        """Return the steps of a forecast with what is known ahead of them, NaN where somebody must plan it.

        Args:
            steps: As for `forecast`.
            input: As for `forecast`: a file or data frame.

        >>> import rnnstudio as rs
        >>> run = rs.train("airline", updates=1, verbose=0, save=False)
        >>> run.planned(2)[2][0].shape
        (2, 0)
        """
        source = None if input is None else new_source(input, self)
        return planned_values(self, self.data, ForecastRequest(steps, source=source))

    def _uses_refit(self, start: Any, refit: Any) -> bool:
        """Return whether a forecast uses the weights that were trained on all rows, which exist if they are wanted.

        Raises:
            SettingError: They are wanted for a forecast that starts inside the series, whose rows they have seen.
        """
        if refit is not None and not isinstance(refit, bool):
            raise SettingError(f"refit must be true, false or left out; received {refit!r}.", "refit")
        if refit is None:
            return self.refitted is not None and start is None
        if refit and start is not None:
            raise SettingError(
                "refit must be left out with start: weights that were trained on all rows have seen those after it.",
                "refit",
            )
        if refit and self.refitted is None:
            self.refit()
        return bool(refit)

    def _network_of_refit(self) -> TrainedNetwork:
        """Return the network with the weights that were trained on all rows, built on first use."""
        if self._refit_network is None:
            from rnnstudio.results.trained_network import TrainedNetwork  # loads TensorFlow

            assert self.refitted is not None
            own = self.refitted
            self._refit_network = TrainedNetwork(self.experiment, self.info, own.scalers, own.weights, self.decision)
        return self._refit_network

    def _prepare_bands(self) -> None:
        """Compute what the bands of a forecast need; a run has it since its training."""

    def _forecast(
        self,
        steps: Any,
        start: Any,
        series: Any,
        until: Any,
        newer: Any,
        refit: Any,
        known: Any,
        level: Any,
        reading: Any,
    ) -> Forecast:
        """Return a forecast, and warn of what was assumed."""
        newer = with_names(newer, self.info) if series in (None, "") else newer
        source = None if newer is None else new_source(newer, self)
        if newer is None and reading:
            name = next(iter(reading))
            raise SettingError(f"forecast takes {name} together with input, the newer data that it describes.", name)
        array = newer if source is None else None
        options = chosen_options(newer, source, reading)
        request = ForecastRequest(steps, until, start, series, source, array, options, known, level)
        network = self._network_of_refit if self._uses_refit(start, refit) else self._trained_network
        if level != "none":
            self._prepare_bands()
        result = forecast(self, network, self.data, request, self._trained_network)
        for note in result.notes:
            warnings.warn(note, UserWarning, stacklevel=3)
        return result
