"""What a person sees of a table before it is imported: some of its rows, and a small plot of each column."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.reading.table import Table

MAX_COLUMNS = 200  # that are shown; a table may have thousands
_ROWS = 10  # at the beginning, and as many at the end
_BINS = 64  # of a small plot


@dataclass(frozen=True)
class Preview:
    """Some rows of a table as text, in the order in which they are read: the first, the last, and chosen ones between.

    Attributes:
        columns: Names of the columns, at most 200.
        positions: Index in the table of each row that is shown, rising.
        row_numbers: Number of each of these rows in the file.
        texts: By row, the text of each cell; empty for a missing value.
        count: Number of rows of the table.
        unread: Row and column of cells that are no numbers in a column of numbers.
        filled: By row and column, the value that a training takes for a missing one.
        left_out: Rows that a training leaves out.
        plots: By column of numbers, the least and greatest value in each stretch of the rows, `(2, stretches)`.
        dates: Columns of dates without times of day.
        zones: By column of times, what its times are where the file may say otherwise, such as "standard time".
    """

    columns: tuple[str, ...]
    positions: tuple[int, ...]
    row_numbers: tuple[int | str, ...]
    texts: tuple[tuple[str, ...], ...]
    count: int
    unread: frozenset[tuple[int, int]] = frozenset()
    filled: Mapping[tuple[int, int], str] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()
    plots: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    dates: frozenset[str] = frozenset()
    zones: Mapping[str, str] = field(default_factory=dict)


def preview_of(table: Table) -> Preview:
    """Return the first and last rows of a table, and a small plot of each column of numbers.

    >>> from rnnstudio.core.paths import resource
    >>> from rnnstudio.reading.files import read_file
    >>> preview = preview_of(read_file(resource("data/airline.csv")))
    >>> preview.texts[0], preview.row_numbers[-1]
    (('1949-01-01', '112'), 145)
    """
    names, count = table.columns[:MAX_COLUMNS], len(table.cells)
    values = {name: _as_read(table, name) for name in names if table.cells[name].dtype.kind in "iufM"}
    time = table.account.time if table.account else None
    preview = Preview(
        columns=tuple(names),
        positions=(),
        row_numbers=(),
        texts=(),
        count=count,
        plots={name: small_plot(of_column) for name, of_column in values.items() if of_column.dtype.kind in "iuf"},
        dates=frozenset(name for name, of_column in values.items() if is_date_only(of_column)),
        zones={time.column: time.zone} if time is not None and time.zone else {},
    )
    return with_rows(preview, table, {*range(min(count, _ROWS)), *range(max(0, count - _ROWS), count)})


def with_rows(preview: Preview, table: Table, positions: Collection[int]) -> Preview:
    """Return a preview with further rows of its table.

    Args:
        preview: The preview.
        table: The table.
        positions: Indices of the rows.
    """
    shown = sorted({*preview.positions, *positions})
    by_column, unread = [], set()
    for j, name in enumerate(preview.columns):
        texts = _texts(_as_read(table, name)[shown], name in preview.dates)
        if name in table.written:
            texts = [text or "" for text in table.written[name].take(shown).to_pylist()]
        not_numbers = table.unread.get(name, {})
        for i, row in enumerate(shown):
            if row in not_numbers:
                texts[i] = not_numbers[row]
                unread.add((i, j))
        by_column.append(texts)
    return replace(
        preview,
        positions=tuple(shown),
        row_numbers=tuple(table.row_numbers[row] for row in shown),
        texts=tuple(zip(*by_column, strict=True)),
        unread=frozenset(unread),
        filled={},
        left_out=frozenset(),
    )


def _as_read(table: Table, name: str) -> NDArray[Any]:
    """Return the values of a column; of the time column those of the clock that a training reads."""
    time, cells = table.account.time if table.account else None, table.cells[name]
    if table.times is not None and time is not None and time.column == name and cells.dtype.kind == "M":
        return table.times
    return cells.to_numpy()


def number_text(value: float) -> str:
    """Return a number as the preview shows it; empty where it is missing.

    >>> number_text(0.1 + 0.2)
    '0.3'
    """
    return "" if np.isnan(value) else f"{value:.10g}"


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
        known = values[~np.isnat(values)]
        with_seconds = bool((known != known.astype("datetime64[m]")).any())
        stamps = np.datetime_as_string(values, unit="D" if date_only else "s" if with_seconds else "m")
        return ["" if stamp == "NaT" else str(stamp).replace("T", " ") for stamp in stamps]
    if values.dtype.kind == "f":
        return [number_text(value) for value in values]
    return ["" if value is None or value != value else str(value)[:80] for value in values]
