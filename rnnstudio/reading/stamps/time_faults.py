"""Columns most of whose cells are times: what is asked about the others, which the order of the rows depends on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import Question
from rnnstudio.reading.cells.column import Column

_MOST_NAMED = 3  # other cells that a question quotes


def no_times_question(
    name: str, column: str, example: str, others: Sequence[tuple[int, str]], row_numbers: Sequence[int]
) -> Question:
    """Return the question about the cells of a column of times that are none.

    Args:
        name: Name of the file.
        column: Name of the column.
        example: A cell that is a time.
        others: Index of the row and text of those that are none.
        row_numbers: Number of each row in messages.

    >>> question = no_times_question("a.csv", "day", "2024-02-29", [(7, "2024-02-31")], range(2, 90))
    >>> print(question.sentence)
    In a.csv, column 'day' holds times such as '2024-02-29', but 1 cell cannot be read as one: '2024-02-31' in row 9.
    """
    listed = ", ".join(f"{text[:30]!r} in row {row_numbers[row]}" for row, text in others[:_MOST_NAMED])
    count = len(others)
    number = "1 cell cannot" if count == 1 else f"{count:,} cells cannot"
    more = "" if count <= _MOST_NAMED else ", and so on"
    rows = "its row is left out" if count == 1 else "their rows are left out"
    return Question(
        "time",
        {column: rows, "none": "the rows are in order"},
        f"In {name}, column {column!r} holds times such as {example[:30]!r}, but {number} be read as one: "
        f"{listed}{more}.",
    )


def cells_without_time(column: Column, stamps: NDArray[np.datetime64]) -> list[tuple[int, str]]:
    """Return index and text of the cells of a column of numbers that are not missing and stand for no time."""
    values: Any = column.values
    unread = dict(column.unread)
    rows = np.flatnonzero(np.isnat(stamps) & ~np.isnan(values))
    return sorted([*unread.items(), *((int(row), f"{values[row]:.15g}") for row in rows)])
