"""Calendar inputs, known for every step ahead: time of day, weekday, month or time of year.

The time of day and the time of year are a sine and a cosine. Each weekday and each month is an input of its own, 1 on
that day or in that month and 0 else: a Sunday or a December is seldom a point of one wave.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.predictions import Times

_DAY = 86_400 * 10**9  # nanoseconds
_YEAR = int(365.25 * _DAY)
_LONGEST_STEP = {"time of day": _DAY // 2, "weekday": 7 * _DAY // 2, "year": _YEAR // 2}  # that shows the cycle
_CYCLES = {"time of day": _DAY, "weekday": 7 * _DAY, "year": _YEAR}
_MONTHLY = 20 * _DAY  # from this step on, each month is an input
_MIN_CYCLES = 1.9  # in the training rows: what occurred once may be a trend
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def calendar_names(times: Times) -> tuple[str, ...]:
    """Return the names of the calendar inputs that times can show: cycles of two steps or more that were seen twice.

    Args:
        times: Times of the rows of the training set, in any order; NaT is left out.

    >>> days = np.arange("2024-01-01", "2024-02-01", dtype="datetime64[D]").astype("datetime64[ns]")
    >>> calendar_names(days)[:2]
    ('Monday', 'Tuesday')
    """
    stamps = np.unique(times[~np.isnat(times)]).astype("datetime64[ns]").astype(np.int64)
    if len(stamps) < 2:
        return ()
    step = float(np.median(np.diff(stamps)))
    covered = float(stamps[-1] - stamps[0]) + step
    shown = [
        cycle for cycle, length in _CYCLES.items() if step <= _LONGEST_STEP[cycle] and _MIN_CYCLES * length <= covered
    ]
    names: list[str] = []
    for cycle in shown:
        if cycle == "weekday" or (cycle == "year" and step >= _MONTHLY):
            each = _WEEKDAYS if cycle == "weekday" else _MONTHS
            occurring = calendar_values(stamps.astype("datetime64[ns]"), each).max(axis=0) > 0
            names += [each[i] for i in np.flatnonzero(occurring)]
        else:
            name = "time of year" if cycle == "year" else cycle
            names += [f"{name} sine", f"{name} cosine"]
    return tuple(names)


def calendar_values(times: Times, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Return calendar inputs of rows, `(n, len(names))`, between -1 and 1; NaN where a time is unknown.

    Args:
        times: Times of the rows, `(n,)`.
        names: Names as `calendar_names` returns them.

    >>> monday = np.array(["2024-01-01"], "datetime64[ns]")
    >>> calendar_values(monday, ("Monday", "Tuesday", "time of day cosine")).tolist()
    [[1.0, 0.0, 1.0]]
    """
    known = np.where(np.isnat(times), np.datetime64(0, "ns"), times).astype("datetime64[ns]")
    days, months = known.astype("datetime64[D]"), known.astype("datetime64[M]")
    weekday = (days.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    month = months.astype(np.int64) % 12
    of_day = (known - days).astype(np.int64) / _DAY
    years = known.astype("datetime64[Y]")
    begin, end = years.astype("datetime64[D]"), (years + 1).astype("datetime64[D]")
    of_year = ((days - begin).astype(np.int64) + of_day) / (end - begin).astype(np.int64)
    values = np.empty((len(times), len(names)))
    for j, name in enumerate(names):
        if name in _WEEKDAYS:
            values[:, j] = weekday == _WEEKDAYS.index(name)
        elif name in _MONTHS:
            values[:, j] = month == _MONTHS.index(name)
        else:
            angle = 2 * np.pi * (of_day if name.startswith("time of day") else of_year)
            values[:, j] = np.sin(angle) if name.endswith("sine") and not name.endswith("cosine") else np.cos(angle)
    values[np.isnat(times)] = np.nan
    return values
