"""Columns that name the parts of a table without times, each of which is one block of rows, such as recordings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import ColumnAccount
from rnnstudio.reading.cells.column import Column
from rnnstudio.reading.series.series_columns import keys_of
from rnnstudio.reading.series.series_names import is_part_of_clock, names_counter

_MIN_PARTS = 10  # of text, from which on they are hardly phases of one series
_MIN_ROWS = 5  # mean rows of a part


def find_parts(columns: Mapping[str, Column], accounts: Mapping[str, ColumnAccount]) -> str:
    """Return the column of text of which each of many values is one block of rows; empty where there is none.

    Args:
        columns: The columns of a table without times.
        accounts: What they are.

    >>> from rnnstudio.reading.value_columns import frame_table
    >>> from rnnstudio.core.read_options import ReadOptions
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"part": np.repeat([f"s{i}" for i in range(12)], 15), "v": np.arange(180.0) % 7})
    >>> frame_table("x", frame, ReadOptions(series="")).account.series
    'part'
    """
    return next(
        (name for name in accounts if accounts[name].kind == "text" and _blocks(name, columns[name]) >= _MIN_PARTS), ""
    )


def parts_note(columns: Mapping[str, Column], accounts: Mapping[str, ColumnAccount]) -> str:
    """Return the sentence about a column that may name parts, which are read as one series; empty for none.

    It is text of few values, or numbers that rise by 1 from block to block.

    Args:
        columns: The columns of a table without times.
        accounts: What they are.
    """
    numbers = [name for name, account in accounts.items() if account.kind == "number"]
    for name, account in accounts.items():
        count = _blocks(name, columns[name]) if account.kind in ("text", "number") else 0
        if account.kind == "number" and (
            count < _MIN_PARTS or numbers == [name] or not _rises_by_one(columns[name].values)
        ):
            continue
        if count > 1:
            return (
                f"Each of the {count:,} values of column {name!r} is one block of rows; all rows are read as one "
                f"series. If they are separate series, set series to {name}."
            )
    return ""


def _blocks(name: str, column: Column) -> int:
    """Return the number of values of a column where each is one block of several rows; else 0."""
    if column.account.missing or not len(column.values) or is_part_of_clock(name, column) or names_counter(name):
        return 0
    if column.account.kind == "text" and column.account.distinct * _MIN_ROWS > len(column.values):
        return 0
    keys = keys_of(column)
    count = int(keys.max()) + 1
    changes = int((np.diff(keys) != 0).sum())
    return count if changes == count - 1 and count * _MIN_ROWS <= len(keys) else 0


def _rises_by_one(values: NDArray[np.float64]) -> bool:
    """Return whether numbers rise from 0 or 1 by 1, where they change."""
    return bool(values[0] in (0, 1) and np.isin(np.diff(values), (0, 1)).all())
