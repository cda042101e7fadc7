"""The columns whose values name several series in one table, where the caller does not name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import ColumnAccount
from rnnstudio.reading.cells.column import Column
from rnnstudio.reading.series.series_columns import keys_of
from rnnstudio.reading.series.series_names import (
    is_part_of_clock,
    names_counter,
    names_quantities,
    names_series,
    names_values,
)

MIN_REPEATED = 0.3  # share of rows with the time of another row, from which on dates repeat by series
_MAX_DOUBLES = 0.02  # share of rows with the time of another row within a series, up to which they may be faults
_MAX_DOUBLES_OF_NAMES = 0.1  # the same for text, and for columns that are called like names
_MAX_UNNAMED = 0.02  # share of rows without a name
_MIN_PRESENT = 0.5  # share of the times between the first and last row of a number, from which on it is a name
_MAX_CANDIDATES, _MAX_NAMES, _MIN_ROWS = 8, 3, 10  # columns that are tried together, and mean rows of such a series
_UNITS = {"unit", "units"}  # as text these are kilogram and gram

Keys = dict[str, NDArray[np.intp]]


def find_series_columns(
    columns: Mapping[str, Column], accounts: Mapping[str, ColumnAccount], stamps: NDArray[np.datetime64]
) -> tuple[str, ...]:
    """Return the columns, at most three, within whose values no time occurs twice; none if there are none.

    Where there are none, it is the column of text, or else of numbers, within whose few values hardly any does. Parts
    of dates and clocks, counters of the rows of a time, and measured numbers are no names of series.

    Args:
        columns: The columns of a table.
        accounts: What they are.
        stamps: The time of each row, most of which occur more than once.
    """
    times = _numbered(stamps, in_order=True)
    keys = {
        name: of_rows
        for name, of_rows in _few_values(columns, accounts).items()
        if not is_part_of_clock(name, columns[name])
        and not (names_counter(name) and _counts_rows(columns[name], times))
        and (accounts[name].kind == "text" or names_series(name) or _stays(of_rows, times))
    }
    is_number = {name: accounts[name].kind == "number" for name in keys}
    are_names = [name for name in keys if not is_number[name] or names_series(name)]
    for order in (are_names, [*are_names, *(name for name in keys if name not in are_names)]):
        for count in range(1, _MAX_NAMES + 1):
            for names in combinations(order[:_MAX_CANDIDATES] if count > 1 else order, count):
                groups = _groups(keys, names)
                if count > 1 and groups.max() + 1 > len(groups) // _MIN_ROWS:
                    continue
                if not _doubles(groups, times):
                    return names
    for name in sorted(keys, key=lambda name: (is_number[name], keys[name].max())):
        most = _MAX_DOUBLES_OF_NAMES if name in are_names else _MAX_DOUBLES
        if keys[name].max() + 1 <= len(times) // _MIN_ROWS and _doubles(keys[name], times) <= most * len(times):
            return (name,)
    return ()


def find_named_series(
    columns: Mapping[str, Column], accounts: Mapping[str, ColumnAccount], has_times: bool
) -> tuple[str, ...]:
    """Return the columns that are called like names of series and hold few of them; none if there are none.

    The times need not repeat: sensors may record at times of their own, and runs may follow each other.

    Args:
        columns: The columns of a table.
        accounts: What they are.
        has_times: Whether the rows have times; without, the rows of a series stand together, or each step of a counter
            has one of each series.

    >>> from rnnstudio.reading.value_columns import frame_table
    >>> import pandas as pd
    >>> from rnnstudio.core.read_options import ReadOptions
    >>> frame = pd.DataFrame({"machine": np.repeat(["M1", "M2"], 20), "temp": np.arange(40.0) % 7})
    >>> frame_table("x", frame, ReadOptions(series="")).account.series
    'machine'
    """
    numbers = [name for name, account in accounts.items() if account.kind == "number"]
    is_long = any(map(names_values, numbers))
    called = {
        name: account
        for name, account in accounts.items()
        if (names_series(name) and (name.lower() not in _UNITS or account.kind == "number"))
        or (is_long and account.kind == "text" and names_quantities(name))
    }
    keys = {
        name: of_rows
        for name, of_rows in _few_values(columns, called).items()
        if of_rows.max() + 1 <= len(of_rows) // _MIN_ROWS
        and np.sort(np.bincount(of_rows[of_rows >= 0]))[-2] >= _MIN_ROWS
        and (has_times or _stands_together(of_rows) or _alternates(of_rows, [columns[number] for number in numbers]))
    }
    if not keys or set(numbers) <= set(keys):
        return ()
    names = list(keys)[:_MAX_CANDIDATES]
    whole = _groups(keys, names).max()
    if whole + 1 > len(keys[names[0]]) // _MIN_ROWS:
        return (names[0],)
    return next(
        some
        for count in range(1, len(names) + 1)
        for some in combinations(names, count)
        if _groups(keys, some).max() == whole
    )


def _few_values(columns: Mapping[str, Column], accounts: Mapping[str, ColumnAccount]) -> Keys:
    """Return the number of the value in each row, -1 where it is missing, for columns of few whole numbers or texts."""
    found: Keys = {}
    for name, account in accounts.items():
        column = columns[name]
        if account.kind not in ("text", "number") or account.missing > _MAX_UNNAMED * len(column.values):
            continue
        if (
            account.kind == "number"
            and not (np.isnan(column.values) | (column.values == np.round(column.values))).all()
        ):
            continue
        keys = keys_of(column)
        if 2 <= keys.max() + 1 <= len(keys) // 2:
            found[name] = keys
    return found


def _groups(keys: Keys, names: Sequence[str]) -> NDArray[np.intp]:
    """Return the number of each different combination of values, -1 where one is missing."""
    groups = keys[names[0]]
    for name in names[1:]:
        is_known = (groups >= 0) & (keys[name] >= 0)
        joined = groups * (int(keys[name].max()) + 1) + keys[name]
        groups = np.full(len(groups), -1, np.intp)
        groups[is_known] = _numbered(joined[is_known])
    return groups


def _doubles(groups: NDArray[np.intp], times: NDArray[np.intp]) -> int:
    """Return the number of rows with group and time of an earlier row."""
    import pandas as pd

    is_known = groups >= 0
    pairs = groups[is_known] * (int(times.max()) + 1) + times[is_known]
    return int(pd.Series(pairs).duplicated().sum())


def _numbered(values: NDArray[Any], in_order: bool = False) -> NDArray[np.intp]:
    """Return a number for each different value, in the order of the values if that is wanted."""
    import pandas as pd

    return np.asarray(pd.factorize(values, sort=in_order)[0], np.intp)


def _counts_rows(column: Column, times: NDArray[np.intp]) -> bool:
    """Return whether numbers rise by 1 from 0 or 1 within the rows of each time."""
    values = column.values
    if column.account.kind != "number" or np.isnan(values).any():
        return False
    order = np.lexsort((values, times))
    begins = np.flatnonzero(np.diff(times[order], prepend=-1))
    steps = np.diff(values[order])
    return bool(np.isin(values[order[begins]], (0, 1)).all() and (np.delete(steps, begins[1:] - 1) == 1).all())


def _stays(keys: NDArray[np.intp], times: NDArray[np.intp]) -> bool:
    """Return whether each number has rows at most of the times between its first and last, or a block of rows."""
    import pandas as pd

    known = keys >= 0
    if _stands_together(keys[known]):
        return True
    count = int(keys.max()) + 1
    if count > len(keys) // _MIN_ROWS:
        return False
    most = int(times.max()) + 1
    pairs = np.sort(pd.unique(keys[known] * most + times[known]))
    of_key, at = pairs // most, pairs % most
    begins = np.flatnonzero(np.diff(of_key, prepend=-1))
    sizes = np.diff(begins, append=len(pairs))
    spans = at[begins + sizes - 1] - at[begins] + 1
    return bool(sizes[sizes > 1].sum() >= _MIN_PRESENT * spans.sum())


def _alternates(keys: NDArray[np.intp], numbers: Sequence[Column]) -> bool:
    """Return whether numbers rise in steps, within each of which no name occurs twice."""
    for column in numbers:
        values = column.values
        if np.isfinite(values).all() and (np.diff(values) >= 0).all() and not (np.diff(values) > 0).all():
            steps = _numbered(values)
            if steps.max() > 0 and (np.bincount(steps)[:-1] > 1).mean() > MIN_REPEATED and not _doubles(keys, steps):
                return True
    return False


def _stands_together(keys: NDArray[np.intp]) -> bool:
    """Return whether the rows of each value are one block of the file."""
    return int((np.diff(keys) != 0).sum()) == int(keys.max())
