"""A column with its typed cells, and what is open about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import ColumnAccount, Question
from rnnstudio.core.precision import Floats
from rnnstudio.reading.cells.number_text import NumberFormat
from rnnstudio.reading.cells.written_names import Names
from rnnstudio.reading.times.time_text import TimeReading


class NumberTexts(Protocol):
    """The texts of a column, which can be read as numbers in more than one format."""

    number_texts: Any

    def numbers_in(self, form: NumberFormat) -> Column:
        """Return the column with its numbers in a format."""
        ...


DURATION = "as a duration"  # how the account says that numbers were durations
_SAMPLE = 1_000  # values at the beginning that show most columns to have many


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
        text_rows: Index of the cells that are text, where others are numbers already; else None.
        has_units: Whether a unit stands behind its numbers.
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
    text: NumberTexts | None = None
    text_rows: NDArray[np.intp] | None = None
    has_units: bool = False
    notes: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def use(self, form: NumberFormat) -> None:
        """Read the numbers in a format."""
        assert self.text is not None
        decided, self.decimal_mark = self.text.numbers_in(form), form.decimal
        if self.text_rows is None:
            self.account, self.values = decided.account, decided.values
        else:
            self.values[self.text_rows] = decided.values
            self.account = replace(self.account, distinct=count_few(self.values))

    def use_names(self, found: Names | None) -> None:
        """Keep how its numbers are written, where they are names."""
        if found is None:
            return
        self.names = found.texts
        self.notes += [found.note] if found.note else []
        if found.example:
            self.account = replace(self.account, written=found.example)


def count_few(values: Floats) -> int:
    """Return the number of different values if it is 1 or 2, else 0."""
    if len(np.unique(values[:_SAMPLE])) > 3:  # one of them may be NaN
        return 0
    known = values[~np.isnan(values)]
    if not len(known):
        return 0
    low, high = known.min(), known.max()
    if low == high:
        return 1
    return 2 if bool(((known == low) | (known == high)).all()) else 0
