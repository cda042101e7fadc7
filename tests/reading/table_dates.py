"""Columns of dates and times as they are written in tables, with the moments that a person reads in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.reading.table_columns import WORDS, Column

_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
]  # fmt: skip
_GERMAN = [
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli",
    "August", "September", "Oktober", "November", "Dezember",
]  # fmt: skip
_FRENCH = [
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet",
    "août", "septembre", "octobre", "novembre", "décembre",
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
    "d. German b Y": lambda t: f"{t.day}. {_GERMAN[t.month - 1][:3]}. {t.year}",
    "d French B Y": lambda t: f"{t.day} {_FRENCH[t.month - 1]} {t.year}",
    "A, B d, Y": _strf("%A, %B %d, %Y"),
    "Y-j": _strf("%Y-%j"),
    "d/b/Y": _strf("%d/%b/%Y"),
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
    "Y.m": _strf("%Y.%m"),
    "German b y": lambda t: f"{_GERMAN[t.month - 1][:3]} {t:%y}",
}
_QUARTERLY: dict[str, Writer] = {
    "YQq": lambda t: f"{t.year}Q{(t.month + 2) // 3}",
    "Y-Qq": lambda t: f"{t.year}-Q{(t.month + 2) // 3}",
    "Qq Y": lambda t: f"Q{(t.month + 2) // 3} {t.year}",
    "q. Quartal Y": lambda t: f"{(t.month + 2) // 3}. Quartal {t.year}",
    "Qq/y": lambda t: f"Q{(t.month + 2) // 3}/{t:%y}",
}
_CLOCKS: dict[str, Writer] = {
    "H:M": _strf("%H:%M"),
    "H:M:S": _strf("%H:%M:%S"),
    "H short": lambda t: f"{t.hour}:{t:%M}",
    "12 hours": _strf("%I:%M %p"),
    "12 hours short": lambda t: f"{(t.hour - 1) % 12 + 1}:{t:%M} {'ap'[t.hour // 12]}m",
    "24:00": lambda t: f"{t:%H:%M}",
    "ms": lambda t: f"{t:%H:%M:%S}.{t.microsecond // 1000:03}",
    "us": _strf("%H:%M:%S.%f"),
}
_EPOCHS: dict[str, Writer] = {
    "s": lambda t: str((t - _EPOCH) // timedelta(seconds=1)),
    "ms": lambda t: str((t - _EPOCH) // timedelta(milliseconds=1)),
    "us": lambda t: str((t - _EPOCH) // timedelta(microseconds=1)),
    "ns": lambda t: str((t - _EPOCH) // timedelta(microseconds=1) * 1000),
    "s with decimals": lambda t: f"{(t - _EPOCH) / timedelta(seconds=1):.1f}",
}
_MORE = ["week", "Excel with hours", "basic", "year and month", "hours beside dates", "decimal years", "periods"]
_LAST_YEAR = 2045
_MINUTES = [1, 10, 15, 30, 60, 60, 180]
_ORDERS = {"d": "day_first", "m": "month_first", "y": "year_first", "Y": "year_first"}
_MIN_DECIMAL = 3  # rows of years with decimals
_MIN_CHANGE = 16  # rows around a change of the clock
_EXCEL_MINUTES = [15, 30, 60, 180, 720]
HOURS, SERIES = ["Hour", "Stunde"], ["shop", "sensor", "Filiale", "place"]
NAMES = ["Date", "date", "Datum", "time", "timestamp", "Month"]


def time_columns(r: Random, rows: int, script: str, decimal: str) -> list[Column]:
    """Return a column of dates or times in the order of time, or one of dates and one of clock times.

    Args:
        r: Draws what is left open.
        rows: Number of rows.
        script: Letters of the file.
        decimal: Its decimal mark.
    """
    if rows >= _MIN_CHANGE and r.random() < 0.1:
        return [_with_clock_change(r, rows)]
    start = datetime(r.randint(1996, 2033), r.randint(1, 12), r.randint(1, 28), r.randint(0, 23))
    group = r.choice(
        ["day", "day", "month", "quarter", "year", "clock", "clock", "two columns", "epoch", "parts", *_MORE]
    )
    if rows > 60 and group in ("quarter", "year"):
        group = "month"
    if (group == "hours beside dates" and rows < _MIN_CHANGE) or (group == "decimal years" and rows < _MIN_DECIMAL):
        group = "day"
    step: timedelta | int = {"month": 1, "quarter": 3, "year": 12, "year and month": 1, "decimal years": 1}.get(
        group, 0
    )
    if group == "week":
        step, start = timedelta(days=7), start.replace(hour=0)
    elif group == "Excel with hours":
        step = timedelta(minutes=r.choice(_EXCEL_MINUTES))
    elif group == "day":
        step, start = timedelta(days=r.choice([1, 1, 1, 7])), start.replace(hour=0)
    elif not step:
        step = timedelta(minutes=60 if group in ("parts", "hours beside dates") else r.choice(_MINUTES))
    elif group not in ("month", "year and month", "decimal years"):
        start = start.replace(month=1)
    clock = r.choice(list(_CLOCKS)) if group in ("clock", "two columns") else ""
    if clock in ("ms", "us"):
        step = timedelta(milliseconds=r.choice([10, 100, 1000]))
        start += timedelta(microseconds=r.randint(0, 999) * (1 if clock == "us" else 1000))
    start = start.replace(year=start.year - max(_later(start, step, 2 * rows).year - _LAST_YEAR, 0))
    start -= timedelta(days=start.weekday() if group == "week" else 0)
    moments = [_later(start, step, i) for i in range(2 * rows)]
    moments = moments[:rows] if group == "decimal years" else _with_gaps(r, moments, rows)
    values = tuple((moment - _EPOCH) // timedelta(microseconds=1) * 1000 for moment in moments)
    name = r.choice(NAMES)
    if group == "parts":
        return _of_parts(moments, values)
    if group == "year and month":
        return _of_parts(moments, values, r.choice([["year", "month"], ["Jahr", "Monat"]]))
    if group in _MORE:
        return _more_columns(r, group, moments, values, decimal)
    if group == "year":
        return [Column("time", tuple(str(t.year) for t in moments), values, "Year")]
    if group == "epoch":
        writer = r.choice(list(_EPOCHS.values()))
        cells = tuple(writer(moment).replace(".", decimal) for moment in moments)
        return [Column("time", cells, values, r.choice(["timestamp", "time", "created_at"]))]
    styles = {"month": _MONTHLY, "quarter": _QUARTERLY}.get(group, _DAYS)
    names = [style for style in styles if style != "Chinese" or script == "chinese"]
    style = r.choice([style for style in names if not clock or style not in _OF_NUMBERS])
    answers = {"date_order": _ORDERS[style[0]]} if style[0] in _ORDERS else {}
    dates = tuple(map(styles[style], moments))
    if clock == "24:00":  # as the end of the day before
        is_midnight = [f"{t:%H:%M}" == "00:00" for t in moments]
        days = [t - timedelta(days=late) for t, late in zip(moments, is_midnight, strict=True)]
        dates = tuple(map(styles[style], days))
    if not clock:
        is_number = style in _OF_NUMBERS or style == "Ym"
        column = Column("time", dates, values, "Date" if is_number else name, answers)
        return [column if is_number else _with_missing_times(r, column)]
    clocks = tuple(map(_CLOCKS[clock], moments))
    if clock == "24:00":
        clocks = tuple("24:00" if late else cell for cell, late in zip(clocks, is_midnight, strict=True))
    if group == "two columns":
        return [Column("time", dates, values, "Date", answers), Column("clock", clocks, values, "Time")]
    is_iso = style == "Y-m-d" and clock in ("H:M", "H:M:S", "ms", "us")
    between, zone = (r.choice(" T"), r.choice(["", "", "", "Z", "+02:00", "+0200", "-05:00"])) if is_iso else (" ", "")
    cells = tuple(f"{date}{between}{time}{zone}" for date, time in zip(dates, clocks, strict=True))
    return [_with_missing_times(r, Column("time", cells, values, name, answers))]


def _more_columns(
    r: Random, group: str, moments: list[datetime], values: tuple[int, ...], decimal: str
) -> list[Column]:
    """Return weeks, days of Excel, digits with a clock, numbered hours, decimal years, or columns of begin and end."""
    if group == "week":
        writer: Writer = r.choice([_strf("%G-W%V"), _strf("%G-W%V-%u"), lambda t: f"{t:%G} KW {int(f'{t:%V}')}"])
        return [Column("time", tuple(map(writer, moments)), values, r.choice(["week", "Woche", "Date"]))]
    if group == "Excel with hours":
        days = tuple(_digits((t - _EXCEL_DAY_0) / timedelta(days=1), 6, decimal) for t in moments)
        return [Column("time", days, values, r.choice(["Date", "timestamp", "Datum"]))]
    if group == "basic":
        pattern = r.choice(["%Y%m%dT%H%M%S", "%Y%m%d %H:%M", "%Y%m%d%H%M", "%Y%m%d_%H%M%S", "%Y-%m-%d_%H-%M-%S"])
        return [Column("time", tuple(t.strftime(pattern) for t in moments), values, "Date")]
    if group == "hours beside dates":
        days, hours = tuple(f"{t:%Y-%m-%d}" for t in moments), tuple(str(t.hour) for t in moments)
        return [Column("time", days, values, "Date"), Column("clock", hours, values, r.choice(HOURS))]
    if group == "decimal years":
        years = tuple(f"{t.year + (t.month - 1) / 12:.3f}".replace(".", decimal) for t in moments)
        return [Column("time", years, values, "Year")]
    begin, end = r.choice([("begin", "end"), ("Von", "Bis"), ("start_time", "end_time")])
    minutes = timedelta(minutes=r.choice(_MINUTES))
    cells = [tuple(f"{t:%Y-%m-%d %H:%M}" for t in times) for times in (moments, [t + minutes for t in moments])]
    answers = {"time": begin}
    return [Column("time", cells[0], values, begin, answers), Column("clock", cells[1], values, end)]


def _digits(value: float, decimals: int, decimal: str) -> str:
    """Return a number without zeros at its end."""
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".").replace(".", decimal)


def series_columns(r: Random, rows: int, script: str) -> list[Column]:
    """Return the dates and the names of several series, below each other or row by row in turn."""
    count = r.randint(2, 4)
    size = rows // count
    step = timedelta(minutes=r.choice([60, 1440]))
    start = datetime(r.randint(1996, 2033), r.randint(1, 12), r.randint(1, 28))
    names = r.choice([r.sample(WORDS[script], count), [f"S{i}" for i in range(count)], list("1234")[:count]])
    pairs = [(start + step * i, name) for name in names for i in range(size)]
    if r.random() < 0.5:
        pairs.sort(key=lambda pair: pair[0])
    day = _DAYS[r.choice(["Y-m-d", "Y/m/d", "d b Y"])]
    cells = tuple(day(t) + (f" {t:%H:%M}" if step < timedelta(days=1) else "") for t, _ in pairs)
    values = tuple((t - _EPOCH) // timedelta(microseconds=1) * 1000 for t, _ in pairs)
    texts = tuple(name for _, name in pairs)
    is_number = names[0].isdigit()
    series = Column("number" if is_number else "text", texts, tuple(map(float, texts)) if is_number else texts)
    return [Column("time", cells, values, r.choice(NAMES)), replace(series, name=r.choice(SERIES))]


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
    zones = [moment.replace(tzinfo=UTC).astimezone(_BERLIN).strftime("%z %Z") for moment in utc]
    if r.random() < 0.4 and len(set(zones)) > 1:  # offsets that differ: read in UTC
        way = r.choice([lambda zone: zone[:3] + ":" + zone[3:5], lambda zone: zone[:5], lambda zone: f" {zone[6:]}"])
        cells = tuple(cell + way(zone) for cell, zone in zip(cells, zones, strict=True))
        values = tuple((moment - _EPOCH) // timedelta(microseconds=1) * 1000 for moment in utc)
        return Column("time", cells, values, r.choice(NAMES))
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


def _of_parts(moments: list[datetime], values: tuple[int, ...], names: Sequence[str] = ()) -> list[Column]:
    """Return columns year, month, day and hour, or the first of them, whose first one stands for the time column."""
    parts = dict(zip(names or ("year", "month", "day", "hour"), ("%Y", "%m", "%d", "%H"), strict=False))
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
