"""Where forecasts begin: the last samples of the data of a run, a step inside them, or newer data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.arguments import whole_number
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.known_values import values_from
from rnnstudio.core.precision import Floats
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.series_ends import series_ends
from rnnstudio.core.times import NO_TIME
from rnnstudio.results.contents import RunContents
from rnnstudio.results.new_data import NewData
from rnnstudio.results.new_inputs import NewInputs
from rnnstudio.results.unknown_series import differs_by_series, settings_for_unknown, unknown_part


@dataclass(frozen=True)
class Origin:
    """Observed values that forecasts continue.

    Attributes:
        names: Names of the series; empty for one without.
        values: Inputs of each up to the origin, `(T, F)` in original units, without missing values.
        last: Stamp of the last sample of each; NaT where unknown.
        series: Index of each among the series of the run, whose scaler it has; 0 for one.
        notes: What was assumed and filled, one sentence each.
        plans: Of each what its data know of the steps after the origin, `(P, K)`, NaN where nothing; None for nothing.
        is_newer: Whether the values are newer data than those of the training.
    """

    names: tuple[str, ...]
    values: list[Floats]
    last: list[np.datetime64]
    series: list[int]
    notes: tuple[str, ...] = ()
    plans: tuple[NDArray[np.floating] | None, ...] = ()
    is_newer: bool = False


def origin_at_end(run: RunContents, data: Callable[[], SequenceData], index: int | None) -> Origin:
    """Return the end of each series of a run, or of one of them: its last known value of what is predicted.

    Args:
        run: The run.
        data: Returns its data; called for runs that earlier versions saved without the end of their series.
        index: Index of the only series that is wanted; None for all.
    """
    info = run.info
    count = max(1, len(info.series))
    if len(run.context):
        ends = list(run.context) if info.series else [run.context]
    else:
        loaded = data()
        samples = loaded.window_samples
        ends = [loaded.inputs[n, max(0, end - samples) : end] for n, end in enumerate(series_ends(loaded))]
        if min(map(len, ends)) < samples:
            raise DataError(
                f"A forecast of this run reads {samples:,} rows up to the last known value of what is predicted, and a "
                f"series has {min(map(len, ends)):,}. Train with a smaller window."
            )
    stamps = (info.last_times or ("",) * count) if info.series else (info.last_time,)
    last = [np.datetime64(stamp, "ns") if stamp else NO_TIME for stamp in stamps]
    chosen = range(count) if index is None else [index]
    plans = tuple(None if run.plan is None else run.plan[n] for n in chosen)
    return Origin(_names(run, chosen), [ends[n] for n in chosen], [last[n] for n in chosen], list(chosen), plans=plans)


def origin_inside(run: RunContents, data: Callable[[], SequenceData], start: Any, index: int | None) -> Origin:
    """Return a step inside a series at which a forecast starts, which reads only the samples before it.

    Args:
        run: The run.
        data: Returns its data.
        start: Number of samples before the forecast, as the caller passed it.
        index: Index of one of several series.

    Raises:
        SettingError: It is out of range, or there are several series and none is named.
    """
    info = run.info
    if info.series and index is None:
        raise SettingError(
            f"start counts the steps of one series, and this run has {len(info.series):,}. Choose one of them with "
            "series, or leave start out, so that the forecast of each series starts after its end.",
            "start",
        )
    loaded, n = data(), index or 0
    length = loaded.inputs.shape[1] if loaded.lengths is None else int(loaded.lengths[n])
    begin = whole_number(start, "start", info.window * info.frame, length)
    last = NO_TIME if loaded.times is None else loaded.times[n, begin - 1]
    planned = 0 if loaded.plan is None else loaded.plan.shape[1]
    plan = values_from(loaded, n, begin, length - begin + planned) if info.known else None
    return Origin(_names(run, [n]), [loaded.inputs[n, :begin]], [last], [n], plans=(plan,))


def completed_values(new: NewData, run: RunContents) -> list[Floats]:
    """Return the inputs of each series as the network reads them, `(T, F)`: filled, with the columns of masked ones.

    They begin with rows of the training that they follow. `predict_new_data` passes them to `TrainedNetwork.predict`,
    which does the same.

    Args:
        new: What `read_new_data` returned, which has said what is filled.
        run: The run.
    """
    known = {name: n for n, name in enumerate(run.info.series)}
    values = []
    for rows, name, before in zip(new.values, new.names or ("",), new.before, strict=True):
        scalers = run.scalers.of_series(known[name]) if name in known else run.scalers
        inputs = NewInputs.of(run.experiment, run.info, scalers)
        values += inputs.complete(
            [rows], lambda _, step, column: f"row {step + 1}, input {column + 1}", str(name), before
        )[0]
    return values


def origin_of_new(run: RunContents, new: NewData) -> Origin:
    """Return the end of newer data.

    Args:
        run: The run.
        new: The newer data, which end with their last known value of what is predicted, with completed values.

    Raises:
        DataError: There are too few rows, or a series is unknown and would need a scaler or vector of its own.
    """
    info, samples = run.info, run.info.window * run.info.frame
    index = {name: n for n, name in enumerate(info.series)}
    unknown = [name for name in new.names if info.series and name not in index]
    if unknown and differs_by_series(run):
        raise DataError(
            f"The run was not trained on the series {unknown[0]!r}, so that {unknown_part(run)}. Leave it out, or "
            f"train with {settings_for_unknown(run)}."
        )
    names = tuple(str(name) for name in new.names)
    last: list[np.datetime64] = []
    for n, (values, times) in enumerate(zip(new.values, new.times, strict=True)):
        if len(values) < samples:
            where = f"Series {names[n]!r}" if names else "The newer data"
            raise DataError(
                f"{where} must have at least {samples:,} rows up to the last known value, which a forecast of this run "
                f"reads; received {len(values):,}. Add the rows before them."
            )
        last.append(NO_TIME if times is None or not len(times) else times[-1])
    chosen = [index.get(name, 0) for name in names] or [0]
    return Origin(names, list(new.values), last, chosen, new.notes, tuple(new.plans), is_newer=True)


def _names(run: RunContents, chosen: Any) -> tuple[str, ...]:
    return tuple(run.info.series[n] for n in chosen) if run.info.series else ()
