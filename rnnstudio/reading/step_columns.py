"""The column that counts the steps within each sequence of a long table; it orders the rows and is no input."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rnnstudio.reading.table import Table

_STEP_NAME = re.compile(
    r"steps?|time_?steps?|t|time|zeit|schritt|pas|frames?|index|idx|cycles?|ticks?|samples?|rows?|pos(?:ition)?|order|nr|i",
    re.IGNORECASE,
)


def find_step_column(table: Table, sequences: Sequence[NDArray[np.intp]], taken: Sequence[str]) -> str:
    """Return the column that counts the steps within each sequence; empty if there is none.

    It holds whole numbers that rise by 1 within each sequence, once sorted. They start at 0 or 1 in all of them, or the
    column is named like a step.

    Args:
        table: The table.
        sequences: Indices of the rows of each sequence.
        taken: Columns with another role.
    """
    if all(len(rows) < 2 for rows in sequences):
        return ""
    for name in table.columns:
        if name in taken:
            continue
        values, share = table.to_floats(name)
        if share < 1 or not (values == np.round(values)).all():
            continue
        order = sorted_steps(values, sequences)
        starts = {float(values[rows[0]]) for rows in order}
        named = _STEP_NAME.fullmatch(name.strip())
        if all((np.diff(values[rows]) == 1).all() for rows in order) and (named or starts in ({0.0}, {1.0})):
            return name
    return ""


def sorted_steps(values: NDArray[np.float64], sequences: Sequence[NDArray[np.intp]]) -> list[NDArray[np.intp]]:
    """Return the rows of each sequence in the order of the numbers in a column."""
    return [rows[np.argsort(values[rows], kind="stable")] for rows in sequences]
