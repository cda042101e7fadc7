"""The distinct texts of a column, from which it is decided what its cells are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rnnstudio.core.account import ColumnAccount, Question
from rnnstudio.core.missing import count_of
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.wording import enumeration
from rnnstudio.reading.cells.column import Column, count_few
from rnnstudio.reading.cells.dates_of_two_numbers import dates_of_two_numbers
from rnnstudio.reading.cells.missing_marks import MISSING_MARKS
from rnnstudio.reading.cells.number_signs import DASHES, RATIO_SIGNS
from rnnstudio.reading.cells.number_spelling import usual_spelling
from rnnstudio.reading.cells.number_text import NumberFormat, allowed_formats, most_frequent_format, number_formats
from rnnstudio.reading.cells.number_units import UnitTexts, without_units
from rnnstudio.reading.cells.plain_numbers import any_of
from rnnstudio.reading.cells.yes_no import YES_NO
from rnnstudio.reading.times.date_orders import allowed_readings
from rnnstudio.reading.times.dates_in_two_ways import with_other_dates
from rnnstudio.reading.times.time_names import says_order, says_week
from rnnstudio.reading.times.time_text import TimeReading, time_readings

_MIN_DATES = 0.5  # share of the cells of a column that are dates, from which on the others are asked about
_MAX_DISTINCT = 1_000  # values of a text column that are counted


def distinct_texts(name: str, cells: Any, options: ReadOptions, unit: str) -> DistinctTexts:
    """Return the distinct texts of a column of text, of which empty cells are null."""
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

    def __post_init__(self) -> None:
        self.number_texts = self.rest  # as numbers are usually spelled, once that was needed
        self.units: UnitTexts | None = None  # what stands behind them, once that was searched

    def numbers(self) -> Column | None:
        """Return the column if all its cells are numbers or missing."""
        formats = allowed_formats(number_formats(self.number_texts), self.options)
        spelled = ""
        if not formats:
            self.number_texts, spelled = usual_spelling(self.rest)
            formats = allowed_formats(number_formats(self.number_texts), self.options)
        if not formats:
            counts = self.counts[~self.is_mark]
            self.units = without_units(self.name, self.number_texts, counts)
            if self.units is None or not self.units.belong.all():
                return None
            self.number_texts = self.units.texts
            formats = allowed_formats(number_formats(self.number_texts), self.options)
            if not formats:
                return None
        column = self.numbers_in(formats[0])
        if self.units is not None and self.units.note:
            column.notes.append(self.units.note)
        if spelled:
            column.notes.append(f"Numbers with {spelled} in column {self.name!r} are read as negative.")
        if formats[0].is_bracketed:
            column.notes.append(f"Numbers in parentheses in column {self.name!r} are read as negative.")
            column.questions += self._question_about_dashes()
        if len(formats) > 1:
            column.formats, column.text = tuple(formats), self
            column.decimal_mark = formats[1].decimal if formats[0].has_either_mark else ""
        else:
            column.decimal_mark = self._decimal_mark(formats[0])
            column.questions += self._question_about_pairs(formats[0])
        return column

    def _question_about_dashes(self) -> list[Question]:
        """Return the question about dashes beside numbers in parentheses, as accountants write zero."""
        dashes = [mark for mark in self.marks if mark in DASHES and mark not in self.options.missing_values]
        if not dashes:
            return []
        shown = enumeration([repr(dash) for dash in dashes])
        rows = count_of(sum(self.marks[dash] for dash in dashes), "row")
        sentence = (
            f"Column {self.name!r} has negative numbers in parentheses, as accountants write them, and {shown} in "
            f"{rows}, which can be zero or missing; write 0 in the file where it is zero."
        )
        return [
            Question(
                "missing_values",
                {",".join([*self.options.missing_values, *dashes]): "the value is missing"},
                sentence,
                self.name,
            )
        ]

    def _question_about_pairs(self, form: NumberFormat) -> list[Question]:
        """Return the question about two values in a cell: numbers with leading zeros, a comma, and a flag."""
        if form.decimal != "," or self.options.decimal_mark != "auto":
            return []
        pairs = self.rest.filter(pc.match_substring_regex(self.rest, "^[-+]?0[0-9]{2,},[0-9]+$"))
        if not len(pairs) or not pc.all(pc.match_substring_regex(self.rest, "^[-+]?[0-9]{3,},[0-9]+$")).as_py():
            return []
        cell = str(pairs[0])
        number = f"{form.parse(pairs)[0].as_py():.10g}"
        sentence = (
            f"Column {self.name!r} has cells such as {cell!r}: a comma after leading zeros can separate two values, "
            "which must then stand in two columns."
        )
        return [Question("decimal_mark", {"comma": f"{cell} is {number}"}, sentence, self.name)]

    def _decimal_mark(self, form: NumberFormat) -> str:
        """Return the decimal mark where the column leaves no doubt about it."""
        if form.thousands in (".", ","):
            return form.decimal
        return form.decimal if any_of(pc.match_substring(self.number_texts, form.decimal)) else ""

    def numbers_in(self, form: NumberFormat) -> Column:
        """Return the column with its numbers in a format."""
        numbers = np.full(len(self.distinct), np.nan)
        numbers[~self.is_mark] = self._parsed(form, self.number_texts, slice(None))
        values = numbers[self.codes]
        unit, written = self._unit_of(form)
        account = ColumnAccount(self.name, "number", unit, written, self._missing, self.marks, count_few(values))
        return Column(account, values, has_units=self.units is not None and bool(self.units.unit))

    def _parsed(self, form: NumberFormat, texts: Any, cells: Any) -> NDArray[np.float64]:
        """Return the numbers of texts in a format, multiplied out where scales stand behind these cells."""
        numbers: NDArray[np.float64] = form.parse(texts).to_numpy(zero_copy_only=False)
        factors = self.units.factors if self.units is not None else None
        return numbers if factors is None else numbers * factors[cells]

    def _unit_of(self, form: NumberFormat) -> tuple[str, str]:
        """Return the unit of the numbers, and how they are written."""
        behind = self.units.unit if self.units is not None else ""
        written = f"{form.example or '1234.5'} {behind}" if behind else form.example
        return behind or self.unit or form.sign, written

    @property
    def _missing(self) -> int:
        return int(self.counts[self.is_mark].sum())

    def yes_no(self) -> Column | None:
        """Return the column if its cells are one or two words for yes and no, in capital letters or not."""
        words = {word.lower(): word for word in map(str, reversed(self.rest.to_pylist()))}  # the first spelling of each
        if len(words) > 2 or not words.keys() <= YES_NO.keys():
            return None
        written = "/".join(words[word] for word in sorted(words, key=lambda w: not YES_NO[w]))
        return self._as_text("yes/no", written, self.is_mark)

    def times(self) -> Column | None:
        """Return the column if all its cells are dates or missing."""
        readings = self._readings(1.0)
        return self._times_in(readings) if readings else None

    def mostly_times(self) -> Column | None:
        """Return the column as text with the dates in it, if at least half of its cells are dates."""
        readings = self._readings(_MIN_DATES)
        if not readings:
            return None
        readings = allowed_readings(with_other_dates(self.rest, readings), self.name, self.options)
        if not np.isnat(readings[0].stamps).any():
            return self._times_in(readings)
        column, dates = self.as_text(), self._times_in(readings)
        is_unread = ~self.is_mark
        is_unread[is_unread] = np.isnat(readings[0].stamps)
        dates.unread = [(int(i), str(self.distinct[int(self.codes[i])])) for i in np.flatnonzero(is_unread[self.codes])]
        column.dates = dates
        return column

    def _readings(self, share: float) -> list[TimeReading]:
        readings = time_readings(self.rest, share, says_week(self.name))
        if not readings and says_order(self.name):
            readings = dates_of_two_numbers(self.rest, self.name)
        return allowed_readings(readings, self.name, self.options)

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
        counts = self.counts[rest_codes]
        if self.units is not None:  # which hides the parentheses around a number and its sign
            whole = most_frequent_format(self.number_texts, counts)[1]
            if counts[whole].sum() > counts[self.units.belong].sum():
                self.units = None
        texts = self.units.texts if self.units is not None else self.number_texts
        form, match, are_numbers = most_frequent_format(texts, counts)
        are_quantities = False
        if self.units is not None:
            match &= self.units.belong
            are_numbers &= self.units.belong
            are_quantities = self.units.are_quantities and bool(match.any())
        if int(self.counts[rest_codes[are_numbers]].sum()) * 2 <= len(self.codes) and not are_quantities:
            return None
        numbers = np.full(len(self.distinct), np.nan)
        numbers[rest_codes[match]] = self._parsed(form, texts.filter(pa.array(match)), match)
        is_unread = np.zeros(len(self.distinct), bool)
        is_unread[rest_codes[~match]] = True
        unread = [(int(i), str(self.distinct[int(self.codes[i])])) for i in np.flatnonzero(is_unread[self.codes])]
        unit, written = self._unit_of(form)
        unit = self.unit if unit == form.sign and unit not in RATIO_SIGNS else unit
        account = ColumnAccount(self.name, "number", unit, written, self._missing, self.marks)
        notes = [self.units.note] if self.units is not None and self.units.note else []
        return Column(account, numbers[self.codes], unread, notes=notes)

    def as_text(self) -> Column:
        """Return the column as text, in which only empty cells and the caller's marks are missing."""
        texts = [str(text) for text in self.distinct.to_pylist()]
        further = [mark for mark in self.options.missing_values if mark != "none"]
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
