"""The time column of a table: dates in text, date and clock, year and month, or numbers that stand for times."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import Question
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.wording import enumeration
from rnnstudio.reading.column import Column
from rnnstudio.reading.time_faults import cells_without_time, no_times_question
from rnnstudio.reading.time_numbers import hours_of, times_of_numbers, times_of_parts
from rnnstudio.reading.time_text import CLOCK_ONLY, Stamps, clock_times

_NAMED_DATE = re.compile(
    r"(?:.*[_ ])?(?:date|datum|fecha|datetime|timestamp|zeitstempel|zeitpunkt|period|periode|year|jahr|quarter|quartal|"
    r"yearmonth|year_month|yearweek|year_week)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FoundTime:
    """The stamps of a table.

    Attributes:
        columns: The columns they come from.
        stamps: One for each row; NaT where there is none.
        written: How they are written.
        zone: Their time zone; empty if unknown.
        notes: What was assumed.
        question: What is open.
    """

    columns: tuple[str, ...]
    stamps: Stamps
    written: str
    zone: str = ""
    notes: tuple[str, ...] = ()
    question: Question | None = None


def find_time(
    name: str, columns: Mapping[str, Column], time: str = "", row_numbers: Sequence[int] | None = None
) -> FoundTime | None:
    """Return the stamps of a table; None if it has no time column.

    Args:
        name: Name of the file in messages.
        columns: The columns of the table.
        time: The time column, or a date and a clock column separated by a comma; found when empty, none for "none".
        row_numbers: Number of each row in messages; counted from 1 when left out.

    Raises:
        SettingError: `time` names a column that holds no times.
        DataError: `time` names no column.
    """
    if time.strip().lower() == "none":
        return None
    if time:
        return _named(
            name, columns, [part.strip() for part in time.split(",") if part.strip()] if time not in columns else [time]
        )
    numbers = range(1, 1 + len(next(iter(columns.values())).values)) if row_numbers is None else row_numbers
    written = [column for column, content in columns.items() if content.account.kind == "time"]
    written = [column for column in written if _varies(columns[column].values)] or written
    if partly := _partly_times(name, columns, written, numbers):
        return partly
    if written:
        first = _of_text(columns[written[0]], written[0])
        if len(written) == 1 and _is_date_only(first.stamps):
            return _with_clock(first, columns) or first
        others = [column for column in written[1:] if not _same_order(first.stamps, columns[column].values)]
        if others:
            choices = dict.fromkeys((written[0], *others), "")
            sentence = (
                f"{name} has {len(written)} columns of times, {enumeration(written)}, which order the rows differently."
            )
            first = replace(first, question=Question("time", {**choices, "none": "the rows are in order"}, sentence))
        return first
    found = _of_parts(columns) or next(
        (found for i, column in enumerate(columns) if (found := _of_numbers(columns[column], column, i == 0))), None
    )
    if found is not None and len(found.columns) == 1:
        content = columns[found.columns[0]]
        if no_times := cells_without_time(content, found.stamps):
            example = f"{content.values[~np.isnat(found.stamps)][0]:.15g}"
            question = no_times_question(name, found.columns[0], example, no_times, numbers)
            return replace(found, question=question)
    return found


def _partly_times(
    name: str, columns: Mapping[str, Column], written: Sequence[str], row_numbers: Sequence[int]
) -> FoundTime | None:
    """Return the first column with dates in most of its cells, and the question about the others.

    It is asked about where no column has dates in all cells, or a later one orders the rows differently.
    """
    for column, content in columns.items():
        if column in written[:1]:
            return None
        if content.dates is None or not _varies(content.dates.values):
            continue
        known = ~np.isnat(content.dates.values)
        if written and _same_order(content.dates.values[known], columns[written[0]].values[known]):
            return None
        found = _of_text(content.dates, column)
        example = str(content.values[np.flatnonzero(known)[0]])
        question = no_times_question(name, column, example, content.dates.unread, row_numbers)
        return found if found.question else replace(found, question=question)
    return None


def unread_time_note(columns: Mapping[str, Column]) -> str:
    """Return the sentence about a column that is named like a time but holds none; empty where there is none."""
    for name, column in columns.items():
        kind, rows = column.account.kind, len(column.values)
        cells = "texts" if kind == "text" else "numbers"
        is_label = kind == "text" and 0 < column.account.distinct * 2 < rows
        if kind in ("number", "text") and not is_label and _NAMED_DATE.fullmatch(name.strip()):
            return (
                f"Column {name!r} is named like a time, but its {cells} are not read as times; the rows are read in "
                "the order of the file."
            )
    return ""


def _of_text(column: Column, name: str) -> FoundTime:
    question = None
    if len(column.readings) > 1:
        stamps = [reading.stamps for reading in column.readings]
        example = int(np.flatnonzero((stamps[0] != stamps[1]) & ~np.isnat(stamps[0]))[0])
        question = Question(
            "date_order",
            {reading.order: _day(reading.stamps[example]) for reading in column.readings},
            f"The dates in column {name!r} can be read in {len(stamps)} ways; nothing in the column decides what "
            f"{column.readings[0].example!r} is.",
            name,
        )
    return FoundTime((name,), column.values, column.account.written, column.zone, tuple(column.notes), question)


def _day(stamp: Any) -> str:
    import pandas as pd

    time = pd.Timestamp(stamp)
    return f"{time.day} {time.month_name()} {time.year}"


def _named(name: str, columns: Mapping[str, Column], wanted: Sequence[str]) -> FoundTime:
    for column in wanted:
        if column not in columns:
            raise DataError(
                f"{name} has no column {column!r} for the setting time. Its columns: {enumeration(list(columns))}."
            )
    first = columns[wanted[0]]
    found: FoundTime | None
    chosen = {column: columns[column] for column in wanted}
    if len(wanted) > 1:
        is_date = first.account.kind == "time" or first.dates is not None
        found = _with_clock(_of_text(first.dates or first, wanted[0]), chosen) if is_date else _of_parts(chosen)
    elif first.account.kind == "time" or first.dates is not None:
        return _of_text(first.dates or first, wanted[0])
    else:
        found = _of_numbers(first, wanted[0], is_first=True, is_named=True)
    if found is None:
        raise SettingError(
            f"time must name a column of dates or times; {enumeration(wanted)} of {name} holds others. Choose another "
            "column, or none where the rows are in order.",
            "time",
        )
    return found


def is_step_column(columns: Mapping[str, Column], time: str) -> bool:
    """Return whether the setting `time` names a column of numbers that are no times, such as seconds or steps."""
    if time not in columns or columns[time].values.dtype.kind != "f" or columns[time].account.missing:
        return False
    return not columns[time].unread and _of_numbers(columns[time], time, is_first=True, is_named=True) is None


def _is_clock(column: Column) -> bool:
    if column.account.kind != "text" or not len(column.values):
        return False
    sample = [cell for cell in column.values[:50] if cell is not None]
    return bool(sample) and all(CLOCK_ONLY.fullmatch(cell) for cell in sample)


def _is_date_only(stamps: Stamps) -> bool:
    known = stamps[~np.isnat(stamps)]
    return bool((known == known.astype("datetime64[D]")).all())


def _with_clock(date: FoundTime, columns: Mapping[str, Column]) -> FoundTime | None:
    """Return dates with the times of day of a column of clock times or hours; None where no column holds them."""
    texts = next((column for column in columns if _is_clock(columns[column])), None)
    if texts is not None:
        found: tuple[str, NDArray[np.timedelta64]] | None = texts, clock_times(columns[texts].values)
    else:
        known = date.stamps[~np.isnat(date.stamps)]
        found = hours_of(columns) if len(np.unique(known)) < len(known) else None
    if found is None:
        return None
    name, clocks = found
    note = f"The times are the dates in column {date.columns[0]!r} with the clock times in column {name!r}."
    return replace(
        date,
        columns=(*date.columns, name),
        stamps=date.stamps + clocks,
        written=f"{date.written}, clock",
        notes=(*date.notes, note),
    )


def _varies(stamps: Stamps) -> bool:
    known = stamps[~np.isnat(stamps)]
    return bool((known != known[:1]).any())


def _same_order(first: Stamps, other: Stamps) -> bool:
    """Return whether two columns of times put the rows into the same order."""
    return bool((np.argsort(first, kind="stable") == np.argsort(other, kind="stable")).all())


def _of_parts(columns: Mapping[str, Column]) -> FoundTime | None:
    """Return the stamps of columns year, month, day and hour."""
    found = times_of_parts(columns)
    if found is None:
        return None
    names, stamps, written = found
    return FoundTime(names, stamps, written, notes=(f"The times are made of the columns {enumeration(list(names))}.",))


def _of_numbers(column: Column, name: str, is_first: bool, is_named: bool = False) -> FoundTime | None:
    """Return the stamps that the numbers of a column stand for: years, compact dates, epochs or days of Excel."""
    found = times_of_numbers(column, name, is_first, is_named)
    if found is None:
        return None
    stamps, written = found
    zone = "UTC" if written.endswith("since 1970") else ""
    return FoundTime(
        (name,), stamps, written, zone, (f"The numbers in column {name!r} are read as times ({written}).",)
    )
