"""How many steps a forecast has: a number, or those up to a date."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnstudio.core.arguments import whole_number
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import SettingError
from rnnstudio.core.feedback import past_only, planned_columns
from rnnstudio.core.forecast_reach import horizon_of
from rnnstudio.core.predictions import Times
from rnnstudio.core.times import time_text, times_after

MAX_STEPS = 1_000_000
_DEFAULT_STEPS = 20
_BLOCK = 1_000  # stamps that are made at a time


def counted_steps(steps: Any, until: Any, info: DataInfo, last: list[np.datetime64]) -> list[int]:
    """Return the number of steps of the forecast of each series.

    Args:
        steps: Their number, as the caller passed it; None for those up to `until`, or for 20, or the horizon where a
            forecast ends there.
        until: The last day, month or time to forecast, as the caller passed it; None or empty where `steps` counts.
        info: The data of the run.
        last: Stamp of the last observed sample of each series.

    Raises:
        SettingError: `steps` is no whole number, both are given, `until` is no date or not after the series, or the
            times of the steps are unknown.
    """
    if until is None or (isinstance(until, str) and not until):
        if steps is None:
            steps = (
                min(_DEFAULT_STEPS, horizon_of(info)) if past_only(info) or planned_columns(info) else _DEFAULT_STEPS
            )
        return [whole_number(steps, "steps", 1, MAX_STEPS)] * len(last)
    if steps is not None:
        raise SettingError(f"Pass steps or until, not both; received steps {steps!r} and until {until!r}.", "until")
    end = _end_of(until)
    if not info.frequency or any(np.isnat(stamp) for stamp in last):
        raise SettingError(
            "until needs the times of the steps, and the data have no times at equal distances. Pass steps instead.",
            "until",
        )
    counts = [_count_until(stamp, end, info.frequency) for stamp in last]
    if not max(counts):
        first = times_after(max(last), 1, info.frequency)[0]
        raise SettingError(
            f"until must be at least {time_text(first, 'day')}, the first step after the series; received {until!s}.",
            "until",
        )
    return counts


def _count_until(last: np.datetime64, end: np.datetime64, frequency: str) -> int:
    """Return the number of steps after `last` up to `end`.

    Raises:
        SettingError: They are too many.
    """
    count = 0
    while True:
        stamps: Times = times_after(last, _BLOCK, frequency)
        within = int((stamps <= end).sum())  # NaT, beyond the last stamp there is, is not
        count += within
        if within < _BLOCK:
            return count
        if count >= MAX_STEPS:
            raise SettingError(f"until must be at most {MAX_STEPS:,} steps after the series.", "until")
        last = stamps[-1]


def _end_of(until: Any) -> np.datetime64:
    """Return the end of the day, month, year or minute that `until` names.

    Raises:
        SettingError: It is no date.
    """
    import pandas as pd

    try:
        if isinstance(until, str):
            return _stamp(pd.Period(until.strip()).end_time)
        if isinstance(until, (bool, int, float)):
            raise ValueError("a number")
        stamp = pd.Timestamp(until).tz_localize(None)
        is_day = stamp == stamp.normalize()
        stamp = stamp + pd.Timedelta(days=1) - pd.Timedelta(1, "ns") if is_day else stamp
        return _stamp(stamp)
    except (ValueError, TypeError, AttributeError):
        raise SettingError(
            f"until must be a date such as 2025-03-31, a month such as 2025-03 or a time such as 2025-03-31 18:00; "
            f"received {until!r}.",
            "until",
        ) from None


def _stamp(stamp: Any) -> np.datetime64:
    """Return a stamp of pandas as one of NumPy."""
    value: np.datetime64 = stamp.to_datetime64().astype("datetime64[ns]")
    return value
