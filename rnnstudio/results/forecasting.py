"""Forecasts of a run: the values after the end of its series, or of newer data, and their table with their times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import SettingError
from rnnstudio.core.feedback import planned_columns
from rnnstudio.core.forecast_reach import check_forecasts, check_reach, fed_back
from rnnstudio.core.known_values import following_values
from rnnstudio.core.precision import Floats
from rnnstudio.core.predictions import Times
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.times import times_after
from rnnstudio.core.train_command import train_command
from rnnstudio.results.contents import RunContents
from rnnstudio.results.forecast_bands import forecast_bands, wanted_levels
from rnnstudio.results.forecast_origin import Origin, completed_values, origin_at_end, origin_inside, origin_of_new
from rnnstudio.results.forecast_steps import counted_steps
from rnnstudio.results.future_inputs import known_ahead
from rnnstudio.results.new_arrays import array_to_continue
from rnnstudio.results.new_data import read_new_data
from rnnstudio.results.new_source import NewSource
from rnnstudio.results.plan_tables import plan_array

if TYPE_CHECKING:
    import pandas as pd

    from rnnstudio.results.trained_network import TrainedNetwork

PlannedValues = tuple[Origin, list[Times], list[NDArray[np.float64]]]


@dataclass(frozen=True)
class ForecastRequest:
    """What a forecast is to be, as a caller passed it.

    Attributes:
        steps: Number of steps; None for those up to `until`, or for a default.
        until: The last day, month or time to forecast; None or empty where `steps` counts.
        start: Step of the series at which the forecast starts; None after its end.
        series: Name of one of several series; None or empty for all.
        source: Newer data: a file or data frame; None for arrays, and for the data of the training.
        array: Newer data as an array; None for none.
        changed: How the newer data are read where that differs from the training's.
        known: What is known ahead of the steps, as `future_inputs.given_values` takes it; None for what stands in the
            data.
        level: Levels of bands in percent; None for all of the run.
    """

    steps: Any = None
    until: Any = None
    start: Any = None
    series: Any = ""
    source: NewSource | None = None
    array: Any = None
    changed: ReadOptions | None = None
    known: Any = None
    level: Any = "none"


@dataclass(frozen=True)
class Forecast:
    """A forecast of one or several series.

    Attributes:
        names: Names of the series; empty for one without.
        columns: Names of the values, `(D,)`.
        values: `(N, steps, D)` in original units; NaN after the last step of a series.
        counts: Steps of each series.
        times: Stamps of the steps of each, `(steps,)`; NaT where unknown.
        notes: What was assumed and filled, one sentence each.
        bands: Lower and upper bounds by level in percent, of the shape of `values`.
    """

    names: tuple[str, ...]
    columns: tuple[str, ...]
    values: Floats
    counts: list[int]
    times: list[Times]
    notes: tuple[str, ...] = ()
    bands: Mapping[int, tuple[Floats, Floats]] = field(default_factory=dict)

    def array(self, *, is_one: bool) -> Floats:
        """Return the values, without the first axis for one series, and the last one for one value."""
        values = self.values[0] if is_one else self.values
        return values[..., 0] if values.shape[-1] == 1 else values

    def table(self) -> pd.DataFrame:
        """Return one row per series and step: `series`, `step` from 1, `time` where known, and a column per value.

        Bands follow, such as `lower_80` and `upper_80`, of several values `NAME_lower_80`.
        """
        import pandas as pd

        rows = [slice(count) for count in self.counts]

        def of_steps(values: Floats) -> Floats:
            return np.concatenate([own[part] for own, part in zip(values, rows, strict=True)])

        table = pd.DataFrame(of_steps(self.values), columns=list(self.columns))
        prefixes = [f"{name}_" if len(self.columns) > 1 else "" for name in self.columns]
        for level, sides in self.bands.items():
            for side, bounds in zip(("lower", "upper"), sides, strict=True):
                names = [f"{prefix}{side}_{level}" for prefix in prefixes]
                table = pd.concat([table, pd.DataFrame(of_steps(bounds), columns=names)], axis=1)
        times = np.concatenate([own[part] for own, part in zip(self.times, rows, strict=True)])
        if not np.isnat(times).all():
            table.insert(0, "time", times, allow_duplicates=True)
        table.insert(0, "step", np.concatenate([np.arange(1, n + 1) for n in self.counts]), allow_duplicates=True)
        if self.names:
            table.insert(0, "series", np.repeat(np.array(self.names, object), self.counts), allow_duplicates=True)
        return table


def forecast(
    run: RunContents,
    network: Callable[[], TrainedNetwork],
    data: Callable[[], SequenceData],
    request: ForecastRequest,
    tested: Callable[[], TrainedNetwork] | None = None,
) -> Forecast:
    """Return the forecast of a run: what the network predicts after an origin, fed back beyond its horizon.

    Args:
        run: The run.
        network: Returns its network.
        data: Returns its data, which a forecast with a start needs.
        request: What is forecast.
        tested: Returns the network with the tested weights, whose errors set the width of bands; None for `network`.

    Raises:
        SettingError: The run forecasts nothing, an argument is out of range, or steps beyond the horizon need values
            of an input that nobody gives, or something that is known ahead is not known for a step.
        DataError: The newer data cannot be read, or are too short.
        UnknownNameError: There is no such series.
    """
    info = run.info
    check_forecasts(info)
    levels = wanted_levels(run, request.level)
    origin = _origin(run, data, request)
    counts = counted_steps(request.steps, request.until, info, origin.last)
    steps = max(counts)
    check_reach(info, steps, train_command(run.requested, horizon=steps))
    plan, unknown = plan_array(request.known, run, origin, steps)
    known = known_ahead(info, origin, steps, plan)
    values = network().forecasts(origin.values, steps, origin.series, known)
    values = np.where(np.arange(steps)[:, None] < np.array(counts)[:, None, None], values, np.nan).astype(values.dtype)
    times = [times_after(last, steps, info.frequency) for last in origin.last]
    names = info.input_names if info.autoregressive else info.target_names
    start = None if request.start is None else int(request.start)
    of_bands = values[:, :, None]
    if levels and run.calibration is not None and run.calibration.has_quantiles and steps <= run.calibration.steps:
        of_bands = network().forecast_quantiles(origin.values, origin.series, known)[:, :steps]
    bands = forecast_bands(run, tested or network, data, origin, of_bands, start, levels)
    notes = (*origin.notes, *unknown, *bands.notes)
    return Forecast(origin.names, tuple(names), values, counts, times, notes, bands.bounds)


def planned_values(run: RunContents, data: Callable[[], SequenceData], request: ForecastRequest) -> PlannedValues:
    """Return where a forecast begins, the times of its steps, and what its data know ahead of them.

    Args:
        run: The run.
        data: As for `forecast`.
        request: What is forecast.

    Returns:
        The origin; of each series the times, `(steps,)`, and the values of the planned columns, `(steps, K)`, NaN where
        somebody must plan them.
    """
    info = run.info
    check_forecasts(info)
    origin = _origin(run, data, request)
    steps = max(counted_steps(request.steps, request.until, info, origin.last))
    columns = [info.known.index(name) for name in planned_columns(info)]
    plans = origin.plans or (None,) * len(origin.values)
    known = [
        following_values(info, plan, last, steps)[:, columns] for plan, last in zip(plans, origin.last, strict=True)
    ]
    return origin, [times_after(last, steps, info.frequency) for last in origin.last], known


def _origin(run: RunContents, data: Callable[[], SequenceData], request: ForecastRequest) -> Origin:
    """Return where the forecast begins."""
    is_new = request.source is not None or request.array is not None
    if is_new and request.start is not None:
        raise SettingError("start counts the steps of the data of the training. Leave it out with newer data.", "start")
    if request.array is not None:
        return origin_of_new(run, array_to_continue(run, request.array, request.series, partial(known_end, run.info)))
    if request.source is not None:
        end_of = partial(known_end, run.info)
        new = read_new_data(request.source, run, request.changed, request.series, end_of)
        return origin_of_new(run, replace(new, values=completed_values(new, run)))
    index = None if request.series in (None, "") else run.info.index_of_series(request.series)
    if request.start is not None:
        return origin_inside(run, data, request.start, index)
    return origin_at_end(run, data, index)


def known_end(info: DataInfo, values: Floats) -> int:
    """Return the number of rows up to the last one with a value of what is predicted, else of any input.

    Args:
        info: The data of the run.
        values: Inputs `(T, F)`; NaN where one is missing.
    """
    columns = [i for i, index in enumerate(fed_back(info)) if index >= 0]
    columns = columns or [i for i, name in enumerate(info.input_names) if name not in info.known]
    if not columns:
        return len(values)
    known = np.flatnonzero(~np.isnan(values[:, columns]).all(axis=1))
    return int(known[-1]) + 1 if len(known) else 0
