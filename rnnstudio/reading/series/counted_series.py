"""Several series in a table without times, found by a column that counts the rows of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import ColumnAccount
from rnnstudio.reading.cells.column import Column
from rnnstudio.reading.series.series_columns import keys_of
from rnnstudio.reading.series.series_names import is_part_of_clock

_MIN_ROWS = 10  # mean rows of a series


def find_counted_series(columns: Mapping[str, Column], accounts: Mapping[str, ColumnAccount]) -> tuple[str, str]:
    """Return the column that names series, and the one that counts the rows of each from 0 or 1; "" and "" for none.

    Args:
        columns: The columns of a table.
        accounts: What they are.

    >>> from rnnstudio.reading.value_columns import frame_table
    >>> import pandas as pd
    >>> from rnnstudio.core.read_options import ReadOptions
    >>> frame = pd.DataFrame({"engine": np.repeat([1, 2], 20), "n": np.tile(np.arange(20), 2), "heat": np.arange(40.0)})
    >>> frame_table("x", frame, ReadOptions(series="")).account.questions[0].choices["engine"]
    'each value is a series of its own'
    """
    for counter, counts in _counters(columns, accounts):
        for name, account in accounts.items():
            if name == counter or account.kind not in ("text", "number") or account.missing:
                continue
            if account.distinct > 2 and account.distinct != counts[0]:
                continue
            keys = keys_of(columns[name])
            if keys.max() + 1 == counts[0] and _counts_each(columns[counter].values, keys):
                return name, counter
    return "", ""


def column_that_orders(
    columns: Mapping[str, Column], accounts: Mapping[str, ColumnAccount], keys: NDArray[np.intp]
) -> str:
    """Return the column that counts the rows of each series, where they are in another order; empty if there is none.

    Args:
        columns: The columns of a table.
        accounts: What they are.
        keys: The number of the series of each row.
    """
    for counter, counts in _counters(columns, accounts):
        values, in_blocks = columns[counter].values, np.argsort(keys, kind="stable")
        if counts[0] == keys.max() + 1 and _counts_each(values, keys):
            is_sorted = (np.diff(values[in_blocks])[np.diff(keys[in_blocks]) == 0] > 0).all()
            return "" if is_sorted else counter
    return ""


def _counters(
    columns: Mapping[str, Column], accounts: Mapping[str, ColumnAccount]
) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """Yield the columns of whole numbers from 0 or 1 of which each occurs as often as the one before, or less often."""
    for name, account in accounts.items():
        values = columns[name].values
        if account.kind != "number" or account.missing or len(values) < 2 * _MIN_ROWS:
            continue
        low, high = values.min(), values.max()
        if low not in (0, 1) or high - low >= len(values) or is_part_of_clock(name, columns[name]):
            continue
        if (values[:1000] != np.round(values[:1000])).any() or (values != np.round(values)).any():
            continue
        counts = np.bincount((values - low).astype(np.intp))
        if 2 <= counts[0] <= len(values) / _MIN_ROWS and (np.diff(counts) <= 0).all():
            yield name, counts


def _counts_each(values: NDArray[np.float64], keys: NDArray[np.intp]) -> bool:
    """Return whether numbers rise by 1 from the least one within the rows of each key."""
    if keys.min() < 0:
        return False
    order = np.lexsort((values, keys))
    is_first = np.diff(keys[order], prepend=-1) != 0
    in_order = values[order]
    return bool((in_order[is_first] == values.min()).all() and (np.diff(in_order)[~is_first[1:]] == 1).all())
