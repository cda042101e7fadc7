"""The account of how a file or data frame was read: what form, `inspect`, notes and the window's import page show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["number", "yes/no", "text", "time", "index", "empty"]


@dataclass(frozen=True)
class Question:
    """Something that the file leaves open, where a wrong guess would change numbers.

    Attributes:
        setting: The setting that answers it.
        choices: What each value of the setting means, by value.
        sentence: What is unclear, with row and column.
        column: The column it is about; a run that does not use it is not asked. Empty for the whole file.

    >>> question = Question("date_order", {"day_first": "1 February", "month_first": "2 January"}, "01/02 is unclear.")
    >>> question.advice
    'Set date_order to day_first (1 February) or month_first (2 January).'
    """

    setting: str
    choices: Mapping[str, str]
    sentence: str
    column: str = ""

    @property
    def advice(self) -> str:
        """The sentence that names the setting and its choices."""
        choices = [f"{value} ({meaning})" if meaning else value for value, meaning in self.choices.items()]
        listed = " or ".join(filter(None, (", ".join(choices[:-1]), choices[-1])))
        return f"Set {self.setting} to {listed}."


@dataclass(frozen=True)
class ColumnAccount:
    """How one column was read.

    Attributes:
        name: Its name; names in several rows are joined by a blank.
        kind: What its cells hold. An index only counts the rows.
        unit: Its unit, from a row of units; empty where the file names none.
        written: How its cells are written, such as "1.026,5" for numbers or "day.month.year" for dates; empty for plain
            numbers and text.
        missing: Number of missing cells.
        missing_marks: How many cells each mark of a missing value has; the mark of empty cells is "".
        distinct: Number of different values, where there are few: for text and yes/no columns, and 1 or 2 for numbers;
            else 0.
        same_as: An earlier column with the same values; empty for none.
    """

    name: str
    kind: Kind
    unit: str = ""
    written: str = ""
    missing: int = 0
    missing_marks: Mapping[str, int] = field(default_factory=dict)
    distinct: int = 0
    same_as: str = ""


@dataclass(frozen=True)
class TimeAccount:
    """The time column and what its stamps say.

    Attributes:
        column: Its name; two names where a date and a clock time stand in two columns.
        frequency: Time from one row to the next as pandas writes it, such as "D", "h" or "MS"; empty where irregular.
        every: The same in words, such as "day"; empty where irregular.
        first: The first stamp, as ISO 8601.
        last: The last stamp, as ISO 8601.
        zone: The time zone of the stamps; empty where the file names none.
        rows: "sorted", "newest first" or "unsorted", as they stand in the file; they are read sorted.
        doubles: Number of rows whose stamp occurred before.
        gaps: Number of gaps: places where rows are missing.
        missing_rows: Number of rows that are missing in them.
        longest_gap: The most rows missing in one of them.
        season: Rows in a season, which follows from the frequency; 0 where unknown.
    """

    column: str
    frequency: str = ""
    every: str = ""
    first: str = ""
    last: str = ""
    zone: str = ""
    rows: Literal["sorted", "newest first", "unsorted"] = "sorted"
    doubles: int = 0
    gaps: int = 0
    missing_rows: int = 0
    longest_gap: int = 0
    season: int = 0


@dataclass(frozen=True)
class Account:
    """How a file or data frame was read.

    Attributes:
        name: Name of the file.
        format: What it is, such as "text table" or "Excel workbook".
        rows: Number of rows of data.
        columns: Its columns, in order.
        encoding: Encoding of the text; empty for formats without one.
        separator: "comma", "semicolon", "tab", "bar" or "blank"; empty for formats without one.
        header: Rows of the file that hold the names, counted from 1; empty where it names no columns.
        units_row: Row of the file that holds units; 0 for none.
        skipped_above: Rows above the header that are not read.
        skipped_below: Rows below the data that are not read.
        time: The time column; None where there is none.
        series: Column whose values name the series that a row belongs to; empty for one series.
        sequence: Column whose values name the sequence that a row belongs to; empty where the file does not say.
        target: The column to predict where none is chosen; empty where no column fits.
        target_reason: Why, to follow "because".
        inputs: The columns that the network reads where none are chosen.
        inputs_reason: Why, to follow "because".
        task: The task that fits the target.
        assumed: Sentences: what was assumed, one each.
        questions: What the file leaves open.
    """

    name: str
    format: str
    rows: int
    columns: tuple[ColumnAccount, ...]
    encoding: str = ""
    separator: str = ""
    header: tuple[int, ...] = ()
    units_row: int = 0
    skipped_above: int = 0
    skipped_below: int = 0
    time: TimeAccount | None = None
    series: str = ""
    sequence: str = ""
    target: str = ""
    target_reason: str = ""
    inputs: tuple[str, ...] = ()
    inputs_reason: str = ""
    task: str = ""
    assumed: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()

    def column(self, name: str) -> ColumnAccount:
        """Return the account of a column.

        Raises:
            KeyError: There is no such column.
        """
        return {column.name: column for column in self.columns}[name]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON and R."""
        return asdict(self)
