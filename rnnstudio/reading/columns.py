"""What the cells of a column are: numbers, yes/no, times or text; decided for the whole column."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rnnstudio.core.account import ColumnAccount, Kind, Question
from rnnstudio.core.precision import Floats
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.missing_marks import MISSING_MARKS
from rnnstudio.reading.number_text import NumberFormat, allowed_formats, most_frequent_format, number_formats
from rnnstudio.reading.plain_numbers import any_of, plain_numbers
from rnnstudio.reading.time_text import TimeReading, is_written_as_time, time_readings
from rnnstudio.reading.written_names import Names, names_of_cells, written_names
from rnnstudio.reading.yes_no import YES_NO

_SAMPLE = 1_000  # cells at the beginning of a column that decide what is tried first
_MIN_DATES = 0.5  # share of the cells of a column that are dates, from which on the others are asked about
_MAX_DISTINCT = 1_000  # values of a text column that are counted


@dataclass
class Column:
    """A column with its typed cells.

    Attributes:
        account: How it was read.
        values: float64 with NaN, datetime64[ns] with NaT, or text with None for missing cells.
        unread: Index and text of cells that are no numbers, in a column that mostly holds numbers.
        formats: The two ways to read its numbers where the column alone does not decide: decimals, thousands marks.
        decimal_mark: The decimal mark of its numbers, where the column leaves no doubt; empty otherwise.
        readings: The ways to read its dates, where day and month are ambiguous.
        dates: The same column as dates, where most of its cells are such; those that are not are its `unread` ones.
        zone: Time zone of its times.
        names: Text (pyarrow): how its numbers are written, where the cells are names, have leading zeros, or are longer
            than float64 can hold; else None.
        text: Its distinct texts, from which the numbers are read once more in another format.
        notes: What was assumed.
        questions: What is open.
    """

    account: ColumnAccount
    values: Any
    unread: list[tuple[int, str]] = field(default_factory=list)
    formats: tuple[NumberFormat, ...] = ()
    decimal_mark: str = ""
    readings: list[TimeReading] = field(default_factory=list)
    dates: Column | None = None
    zone: str = ""
    names: Any = None
    text: DistinctTexts | None = None
    notes: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def use(self, form: NumberFormat) -> None:
        """Read the numbers in a format."""
        assert self.text is not None
        decided = self.text.numbers_in(form)
        self.account, self.values = decided.account, decided.values

    def use_names(self, found: Names | None) -> None:
        """Keep how its numbers are written, where they are names."""
        if found is None:
            return
        self.names = found.texts
        self.notes += [found.note] if found.note else []
        if found.example:
            self.account = replace(self.account, written=found.example)


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
    column = _plain_column(name, cells, options, unit) or _column_of_dates(name, cells, options, unit)
    if column is not None:
        return _with_names(column, cells, cells, options)
    read = _distinct_texts(name, cells, options, unit)
    if not len(read.rest):
        account = ColumnAccount(name, "empty", unit, "", len(read.codes), read.marks)
        return Column(account, np.full(len(read.codes), np.nan))
    column = read.numbers() or read.yes_no() or read.times() or read.mostly_numbers()
    return _with_names(column or read.mostly_times() or read.as_text(), cells, read.rest, options)


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
    return _distinct_texts(name, cells, options, "").as_text()


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


def _distinct_texts(name: str, cells: Any, options: ReadOptions, unit: str) -> DistinctTexts:
    trimmed = pc.fill_null(pc.utf8_trim_whitespace(cells), "")
    dictionary = pc.dictionary_encode(trimmed.combine_chunks() if isinstance(trimmed, pa.ChunkedArray) else trimmed)
    if isinstance(dictionary, pa.ChunkedArray):
        dictionary = dictionary.combine_chunks()
    distinct = dictionary.dictionary
    codes = dictionary.indices.to_numpy(zero_copy_only=False)
    counts = np.bincount(codes, minlength=len(distinct))
    is_mark = pc.is_in(pc.utf8_lower(distinct), pa.array(sorted(MISSING_MARKS)))
    if options.missing_values:
        is_mark = pc.or_(is_mark, pc.is_in(distinct, pa.array(list(options.missing_values))))
    mask = np.asarray(is_mark)
    marks = {str(distinct[int(i)]): int(counts[i]) for i in np.flatnonzero(mask)}
    return DistinctTexts(name, unit, distinct, codes, counts, mask, marks, distinct.filter(pa.array(~mask)), options)


def count_few(values: Floats) -> int:
    """Return the number of different values if it is 1 or 2, else 0."""
    known = values[~np.isnan(values)]
    if not len(known):
        return 0
    low, high = known.min(), known.max()
    if low == high:
        return 1
    return 2 if bool(((known == low) | (known == high)).all()) else 0


@dataclass
class DistinctTexts:
    """The distinct texts of a column, which are fewer than its cells."""

    name: str
    unit: str
    distinct: Any
    codes: NDArray[Any]
    counts: NDArray[np.int64]
    is_mark: NDArray[np.bool_]
    marks: dict[str, int]
    rest: Any
    options: ReadOptions

    def numbers(self) -> Column | None:
        """Return the column if all its cells are numbers or missing."""
        formats = allowed_formats(number_formats(self.rest), self.options)
        if not formats:
            return None
        column = self.numbers_in(formats[0])
        if formats[0].is_bracketed:
            column.notes.append(f"Numbers in parentheses in column {self.name!r} are read as negative.")
        if len(formats) > 1:
            column.formats, column.text = tuple(formats), self
        else:
            column.decimal_mark = self._decimal_mark(formats[0])
        return column

    def _decimal_mark(self, form: NumberFormat) -> str:
        if form.thousands in (".", ","):
            return form.decimal
        return form.decimal if any_of(pc.match_substring(self.rest, form.decimal)) else ""

    def numbers_in(self, form: NumberFormat) -> Column:
        """Return the column with its numbers in a format."""
        numbers = np.full(len(self.distinct), np.nan)
        numbers[~self.is_mark] = form.parse(self.rest).to_numpy(zero_copy_only=False)
        values = numbers[self.codes]
        account = ColumnAccount(
            self.name, "number", self.unit or form.sign, form.example, self._missing, self.marks, count_few(values)
        )
        return Column(account, values)

    @property
    def _missing(self) -> int:
        return int(self.counts[self.is_mark].sum())

    def yes_no(self) -> Column | None:
        """Return the column if its cells are words for yes and no."""
        if len(self.rest) > 2:
            return None
        words = [str(word) for word in self.rest.to_pylist()]
        if not all(word.lower() in YES_NO for word in words):
            return None
        return self._as_text("yes/no", "/".join(sorted(words, key=lambda w: not YES_NO[w.lower()])), self.is_mark)

    def times(self) -> Column | None:
        """Return the column if all its cells are dates or missing."""
        readings = self._readings(1.0)
        return self._times_in(readings) if readings else None

    def mostly_times(self) -> Column | None:
        """Return the column as text with the dates in it, if at least half of its cells are dates."""
        readings = self._readings(_MIN_DATES)
        if not readings:
            return None
        column, dates = self.as_text(), self._times_in(readings)
        is_unread = ~self.is_mark
        is_unread[is_unread] = np.isnat(readings[0].stamps)
        dates.unread = [(int(i), str(self.distinct[int(self.codes[i])])) for i in np.flatnonzero(is_unread[self.codes])]
        column.dates = dates
        return column

    def _readings(self, share: float) -> list[TimeReading]:
        readings = time_readings(self.rest, share)
        if len(readings) > 1:
            return [r for r in readings if self.options.date_order in ("auto", r.order)] or readings
        return readings

    def _times_in(self, readings: list[TimeReading]) -> Column:
        reading = readings[0]
        stamps = np.full(len(self.distinct), np.datetime64("NaT"), "datetime64[ns]")
        stamps[~self.is_mark] = reading.stamps
        account = ColumnAccount(self.name, "time", self.unit, reading.written, self._missing, self.marks)
        notes = [reading.note] if reading.note else []
        return Column(account, stamps[self.codes], readings=readings, zone=reading.zone, notes=notes)

    def mostly_numbers(self) -> Column | None:
        """Return the column if more than half of its cells are numbers; the others are kept with their rows."""
        rest_codes = np.flatnonzero(~self.is_mark)
        form, match = most_frequent_format(self.rest, self.counts[rest_codes])
        if int(self.counts[rest_codes[match]].sum()) * 2 <= len(self.codes):
            return None
        numbers = np.full(len(self.distinct), np.nan)
        numbers[rest_codes[match]] = form.parse(self.rest.filter(pa.array(match))).to_numpy(zero_copy_only=False)
        is_unread = np.zeros(len(self.distinct), bool)
        is_unread[rest_codes[~match]] = True
        unread = [(int(i), str(self.distinct[int(self.codes[i])])) for i in np.flatnonzero(is_unread[self.codes])]
        account = ColumnAccount(self.name, "number", self.unit, form.example, self._missing, self.marks)
        return Column(account, numbers[self.codes], unread)

    def as_text(self) -> Column:
        """Return the column as text, in which only empty cells and the caller's marks are missing."""
        texts = [str(text) for text in self.distinct.to_pylist()]
        further = self.options.missing_values
        return self._as_text("text", "", np.array([text == "" or text in further for text in texts], bool))

    def _as_text(self, kind: Any, written: str, missing: NDArray[np.bool_]) -> Column:
        texts = np.array([str(text) for text in self.distinct.to_pylist()], object)
        texts[missing] = None
        count = int((~missing).sum())
        marks = {str(self.distinct[int(i)]): int(self.counts[i]) for i in np.flatnonzero(missing)}
        account = ColumnAccount(
            self.name,
            kind,
            self.unit,
            written,
            int(self.counts[missing].sum()),
            marks,
            count if count <= _MAX_DISTINCT else 0,
        )
        return Column(account, texts[self.codes])
