"""Calendar inputs: the time of day, the weekday and the time of year as sine and cosine, known for every step ahead."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.predictions import Times

_DAY = 86_400 * 10**9  # nanoseconds
_PERIODS = {"time of day": _DAY, "weekday": 7 * _DAY, "time of year": int(365.25 * _DAY)}
_MIN_PERIODS = 1.9  # of a cycle in the training rows: what occurred once may be a trend


def calendar_names(times: Times) -> tuple[str, ...]:
    """Return the names of the calendar inputs that times can show: cycles of two steps or more that were seen twice.

    Args:
        times: Times of the rows of the training set, in any order; NaT is left out.

    >>> days = np.arange("2024-01-01", "2024-02-01", dtype="datetime64[D]").astype("datetime64[ns]")
    >>> calendar_names(days)
    ('weekday sine', 'weekday cosine')
    """
    stamps = np.unique(times[~np.isnat(times)]).astype(np.int64)
    if len(stamps) < 2:
        return ()
    step = float(np.median(np.diff(stamps)))
    covered = float(stamps[-1] - stamps[0]) + step
    kinds = [kind for kind, period in _PERIODS.items() if 2 * step <= period and _MIN_PERIODS * period <= covered]
    return tuple(f"{kind} {function}" for kind in kinds for function in ("sine", "cosine"))


def calendar_values(times: Times, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Return calendar inputs of rows, `(n, len(names))`, between -1 and 1; NaN where a time is unknown.

    Args:
        times: Times of the rows, `(n,)`.
        names: Names as `calendar_names` returns them.

    >>> monday = np.array(["2024-01-01"], "datetime64[ns]")
    >>> calendar_values(monday, ("weekday sine", "weekday cosine")).tolist()
    [[0.0, 1.0]]
    """
    values = np.empty((len(times), len(names)))
    for j, name in enumerate(names):
        kind, _, function = name.rpartition(" ")
        angle = 2 * np.pi * _share_of_cycle(times, kind)
        values[:, j] = np.sin(angle) if function == "sine" else np.cos(angle)
    values[np.isnat(times)] = np.nan
    return values


def _share_of_cycle(times: Times, kind: str) -> NDArray[np.float64]:
    """Return which share of its day, week or year has passed at each time, `(n,)`; of a week whole days."""
    known = np.where(np.isnat(times), np.datetime64(0, "ns"), times)
    days = known.astype("datetime64[D]")
    of_day = (known - days).astype(np.int64) / _DAY
    if kind == "time of day":
        return np.asarray(of_day)
    if kind == "weekday":
        return np.asarray((days.astype(np.int64) + 3) % 7 / 7)  # 1970-01-01 was a Thursday
    years = known.astype("datetime64[Y]")
    begin, end = years.astype("datetime64[D]"), (years + 1).astype("datetime64[D]")
    return np.asarray(((days - begin).astype(np.int64) + of_day) / (end - begin).astype(np.int64))
