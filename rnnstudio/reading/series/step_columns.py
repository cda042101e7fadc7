"""The column that counts the steps within each sequence of a long table; it orders the rows and is no input."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rnnstudio.reading.table import Table

_STEP_NAME = re.compile(
    r"steps?|time_?steps?|t|time|zeit|schritt|pas|frames?|index|idx|cycles?|ticks?|samples?|rows?|pos(?:ition)?|order|nr|i"
    r"|seconds?|secs?|sekunden?|ms|milliseconds?|elapsed(?:[ _]?time)?|(?:time|zeit|t)[ _]?[(\[]?(?:s|sec|ms)[)\]]?",
    re.IGNORECASE,
)
_MIN_STEPS = 10  # steps that make chance unlikely
_MAX_LACKING = 1.25  # steps that the numbers count, for each step that is there
_MAX_DOUBLED = 2 / 3  # of the rows of a sequence, two recordings under one name
_ROUNDED = 1e-3  # of a step


def find_step_column(table: Table, sequences: Sequence[NDArray[np.intp]], taken: Sequence[str]) -> str:
    """Return the column that counts the steps within each sequence; empty if there is none.

    Once sorted, it rises by 1 within each sequence. It is named like a step, or starts at 0 or 1 in all of them, or at
    another number where that is no chance. Where it is named like a step, it may rise by any other number, such as 0.1
    seconds, and a few steps may be missing.

    Args:
        table: The table.
        sequences: Indices of the rows of each sequence.
        taken: Columns with another role.
    """
    for name, values in _complete_columns(table, sequences, taken):
        order = sorted_steps(values, sequences)
        rises = _rises(values, order)
        starts = {float(values[rows[0]]) for rows in order}
        is_named = bool(_STEP_NAME.fullmatch(name.strip()))
        if (rises == 1).all() and (values == np.round(values)).all():
            if is_named or starts in ({0.0}, {1.0}) or (len(starts) == 1 and len(rises) >= _MIN_STEPS):
                return name
        elif is_named and rises.min() > 0 and _is_grid(rises):
            return name
    return ""


def lacking_steps(values: NDArray[np.float64], sequences: Sequence[NDArray[np.intp]]) -> int:
    """Return how many steps the numbers of a step column leave out within the sequences."""
    rises = _rises(values, sequences)
    return int(np.round(rises / rises.min()).sum()) - len(rises)


def doubled_step(table: Table, sequences: Sequence[NDArray[np.intp]], taken: Sequence[str]) -> tuple[str, list[int]]:
    """Return a column that would count the steps, were not some of them twice in a sequence, and two rows of one step.

    The rows of at least one sequence are not in the order of the column; where they are, events can share a time. The
    name is empty where there is none.

    Args:
        table: The table.
        sequences: Indices of the rows of each sequence.
        taken: Columns with another role.
    """
    for name, values in _complete_columns(table, sequences, taken):
        if not _STEP_NAME.fullmatch(name.strip()) or (_rises(values, sequences) >= 0).all():
            continue
        order = sorted_steps(values, sequences)
        rises = _rises(values, order)
        if 0 < (rises == 0).sum() <= _MAX_DOUBLED * len(rises) and _is_grid(rises[rises > 0]):
            pairs = (rows[place : place + 2] for rows in order for place in np.flatnonzero(np.diff(values[rows]) == 0))
            return name, [int(row) for row in next(pairs)]
    return "", []


def sorted_steps(values: NDArray[np.float64], sequences: Sequence[NDArray[np.intp]]) -> list[NDArray[np.intp]]:
    """Return the rows of each sequence in the order of the numbers in a column."""
    return [rows[np.argsort(values[rows], kind="stable")] for rows in sequences]


def _complete_columns(
    table: Table, sequences: Sequence[NDArray[np.intp]], taken: Sequence[str]
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Yield the free columns of numbers without missing ones, where a sequence has more than one step."""
    if any(len(rows) > 1 for rows in sequences):
        for name in table.columns:
            if name not in taken:
                values, share = table.to_floats(name)
                if share == 1:
                    yield name, values


def _rises(values: NDArray[np.float64], sequences: Sequence[NDArray[np.intp]]) -> NDArray[np.float64]:
    """Return the differences between the rows of each sequence, all in one array."""
    return np.concatenate([np.diff(values[rows]) for rows in sequences])


def _is_grid(rises: NDArray[np.float64]) -> bool:
    """Return whether all steps are whole multiples of the smallest one, and few of them larger."""
    if len(rises) < _MIN_STEPS:
        return False
    steps = rises / rises.min()
    is_whole = np.abs(steps - np.round(steps)) < _ROUNDED * np.maximum(1, steps)
    return bool(is_whole.all() and steps.sum() <= _MAX_LACKING * len(steps))
