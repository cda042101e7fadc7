"""Values of inputs that are known ahead, from a step of a series on: its rows, the plan after its end, the calendar."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.calendar_inputs import calendar_values
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.predictions import Times
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.times import NO_TIME, times_after

Matrix = NDArray[np.float64]


def following_values(
    data: SequenceData | DataInfo, plan: NDArray[np.floating] | None, last: np.datetime64, steps: int
) -> Matrix:
    """Return what is known of the steps after the end of a series, `(steps, K)`, in original units; NaN elsewhere.

    Args:
        data: The data, or their description.
        plan: Values of `data.known` after the end, `(P, K)`; None where there is no plan.
        last: Time of the last step; NaT where unknown.
        steps: Number of steps.
    """
    values = np.full((steps, len(data.known)), np.nan)
    if plan is not None:
        values[: len(plan)] = plan[:steps]
    if data.calendar:
        columns = [data.known.index(name) for name in data.calendar]
        values[:, columns] = calendar_values(times_after(last, steps, data.frequency), data.calendar)
    return values


def values_from(data: SequenceData, series: int, begin: int, steps: int) -> Matrix:
    """Return what is known of the steps of a series from `begin` on, `(steps, K)`, in original units; NaN elsewhere.

    Args:
        data: The data.
        series: Index of the series; 0 for one.
        begin: The first step, at most the length of the series.
        steps: Number of steps.
    """
    length = data.inputs.shape[1] if data.lengths is None else int(data.lengths[series])
    rows = data.inputs[series, begin:length][:steps][:, list(data.known_columns)].astype(np.float64)
    if len(rows) == steps:
        return rows
    plan = None if data.plan is None else data.plan[series]
    return np.concatenate([rows, following_values(data, plan, last_time(data, series), steps - len(rows))])


def known_steps(data: SequenceData, series: int, begin: int, most: int) -> int:
    """Return for how many steps from `begin` on everything that is known ahead is known, at most `most`.

    Args:
        data: The data.
        series: Index of the series; 0 for one.
        begin: The first step.
        most: The most steps.
    """
    if not data.known:
        return most
    unknown = np.isnan(values_from(data, series, begin, most)).any(axis=1)
    return int(unknown.argmax()) if unknown.any() else most


def last_time(data: SequenceData, series: int) -> np.datetime64:
    """Return the time of the last step of a series; NaT where unknown."""
    if data.times is None:
        return NO_TIME
    times: Times = data.times[series]
    last: np.datetime64 = times[(len(times) if data.lengths is None else int(data.lengths[series])) - 1]
    return last
