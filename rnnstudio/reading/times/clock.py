"""What the stamps of a series say: their order, frequency, double stamps, gaps and season."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.byte_budget import NUMBER_BYTES, RATIO, SMALL_BYTES
from rnnstudio.core.time_account import TimeAccount
from rnnstudio.reading.times.time_parts import Stamps

_MIN_PRESENT = 0.5  # share of the stamps of a frequency that must be present
_MIN_EQUAL = 0.9  # or: share of the steps that must be equal, if the gaps are few
_FEW_GAPS = 3, 0.1  # so many, or so many for each day with stamps; nights without stamps are no gaps
_MOST_LACKING = 1_000  # stamps of the clock for each that is present; more are another frequency
_RARE_STEP = 0.05  # share below which the smallest step is not the one from row to row
_DAY, _SHORTEST_MONTH = np.timedelta64(1, "D"), np.timedelta64(28, "D")
_SEASONS = {"YS": 1, "YE": 1, "QS": 4, "QE": 4, "MS": 12, "ME": 12, "BMS": 12, "BME": 12, "W": 52, "B": 5, "D": 7}
_DAY_SEASONS = {7: 52, 14: 26}  # by days from row to row
_MOST_A_DAY = 288  # rows: five minutes
_WORDS = {
    "YS": "year", "YE": "year", "QS": "quarter", "QE": "quarter", "MS": "month", "ME": "month", "BMS": "month",
    "BME": "month", "W": "week", "B": "working day", "D": "day", "h": "hour", "min": "minute", "s": "second",
    "ms": "millisecond", "us": "microsecond", "ns": "nanosecond",
}  # fmt: skip
_UNITS = {"D": 86_400 * 10**9, "h": 3_600 * 10**9, "min": 60 * 10**9, "s": 10**9, "ms": 10**6, "us": 1_000, "ns": 1}
_WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def time_account(columns: str, stamps: Stamps, zone: str = "", usual: str = "") -> TimeAccount:
    """Return what the stamps of one series say.

    Args:
        columns: The column or columns they come from.
        stamps: The stamps in the order of the file; NaT is left out.
        zone: Their time zone.
        usual: The frequency of most other series, or of the training, which counts where these stamps fit it.

    >>> days = np.array(["2024-01-01", "2024-01-02", "2024-01-05", "2024-01-06"], "datetime64[ns]")
    >>> account = time_account("day", days)
    >>> account.frequency, account.gaps, account.missing_rows, account.season
    ('D', 1, 2, 7)
    """
    known = stamps[~np.isnat(stamps)]
    steps = np.diff(known)
    none = np.timedelta64(0)
    rises, falls = bool((steps >= none).all()), bool((steps <= none).all())
    ordered = known if rises else known[::-1] if falls else np.sort(known.view(np.int64)).view("datetime64[ns]")
    unique = ordered[np.append(True, ordered[1:] > ordered[:-1])] if len(ordered) else ordered
    is_usual = usual and len(unique) and _fits(unique, usual)
    frequency = usual if is_usual else find_frequency(unique)
    if frequency and _is_too_sparse(unique, frequency):
        frequency = ""
    gaps, missing, longest = (0, 0, 0) if not frequency else _gaps(unique, frequency)
    usual_step, longest_step = (0.0, 0.0) if frequency else _uneven_steps(unique)
    return TimeAccount(
        column=columns,
        frequency=frequency,
        every=frequency_in_words(frequency),
        first=_text(unique[0]) if len(unique) else "",
        last=_text(unique[-1]) if len(unique) else "",
        zone=zone,
        rows="sorted" if rises else "newest first" if falls else "unsorted",
        doubles=len(known) - len(unique),
        gaps=gaps,
        missing_rows=missing,
        longest_gap=longest,
        season=season_of(frequency),
        usual_step=usual_step,
        longest_step=longest_step,
    )


def find_frequency(unique: Stamps) -> str:
    """Return the frequency of sorted stamps without doubles, as pandas writes it; empty where they are irregular.

    >>> find_frequency(np.array(["2024-01-31", "2024-02-29", "2024-03-31"], "datetime64[ns]"))
    'ME'
    >>> find_frequency(np.array(["2024-01-31", "2024-02-01", "2024-02-02"], "datetime64[ns]"))
    'D'
    """
    if len(unique) < 3:
        return ""
    steps = np.diff(unique)
    smallest = steps.min()
    if smallest >= _SHORTEST_MONTH and _at_one_time_of_day(unique) and (calendar := _calendar_frequency(unique)):
        return calendar
    equal = float((steps == smallest).mean())
    base = smallest if equal >= _RARE_STEP else np.sort(steps)[len(steps) // 2]
    if base == _DAY and _is_working_days(unique):
        return "B"
    if base <= np.timedelta64(0) or (steps % base != np.timedelta64(0)).any():
        return ""
    if not (_is_present(unique, (unique[-1] - unique[0]) / base + 1) or _has_few_gaps(unique, steps, base)):
        return ""
    return _alias(base, unique[0])


def _at_one_time_of_day(unique: Stamps) -> bool:
    of_day = unique - unique.astype("datetime64[D]")
    return bool((of_day == of_day[0]).all())


def full_clock(unique: Stamps, frequency: str) -> Stamps:
    """Return all stamps from the first to the last at a frequency.

    >>> full_clock(np.array(["2024-01-05", "2024-01-09"], "datetime64[ns]"), "B").astype("datetime64[D]").astype(str)
    array(['2024-01-05', '2024-01-08', '2024-01-09'], dtype='<U28')
    """
    import pandas as pd

    step = fixed_step(frequency)
    if step is not None:  # as pandas has it, but many series have a clock each
        return np.asarray(unique[0] + np.arange((unique[-1] - unique[0]) // step + 1) * step)
    clock: Stamps = pd.date_range(unique[0], unique[-1], freq=frequency).to_numpy("datetime64[ns]")
    return clock


def lacking_stamps(stamps: Stamps, frequency: str) -> Stamps:
    """Return the stamps of the full clock that are not among sorted stamps.

    >>> days = np.array(["2024-01-01", "2024-01-02", "2024-01-04"], "datetime64[ns]")
    >>> lacking_stamps(days, "D").astype("datetime64[D]").astype(str).tolist()
    ['2024-01-03']
    """
    clock = full_clock(stamps, frequency)
    lacking: Stamps = clock[stamps[np.searchsorted(stamps, clock)] != clock]
    return lacking


def _is_too_sparse(unique: Stamps, frequency: str) -> bool:
    """Return whether the full clock would have so many stamps that another frequency is likelier, or no memory is left.

    A wrong year in one row makes a clock of seconds a billion stamps long.
    """
    step = fixed_step(frequency)
    if step is None:
        return False
    most = min(_MOST_LACKING * len(unique), max(SMALL_BYTES // NUMBER_BYTES, RATIO * len(unique)))
    return bool((unique[-1] - unique[0]) / step > most)  # a product could overflow


def _fits(unique: Stamps, frequency: str) -> bool:
    """Return whether all stamps are among those of the full clock, of which they are not too few."""
    if _is_too_sparse(unique, frequency):
        return False
    clock = full_clock(unique, frequency)
    if not len(clock) or unique[-1] > clock[-1]:
        return False
    return bool((clock[np.searchsorted(clock, unique)] == unique).all())


def season_of(frequency: str) -> int:
    """Return the rows in a season that a frequency suggests; 0 for none.

    >>> [season_of(frequency) for frequency in ("MS", "D", "h", "15min", "s")]
    [12, 7, 24, 96, 0]
    """
    every, unit = _split(frequency)
    if unit == "D" and every > 1:
        return _DAY_SEASONS.get(every, 0)
    if unit in _SEASONS:
        rows, rest = divmod(_SEASONS[unit], every)
        return rows if rest == 0 and rows > 1 else 0
    if unit not in _UNITS:
        return 0
    rows, rest = divmod(_UNITS["D"], every * _UNITS[unit])
    return rows if rest == 0 and 2 <= rows <= _MOST_A_DAY else 0


def fixed_step(frequency: str) -> np.timedelta64 | None:
    """Return the time between stamps of a frequency; None where it is irregular or a matter of the calendar.

    >>> fixed_step("15min"), fixed_step("MS")
    (np.timedelta64(900000000000,'ns'), None)
    """
    every, unit = _split(frequency)
    return np.timedelta64(every * _UNITS[unit], "ns") if unit in _UNITS else None


def frequency_in_words(frequency: str) -> str:
    """Return a frequency in words, to follow "every".

    >>> frequency_in_words("15min"), frequency_in_words("W-MON"), frequency_in_words("")
    ('15 minutes', 'week', '')
    """
    every, unit = _split(frequency)
    word = _WORDS.get(unit, unit)
    return word if every == 1 else f"{every} {word}s"


def _split(frequency: str) -> tuple[int, str]:
    """Return the number and the unit of a frequency, without the month or weekday that it begins at."""
    digits, unit = re.fullmatch(r"(\d*)(.*)", frequency.split("-")[0]).groups()  # type: ignore[union-attr]
    return int(digits or 1), unit


def _text(stamp: np.datetime64) -> str:
    """Return a stamp as ISO 8601, as short as it can be; a date at midnight."""
    text = str(np.datetime_as_string(stamp, "ns"))
    date, _, clock = text.partition("T")
    if clock == "00:00:00.000000000":
        return date
    clock, _, fraction = clock.partition(".")
    fraction = fraction.rstrip("0")
    return f"{date}T{clock}.{fraction}" if fraction else f"{date}T{clock.removesuffix(':00')}"


def _calendar_frequency(unique: Stamps) -> str:
    """Return the frequency of stamps that lie months apart, at one end of the months; empty for others."""
    import pandas as pd

    index = pd.DatetimeIndex(unique).normalize()
    months = index.year.to_numpy() * 12 + index.month.to_numpy() - 1
    every = int(np.gcd.reduce(np.diff(months)))
    if every == 0 or not _is_present(unique, (months[-1] - months[0]) / every + 1):
        return ""
    if (index.day == 1).all():
        return _months(every, "S", int(index[0].month))
    if (index.day == index.days_in_month).all():
        return _months(every, "E", int(index[0].month))
    working = (pd.offsets.BusinessMonthBegin(), pd.offsets.BusinessMonthEnd())
    return next((o.freqstr for o in working if every == 1 and all(o.is_on_offset(day) for day in index)), "")


def _months(every: int, end: str, month: int) -> str:
    """Return the frequency of every so many months (every 1, 3, 12 or 24, say) that begin or end with a month."""
    usual = 1 if end == "S" else 0  # years and quarters begin with January, or end with December
    if every % 12 == 0:
        return f"{every // 12 if every > 12 else ''}Y{end}{'' if month % 12 == usual else f'-{_MONTHS[month - 1]}'}"
    if every == 3:
        return f"Q{end}{'' if month % 3 == usual else f'-{_MONTHS[(month - 1) % 3]}'}"
    return f"{every if every > 1 else ''}M{end}"


def _is_working_days(unique: Stamps) -> bool:
    """Return whether stamps a day apart leave out the weekends, and only few other days."""
    days = unique.astype("datetime64[D]")
    all_days = int((days[-1] - days[0]).astype(int)) + 1
    working_days = int(np.busday_count(days[0], days[-1])) + 1
    return bool(np.is_busday(days).all()) and working_days < all_days and _is_present(unique, working_days)


def _is_present(unique: Stamps, expected: float) -> bool:
    return len(unique) >= _MIN_PRESENT * expected


def _has_few_gaps(unique: Stamps, steps: NDArray[np.timedelta64], base: np.timedelta64) -> bool:
    """Return whether the stamps are evenly spaced but for few gaps, as long as these may be."""
    equal = int((steps == base).sum())
    most, for_each_day = _FEW_GAPS
    days = len(np.unique(unique.astype("datetime64[D]")))
    return equal >= _MIN_EQUAL * len(steps) and len(steps) - equal <= max(most, for_each_day * days)


def _alias(step: np.timedelta64, first: np.datetime64) -> str:
    """Return the frequency of a fixed step in the largest unit that it is a multiple of."""
    nanoseconds = int(step.astype("timedelta64[ns]").astype(np.int64))
    if nanoseconds == 7 * _UNITS["D"]:
        return f"W-{_WEEKDAYS[(int(first.astype('datetime64[D]').astype(int)) + 3) % 7]}"  # 1970 began on a Thursday
    unit = next(unit for unit, size in _UNITS.items() if nanoseconds % size == 0)
    every = nanoseconds // _UNITS[unit]
    return f"{every if every > 1 else ''}{unit}"


def _gaps(unique: Stamps, frequency: str) -> tuple[int, int, int]:
    """Return the number of gaps, of rows missing in them, and the most rows missing in one."""
    grid = full_clock(unique, frequency)
    if len(grid) == len(unique):
        return 0, 0, 0
    lengths = np.diff(np.searchsorted(grid, unique)) - 1
    return int((lengths > 0).sum()), int(lengths.sum()), int(lengths.max(initial=0))


def _uneven_steps(unique: Stamps) -> tuple[float, float]:
    """Return the median and the most seconds from one stamp to the next; 0 where there is none."""
    steps = np.diff(unique) / np.timedelta64(1, "s")
    return (float(np.median(steps)), float(steps.max())) if len(steps) else (0.0, 0.0)
