"""Columns of dates and times as they are written in tables, with the moments that a person reads in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.reading.table_columns import Column

_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
]  # fmt: skip
_GERMAN = [
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli",
    "August", "September", "Oktober", "November", "Dezember",
]  # fmt: skip
_BERLIN = ZoneInfo("Europe/Berlin")
_EXCEL_DAY_0, _EPOCH = datetime(1899, 12, 30), datetime(1970, 1, 1)
Writer = Callable[[datetime], str]


def _strf(pattern: str) -> Writer:
    return lambda t: t.strftime(pattern)


_DAYS: dict[str, Writer] = {
    "Y-m-d": _strf("%Y-%m-%d"),
    "Y/m/d": _strf("%Y/%m/%d"),
    "Y.m.d": _strf("%Y.%m.%d"),
    "Y/m/d short": lambda t: f"{t.year}/{t.month}/{t.day}",
    "d.m.Y": _strf("%d.%m.%Y"),
    "d.m.Y short": lambda t: f"{t.day}.{t.month}.{t.year}",
    "d/m/Y": _strf("%d/%m/%Y"),
    "m/d/Y": _strf("%m/%d/%Y"),
    "m/d/Y short": lambda t: f"{t.month}/{t.day}/{t.year}",
    "d-m-Y": _strf("%d-%m-%Y"),
    "d.m.y": _strf("%d.%m.%y"),
    "d/m/y": _strf("%d/%m/%y"),
    "m/d/y": _strf("%m/%d/%y"),
    "y-m-d": _strf("%y-%m-%d"),
    "d b Y": _strf("%d %b %Y"),
    "d-b-Y": _strf("%d-%b-%Y"),
    "d-b-y": _strf("%d-%b-%y"),
    "b d, Y": _strf("%b %d, %Y"),
    "B d, Y": lambda t: f"{_MONTHS[t.month - 1]} {t.day}, {t.year}",
    "d B Y": _strf("%d %B %Y"),
    "a, d b Y": _strf("%a, %d %b %Y"),
    "d. German Y": lambda t: f"{t.day}. {_GERMAN[t.month - 1]} {t.year}",
    "Chinese": lambda t: f"{t.year}年{t.month}月{t.day}日",
    "Ymd": _strf("%Y%m%d"),
    "Excel": lambda t: str((t - _EXCEL_DAY_0).days),
}
_OF_NUMBERS = ("Ymd", "Excel")
_MONTHLY: dict[str, Writer] = {
    "Y-m": _strf("%Y-%m"),
    "Y/m": _strf("%Y/%m"),
    "m/Y": _strf("%m/%Y"),
    "b Y": _strf("%b %Y"),
    "B Y": _strf("%B %Y"),
    "b-y": _strf("%b-%y"),
    "Y b": _strf("%Y %b"),
    "YMm": _strf("%YM%m"),
    "Ym": _strf("%Y%m"),
}
_QUARTERLY: dict[str, Writer] = {
    "YQq": lambda t: f"{t.year}Q{(t.month + 2) // 3}",
    "Y-Qq": lambda t: f"{t.year}-Q{(t.month + 2) // 3}",
    "Qq Y": lambda t: f"Q{(t.month + 2) // 3} {t.year}",
}
_CLOCKS: dict[str, Writer] = {
    "H:M": _strf("%H:%M"),
    "H:M:S": _strf("%H:%M:%S"),
    "H short": lambda t: f"{t.hour}:{t:%M}",
    "12 hours": _strf("%I:%M %p"),
    "ms": lambda t: f"{t:%H:%M:%S}.{t.microsecond // 1000:03}",
    "us": _strf("%H:%M:%S.%f"),
}
_EPOCHS: dict[str, Writer] = {
    "s": lambda t: str((t - _EPOCH) // timedelta(seconds=1)),
    "ms": lambda t: str((t - _EPOCH) // timedelta(milliseconds=1)),
}
_LAST_YEAR = 2045
_MINUTES = [1, 10, 15, 30, 60, 60, 180]
_ORDERS = {"d": "day_first", "m": "month_first", "y": "year_first", "Y": "year_first"}
_MIN_CHANGE = 16  # rows around a change of the clock
NAMES = ["Date", "date", "Datum", "time", "timestamp", "Month"]


def time_columns(r: Random, rows: int, script: str) -> list[Column]:
    """Return a column of dates or times in the order of time, or one of dates and one of clock times."""
    if rows >= _MIN_CHANGE and r.random() < 0.08:
        return [_with_clock_change(r, rows)]
    start = datetime(r.randint(1996, 2033), r.randint(1, 12), r.randint(1, 28), r.randint(0, 23))
    group = r.choice(["day", "day", "month", "quarter", "year", "clock", "clock", "two columns", "epoch", "parts"])
    if rows > 60 and group in ("quarter", "year"):
        group = "month"
    step: timedelta | int = {"month": 1, "quarter": 3, "year": 12}.get(group, 0)
    if group == "day":
        step, start = timedelta(days=r.choice([1, 1, 1, 7])), start.replace(hour=0)
    elif not step:
        step = timedelta(minutes=60 if group == "parts" else r.choice(_MINUTES))
    elif group != "month":
        start = start.replace(month=1)
    clock = r.choice(list(_CLOCKS)) if group in ("clock", "two columns") else ""
    if clock in ("ms", "us"):
        step = timedelta(milliseconds=r.choice([10, 100, 1000]))
        start += timedelta(microseconds=r.randint(0, 999) * (1 if clock == "us" else 1000))
    start = start.replace(year=start.year - max(_later(start, step, 2 * rows).year - _LAST_YEAR, 0))
    moments = _with_gaps(r, [_later(start, step, i) for i in range(2 * rows)], rows)
    values = tuple((moment - _EPOCH) // timedelta(microseconds=1) * 1000 for moment in moments)
    name = r.choice(NAMES)
    if group == "parts":
        return _of_parts(moments, values)
    if group == "year":
        return [Column("time", tuple(str(t.year) for t in moments), values, "Year")]
    if group == "epoch":
        return [Column("time", tuple(map(r.choice(list(_EPOCHS.values())), moments)), values, "timestamp")]
    styles = {"month": _MONTHLY, "quarter": _QUARTERLY}.get(group, _DAYS)
    names = [style for style in styles if style != "Chinese" or script == "chinese"]
    style = r.choice([style for style in names if not clock or style not in _OF_NUMBERS])
    answers = {"date_order": _ORDERS[style[0]]} if style[0] in _ORDERS else {}
    dates = tuple(map(styles[style], moments))
    if not clock:
        is_number = style in _OF_NUMBERS or style == "Ym"
        column = Column("time", dates, values, "Date" if is_number else name, answers)
        return [column if is_number else _with_missing_times(r, column)]
    clocks = tuple(map(_CLOCKS[clock], moments))
    if group == "two columns":
        return [Column("time", dates, values, "Date", answers), Column("clock", clocks, values, "Time")]
    is_iso = style == "Y-m-d" and clock in ("H:M", "H:M:S", "ms", "us")
    between, zone = (r.choice(" T"), r.choice(["", "", "", "Z", "+02:00", "+0200", "-05:00"])) if is_iso else (" ", "")
    cells = tuple(f"{date}{between}{time}{zone}" for date, time in zip(dates, clocks, strict=True))
    return [_with_missing_times(r, Column("time", cells, values, name, answers))]


def _with_clock_change(r: Random, rows: int) -> Column:
    """Return the local times of a meter in Berlin around a change of its clock, with the standard time as values."""
    step = timedelta(minutes=r.choice([15, 30, 60]))
    year, month = r.randint(1997, 2033), r.choice([3, 10])
    last_sunday = next(day for day in range(31, 24, -1) if datetime(year, month, day).weekday() == 6)
    change = datetime(year, month, last_sunday, 1)  # in UTC
    begin = change - step * r.randint(_MIN_CHANGE // 2, rows - _MIN_CHANGE // 2)
    utc = [begin + step * i for i in range(rows)]
    local = [moment.replace(tzinfo=UTC).astimezone(_BERLIN).replace(tzinfo=None) for moment in utc]
    style = r.choice(["Y-m-d", "d.m.Y", "d/m/Y", "Y/m/d"])  # its day, after the 12th, decides the order
    cells = tuple(f"{_DAYS[style](time)} {time:%H:%M}" for time in local)
    standard = tuple((moment + timedelta(hours=1) - _EPOCH) // timedelta(microseconds=1) * 1000 for moment in utc)
    return Column("time", cells, standard, r.choice(NAMES), is_local=True)


def _with_missing_times(r: Random, column: Column) -> Column:
    """Return a column of times that a few rows lack, not at its ends."""
    rows = len(column.cells)
    if rows < 10 or r.random() > 0.08:
        return column
    gone = set(r.sample(range(2, rows - 2), r.randint(1, rows // 10)))
    cells = tuple("" if i in gone else cell for i, cell in enumerate(column.cells))
    return replace(column, cells=cells, values=tuple(None if i in gone else v for i, v in enumerate(column.values)))


def _of_parts(moments: list[datetime], values: tuple[int, ...]) -> list[Column]:
    """Return columns year, month, day and hour, whose first one stands for the time column."""
    parts = {"year": "%Y", "month": "%m", "day": "%d", "hour": "%H"}
    columns = [Column("clock", tuple(t.strftime(p) for t in moments), values, name) for name, p in parts.items()]
    return [replace(columns[0], kind="time"), *columns[1:]]


def _later(start: datetime, step: timedelta | int, i: int) -> datetime:
    """Return the moment a number of steps after the first one; a whole number is a step in months."""
    if isinstance(step, timedelta):
        return start + step * i
    month = start.year * 12 + start.month - 1 + step * i
    return datetime(month // 12, month % 12 + 1, 1)


def _with_gaps(r: Random, moments: list[datetime], rows: int) -> list[datetime]:
    """Return some of twice as many moments: regular, with a gap, irregular, or with double ones."""
    shape = r.choice(["regular", "regular", "gap", "irregular", "doubles"])
    if shape == "gap":
        gap = r.randint(1, max(rows // 2, 1))
        return (moments[: rows // 2] + moments[rows // 2 + gap :])[:rows]
    if shape == "irregular":
        return sorted(r.sample(moments, rows))
    if shape == "doubles" and rows >= 10:
        return sorted(moments[:rows] + r.choices(moments[:rows], k=rows // 10))[:rows]
    return moments[:rows]
