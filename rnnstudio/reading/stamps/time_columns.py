"""The time column of a table: dates in text, date and clock, year and month, or numbers that stand for times."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rnnstudio.core.account import Question
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.wording import enumeration
from rnnstudio.reading.cells.column import Column
from rnnstudio.reading.cells.part_columns import times_of_parts
from rnnstudio.reading.stamps.clock_columns import clock_beside
from rnnstudio.reading.stamps.time_faults import cells_without_time, no_times_question
from rnnstudio.reading.stamps.time_numbers import times_of_numbers
from rnnstudio.reading.times.date_orders import allowed_readings
from rnnstudio.reading.times.time_names import says_birth
from rnnstudio.reading.times.time_parts import date_in_words
from rnnstudio.reading.times.time_text import Stamps, TimeReading

_SAMPLE = 1_000
_NUMBERED = re.compile(r" \d+$")  # behind names that occur twice


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
        is_clock_open: Whether it is about the time of day of dates that repeat.
    """

    columns: tuple[str, ...]
    stamps: Stamps
    written: str
    zone: str = ""
    notes: tuple[str, ...] = ()
    question: Question | None = None
    is_clock_open: bool = False


def find_time(
    name: str,
    columns: Mapping[str, Column],
    time: str = "",
    row_numbers: Sequence[int] | None = None,
    options: ReadOptions | None = None,
) -> FoundTime | None:
    """Return the stamps of a table; None if it has no time column.

    Args:
        name: Name of the file in messages.
        columns: The columns of the table.
        time: The time column, or a date and a clock column separated by a comma; found when empty, none for "none".
        row_numbers: Number of each row in messages; counted from 1 when left out.
        options: The order of day, month and year in dates of digits, where it is open.

    Raises:
        SettingError: `time` names a column that holds no times.
        DataError: `time` names no column.
    """
    if time.strip().lower() == "none":
        return None
    options = options or ReadOptions()
    if time:
        wanted = [part.strip() for part in time.split(",") if part.strip()] if time not in columns else [time]
        return _named(name, columns, wanted, options)
    numbers = range(1, 1 + len(next(iter(columns.values())).values)) if row_numbers is None else row_numbers
    written = [column for column, content in columns.items() if content.account.kind == "time"]
    births = [column for column in written if says_birth(column)]
    for column in births:
        columns[column].notes.append(f"Column {column!r} holds dates of birth, which do not order the rows.")
    columns = {column: content for column, content in columns.items() if column not in births}
    written = [column for column in written if column in columns]
    written = [column for column in written if _varies(columns[column].values)] or written
    if partly := _partly_times(name, columns, written, numbers):
        return partly
    if written:
        return _of_dates(name, columns, written)
    found = _of_parts(columns)
    for i, column in enumerate(columns):
        found = found or _of_numbers(columns[column], column, options, is_first=i == 0)
    if found is not None and len(found.columns) == 1 and found.question is None:
        content = columns[found.columns[0]]
        if no_times := cells_without_time(content, found.stamps):
            example = f"{content.values[~np.isnat(found.stamps)][0]:.15g}"
            question = no_times_question(name, found.columns[0], example, no_times, numbers)
            return replace(found, question=question)
    if found is not None and len(found.columns) == 1 and _is_date_only(found.stamps):
        return _with_clock(found, columns) or found
    return found


def _of_dates(name: str, columns: Mapping[str, Column], written: Sequence[str]) -> FoundTime:
    """Return the stamps of the first of some columns of dates; others are asked about if they order the rows otherwise.

    Where they order them alike, that is said.
    """
    first = _of_text(columns[written[0]], written[0])
    if len(written) == 1:
        return (_with_clock(first, columns) if _is_date_only(first.stamps) else None) or first
    if blocks := _blocks(columns, written):
        return replace(first, question=first.question or _blocks_question(name, blocks))
    others = [column for column in written[1:] if not _same_order(first.stamps, columns[column].values)]
    if not others:
        rest = [repr(column) for column in written[1:]]
        does = f"column {rest[0]} orders" if len(rest) == 1 else f"columns {enumeration(rest)} order"
        sentence = f"Column {written[0]!r} orders the rows; {does} them alike."
        return replace(first, notes=(*first.notes, sentence))
    choices = dict.fromkeys((written[0], *others), "")
    sentence = f"{name} has {len(written)} columns of times, {enumeration(written)}, which order the rows differently."
    return replace(first, question=Question("time", {**choices, "none": "the rows are in order"}, sentence))


def _blocks(columns: Mapping[str, Column], written: Sequence[str]) -> list[str]:
    """Return columns of one name, such as Date 1 and Date 4, with different times; none where they hold the same."""
    called: dict[str, list[str]] = {}
    for column in written:
        called.setdefault(_NUMBERED.sub("", column), []).append(column)
    return next(
        (
            names
            for names in called.values()
            if any(not np.array_equal(columns[n].values, columns[names[0]].values, equal_nan=True) for n in names)
        ),
        [],
    )


def _blocks_question(name: str, blocks: Sequence[str]) -> Question:
    choices = dict.fromkeys(blocks, "its times are those of all columns")
    sentence = (
        f"{name} has {len(blocks)} columns of one name with different times, {enumeration(blocks)}; the columns behind "
        "each can be a table of its own, which must then be a file of its own."
    )
    return Question("time", {**choices, "none": "the rows are in order"}, sentence)


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


def _of_text(column: Column, name: str) -> FoundTime:
    question = _order_question(column.readings, name)
    return FoundTime((name,), column.values, column.account.written, column.zone, tuple(column.notes), question)


def _order_question(readings: Sequence[TimeReading], name: str, cells: Any = None) -> Question | None:
    """Return the question about the order of day and month; None where there is only one reading.

    Args:
        readings: The ways to read a column.
        name: Name of the column.
        cells: Its numbers, of which one is quoted; None if the readings have an example.
    """
    if len(readings) < 2:
        return None
    first, second = readings[0].stamps, readings[1].stamps
    example = int(np.flatnonzero((first != second) & ~np.isnat(first))[0])
    quoted = readings[0].example if cells is None else f"{cells[example]:.0f}"
    return Question(
        "date_order",
        {reading.order: date_in_words(reading.stamps[example]) for reading in readings},
        f"The dates in column {name!r} can be read in {len(readings)} ways; nothing in the column decides what "
        f"{quoted!r} is.",
        name,
    )


def _named(name: str, columns: Mapping[str, Column], wanted: Sequence[str], options: ReadOptions) -> FoundTime:
    for column in wanted:
        if column not in columns:
            raise DataError(
                f"{name} has no column {column!r} for the setting time. Its columns: {enumeration(list(columns))}."
            )
    first = columns[wanted[0]]
    found: FoundTime | None
    chosen = {column: columns[column] for column in wanted}
    is_date = first.account.kind == "time" or first.dates is not None
    if len(wanted) > 1:
        found = _of_parts(chosen)
        if found is None:
            dates = _of_text(first.dates or first, wanted[0]) if is_date else None
            dates = dates or _of_numbers(first, wanted[0], options, is_first=True, is_named=True)
            found = _with_clock(dates, chosen, is_chosen=True) if dates else None
    elif is_date:
        return _of_text(first.dates or first, wanted[0])
    else:
        found = _of_numbers(first, wanted[0], options, is_first=True, is_named=True)
    if found is None:
        raise SettingError(
            f"time must name a column of dates or times; {enumeration(wanted)} of {name} holds others. Choose another "
            "column, or none where the rows are in order.",
            "time",
        )
    return found


def _is_date_only(stamps: Stamps) -> bool:
    parts = (stamps[:_SAMPLE], stamps)  # the first rows decide most columns
    return all(bool(((part == part.astype("datetime64[D]")) | np.isnat(part)).all()) for part in parts)


def _with_clock(date: FoundTime, columns: Mapping[str, Column], is_chosen: bool = False) -> FoundTime | None:
    """Return dates with the times of day of a column of clock times or hours; None where no column holds them."""
    clock = clock_beside(columns, date.columns[0], date.stamps, is_chosen)
    if clock is None:
        return None
    if clock.question is not None:
        return replace(date, question=date.question or clock.question, is_clock_open=True)
    return replace(
        date,
        columns=(*date.columns, *clock.columns),
        stamps=clock.stamps,
        written=f"{date.written}, clock" if clock.columns else date.written,
        zone=date.zone or clock.zone,
        notes=(*date.notes, clock.note),
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


def _of_numbers(
    column: Column, name: str, options: ReadOptions, is_first: bool, is_named: bool = False
) -> FoundTime | None:
    """Return the stamps that the numbers of a column stand for: years, compact dates, epochs or days of Excel."""
    readings = allowed_readings(times_of_numbers(column, name, is_first, is_named), name, options, column.values)
    if not readings:
        return None
    reading = readings[0]
    note = f"The numbers in column {name!r} are read as times ({reading.written}). {reading.note}".strip()
    question = _order_question(readings, name, column.values)
    return FoundTime((name,), reading.stamps, reading.written, reading.zone, (note,), question)
