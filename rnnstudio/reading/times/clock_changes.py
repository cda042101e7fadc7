"""Clock changes in local times: the hour that occurs twice in autumn, and the one that is lacking in spring."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.time_account import TimeAccount
from rnnstudio.core.wording import enumeration
from rnnstudio.reading.times.time_parts import Stamps

_ZONES = (  # one for each set of local times at which the clock is changed
    "Europe/Berlin", "Europe/London", "Europe/Helsinki", "America/New_York", "Australia/Sydney", "Pacific/Auckland",
    "America/Santiago", "America/Sao_Paulo", "America/Mexico_City", "America/Havana", "Asia/Jerusalem",
    "Africa/Cairo", "Europe/Moscow", "Europe/Istanbul", "Asia/Tehran", "Australia/Lord_Howe",
)  # fmt: skip
MIN_IN_ORDER = 0.9  # share of steps in one direction, in a file whose rows are in the order of time
_MAX_OTHER_GAPS = 0.01  # share of missing rows beyond which one at a clock change may be chance
_HOUR, _DAY = np.timedelta64(1, "h"), np.timedelta64(1, "D")
_MAX_NAMED = 3


def in_standard_time(
    stamps: Stamps, keys: NDArray[Any] | None, time: TimeAccount, step: np.timedelta64
) -> tuple[Stamps, str] | None:
    """Return local times as standard time, and a sentence about it; None where they show no clock change.

    They show one where each hour that a zone has twice holds two rows for each of its times, in the order of the file,
    and no row is in the hours that the zone lacks.

    Args:
        stamps: Local times in the order of the file, without NaT.
        keys: For each row the number of its series; None for one series.
        time: What the stamps say.
        step: Time from one row to the next.

    >>> from rnnstudio.reading.times.clock import time_account
    >>> hours = np.arange("2024-10-26", "2024-10-28", dtype="datetime64[h]").astype("datetime64[ns]")
    >>> local = np.insert(hours, 27, hours[26])
    >>> standard, sentence = in_standard_time(local, None, time_account("time", local), np.timedelta64(1, "h"))
    >>> sentence[:46], (np.diff(standard) == np.timedelta64(1, "h")).all()
    ('The hour 02:00 occurs twice on 2024-10-27: the', np.True_)
    """
    if step > _HOUR or _HOUR % step != np.timedelta64(0) or not (time.doubles or time.gaps):
        return None
    falling = int((np.diff(stamps) < np.timedelta64(0)).sum())
    rising = int((np.diff(stamps) > np.timedelta64(0)).sum())
    is_reversed = falling > rising
    in_order = max(falling, rising) >= MIN_IN_ORDER * (falling + rising)
    for zone in _ZONES:
        found = _fits(zone, stamps, keys, time, step)
        if found is None:
            continue
        doubled, lacking = found
        if doubled and not in_order:
            return None  # nothing says which row of the doubled hour is the first
        return _standard(zone, stamps, keys, is_reversed), _sentence(zone, doubled, lacking)
    return None


def doubled_hours(stamps: Stamps) -> list[str]:
    """Return the days on which all of these stamps are in an hour that the clock change of one zone doubles.

    >>> [doubled_hours(np.array([hour], "datetime64[ns]")) for hour in ("2024-10-27T02", "2024-10-28T02")]
    [['2024-10-27'], []]
    """
    if not len(stamps) or len(stamps) > 10_000:
        return []
    for zone in _ZONES:
        intervals = [begin_end for begin_end, is_doubled in _changes(zone, stamps) if is_doubled]
        inside = np.any([(stamps >= begin) & (stamps < end) for begin, end in intervals], axis=0)
        if intervals and inside.all():
            return sorted({str(stamp) for stamp in stamps.astype("datetime64[D]").astype(str)})
    return []


def midnights_in_standard_time(days: Stamps, long: Stamps, short: Stamps) -> tuple[Stamps, str] | None:
    """Return the local beginnings of days as standard time, and the zone whose clock changes some of them have.

    Args:
        days: The days, in order.
        long: Those of 25 hours.
        short: Those of 23 hours.

    >>> days = np.array(["2024-10-26", "2024-10-27", "2024-10-28"], "datetime64[ns]")
    >>> midnights, zone = midnights_in_standard_time(days, days[1:2], days[:0])
    >>> midnights.astype("datetime64[h]").astype(str).tolist(), zone
    (['2024-10-25T23', '2024-10-26T23', '2024-10-28T00'], 'Europe/Berlin')
    """
    for zone in _ZONES:
        changes = _changes(zone, days)
        doubled = {begin.astype("datetime64[D]") for (begin, _), is_doubled in changes if is_doubled}
        lacking = {begin.astype("datetime64[D]") for (begin, _), is_doubled in changes if not is_doubled}
        if set(long.astype("datetime64[D]")) <= doubled and set(short.astype("datetime64[D]")) <= lacking:
            return _standard(zone, days, None, is_reversed=False), zone
    return None


def _fits(
    zone: str, stamps: Stamps, keys: NDArray[Any] | None, time: TimeAccount, step: np.timedelta64
) -> tuple[list[np.datetime64], list[np.datetime64]] | None:
    """Return the hours that occur twice and those that are lacking; None where the rows are not local times there."""
    doubled, lacking = [], []
    for (begin, end), is_doubled in _changes(zone, stamps):
        rows = np.flatnonzero((stamps >= begin) & (stamps < end))
        if is_doubled and len(rows):
            values = stamps[rows].view(np.int64)
            of_series = np.zeros(len(rows), np.int64) if keys is None else keys[rows]
            _, counts = np.unique(np.stack([of_series, values]), axis=1, return_counts=True)
            if (counts != 2).any():
                return None
            doubled.append(begin)
        elif not is_doubled:
            if len(rows):
                return None
            if (stamps == begin - step).any() and (stamps == end).any():
                lacking.append(begin)
    others = time.missing_rows - len(lacking) * int(_HOUR / step)
    if not doubled and (not lacking or others > _MAX_OTHER_GAPS * len(stamps)):
        return None
    return doubled, lacking


def _changes(zone: str, stamps: Stamps) -> list[tuple[tuple[np.datetime64, np.datetime64], bool]]:
    """Return begin and end of each local hour that occurs twice (True) or is lacking (False) in a zone."""
    import pandas as pd

    first = stamps.min().astype("datetime64[D]") - _DAY
    days = pd.DatetimeIndex(np.arange(first, stamps.max().astype("datetime64[D]") + 2 * _DAY), tz="UTC")
    found = []
    for i in map(int, np.flatnonzero(np.diff(_offsets(days, zone)) != np.timedelta64(0))):
        hours = pd.date_range(days[i], days[i + 1], freq="30min")
        offsets = _offsets(hours, zone)
        j = int(np.flatnonzero(np.diff(offsets) != np.timedelta64(0))[0])
        at, before, after = hours[j + 1].tz_localize(None).to_datetime64(), offsets[j], offsets[j + 1]
        found.append(((at + min(before, after), at + max(before, after)), bool(after < before)))
    return found


def _offsets(index: Any, zone: str) -> NDArray[np.timedelta64]:
    return np.asarray(index.tz_convert(zone).tz_localize(None) - index.tz_localize(None))


def _standard(zone: str, stamps: Stamps, keys: NDArray[Any] | None, is_reversed: bool) -> Stamps:
    """Return local times as those that the clock would show without summer time."""
    import pandas as pd

    rows = pd.DataFrame({"series": 0 if keys is None else keys, "stamp": stamps})
    is_summer = ~rows.duplicated(keep="last" if is_reversed else "first").to_numpy()
    local = pd.DatetimeIndex(stamps)
    utc = local.tz_localize(zone, ambiguous=is_summer, nonexistent="shift_forward").tz_convert("UTC")
    first = pd.Timestamp(stamps.min()).tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
    offset = (first.utcoffset() or pd.Timedelta(0)) - (first.dst() or pd.Timedelta(0))
    standard: Stamps = (utc.tz_localize(None) + offset).to_numpy("datetime64[ns]")
    return standard


def _sentence(zone: str, doubled: list[np.datetime64], lacking: list[np.datetime64]) -> str:
    parts = [
        f"the hour {str(hours[0].astype('datetime64[m]'))[-5:]} {what} on {_days(hours)}"
        for hours, what in ((doubled, "occurs twice"), (lacking, "is lacking"))
        if hours
    ]
    text = " and ".join(parts)
    return (
        f"{text[0].upper()}{text[1:]}: the clock change, as in {zone}. The times are read as standard time; those of "
        "summer are an hour earlier than in the file. Set doubles to keep to read them as they are."
    )


def _days(hours: list[np.datetime64]) -> str:
    days = [str(hour.astype("datetime64[D]")) for hour in hours]
    return enumeration(days if len(days) <= _MAX_NAMED else [*days[: _MAX_NAMED - 1], f"{len(days) - 2} other days"])
