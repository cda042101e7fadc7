"""The rows of a table in the order of their times, and what these times say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import Question
from rnnstudio.core.missing import count_of
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.time_account import STANDARD_TIME, TimeAccount, steps_text
from rnnstudio.core.wording import enumeration
from rnnstudio.reading.cells.column import Column
from rnnstudio.reading.series.series_columns import time_account_of_series
from rnnstudio.reading.stamps.double_rows import settle_double_rows
from rnnstudio.reading.stamps.time_columns import FoundTime
from rnnstudio.reading.times.clock import fixed_step, frequency_in_words, time_account
from rnnstudio.reading.times.clock_changes import MIN_IN_ORDER, in_standard_time


@dataclass(frozen=True)
class RowsInTime:
    """The rows with a time.

    Attributes:
        order: Their indices in the order of time.
        times: Their times, `(rows,)`.
        account: What the times say.
        sentences: What was assumed.
        question: What is open; None where nothing is.
    """

    order: NDArray[np.intp]
    times: NDArray[np.datetime64]
    account: TimeAccount
    sentences: tuple[str, ...]
    question: Question | None = None


def rows_in_time(
    found: FoundTime,
    columns: Mapping[str, Column],
    compared: Sequence[str],
    row_numbers: Sequence[int],
    series: NDArray[Any] | None,
    options: ReadOptions,
) -> RowsInTime:
    """Return the rows with a time in its order, without those that only repeat others.

    Args:
        found: The times.
        columns: The columns of the table.
        compared: Names of those that can differ in rows of the same time: all but the time and columns that only count
            the rows.
        row_numbers: Number of each row in messages.
        series: For each row the number of the series it belongs to, where the times repeat for each; else None.
        options: How the caller wants them to be read.
    """
    known = np.flatnonzero(~np.isnat(found.stamps))
    time_column = enumeration(list(found.columns))
    sentences = _without_time(np.flatnonzero(np.isnat(found.stamps)), row_numbers, time_column)
    keys = None if series is None else series[known]
    stamps, zone = found.stamps[known], found.zone
    time = _account(found, stamps, keys, zone, options.frequency)
    step = fixed_step(time.frequency)
    if not zone and options.doubles != "keep" and step is not None:
        standard = in_standard_time(stamps, keys, time, step)
        if standard is not None:
            (stamps, sentence), zone = standard, STANDARD_TIME
            time = _account(found, stamps, keys, zone, options.frequency)
            sentences.append(sentence)
    if time.rows == "newest first" or (time.rows == "unsorted" and _mostly_falls(stamps)):
        # Rows of the same time are reversed with the others.
        positions = np.arange(len(known))[::-1][np.argsort(stamps[::-1], kind="stable")]
    else:
        positions = np.argsort(stamps, kind="stable")
    if time.rows != "sorted":
        is_how = "newest first" if time.rows == "newest first" else "not in order of time"
        sentences.append(f"The rows are {is_how}; they are sorted by column {time_column}, oldest first.")
    order, question = known[positions], None
    if time.doubles:
        of_rows = np.full(len(found.stamps), np.datetime64("NaT"), "datetime64[ns]")
        of_rows[known] = stamps
        counters = [name for name in columns if name not in (*compared, *found.columns)]
        settled = settle_double_rows(
            columns, compared, order, of_rows, series, row_numbers, options.doubles, repr(time_column), counters
        )
        order, question = settled.order, settled.question
        if question is not None and options.series is None:  # sequences, whose times may repeat
            question = None
            have, are = ("has", "it is") if time.doubles == 1 else ("have", "they are")
            sentences.append(f"{count_of(time.doubles, 'row')} {have} the time of another row; {are} kept.")
        sentences += [settled.sentence] if settled.sentence else []
        times = of_rows[order]
    else:
        times = stamps[positions]
    if options.frequency and time.frequency != options.frequency:
        is_now = f"one {time.every}" if time.every else "of different lengths"
        sentences.append(
            f"The steps from row to row are {is_now}; in the training they were one "
            f"{frequency_in_words(options.frequency)}."
        )
    if time.longest_step and options.series is not None:  # the times of sequences have steps of their own
        after = "" if keys is not None else f" (before row {_row_of_longest_step(order, times, row_numbers)})"
        sentences.append(
            f"The times in column {time_column} are irregular, {steps_text(time)}{after}; each row counts as one step."
        )
    if time.gaps:
        are = "is" if time.missing_rows == 1 else "each are"
        sentences.append(
            f"{count_of(time.missing_rows, 'row')} of one {time.every} {are} missing in "
            f"{count_of(time.gaps, 'place')}, at most {time.longest_gap} in a row."
        )
    return RowsInTime(order, times, time, tuple(sentences), question)


def _row_of_longest_step(order: NDArray[np.intp], times: NDArray[np.datetime64], row_numbers: Sequence[int]) -> int:
    return row_numbers[int(order[int(np.argmax(np.diff(times))) + 1])]


def _mostly_falls(stamps: NDArray[np.datetime64]) -> bool:
    """Return whether the newest rows stand first but for a few."""
    steps = np.diff(stamps)
    falling, rising = (int((steps * sign > np.timedelta64(0)).sum()) for sign in (-1, 1))
    return falling > 0 and falling >= MIN_IN_ORDER * (falling + rising)


def _account(
    found: FoundTime, stamps: NDArray[np.datetime64], keys: NDArray[Any] | None, zone: str, frequency: str
) -> TimeAccount:
    column = ", ".join(found.columns)
    if keys is None:
        return time_account(column, stamps, zone, frequency)
    return time_account_of_series(column, stamps, keys, zone, frequency)


def _without_time(absent: NDArray[np.intp], row_numbers: Sequence[int], column: str) -> list[str]:
    """Return the sentence about rows without a time, if there are any."""
    if not len(absent):
        return []
    first = row_numbers[int(absent[0])]
    if len(absent) == 1:
        return [f"Row {first} has no time in column {column} and is left out."]
    return [f"{len(absent):,} rows, the first row {first}, have no time in column {column} and are left out."]
