"""What the cells of a column are: numbers, yes/no, times or text; decided for the whole column."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rnnstudio.core.account import ColumnAccount, Kind
from rnnstudio.core.numerals import is_number
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.wording import enumeration
from rnnstudio.reading.cells.column import Column, count_few
from rnnstudio.reading.cells.distinct_texts import DistinctTexts, distinct_texts
from rnnstudio.reading.cells.plain_numbers import plain_numbers
from rnnstudio.reading.cells.written_names import names_of_cells, written_names
from rnnstudio.reading.times.time_text import is_written_as_time

_SAMPLE = 1_000  # cells at the beginning of a column that decide what is tried first


def read_column(name: str, cells: Any, options: ReadOptions, unit: str = "") -> Column:
    """Return a column of text with typed cells.

    Args:
        name: Its name.
        cells: Its text (pyarrow), or numbers; cells are null where they are empty.
        options: How the caller wants it to be read.
        unit: Its unit, from the row of units.

    >>> import pyarrow as pa
    >>> column = read_column("sales", pa.chunked_array([["1.026,5", "n/a", "987"]]), ReadOptions())
    >>> column.values.tolist(), column.account.written, column.account.missing_marks
    ([1026.5, nan, 987.0], '1.234,5', {'n/a': 1})
    """
    if name in options.names and (of_marks := _names_of_marks(name, cells, options)):
        return of_marks
    column = _plain_column(name, cells, options, unit) or _column_of_dates(name, cells, options, unit)
    if column is not None:
        return _with_names(column, cells, cells, options)
    read = distinct_texts(name, cells, options, unit)
    if not len(read.rest):
        account = ColumnAccount(name, "empty", unit, "", len(read.codes), read.marks)
        return Column(account, np.full(len(read.codes), np.nan))
    column = read.numbers() or read.yes_no() or read.times() or read.mostly_numbers()
    return _with_names(column or read.mostly_times() or read.as_text(), cells, read.rest, options)


def _names_of_marks(name: str, cells: Any, options: ReadOptions) -> Column | None:
    """Return a column of names where fewer than two remain without marks of missing values such as None and NA.

    These marks, but for those that the caller sets, are names then; beside a number they are not.
    """
    if pa.types.is_floating(cells.type):
        return None
    read = distinct_texts(name, cells, options, "")
    if len(read.rest) > 1 or any(is_number(str(text)) for text in read.rest.to_pylist()):
        return None
    column = read.as_text()
    marks = [mark for mark in read.marks if mark and mark not in column.account.missing_marks]
    if not marks or column.account.distinct < 2:
        return None
    listed = enumeration([repr(mark) for mark in marks])
    one = len(marks) == 1
    column.notes.append(f"{listed} in column {name!r} {'is' if one else 'are'} read as {'a name' if one else 'names'}.")
    return column


def _with_names(column: Column, cells: Any, known: Any, options: ReadOptions) -> Column:
    """Return a column with its cells as they are written, where they are names."""
    name, kind = column.account.name, column.account.kind
    if kind == "time" and name in options.names:
        column.names = written_names(cells)
    if kind == "number":
        rows = [row for row, _ in column.unread]
        column.use_names(names_of_cells(name, cells, known, column.values, rows, bool(column.decimal_mark), options))
    return column


def read_names(name: str, cells: Any, options: ReadOptions) -> Column:
    """Return a column of text as names, whatever is written in its cells."""
    return distinct_texts(name, cells, options, "").as_text()


def _plain_column(name: str, cells: Any, options: ReadOptions, unit: str) -> Column | None:
    """Return a column of numbers with decimal points, which need no further decision; None for other columns."""
    plain = plain_numbers(cells, options)
    if plain is None:
        return None
    values = np.asarray(plain.to_numpy(zero_copy_only=False) if isinstance(plain, pa.Array) else plain.to_numpy())
    missing, empty = int(np.isnan(values).sum()), int(cells.null_count)
    marks = {mark: n for mark, n in (("", empty), ("nan", missing - empty)) if n}
    kind: Kind = "empty" if missing == len(values) else "number"
    account = ColumnAccount(name, kind, unit, "", missing, marks, count_few(values))
    known = values[:_SAMPLE][np.isfinite(values[:_SAMPLE])]
    has_decimals = bool((known % 1 > 0).any())
    return Column(account, values, decimal_mark="." if has_decimals else "")


def _column_of_dates(name: str, cells: Any, options: ReadOptions, unit: str) -> Column | None:
    """Return a column of dates that hardly repeat, without finding the distinct ones; None for other columns."""
    sample = cells.slice(0, _SAMPLE)
    if cells.null_count or len(sample) < _SAMPLE or len(pc.unique(sample)) < _SAMPLE // 2:
        return None
    if not is_written_as_time(str(sample[0].as_py()).strip()):
        return None
    every = pc.utf8_trim_whitespace(cells).combine_chunks()
    codes, count = np.arange(len(every)), len(every)
    read = DistinctTexts(name, unit, every, codes, np.ones(count, np.int64), np.zeros(count, bool), {}, every, options)
    return read.times()
