"""From columns to a table: marks decided, times found, rows in order, and the account of all that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import Account, ColumnAccount, TimeAccount
from rnnstudio.core.names import names_in
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.roles import with_roles
from rnnstudio.core.wording import enumeration
from rnnstudio.reading.clock import time_account
from rnnstudio.reading.columns import Column
from rnnstudio.reading.number_marks import decide_marks
from rnnstudio.reading.series_columns import (
    MIN_REPEATED,
    find_series_columns,
    series_keys,
    series_question,
    time_account_of_series,
)
from rnnstudio.reading.table import Table
from rnnstudio.reading.time_columns import FoundTime, find_time, is_step_column

_SAMPLE = 1_000  # rows at the beginning that show most columns to be no index
_MAX_WITHOUT_TIME = 0.2  # share of rows without a time, beyond which a column does not order the rows
_INDEX_NAMES = {"", "index", "idx", "row", "rowid", "row_id", "row id", "rownum", "row number", "nr", "no", "no.", "#"}


def table_of_columns(
    columns: dict[str, Column], row_numbers: Sequence[int], options: ReadOptions, about: Account, unnamed: Sequence[str]
) -> Table:
    """Return the table of columns that have been read, sorted by time.

    Args:
        columns: The columns by name, in order.
        row_numbers: Number of each row in messages.
        options: How the caller wants it to be read.
        about: What is known of the file: name, format, encoding, separator, header, skipped rows, and assumptions.
        unnamed: Names of the columns that the file does not name.
    """
    columns = {name: c for name, c in columns.items() if not (name in unnamed and c.account.kind == "empty")} or columns
    decide_marks(columns, about.separator if len(columns) > 1 else "")
    step = options.time if is_step_column(columns, options.time) else ""
    found = None if step else find_time(about.name, columns, options.time)
    assumed = [*about.assumed]
    if found is not None and np.isnat(found.stamps).mean() > _MAX_WITHOUT_TIME:
        listed = enumeration(list(found.columns))
        assumed.append(f"Column {listed} holds times in some rows only; the rows are read in the order of the file.")
        found = None
    series = tuple(names_in(options.series or ""))
    is_asked, series = not series and options.series is not None, () if series == ("none",) else series
    if not series and found is not None and _repeated(found.stamps) > MIN_REPEATED:
        if options.series != "none":
            series = find_series_columns(columns, {name: c.account for name, c in columns.items()}, found.stamps)
        if not series:
            listed = enumeration(list(found.columns))
            assumed.append(
                f"Column {listed} has the same times again and again; the rows are read in the order of the file."
            )
            found = None
    in_time = found.columns if found else ()
    accounts = {
        name: replace(column.account, kind="time") if name in in_time else column.account
        for name, column in columns.items()
    }
    for name in _indexes(columns, accounts, unnamed):
        accounts[name] = replace(accounts[name], kind="index")
    _mark_copies(columns, accounts)
    for name, column in columns.items():
        if name not in in_time:  # find_time has those of the time column
            assumed += column.notes
    order = np.arange(len(row_numbers))
    if step:
        order = np.argsort(columns[step].values, kind="stable")
        accounts[step] = replace(accounts[step], kind="index")
        if (np.diff(order) < 0).any():
            assumed.append(f"The rows are sorted by column {step}.")
    times, time = None, None
    questions = [question for column in columns.values() for question in column.questions]
    if found is not None:
        assumed += found.notes
        keys = series_keys(columns, series, about.name) if series else None
        order, time, sentences = _in_time_order(found, row_numbers, keys)
        assumed += sentences
        times = found.stamps[order]
        questions += [found.question] if found.question else []
        if series and is_asked:
            questions.append(series_question(about.name, time.column, series))
    account = replace(
        about, rows=len(order), columns=tuple(accounts.values()), time=time, series=", ".join(series),
        assumed=tuple(assumed), questions=tuple(questions),
    )  # fmt: skip
    return _table(columns, with_roles(account), order, row_numbers, times)


def _table(
    columns: dict[str, Column],
    account: Account,
    order: NDArray[np.intp],
    row_numbers: Sequence[int],
    times: NDArray[np.datetime64] | None,
) -> Table:
    import pandas as pd

    values = {name: column.values for name, column in columns.items()}
    unread = {name: dict(column.unread) for name, column in columns.items() if column.unread}
    if len(order) < len(row_numbers) or (np.diff(order) != 1).any():
        new_row = {int(row): i for i, row in enumerate(order)}
        values = {name: column[order] for name, column in values.items()}
        unread = {
            name: {new_row[i]: text for i, text in cells.items() if i in new_row} for name, cells in unread.items()
        }
        row_numbers = [row_numbers[int(row)] for row in order]
    cells = pd.DataFrame(values, copy=False)
    return Table(
        account.name, cells, row_numbers, has_names=bool(account.header), account=account, times=times, unread=unread
    )


def _repeated(stamps: NDArray[np.datetime64]) -> float:
    """Return the share of rows that have the time of another row."""
    if (np.diff(stamps) > np.timedelta64(0)).all():
        return 0.0
    return 1.0 - len(np.unique(stamps)) / max(len(stamps), 1)


def _in_time_order(
    found: FoundTime, row_numbers: Sequence[int], series: NDArray[Any] | None
) -> tuple[NDArray[np.intp], TimeAccount, list[str]]:
    """Return the rows with a stamp in order of time, what the stamps say, and what was assumed.

    Args:
        found: The stamps.
        row_numbers: Number of each row in messages.
        series: For each row the number of the series it belongs to, where the times repeat for each; else None.
    """
    known = np.flatnonzero(~np.isnat(found.stamps))
    sentences = []
    time_column = enumeration(list(found.columns))
    absent = np.flatnonzero(np.isnat(found.stamps))
    if len(absent):
        first = row_numbers[int(absent[0])]
        sentences.append(
            f"Row {first} has no time in column {time_column} and is left out."
            if len(absent) == 1
            else f"{len(absent)} rows, the first row {first}, have no time in column {time_column} and are left out."
        )
    stamps = found.stamps[known]
    column = ", ".join(found.columns)
    if series is None:
        time = time_account(column, stamps, found.zone)
    else:
        time = time_account_of_series(column, stamps, series[known], found.zone)
    if time.rows == "newest first":
        # Rows of the same time are reversed with the others.
        order = known[::-1][np.argsort(stamps[::-1], kind="stable")]
    else:
        order = known[np.argsort(stamps, kind="stable")]
    if time.rows != "sorted":
        is_how = "newest first" if time.rows == "newest first" else "not in order of time"
        sentences.append(f"The rows are {is_how}; they are sorted by column {time_column}, oldest first.")
    if time.doubles:
        sentences.append(f"{time.doubles} rows have the time of another row; they are kept.")
    if time.gaps:
        places = "place" if time.gaps == 1 else "places"
        sentences.append(
            f"{time.missing_rows} rows of one {time.every} each are missing in {time.gaps} {places}, at most "
            f"{time.longest_gap} in a row."
        )
    return order, time, sentences


def _indexes(columns: dict[str, Column], accounts: dict[str, ColumnAccount], unnamed: Sequence[str]) -> list[str]:
    """Return the columns that only count the rows: whole numbers in steps of 1, or growing ones without a name."""
    others = [name for name, account in accounts.items() if account.kind == "number"]
    found = []
    for name in others:
        values = columns[name].values
        if accounts[name].missing or (np.diff(values[:_SAMPLE]) <= 0).any():
            continue
        is_named_so = name in unnamed or name.strip().lower() in _INDEX_NAMES
        steps = np.diff(values)
        if len(values) < 3 or not (values == np.round(values)).all() or not (steps > 0).all():
            continue
        if ((steps == 1).all() and values[0] in (0, 1)) or is_named_so:
            found.append(name)
    return found if len(found) < len(others) else []


def _mark_copies(columns: dict[str, Column], accounts: dict[str, ColumnAccount]) -> None:
    """Note for each column of numbers the first earlier one with the same values, in place."""
    seen: dict[bytes, list[str]] = {}
    for name, account in accounts.items():
        if account.kind != "number":
            continue
        values = columns[name].values
        key = values[:1000].tobytes() + values[-1000:].tobytes()
        same = next((o for o in seen.get(key, []) if np.array_equal(columns[o].values, values, equal_nan=True)), "")
        if same:
            accounts[name] = replace(account, same_as=same)
        seen.setdefault(key, []).append(name)
