"""Stamps of samples: those after the end of the data, and stamps as text."""

from __future__ import annotations

import re
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.predictions import Times

Resolution = Literal["year", "quarter", "month", "day", "minute", "second", "millisecond"]

NO_TIME = np.datetime64("NaT", "ns")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CALENDAR: dict[str, Resolution] = {"Y": "year", "A": "year", "Q": "quarter", "M": "month"}


def times_at(times: Times, first: int, positions: NDArray[Any], frequency: str) -> Times:
    """Return the stamps of positions, `(n,)`; NaT where a stamp is unknown.

    Args:
        times: Known stamps, `(T,)`.
        first: Position of the first of them.
        positions: Positions, `(n,)`; those after the last known stamp continue with the frequency.
        frequency: pandas' alias, such as "MS"; empty where unknown.

    >>> times = np.array(["1960-11", "1960-12"], "datetime64[ns]")
    >>> times_at(times, 142, np.array([143, 144]), "MS").astype("datetime64[D]").tolist()
    [datetime.date(1960, 12, 1), datetime.date(1961, 1, 1)]
    """
    indices = np.asarray(positions, np.int64) - first
    known = (indices >= 0) & (indices < len(times))
    stamps = np.full(len(indices), NO_TIME)
    stamps[known] = times[indices[known]]
    beyond = indices - len(times)
    if frequency and len(times) and (beyond >= 0).any():
        following = times_after(times[-1], int(beyond.max()) + 1, frequency)
        stamps[beyond >= 0] = following[beyond[beyond >= 0]]
    return stamps


def times_after(last: np.datetime64, count: int, frequency: str) -> Times:
    """Return the `count` stamps that follow a stamp, `(count,)`; NaT where they are unknown.

    Args:
        last: The last known stamp.
        count: Number of stamps.
        frequency: pandas' alias; empty where unknown.

    >>> times_after(np.datetime64("2024-01-05", "ns"), 2, "B").astype("datetime64[D]").tolist()
    [datetime.date(2024, 1, 8), datetime.date(2024, 1, 9)]
    """
    import pandas as pd
    from pandas.tseries.frequencies import to_offset

    if np.isnat(last) or not frequency:
        return np.full(count, NO_TIME)
    try:
        begin = pd.Timestamp(last) + to_offset(frequency)
        return pd.date_range(begin, periods=count, freq=frequency).to_numpy("datetime64[ns]")
    except (ValueError, OverflowError):  # beyond the year 2262
        return np.full(count, NO_TIME)


def times_before(last: np.datetime64, count: int, frequency: str) -> Times:
    """Return the `count` stamps that end with a stamp, `(count,)`; NaT where they are unknown.

    Args:
        last: The last stamp.
        count: Number of stamps.
        frequency: pandas' alias; empty where unknown.

    >>> times_before(np.datetime64("2024-01-08", "ns"), 2, "B").astype("datetime64[D]").tolist()
    [datetime.date(2024, 1, 5), datetime.date(2024, 1, 8)]
    """
    import pandas as pd

    if np.isnat(last) or not frequency:
        return np.full(count, NO_TIME)
    try:
        return pd.date_range(end=pd.Timestamp(last), periods=count, freq=frequency).to_numpy("datetime64[ns]")
    except (ValueError, OverflowError):  # before the year 1677
        return np.full(count, NO_TIME)


def resolution_of(times: Times, frequency: str) -> Resolution:
    """Return the smallest unit that stamps are written with.

    Args:
        times: The stamps, of any shape.
        frequency: pandas' alias; empty where unknown.

    >>> resolution_of(np.array(["2022-10-25T03"], "datetime64[ns]"), "h")
    'minute'
    """
    known = times[~np.isnat(times)].astype("datetime64[ns]").view(np.int64)
    units: tuple[tuple[int, Resolution], ...] = ((86_400 * 10**9, "day"), (60 * 10**9, "minute"), (10**9, "second"))
    finest: Resolution = next((name for size, name in units if not (known % size).any()), "millisecond")
    if finest != "day":
        return finest
    letter = re.sub(r"^\d*B?", "", frequency)[:1]
    return _CALENDAR.get(letter, "day")


def time_text(stamp: np.datetime64, resolution: Resolution) -> str:
    """Return a stamp as people read it; empty for NaT.

    >>> stamp = np.datetime64("1958-03-01T15:30", "ns")
    >>> [time_text(stamp, unit) for unit in ("year", "quarter", "month", "day", "minute")]
    ['1958', 'Q1 1958', 'Mar 1958', '1958-03-01', '1958-03-01 15:30']
    """
    if np.isnat(stamp):
        return ""
    day = str(np.datetime_as_string(stamp, "D"))
    year, month = day[:-6], int(day[-5:-3])
    match resolution:
        case "year":
            return year
        case "quarter":
            return f"Q{(month + 2) // 3} {year}"
        case "month":
            return f"{MONTHS[month - 1]} {year}"
        case "day":
            return day
    unit: Any = {"minute": "m", "second": "s", "millisecond": "ms"}[resolution]
    return str(np.datetime_as_string(stamp, unit)).replace("T", " ")


def iso_texts(times: Times) -> list[str]:
    """Return stamps as ISO 8601: dates where none has a time of day; empty for NaT.

    >>> iso_texts(np.array(["2024-01-01", "NaT", "2024-01-01T03:30"], "datetime64[ns]"))
    ['2024-01-01T00:00:00', '', '2024-01-01T03:30:00']
    """
    units: dict[str, Any] = {"day": "D", "millisecond": "ms"}
    unit = units.get(resolution_of(times, ""), "s")
    texts = np.datetime_as_string(times, unit).tolist()
    return ["" if text == "NaT" else text for text in texts]
