"""Columns of numbers that count the time or the steps since the start, and the gaps in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rnnstudio.reading.cells.column import Column
from rnnstudio.reading.times.time_names import says_steps, says_time

_MIN_ROWS = 3
_UNIT = re.compile(r"\s*[\[(][^\])]*[\])]$")
_UNEVEN = 1.5  # times the usual step, from which on a step is a gap


def elapsed_times(columns: Mapping[str, Column]) -> list[str]:
    """Return the columns named like times or steps whose numbers rise from row to row, such as seconds."""
    return [name for name, column in columns.items() if _rises(column) and _is_named_so(_UNIT.sub("", name))]


def uneven_steps_note(name: str, values: NDArray[np.float64], row_numbers: Sequence[int]) -> str:
    """Return the sentence about gaps in such a column; empty where it has none.

    Args:
        name: The column.
        values: Its numbers, rising.
        row_numbers: Number of each row in messages.

    >>> uneven_steps_note("time_s", np.array([0.0, 0.1, 0.2, 5.2, 5.3]), range(2, 7))
    "The steps in column 'time_s' differ: usually 0.1, at most 5 (before row 5); each row counts as one step."
    """
    steps = np.diff(values)
    if not len(steps):
        return ""
    usual, longest = float(np.median(steps)), int(np.argmax(steps))
    if steps[longest] <= _UNEVEN * usual:
        return ""
    return (
        f"The steps in column {name!r} differ: usually {usual:.4g}, at most {steps[longest]:.4g} (before row "
        f"{row_numbers[longest + 1]}); each row counts as one step."
    )


def _is_named_so(name: str) -> bool:
    return says_time(name) or says_steps(name)


def _rises(column: Column) -> bool:
    if column.account.kind != "number" or column.account.missing or column.unread:
        return False
    return len(column.values) >= _MIN_ROWS and bool((np.diff(column.values) > 0).all())
