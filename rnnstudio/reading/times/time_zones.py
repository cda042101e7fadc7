"""Stamps with time zones: local times where all have one offset from UTC, else UTC."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.wording import enumeration
from rnnstudio.reading.times.time_parts import Stamps
from rnnstudio.reading.times.time_patterns import ZONES

_OFFSET = re.compile(r"(?:UTC|GMT)?([-+])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)


def in_one_zone(stamps: Stamps, codes: NDArray[Any], zones: Sequence[str]) -> tuple[Stamps, str, str] | None:
    """Return stamps in one zone, its name and a sentence about it; None where a zone is unknown or only some have one.

    Args:
        stamps: Times as they are written.
        codes: Index of the zone of each in `zones`.
        zones: How the zones are written; empty for none.

    >>> stamps = np.array(["2024-03-31T01", "2024-03-31T03"], "datetime64[ns]")
    >>> utc, zone, _ = in_one_zone(stamps, np.array([0, 1]), ["+01:00", "+02:00"])
    >>> utc.astype("datetime64[h]").astype(str).tolist(), zone
    (['2024-03-31T00', '2024-03-31T01'], 'UTC')
    """
    known = ~np.isnat(stamps)
    used = [zones[code] for code in np.unique(codes[known])]
    if "" in used:
        return (stamps, "", "") if set(used) == {""} else None
    minutes = [_minutes(zone) for zone in zones]
    different = {minutes[code] for code in np.unique(codes[known])}
    if len({zone.upper() for zone in used}) == 1 and used[0].upper() in ZONES and minutes[zones.index(used[0])] != 0:
        return stamps, used[0].upper(), ""
    if None in different:
        return None
    names = [_name(offset) for offset in sorted(different) if offset is not None]
    if len(names) == 1:
        return stamps, names[0], ""
    if (
        stamps[known] == stamps[known].astype("datetime64[D]")
    ).all():  # days, whose midnights a change of the clock shifts
        return stamps, "local time", f"The days are those of local time ({enumeration(names)})."
    offsets = np.array([minute or 0 for minute in minutes])[codes]
    utc: Stamps = stamps - offsets.astype("timedelta64[m]")
    return utc, "UTC", f"The times are in {enumeration(names)}; all are read as UTC."


def with_or_without_zone(stamps: Stamps, codes: NDArray[Any], zones: Sequence[str]) -> Stamps:
    """Return the stamps that name a zone, or those that name none, whichever are more; NaT for the others.

    >>> stamps = np.array(["2024-03-31", "2024-04-01", "2024-04-02"], "datetime64[ns]")
    >>> np.isnat(with_or_without_zone(stamps, np.array([0, 1, 1]), ["Z", ""])).tolist()
    [True, False, False]
    """
    has_zone = np.array([bool(zone) for zone in zones])[codes]
    known = ~np.isnat(stamps)
    is_more = has_zone[known].mean() >= 0.5 if known.any() else True
    return np.where(has_zone == is_more, stamps, np.datetime64("NaT", "ns"))


def _minutes(zone: str) -> int | None:
    """Return how far east of Greenwich a zone is."""
    if match := _OFFSET.fullmatch(zone):
        return (-1 if match[1] == "-" else 1) * (60 * int(match[2]) + int(match[3] or 0))
    return ZONES.get(zone.upper())


def _name(minutes: int) -> str:
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}" if minutes else "UTC"


def values_in_one_zone(local: Stamps, utc: Stamps) -> tuple[Stamps, str, str]:
    """Return the stamps of values that know their zone in one zone, its name and a sentence about it.

    They are read as in a text table: local times where all have one offset from UTC, else UTC.

    Args:
        local: Times as a clock on the spot shows them.
        utc: The same times in UTC.

    >>> local = np.array(["2024-07-01T14", "2024-07-01T15"], "datetime64[ns]")
    >>> stamps, zone, _ = values_in_one_zone(local, local - np.timedelta64(2, "h"))
    >>> bool(stamps[0] == local[0]), zone
    (True, 'UTC+02:00')
    """
    known = ~np.isnat(utc)
    offsets = np.where(known, (local - utc) / np.timedelta64(1, "m"), 0.0)
    distinct, codes = np.unique(offsets, return_inverse=True)
    if (distinct != np.round(distinct)).any():  # local times of the 19th century
        return utc, "UTC", "The times have offsets with seconds; all are read as UTC."
    parts = [("-" if offset < 0 else "+", *divmod(abs(int(offset)), 60)) for offset in distinct]
    zones = [f"{sign}{hours:02d}:{minutes:02d}" for sign, hours, minutes in parts]
    found = in_one_zone(local, codes, zones)
    return found if found is not None else (utc, "UTC", "")
