"""Several series below each other in one table: which rows are of which, the question about them, and their times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import Question
from rnnstudio.core.errors import DataError
from rnnstudio.core.time_account import TimeAccount
from rnnstudio.core.wording import enumeration
from rnnstudio.reading.cells.column import Column
from rnnstudio.reading.table import Table
from rnnstudio.reading.times.clock import time_account

_PIECE = 1 << 17  # cells


def series_question(
    name: str, time: str, columns: Sequence[str], counter: str = "", *, in_blocks: bool = False
) -> Question:
    """Return the question whether the values of columns name series.

    Args:
        name: Name of the file.
        time: The time column; empty where there is none.
        columns: The columns.
        counter: A column that counts the rows of each series; empty where there is none.
        in_blocks: Whether the rows of each value stand together, which is all that is known.
    """
    listed = enumeration([repr(column) for column in columns])
    repeats = (
        f"the times in column {time!r} repeat for each value of {listed}" if time
        else f"column {counter!r} counts the rows of each value of {listed}" if counter
        else f"each value of {listed} is one block of rows" if in_blocks
        else f"column {listed} names them"
    )  # fmt: skip
    return Question(
        "series",
        {
            ", ".join(columns): "each value is a series of its own" if len(columns) == 1
            else "each combination of values is a series of its own",
            "none": "all rows are one series, in the order of the file",
        },
        f"{name} holds several series: {repeats}."
        + (" Where each has one class, it is the sequence column instead." if in_blocks else ""),
        ", ".join(columns),
    )  # fmt: skip


def series_keys(columns: Mapping[str, Column], names: Sequence[str], name: str) -> NDArray[np.intp]:
    """Return for each row the number of the series it belongs to, `(rows,)`.

    Args:
        columns: The columns of a table.
        names: Those whose values name the series.
        name: Name of the file.

    Raises:
        DataError: There is no such column.
    """
    import pandas as pd

    for column in names:
        if column not in columns:
            raise DataError(
                f"{name} has no column {column!r}, which series names. Its columns: "
                f"{enumeration([repr(c) for c in list(columns)[:20]])}."
            )
    values: Any = pd.DataFrame({column: keys_of(columns[column]) for column in names}, copy=False)
    return np.asarray(values.groupby(list(names), sort=False, dropna=False).ngroup())


def keys_of(column: Column) -> NDArray[np.intp]:
    """Return a number for each different cell of a column, -1 where it is missing."""
    import pandas as pd
    import pyarrow as pa

    if column.names is not None:
        return _codes(column.names)
    if column.values.dtype == object:  # text; in pieces, between which other threads run
        begins = range(0, max(len(column.values), 1), _PIECE)
        return _codes(pa.chunked_array([pa.array(column.values[i : i + _PIECE], pa.string()) for i in begins]))
    factorized: tuple[NDArray[np.intp], Any] = pd.factorize(column.values)
    keys, distinct = factorized
    if column.unread:
        rows, texts = zip(*column.unread, strict=True)
        keys[list(rows)] = len(distinct) + pd.factorize(np.array(texts, object))[0]
    return keys


def _codes(texts: Any) -> NDArray[np.intp]:
    """Return a number for each different text (pyarrow), -1 where it is null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = pc.dictionary_encode(texts)
    codes = encoded.combine_chunks().indices if isinstance(encoded, pa.ChunkedArray) else encoded.indices
    return np.asarray(pc.fill_null(codes, -1).to_numpy(zero_copy_only=False), np.intp)


def time_account_of_series(
    column: str, stamps: NDArray[np.datetime64], keys: NDArray[Any], zone: str, expected: str = ""
) -> TimeAccount:
    """Return what the stamps of several series say: gaps and double stamps are counted within each.

    The frequency is the one of most rows; all series whose stamps fit it are read by it, so that windows are alike.

    Args:
        column: The time column.
        stamps: The stamps in the order of the file, `(rows,)`.
        keys: The number of the series of each row, `(rows,)`.
        zone: Their time zone.
        expected: The frequency of the training, which counts where the stamps fit it.

    >>> stamps = np.array(["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-01", "2024-01-02"], "datetime64[ns]")
    >>> time_account_of_series("day", stamps, np.array([0, 0, 0, 1, 1]), "").doubles
    0
    """
    order = np.argsort(keys, kind="stable")
    parts = np.split(stamps[order], np.flatnonzero(np.diff(keys[order])) + 1)
    accounts = [time_account(column, part, zone, expected) for part in parts]
    rows: dict[str, int] = {}
    for account, part in zip(accounts, parts, strict=True):
        rows[account.frequency] = rows.get(account.frequency, 0) + len(part)
    usual = max(rows, key=lambda frequency: (rows[frequency], frequency))
    if usual and len(rows) > 1:
        accounts = [
            account if account.frequency == usual else time_account(column, part, zone, usual)
            for account, part in zip(accounts, parts, strict=True)
        ]
    orders = {account.rows for account in accounts}
    example = next(account for account in accounts if account.frequency == usual)
    return replace(
        example,
        zone=zone,
        first=min(account.first for account in accounts),
        last=max(account.last for account in accounts),
        rows=orders.pop() if len(orders) == 1 else "unsorted",
        doubles=sum(account.doubles for account in accounts),
        gaps=sum(account.gaps for account in accounts),
        missing_rows=sum(account.missing_rows for account in accounts),
        longest_gap=max(account.longest_gap for account in accounts),
        longest_step=0.0 if usual else max(account.longest_step for account in accounts),
    )


def tables_of_series(table: Table, columns: Sequence[str]) -> dict[str, Table]:
    """Return the rows of each series as a table of its own, by name, sorted by name.

    Args:
        table: A table, its rows in the order of time.
        columns: The columns whose values name the series; the names of several columns are joined by ", ".

    Raises:
        DataError: A column is missing, or a row has no series.
    """
    table.check_columns(columns)
    texts = [table.texts(column) for column in columns]
    for column, names in zip(columns, texts, strict=True):
        if names.dtype.kind == "U" and (names == "").any():
            raise DataError(
                f"{table.name}, {table.place(int(np.flatnonzero(names == '')[0]))}, column {column!r}: the name of a "
                "series is expected; received an empty cell. Correct the file, or leave out the row."
            )
    keys = [np.unique(names, return_inverse=True)[1] for names in texts]
    order = np.lexsort(keys[::-1])  # stable: the rows of a series stay in the order of the table
    changes = np.any([np.diff(key[order]) != 0 for key in keys], axis=0)
    bounds = [0, *(np.flatnonzero(changes) + 1).tolist(), len(order)]
    ordered = _in_order(table, order)
    return {
        ", ".join(str(names[order[begin]]) for names in texts): _part(ordered, begin, end)
        for begin, end in pairwise(bounds)
    }


def _in_order(table: Table, rows: NDArray[np.intp]) -> Table:
    """Return a table with its rows in another order."""
    place = {int(row): i for i, row in enumerate(rows)} if table.unread else {}
    return replace(
        table,
        cells=table.cells.iloc[rows].reset_index(drop=True),
        row_numbers=[table.row_numbers[row] for row in rows.tolist()],
        times=None if table.times is None else table.times[rows],
        unread={name: {place[row]: text for row, text in cells.items()} for name, cells in table.unread.items()},
        written={name: texts.take(rows) for name, texts in table.written.items()},
    )


def _part(table: Table, begin: int, end: int) -> Table:
    """Return some rows of a table that follow each other, with what their times say."""
    times, account = None, table.account
    if table.times is not None and account is not None and account.time is not None:
        times, time = table.times[begin:end], account.time
        account = replace(account, time=time_account(time.column, times, time.zone, time.frequency))
    return replace(
        table,
        cells=table.cells.iloc[begin:end].reset_index(drop=True),
        row_numbers=table.row_numbers[begin:end],
        times=times,
        account=account,
        unread={
            name: {row - begin: text for row, text in cells.items() if begin <= row < end}
            for name, cells in table.unread.items()
        },
        written={name: texts.slice(begin, end - begin) for name, texts in table.written.items()},
    )
