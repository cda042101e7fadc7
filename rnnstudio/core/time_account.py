"""The account of the times of a table: what its time column says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rnnstudio.core.missing import count_of

STANDARD_TIME = "standard time"  # the zone of local times that are read without their clock changes
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1), ("millisecond", 1e-3), ("microsecond", 1e-6))


@dataclass(frozen=True)
class TimeAccount:
    """The time column and what its stamps say.

    Attributes:
        column: Its name; two names where a date and a clock time stand in two columns.
        frequency: Time from one row to the next as pandas writes it, such as "D", "h" or "MS"; empty where irregular.
        every: The same in words, such as "day"; empty where irregular.
        first: The first stamp, as ISO 8601.
        last: The last stamp, as ISO 8601.
        zone: The time zone of the stamps; empty where the file names none.
        rows: "sorted", "newest first" or "unsorted", as they stand in the file; they are read sorted.
        doubles: Number of rows whose stamp occurred before.
        gaps: Number of gaps: places where rows are missing.
        missing_rows: Number of rows that are missing in them.
        longest_gap: The most rows missing in one of them.
        season: Rows in a season, which follows from the frequency; 0 where unknown.
        usual_step: Median seconds from one row to the next where the times are irregular; else 0.
        longest_step: Most seconds from one row to the next where the times are irregular; else 0.
    """

    column: str
    frequency: str = ""
    every: str = ""
    first: str = ""
    last: str = ""
    zone: str = ""
    rows: Literal["sorted", "newest first", "unsorted"] = "sorted"
    doubles: int = 0
    gaps: int = 0
    missing_rows: int = 0
    longest_gap: int = 0
    season: int = 0
    usual_step: float = 0.0
    longest_step: float = 0.0


def first_date_part(written: str) -> str:
    """Return which of day, month and year comes first in dates that are written so; empty where one is not in them.

    >>> first_date_part("month/day/year, clock"), first_date_part("year-month")
    ('month', '')
    """
    places = {part: written.find(part) for part in ("day", "month", "year") if part in written}
    return min(places, key=lambda part: places[part]) if len(places) == 3 else ""


def time_text(time: TimeAccount) -> str:
    """Return what the time column says, such as "Datum, every day, 2023-01-01 to 2025-12-31".

    >>> time_text(TimeAccount("Datum", "D", "day", "2023-01-01", "2023-03-01", gaps=1, missing_rows=3, season=7))
    'Datum, every day, 2023-01-01 to 2023-03-01, season of 7 rows, 3 rows missing in 1 gap'
    """
    steps = f" ({steps_text(time)})" if time.longest_step else ""
    parts = [time.column, f"every {time.every}" if time.every else f"irregular{steps}", _span(time)]
    if time.zone:
        parts.append(time.zone)
    if time.season:
        parts.append(f"season of {time.season} rows")
    if time.rows != "sorted":
        parts.append(f"{time.rows} in the file")
    if time.doubles:
        parts.append(count_of(time.doubles, "double stamp"))
    if time.gaps:
        parts.append(f"{count_of(time.missing_rows, 'row')} missing in {count_of(time.gaps, 'gap')}")
    return ", ".join(parts)


def steps_text(time: TimeAccount) -> str:
    """Return how irregular times follow each other.

    >>> steps_text(TimeAccount("time", usual_step=60.0, longest_step=63_000.0))
    'usually 1 minute from row to row, at most 17.5 hours'
    """
    return f"usually {_duration(time.usual_step)} from row to row, at most {_duration(time.longest_step)}"


def _duration(seconds: float) -> str:
    """Return a time in the largest unit of which it has one at least."""
    unit, size = next((unit for unit in _UNITS if seconds >= unit[1]), _UNITS[-1])
    number = f"{seconds / size:,.3g}" if seconds < 1000 * size else f"{seconds / size:,.0f}"
    return f"{number} {unit}" if number == "1" else f"{number} {unit}s"


def _span(time: TimeAccount) -> str:
    """Return the first and the last stamp, both with a time of day where one of them has it."""
    clock = "T00:00" if "T" in time.first + time.last else ""
    return " to ".join(
        (stamp if "T" in stamp else stamp + clock).replace("T", " ") for stamp in (time.first, time.last)
    )
