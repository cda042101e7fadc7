"""Stamps with time zones: local times where all have one offset from UTC, else UTC."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.wording import enumeration
from rnnstudio.reading.time_parts import Stamps
from rnnstudio.reading.time_patterns import ZONES

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


def _minutes(zone: str) -> int | None:
    """Return how far east of Greenwich a zone is."""
    if match := _OFFSET.fullmatch(zone):
        return (-1 if match[1] == "-" else 1) * (60 * int(match[2]) + int(match[3] or 0))
    return ZONES.get(zone.upper())


def _name(minutes: int) -> str:
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}" if minutes else "UTC"
