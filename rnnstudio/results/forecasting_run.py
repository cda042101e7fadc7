"""A trained run that forecasts the values after its series, or after newer data."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from rnnstudio.core.errors import SettingError
from rnnstudio.core.precision import Floats
from rnnstudio.results.evaluated_run import EvaluatedRun
from rnnstudio.results.forecasting import Forecast, ForecastRequest, forecast
from rnnstudio.results.new_source import chosen_options, new_source

if TYPE_CHECKING:
    import pandas as pd


class ForecastingRun(EvaluatedRun):
    """The forecasts of a run."""

    __slots__ = ()

    def forecast(
        self,
        steps: Any = None,
        start: Any = None,
        series: Any = "",
        *,
        until: Any = None,
        input: Any = None,
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
        result = self._forecast(steps, start, series, until, input, reading)
        return result.array(is_one=not self.info.series or series not in (None, ""))

    def forecast_table(
        self,
        steps: Any = None,
        start: Any = None,
        series: Any = "",
        *,
        until: Any = None,
        input: Any = None,
        **reading: Any,
    ) -> pd.DataFrame:
        """Return a forecast as a data frame: `series`, `step` from 1, `time`, and a column for each predicted value.

        Arguments and errors are those of `forecast`.

        >>> import rnnstudio as rs
        >>> run = rs.train("airline", updates=1, verbose=0, save=False)
        >>> run.forecast_table(2)["time"].dt.strftime("%Y-%m").tolist()
        ['1961-01', '1961-02']
        """
        return self._forecast(steps, start, series, until, input, reading).table()

    def _forecast(self, steps: Any, start: Any, series: Any, until: Any, newer: Any, reading: Any) -> Forecast:
        """Return a forecast, and warn of what was assumed."""
        source = None if newer is None else new_source(newer, self)
        if newer is None and reading:
            name = next(iter(reading))
            raise SettingError(f"forecast takes {name} together with input, the newer data that it describes.", name)
        array = newer if source is None else None
        request = ForecastRequest(steps, until, start, series, source, array, chosen_options(newer, source, reading))
        result = forecast(self, self._trained_network, self.data, request)
        for note in result.notes:
            warnings.warn(note, UserWarning, stacklevel=3)
        return result
