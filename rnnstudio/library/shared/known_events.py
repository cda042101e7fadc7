"""Columns of text that are known ahead, such as the names of holidays: an empty cell is no event rather than a gap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.wording import enumeration
from rnnstudio.reading.categories import column_of
from rnnstudio.reading.table import Table


def events_without_gaps(
    values: NDArray[np.float64], table: Table, columns: Sequence[str], known: Sequence[str]
) -> NDArray[np.float64]:
    """Return values with 0 for the empty cells of columns of text that are known ahead.

    Args:
        values: `(rows, len(columns))`; NaN is missing.
        table: The table that they were read from.
        columns: Names of the inputs.
        known: Those that are known ahead.
    """
    events = [j for j, name in enumerate(columns) if name in known and column_of(table, name) != name]
    if not events:
        return values
    values = values.copy()
    values[:, events] = np.nan_to_num(values[:, events])
    return values


def empty_events_note(table: Table, known: Sequence[str]) -> list[str]:
    """Return a sentence about empty cells in columns of text that are known ahead; none where there are none."""
    columns = dict.fromkeys(column for name in known if (column := column_of(table, name)) != name)
    empty = [repr(column) for column in columns if table.cells[column].isna().any()]
    return [f"An empty cell in {enumeration(empty)} is no event: its inputs are 0 there."] if empty else []
