"""The account of how a file or data frame was read: what form, `inspect`, notes and the window's import page show."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from rnnstudio.core.account_fingerprint import fingerprint_of
from rnnstudio.core.missing import count_of
from rnnstudio.core.time_account import TimeAccount, time_text
from rnnstudio.core.variable_account import VariableAccount, variables_text
from rnnstudio.core.visible_text import visible
from rnnstudio.core.wording import enumeration

_MAX_COLUMNS, _MAX_NAMED, _MAX_CLASSES = 60, 6, 3  # columns in a text, in a sentence, and of classes in a question
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
        return f"Set {self.setting} to {enumeration(choices, 'or')}."


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
        unread: Number of cells that are no numbers, in a column of numbers, which a training refuses.
        unread_cells: The first of them, such as "'Bad' in row 7".
        decimal_mark: "." or "," where its cells are text that shows the decimal mark of its numbers; empty otherwise.
    """

    name: str
    kind: Kind
    unit: str = ""
    written: str = ""
    missing: int = 0
    missing_marks: Mapping[str, int] = field(default_factory=dict)
    distinct: int = 0
    same_as: str = ""
    unread: int = 0
    unread_cells: tuple[str, ...] = ()
    decimal_mark: str = ""

    @property
    def may_be_input(self) -> bool:
        """Whether a network can learn something from it: it is no time or index, not constant, and no copy."""
        return self.kind in ("number", "yes/no", "text") and self.distinct != 1 and not self.same_as


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
        series: Column whose values name the series that a row belongs to, or several columns separated by commas;
            empty where there is one series.
        rate: Rows per second, where the file says so; 0 otherwise.
        sequences: Number of labelled sequences; 0 for a table.
        lengths: Steps of the shortest and of the longest sequence.
        classes: Number of sequences of each class.
        variables: The arrays, data frames or sheets that could be read, where the file holds several.
        variable: Name of the one that is read; empty where there is only one.
        target: The column to predict where none is chosen; empty where no column fits.
        target_reason: Why, to follow "because".
        other_targets: Other columns that could be predicted.
        class_columns: Columns that look like classes, for task label.
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
    rate: float = 0.0
    sequences: int = 0
    lengths: tuple[int, int] = (0, 0)
    classes: Mapping[str, int] = field(default_factory=dict)
    variables: tuple[VariableAccount, ...] = ()
    variable: str = ""
    target: str = ""
    target_reason: str = ""
    other_targets: tuple[str, ...] = ()
    class_columns: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()

    def column(self, name: str) -> ColumnAccount:
        """Return the account of a column.

        Raises:
            KeyError: There is no such column.
        """
        return {column.name: column for column in self.columns}[name]

    def notes_beside(self, chosen: Collection[str]) -> tuple[str, ...]:
        """Return the sentences for a training: what was assumed, and which columns that are not chosen count rows."""
        indexes = [column.name for column in self.columns if column.kind == "index" and column.name not in chosen]
        left_out = (
            f"Column {name!r} only counts rows or time; it is no input, unless you set features to it."
            for name in indexes
        )
        return (*self.assumed, *left_out)

    @property
    def target_note(self) -> str:
        """The sentence about the column that is predicted; empty where no other one could be."""
        if not self.target or not self.other_targets:
            return ""
        because = f", because {self.target_reason}" if self.target_reason else ""
        return (
            f"Column {self.target!r} is predicted{because}; set target to another one "
            f"({enumeration(self.other_targets, 'or', _MAX_NAMED)})."
        )

    @property
    def inputs_text(self) -> str:
        """What a forecast reads where the caller names no inputs, and which could be added; empty without a target."""
        if not self.target:
            return ""
        names = (self.target, *self.series.split(", "))
        others = tuple(c.name for c in self.columns if c.may_be_input and c.name not in names)
        return f"the past of {self.target} alone" + (
            f"; set features to add others ({enumeration(others, most=_MAX_NAMED)})" if others else ""
        )

    @property
    def target_question(self) -> Question | None:
        """Which column is predicted, for a caller who names none; None where nothing is open."""
        if not self.class_columns:
            return None if self.target or self.sequences else self._no_target_question
        listed = enumeration([repr(name) for name in self.class_columns], most=_MAX_NAMED)
        holds = "seems" if len(self.class_columns) == 1 else "seem"
        numbers = f", and {self.target!r} numbers" if self.target else ""
        choices = dict.fromkeys(self.class_columns[:_MAX_CLASSES], "its classes are predicted, with task label")
        if self.target:
            choices[self.target] = "its next values are predicted"
        sentence = f"In {self.name}, {listed} {holds} to hold classes{numbers}; nothing says which is predicted."
        return Question("target", choices, sentence)

    @property
    def _no_target_question(self) -> Question | None:
        names = [column.name for column in self.columns if column.kind in ("number", "yes/no")]
        sentence = (
            f"{self.name} has no column that is predicted by default: its columns of numbers are constant, hold two "
            "values or name series."
        )
        choices = dict.fromkeys(names[:_MAX_CLASSES], "its next values are predicted")
        return Question("target", choices, sentence) if names else None

    @property
    def fingerprint(self) -> str:
        """A text that changes with what is read, and not with what is said about it."""
        return fingerprint_of(asdict(self))

    def __str__(self) -> str:
        """Return the account as text of several lines."""
        return visible(account_text(self))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON and R."""
        question = self.target_question
        more = {"inputs_text": self.inputs_text, "target_question": asdict(question) if question else None}
        return asdict(self) | more | {"fingerprint": self.fingerprint}


def account_text(account: Account) -> str:
    """Return an account as text of several lines.

    >>> columns = (ColumnAccount("sales", "number", missing=2, missing_marks={"n/a": 2}),)
    >>> print(account_text(Account("a.csv", "text table", 9, columns, "utf-8", "comma", (1,), target="sales")))
    a.csv: text table, 9 rows, 1 column; utf-8, separator comma, header in row 1
      sales  number  2 missing ('n/a')
    Predicted by default: sales
    Inputs by default: the past of sales alone
    """
    lines = [f"{account.name}: {account.format}, {_size(account)}{_layout(account)}"]
    if account.time is not None:
        lines.append(f"Time: {time_text(account.time)}")
    if account.series:
        lines.append(f"Several series: one for each value of {account.series}")
    if account.variable:
        lines.append(f"Variables: {variables_text(account.variables, account.variable)}")
    if account.rate:
        lines.append(f"Rate: {account.rate:g} rows per second")
    lines += _columns(account.columns[:_MAX_COLUMNS])
    if (more := len(account.columns) - _MAX_COLUMNS) > 0:
        lines.append(f"  and {more} more {'column' if more == 1 else 'columns'}")
    if account.classes:
        lines.append("Classes: " + ", ".join(f"{name} ({count:,})" for name, count in account.classes.items()))
    if account.target and not account.sequences:
        because = f", because {account.target_reason}" if account.target_reason else ""
        lines.append(f"Predicted by default: {account.target}{because}")
        lines.append(f"Inputs by default: {account.inputs_text}")
    note = account.target_note
    lines += [f"Note: {sentence}" for sentence in (*account.assumed, *([note] if note else ()))]
    questions = filter(None, (*account.questions, account.target_question))
    lines += [f"Open: {question.sentence} {question.advice}" for question in questions]
    return "\n".join(lines)


def _size(account: Account) -> str:
    columns = count_of(len(account.columns), "column")
    if not account.sequences:
        return f"{count_of(account.rows, 'row')}, {columns}"
    low, high = account.lengths
    steps = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    unit = "step" if steps == "1" else "steps"
    return f"{count_of(account.sequences, 'sequence')} of {steps} {unit}, {columns}"


def _layout(account: Account) -> str:
    parts = [account.encoding, f"separator {account.separator}" if account.separator else ""]
    if account.header:
        first, last = account.header[0], account.header[-1]
        parts.append(f"header in row {first}" if first == last else f"header in rows {first} to {last}")
    parts += [
        f"units in row {account.units_row}" if account.units_row else "",
        f"{count_of(account.skipped_above, 'row')} above left out" if account.skipped_above else "",
        f"{count_of(account.skipped_below, 'row')} below left out" if account.skipped_below else "",
    ]
    text = ", ".join(filter(None, parts))
    return f"; {text}" if text else ""


def _columns(columns: tuple[ColumnAccount, ...]) -> list[str]:
    """Return a line for each column: name, kind, and what is to be known about it."""
    width = max((len(column.name) for column in columns), default=0)
    kind_width = max((len(column.kind) for column in columns), default=0)
    return [f"  {c.name:<{width}}  {c.kind:<{kind_width}}  {_remarks(c)}".rstrip() for c in columns]


def _remarks(column: ColumnAccount) -> str:
    marks = ", ".join(repr(mark) if mark else "empty" for mark in column.missing_marks)
    further = [f"{column.unread - len(column.unread_cells):,} more"] * (column.unread > len(column.unread_cells))
    shown = enumeration([*column.unread_cells, *further])
    values = {1: "constant", 2: "two values"} if column.kind == "number" else {}
    parts = [
        f"in {column.unit}" if column.unit else "",
        f"written {column.written}" if column.written else "",
        values.get(column.distinct, f"{column.distinct:,} different" if column.distinct else ""),
        f"{column.missing:,} missing ({marks})" if column.missing else "",
        f"same as {column.same_as}" if column.same_as else "",
        f"{count_of(column.unread, 'cell')} without a number ({shown})" if column.unread else "",
    ]
    return ", ".join(filter(None, parts))
