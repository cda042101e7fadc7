"""What a person sees of a table before it is imported: its first and last rows, and a small plot of each column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.reading.table import Table

MAX_COLUMNS = 200  # that are shown; a table may have thousands
_ROWS = 10  # at the beginning, and as many at the end
_BINS = 64  # of a small plot


@dataclass(frozen=True)
class Preview:
    """The first and last rows of a table as text, in the order in which they are read.

    Attributes:
        columns: Names of the columns, at most 200.
        row_numbers: Number of each row in the file.
        texts: By row, the text of each cell; empty for a missing value.
        unread: Row and column of cells that are no numbers in a column of numbers.
        first: Number of rows that stand at the beginning; the others stand at the end.
        between: Number of rows between them, which are not shown.
        plots: By column of numbers, the least and greatest value in each stretch of the rows, `(2, stretches)`.
    """

    columns: tuple[str, ...]
    row_numbers: tuple[int, ...]
    texts: tuple[tuple[str, ...], ...]
    unread: frozenset[tuple[int, int]] = frozenset()
    first: int = 0
    between: int = 0
    plots: dict[str, NDArray[np.float64]] = field(default_factory=dict)


def preview_of(table: Table) -> Preview:
    """Return the preview of a table.

    >>> from rnnstudio.core.paths import resource
    >>> from rnnstudio.reading.files import read_file
    >>> preview = preview_of(read_file(resource("data/airline.csv")))
    >>> preview.texts[0], preview.row_numbers[-1]
    (('1949-01-01', '112'), 145)
    """
    names = table.columns[:MAX_COLUMNS]
    count = len(table.cells)
    first = list(range(min(count, _ROWS)))
    shown = [*first, *range(max(len(first), count - _ROWS), count)]
    by_column, unread = [], set()
    for j, name in enumerate(names):
        texts = _texts(table.cells[name].iloc[shown].to_numpy(), is_date_only(table.cells[name].to_numpy()))
        not_numbers = table.unread.get(name, {})
        for i, row in enumerate(shown):
            if row in not_numbers:
                texts[i] = not_numbers[row]
                unread.add((i, j))
        by_column.append(texts)
    return Preview(
        columns=tuple(names),
        row_numbers=tuple(int(table.row_numbers[row]) for row in shown),
        texts=tuple(zip(*by_column, strict=True)),
        unread=frozenset(unread),
        first=len(first),
        between=count - len(shown),
        plots={
            name: small_plot(values) for name in names if (values := table.cells[name].to_numpy()).dtype.kind in "iuf"
        },
    )


def small_plot(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return the least and the greatest value in each of at most 64 stretches of a column, `(2, stretches)`.

    >>> small_plot(np.array([1.0, np.nan, 3.0])).tolist()
    [[1.0, nan, 3.0], [1.0, nan, 3.0]]
    """
    if not len(values):
        return np.empty((2, 0))
    numbers = values.astype(np.float64, copy=False)
    begins = np.linspace(0, len(values), min(len(values), _BINS), endpoint=False).astype(np.intp)
    return np.stack([np.fmin.reduceat(numbers, begins), np.fmax.reduceat(numbers, begins)])


def is_date_only(values: NDArray[Any]) -> bool:
    """Return whether a column holds dates without times of day."""
    if values.dtype.kind != "M":
        return False
    known = values[~np.isnat(values)]
    return bool((known == known.astype("datetime64[D]")).all())


def _texts(values: NDArray[Any], date_only: bool) -> list[str]:
    if values.dtype.kind == "M":
        stamps = np.datetime_as_string(values, unit="D" if date_only else "s")
        return ["" if stamp == "NaT" else str(stamp).replace("T", " ") for stamp in stamps]
    if values.dtype.kind == "f":
        return ["" if np.isnan(value) else f"{value:.10g}" for value in values]
    return ["" if value is None or value != value else str(value)[:80] for value in values]
