"""Rows that the clock of a series lacks: they become rows without values, which the rule for missing values fills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.byte_budget import NUMBER_BYTES, RATIO, SMALL_BYTES
from rnnstudio.core.errors import DataError
from rnnstudio.reading.series.series_columns import time_account_of_series
from rnnstudio.reading.table import Table
from rnnstudio.reading.times.clock import lacking_stamps, time_account


def with_missing_rows(table: Table) -> Table:
    """Return a table with a row for each time that its regular clock lacks; the same table where none is missing.

    The new rows have no values. Messages name the row before them, such as "after row 53".

    >>> import pandas as pd
    >>> from rnnstudio.reading.value_columns import frame_table
    >>> days = pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-05"])
    >>> with_missing_rows(frame_table("x", pd.DataFrame({"day": days, "a": [1.0, 2, 3, 5]}))).cells["a"].tolist()
    [1.0, 2.0, 3.0, nan, 5.0]
    """
    time = table.account.time if table.account else None
    if table.times is None or time is None or not time.missing_rows or not time.frequency:
        return table
    lacking = lacking_stamps(table.times, time.frequency)
    return _with_rows(table, lacking, np.searchsorted(table.times, lacking) - 1, [])


def with_missing_steps(table: Table, sequence: str, same: Sequence[str]) -> Table:
    """Return a table with a row for each time that the clock of its sequences lacks, and what their times say.

    A sequence whose times do not fit the clock of most rows stays as it is.

    Args:
        table: The table, its rows in the order of time.
        sequence: The column that identifies the sequence of each row.
        same: Columns that have one value in each sequence.
    """
    if table.times is None or table.account is None or table.account.time is None:
        return table
    known, times = table.account.time, table.times
    _, keys = np.unique(table.texts(sequence), return_inverse=True)
    time = time_account_of_series(known.column, times, keys, known.zone)
    table = replace(table, account=replace(table.account, time=time))
    if not time.frequency or not time.missing_rows:
        return table
    order = np.argsort(keys, kind="stable")
    lacking, before = [], []
    added, most = 0, max(SMALL_BYTES // NUMBER_BYTES, RATIO * len(table.cells))
    for rows in np.split(order, np.flatnonzero(np.diff(keys[order])) + 1):
        stamps = times[rows]
        account = time_account(known.column, stamps, known.zone, time.frequency)
        if account.missing_rows and account.frequency == time.frequency:
            lacking.append(lacking_stamps(stamps, time.frequency))
            added += len(lacking[-1])
            if added > most:
                raise DataError(
                    f"{table.name}: the times of its sequences lack more than {most:,} rows of a clock with a row "
                    f"every {time.every}. Correct the times, or set time to none."
                )
            before.append(rows[np.searchsorted(stamps, lacking[-1]) - 1])
    if not lacking:
        return table
    return _with_rows(table, np.concatenate(lacking), np.concatenate(before), [sequence, *same])


def _with_rows(table: Table, stamps: NDArray[np.datetime64], before: NDArray[np.intp], same: Sequence[str]) -> Table:
    """Return a table with more rows, in order of time.

    Args:
        table: The table.
        stamps: Times of the new rows, `(n,)`.
        before: Index of the row after which each of them is missing, `(n,)`.
        same: Columns whose values are those of the row before; the others have none.
    """
    import pandas as pd
    import pyarrow as pa

    assert table.times is not None
    count = len(table.times)
    times = np.concatenate([table.times, stamps])
    order = np.argsort(times, kind="stable")
    is_new = order >= count
    rows = np.where(is_new, -1, order)
    copied = np.concatenate([np.arange(count), before])[order]
    columns = {
        name: table.cells[name].iloc[copied].reset_index(drop=True)
        if name in same
        else table.cells[name].reindex(rows).reset_index(drop=True)
        for name in table.columns
    }
    cells = pd.DataFrame(columns, copy=False)  # else pandas copies all columns of text once more
    numbers = [
        f"after row {table.row_numbers[int(row)]}" if new else table.row_numbers[int(row)]
        for row, new in zip(copied, is_new, strict=True)
    ]
    place = np.flatnonzero(~is_new)
    unread = {name: {int(place[i]): text for i, text in marked.items()} for name, marked in table.unread.items()}
    written = {
        name: texts.take(pa.array(copied) if name in same else pa.array(order, mask=is_new))
        for name, texts in table.written.items()
    }
    return replace(
        table, cells=cells, row_numbers=numbers, times=times[order], added_rows=is_new, unread=unread, written=written
    )
