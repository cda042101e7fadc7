"""Labelled sequences from text files with a sequence and its class in each row, as in the UCR archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from rnnstudio.core.account import Account
from rnnstudio.core.errors import DataError, RnnStudioError, SettingError
from rnnstudio.core.missing import count_of
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.formats.train_test_files import SequenceFile, is_split_file
from rnnstudio.reading.series.labelled import trim_missing_end
from rnnstudio.reading.series.sequence_rows import MIN_STEPS, class_columns
from rnnstudio.reading.table import Table
from rnnstudio.reading.text.text_table import read_first_rows, read_table

TEXT_ENDINGS = (".tsv", ".txt", ".csv")
_MAX_NOTES = 2  # about single steps


def holds_rows(path: str | Path, any_name: bool = False, has_values: bool = False) -> bool:
    """Return whether each row of a text file is a sequence with its class or value; the first rows decide.

    Args:
        path: The file.
        any_name: Whether a file may have another name than `..._TRAIN` or `..._TEST`.
        has_values: Whether the caller expects a value in each row, which need not look like a class.
    """
    if Path(path).suffix.lower() not in TEXT_ENDINGS or not (any_name or is_split_file(path)):
        return False
    try:
        table = read_first_rows(path, ReadOptions(time="none"))
        return bool(class_columns(table)) or (has_values and not table.has_names and len(table.columns) > MIN_STEPS)
    except RnnStudioError:
        return False


def read_rows(
    path: str | Path, target: str = "", options: ReadOptions | None = None, *, has_values: bool = False
) -> SequenceFile:
    """Return the sequences in the rows of a text file without header.

    Args:
        path: The file.
        target: The column of classes, such as `column1`, `first` or `last`; found when empty.
        options: How its text is read.
        has_values: Whether the column holds values rather than classes.

    Raises:
        DataError: The file is damaged, or has no column of classes at its start or end.
        SettingError: The first and the last column could hold the classes or values.
    """
    table = _steps_and_target(path, options)[0]
    column = {"first": table.columns[0], "last": table.columns[-1]}.get(target, target) or (
        _value_column(table) if has_values else _class_column(table)
    )
    table.check_columns([column])
    steps = [name for name in table.columns if name != column]
    labels = _numbers(table, column) if has_values else table.texts(column)
    values = table.values(steps, "drop")
    what = "value" if has_values else "class"
    empty = np.flatnonzero(np.isnan(values).all(axis=1) | (np.asarray(labels, np.str_) == ""))
    if len(empty):
        raise DataError(
            f"{table.name}, row {table.row_numbers[int(empty[0])]}: a {what} and at least one number are expected; "
            "received none."
        )
    where = "first" if column == table.columns[0] else "last" if column == table.columns[-1] else repr(column)
    assumed = (f"Each row is a sequence; its {what} is in the {where} column.",)
    about = table.account or Account(table.name, "", 0, ())
    marked = tuple(step for step in about.columns if step.name != column and step.decimal_mark)[:1]
    account = replace(
        about, format="rows of sequences", columns=marked, target="", other_targets=(), class_columns=(),
        assumed=(*_few(about.assumed, column), *assumed),
    )  # fmt: skip
    return SequenceFile(
        sequences=[np.asarray(sequence) for sequence in trim_missing_end(values[..., None])],
        labels=[str(label) for label in labels],
        lines=[int(line) for line in table.row_numbers],
        account=account,
        class_column=where if where in ("first", "last") else column,
        has_values=has_values,
    )


def inputs_of_rows(
    path: str | Path,
    options: ReadOptions | None = None,
    steps: int = 0,
    target: str = "",
    *,
    has_values: bool = False,
) -> SequenceFile:
    """Return the sequences in the rows of a text file whose classes or values may be missing; labels is empty then.

    Args:
        path: The file.
        options: How its text is read.
        steps: Steps of the longest sequence of the training; rows of as many numbers have no class or
            value. 0 where unknown.
        target: The column of classes or values in the training, such as `first`; empty to find it.
        has_values: Whether the training had values rather than classes.

    Raises:
        DataError: The file is damaged.
        SettingError: The first and the last column could hold the classes or values.
    """
    table, width = _steps_and_target(path, options)
    names = _names_in_column(table)
    if names and not has_values:
        return read_rows(path, target or names, options)
    if width != steps and (has_values or target or class_columns(table)):
        return read_rows(path, target, options, has_values=has_values)
    sequences = [np.asarray(values) for values in trim_missing_end(table.values(table.columns, "drop")[..., None])]
    about = table.account or Account(table.name, "", 0, ())
    account = replace(about, assumed=tuple(_few(about.assumed)))
    return SequenceFile(sequences, [], [*map(int, table.row_numbers)], account=account)


def _steps_and_target(path: str | Path, options: ReadOptions | None) -> tuple[Table, int]:
    """Return a table whose rows are sequences, and the number of its columns with empty ones at the end.

    A column without any value is a step like others: without it, those after it would be at other steps. At the end it
    is no step, but is counted, because rows of as many numbers as in the training have no class or value. The empty
    cell after a separator at the end of each line is none.
    """
    table = read_table(path, replace(options or ReadOptions(), time="none", keeps_empty=True))
    kinds = {column.name: column.kind for column in table.account.columns} if table.account else {}
    width = len(table.columns)
    while width > 1 and kinds.get(table.columns[width - 1]) == "empty":
        width -= 1
    if width == len(table.columns) or table.account is None:
        return table, len(table.columns)
    kept = table.columns[:width]
    account = replace(table.account, columns=tuple(c for c in table.account.columns if c.name in kept))
    return replace(table, cells=table.cells[list(kept)], account=account), width if _ends_with_separator(path) else len(
        table.columns
    )


def _ends_with_separator(path: str | Path) -> bool:
    """Return whether the first line of a file ends with a separator, after which there is no cell."""
    with Path(path).open("rb") as file:
        return file.readline(1 << 20).rstrip(b"\r\n").endswith((b",", b";", b"\t", b"|"))


def _names_in_column(table: Table) -> str:
    """Return the first or the last column where it holds words, which are no step; empty where it holds numbers."""
    kinds = {column.name: column.kind for column in table.account.columns} if table.account else {}
    return next((name for name in (table.columns[0], table.columns[-1]) if kinds.get(name) == "text"), "")


def _class_column(table: Table) -> str:
    """Return the column of classes of a table whose rows are sequences."""
    fitting = class_columns(table)
    if not fitting:
        raise DataError(
            f"{table.name}: rows without header are expected, each with at least {MIN_STEPS} numbers and, first or "
            "last, a class. For a table with a row for each step, set sequence to the column that names the sequence."
        )
    inner = table.values(table.columns[1:-1], "drop")
    if len(fitting) > 1 and (inner != np.round(inner)).any():
        raise SettingError(
            f"The first and the last column of {table.name} hold whole numbers, and either could be the class. Set "
            f"target to {fitting[0]} or {fitting[1]}.",
            "target",
        )
    return fitting[0]


def _value_column(table: Table) -> str:
    """Return the column of values of a table whose rows are sequences: the only one that holds no fractions.

    Raises:
        SettingError: It is the first or the last one.
    """
    if table.has_names or len(table.columns) <= MIN_STEPS:
        return _class_column(table)  # refuses it
    fitting = class_columns(table)
    if len(fitting) == 1:
        return fitting[0]
    raise SettingError(
        f"Either the first or the last column of {table.name} can be the value of each sequence. Set target to first "
        "or last.",
        "target",
    )


def _numbers(table: Table, column: str) -> list[str]:
    """Return the values in a column as text, "?" where one is missing."""
    return ["?" if np.isnan(value) else repr(float(value)) for value in table.values([column], "drop")[:, 0]]


def _few(notes: Sequence[str], column: str = "") -> list[str]:
    """Return notes about single columns, of which each is a step; those about the column of classes are left out."""
    own = [note for note in notes if not column or repr(column) not in note]
    if len(own) <= _MAX_NOTES:
        return own
    return [*own[:_MAX_NOTES], f"{count_of(len(own) - _MAX_NOTES, 'more note')} like these about other steps."]
