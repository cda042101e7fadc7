"""Free-running forecasts of a run: the observed values they continue, and their table with the stamps of the steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnstudio.core.arguments import whole_number
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import SettingError
from rnnstudio.core.precision import Floats
from rnnstudio.core.sequence import SequenceData, flat_steps
from rnnstudio.core.times import NO_TIME, times_after, times_at

if TYPE_CHECKING:
    import pandas as pd

    from rnnstudio.results.contents import RunContents
    from rnnstudio.results.trained_network import TrainedNetwork

_MAX_STEPS = 1_000_000


def forecast_values(
    run: RunContents,
    network: Callable[[], TrainedNetwork],
    data: Callable[[], SequenceData],
    steps: Any,
    start: Any,
    series: Any,
) -> Floats:
    """Return a free-running forecast: what `Run.forecast` returns.

    Args:
        run: The run.
        network: Returns its network.
        data: Returns its data, which only a forecast with a start needs.
        steps: Number of steps, as the caller passed it.
        start: Step of the series at which the forecast starts; None after its end.
        series: Name of one of several series; None or empty for all.

    Raises:
        SettingError: The run is not autoregressive, or a number is out of range.
        UnknownNameError: There is no such series.
    """
    index = None if series in (None, "") else run.info.index_of_series(series)
    context, count = _observed_values(run, data, steps, start, index)
    trained = network() if index is None else network().of_series(index)
    values = trained.forecast(context, count)
    return values[..., 0] if values.shape[-1] == 1 else values


def _observed_values(
    run: RunContents, data: Callable[[], SequenceData], steps: Any, start: Any, index: int | None
) -> tuple[Floats, int]:
    """Return the values that a forecast continues, `(T, F)`, or `(N, T, F)` for several, and its number of steps."""
    count, info = whole_number(steps, "steps", 1, _MAX_STEPS), run.info
    if not info.autoregressive:
        raise SettingError(
            "forecast needs a run that predicts its own input series; this one predicts "
            f"{', '.join(info.target_names)} (task {info.task}).",
            "steps",
        )
    if start is None:
        return run.context if index is None else run.context[index], count
    if info.series and index is None:
        raise SettingError(
            f"start counts the steps of one series, and this run has {len(info.series):,}. Choose one of them with "
            "series, or leave start out, so that the forecast of each series starts after its end.",
            "start",
        )
    loaded = data()
    if index is None or loaded.lengths is None:
        values = flat_steps(loaded.inputs)
    else:
        values = loaded.inputs[index, : loaded.lengths[index]]
    return values[: whole_number(start, "start", info.window * info.frame, len(values))], count


def forecast_table(
    values: Floats, info: DataInfo, start: int | None = None, data: SequenceData | None = None, series: Any = ""
) -> pd.DataFrame:
    """Return one row per step: `step` from 1, `time` where the stamps are known, and a column per feature.

    Args:
        values: The forecast, `(steps,)` or `(steps, F)`; of several series `(N, steps)` or `(N, steps, F)`, whose
            names are the first column, `series`.
        info: Names of the features, and the last stamp.
        start: Position of the first step in the series; None after its end.
        data: The series, for the stamps of a forecast that starts inside it.
        series: The one of several series that was forecast; None or empty for all.
    """
    import pandas as pd

    if info.series and series in (None, ""):
        return _series_table(values, info)
    index = info.index_of_series(series) if info.series else 0
    table = pd.DataFrame(values.reshape(len(values), -1), columns=list(info.input_names))
    last_time = (info.last_times or ("",) * len(info.series))[index] if info.series else info.last_time
    if start is None:
        last = np.datetime64(last_time, "ns") if last_time else NO_TIME
        times = times_after(last, len(values), info.frequency)
    elif data is None or data.times is None:
        times = np.full(len(values), NO_TIME)
    else:
        length = len(data.times[index]) if data.lengths is None else data.lengths[index]
        times = times_at(data.times[index, :length], 0, start + np.arange(len(values)), info.frequency)
    if not np.isnat(times).all():
        table.insert(0, "time", times, allow_duplicates=True)
    table.insert(0, "step", np.arange(1, len(values) + 1), allow_duplicates=True)
    if info.series:
        table.insert(0, "series", info.series[index], allow_duplicates=True)
    return table


def _series_table(values: Floats, info: DataInfo) -> pd.DataFrame:
    """Return one row per series and step of the forecasts of several series."""
    import pandas as pd

    count, steps = values.shape[:2]
    table = pd.DataFrame(values.reshape(count * steps, -1), columns=list(info.input_names))
    lasts = [np.datetime64(last, "ns") if last else NO_TIME for last in info.last_times or [""] * count]
    times = np.concatenate([times_after(last, steps, info.frequency) for last in lasts])
    if not np.isnat(times).all():
        table.insert(0, "time", times, allow_duplicates=True)
    table.insert(0, "step", np.tile(np.arange(1, steps + 1), count), allow_duplicates=True)
    table.insert(0, "series", np.repeat(np.array(info.series, object), steps), allow_duplicates=True)
    return table
