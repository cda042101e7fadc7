"""The last values before a forecast, for charts: those of the training, or of newer data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnstudio.core.errors import DataError
from rnnstudio.core.precision import Floats
from rnnstudio.core.predictions import Times
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.series_ends import series_ends
from rnnstudio.core.times import NO_TIME, times_before
from rnnstudio.results.contents import RunContents
from rnnstudio.results.new_data import NewData


@dataclass(frozen=True)
class RecentValues:
    """The last values of a series before its forecast.

    Attributes:
        name: Name of the series; empty for one.
        values: What is predicted, `(n, D)`; NaN where a value is missing or unknown.
        times: Their stamps, `(n,)`; NaT where unknown.
    """

    name: str
    values: Floats
    times: Times


def recent_values(
    run: RunContents, data: Callable[[], SequenceData], most: int, new: NewData | None = None
) -> list[RecentValues]:
    """Return the last values of each series before its forecast.

    Args:
        run: The run.
        data: Returns its data; where they cannot be loaded, the end that the run keeps is returned.
        most: The most values of a series.
        new: Newer data that the forecast continues; None for those of the training.
    """
    info = run.info
    if new is not None:
        names = [str(name) for name in new.names] or [""]
        parts = zip(names, new.values, new.times, strict=True)
        return [_of_inputs(run, name, values[-most:], times) for name, values, times in parts]
    try:
        loaded = data()
    except DataError:
        ends = list(run.context) if info.series else [run.context]
        stamps = (info.last_times or ("",) * len(ends)) if info.series else (info.last_time,)
        return [
            _of_inputs(run, name, values[-most:], _times_to(stamp, len(values), info.frequency))
            for name, values, stamp in zip(info.series or ("",), ends, stamps, strict=True)
        ]
    recent = []
    for n, (name, end) in enumerate(zip(loaded.series or ("",), series_ends(loaded).tolist(), strict=True)):
        begin = max(0, end - most)
        times = np.full(end - begin, NO_TIME) if loaded.times is None else loaded.times[n, begin:end]
        recent.append(RecentValues(name, loaded.targets[n, begin:end].reshape(end - begin, -1), times))
    return recent


def _of_inputs(run: RunContents, name: str, values: Floats, times: Times | None) -> RecentValues:
    """Return the predicted columns of inputs; NaN for those that are no inputs."""
    info = run.info
    recent = np.full((len(values), len(info.target_names)), np.nan)
    for i, target in enumerate(info.target_names):
        at = i if info.autoregressive else info.features.index(target) if target in info.features else -1
        if at >= 0:
            recent[:, i] = values[:, at]
    known: Any = np.full(len(values), NO_TIME) if times is None else times[len(times) - len(values) :]
    return RecentValues(name, recent, known)


def _times_to(stamp: str, count: int, frequency: str) -> Times:
    return times_before(np.datetime64(stamp, "ns") if stamp else NO_TIME, count, frequency)
