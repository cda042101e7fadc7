"""Tables in which each row is a sequence and one column its class, as in the UCR archive, rather than a step."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import Account, Question
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.wording import enumeration
from rnnstudio.reading.table import Table

MIN_STEPS = 12  # columns beside the class; the shortest sequences of the UCR archive have 15 steps
_MAX_CLASSES = 200
_MIN_ROWS = 20  # in which a class would occur again
_MAX_SAMPLE = 2_000  # rows that decide
_SMOOTH = 0.5  # mean squared difference of neighbours in a row, as a share of that of unrelated values
_COUNTED = re.compile(r"(.*?)([0-9]+)$")
_MAX_BESIDE = 2  # columns beside those of the steps: a name and a class
_AS_ROWS, _BELOW_ROWS = 1.2, 0.7  # mean squared difference of next columns, as a share of that of next rows
_ONE_SCALE = 0.5  # share of the variance that lies between the columns, up to which they hold one quantity


def class_columns(table: Table) -> list[str]:
    """Return the columns that can hold the classes if each row is a sequence: the first, the last, both or none.

    The file names no columns; a column of classes holds few different whole numbers or words, all others numbers. No
    column counts the rows of a class, as the cycles of a machine do.

    Example:
        >>> import pandas as pd
        >>> rows = pd.DataFrame({f"column{j + 1}": [j % 2, 0.5 * j, 1.5] for j in range(13)})
        >>> class_columns(Table("a.tsv", rows.assign(column1=[1, 2, 1]), range(1, 4), has_names=False))
        ['column1']
    """
    table, names = _first_rows(table), table.columns
    if table.has_names or len(names) <= MIN_STEPS:
        return []
    kinds = {column.name: column.kind for column in table.account.columns} if table.account else {}
    if any(kinds.get(name, "number") not in ("number", "empty", "index") for name in names[1:-1]):
        return []
    values, candidates, repeats = _values(table, names), [], []
    for j in (0, len(names) - 1):
        other = names[-1 if j == 0 else 0]
        if kinds.get(other, "number") not in ("number", "empty"):
            continue
        codes = _codes(table, names[j], values[:, j], kinds.get(names[j], "number"))
        if codes is not None and not _counts_rows(codes, np.delete(values, j, axis=1)):
            candidates.append(names[j])
            repeats.append(int(codes.max()) + 1 < len(codes))
    if any(repeats) and len(values) >= _MIN_ROWS:  # of two columns that fit, classes occur more than once
        return [name for name, repeated in zip(candidates, repeats, strict=True) if repeated]
    return candidates


def with_rows_question(table: Table, options: ReadOptions) -> Table:
    """Return a table with the question whether its rows are steps, where they seem to be sequences with classes."""
    if options.time or table.account is None or table.account.time is not None or _is_asked(table.account):
        return table
    sample = _first_rows(table)
    counters = [column.name for column in table.account.columns if column.kind == "index"]
    plain = replace(sample, cells=sample.cells.drop(columns=counters))
    column = next((name for name in class_columns(plain) if _is_of_one_quantity(plain, name)), "")
    steps = len(plain.columns) - 1
    if not column:
        column, steps = _beside_counted_columns(plain)
    if not column:
        return table
    without = f", without {enumeration([repr(name) for name in counters])}" if counters else ""
    if len(set(sample.texts(column))) < len(sample.cells):
        sentence = (
            f"Each row of {table.name} may be a sequence of {steps:,} steps with its class in {column!r}; use the data "
            f"set sequences for those{without}."
        )
    else:
        sentence = (
            f"Each row of {table.name} may be a series of {steps:,} steps, named in {column!r}; turn the table in that "
            "case, so that each row is a step and each series a column."
        )
    question = Question("time", {"none": "each row is a step of one series"}, sentence)
    return replace(table, account=replace(table.account, questions=(*table.account.questions, question)))


def _is_asked(account: Account) -> bool:
    """Return whether it is asked already, because times name the columns."""
    return any(question.setting == "time" and set(question.choices) == {"none"} for question in account.questions)


def _beside_counted_columns(table: Table) -> tuple[str, int]:
    """Return the column beside columns that are counted, such as W0 to W51, which are steps then, and their number.

    It holds classes, and values resemble those of the next column more than those of the next row; or it names each
    row, and the columns hold one quantity. It is empty where there is none.
    """
    kinds = {column.name: column.kind for column in table.account.columns} if table.account else {}
    by_prefix: dict[str, list[str]] = {}
    for name in table.columns:
        if kinds.get(name) in ("number", "empty") and (match := _COUNTED.match(name)):
            by_prefix.setdefault(match.group(1), []).append(name)
    names = max(by_prefix.values(), key=len, default=[])
    others = [name for name in table.columns if name not in names]
    counts = [int(_COUNTED.sub(r"\2", name)) for name in names]
    if len(names) < MIN_STEPS or not 1 <= len(others) <= _MAX_BESIDE or not (np.diff(counts) == 1).all():
        return "", 0
    values = _values(table, names)
    of_columns = float(np.nanmean(np.diff(values, axis=1) ** 2))
    of_rows = float(np.nanmean(np.diff(values, axis=0) ** 2)) if len(values) > 1 else 0.0
    for name in reversed(others):
        texts = table.texts(name)
        if kinds.get(name) == "text" and len(set(texts)) == len(texts) and of_columns <= _AS_ROWS * of_rows:
            return name, len(names)
        codes = _codes(table, name, table.to_floats(name)[0], kinds.get(name, "number"))
        if codes is not None and 2 <= codes.max() + 1 <= len(codes) // 2 and of_columns < _BELOW_ROWS * of_rows:
            return name, len(names)
    return "", 0


def without_rows_question(table: Table) -> Table:
    """Return a table without the questions about rows, for callers who name the sequence of each."""
    if table.account is None:
        return table
    questions = tuple(q for q in table.account.questions if set(q.choices) != {"none"} and q.setting != "doubles")
    return replace(table, account=replace(table.account, questions=questions))


def _first_rows(table: Table) -> Table:
    return replace(
        table,
        cells=table.cells.iloc[:_MAX_SAMPLE],
        row_numbers=table.row_numbers[:_MAX_SAMPLE],
        written={name: texts.slice(0, _MAX_SAMPLE) for name, texts in table.written.items()},
    )


def _values(table: Table, names: list[str]) -> NDArray[np.float64]:
    return np.column_stack([table.to_floats(name)[0] for name in names])


def _codes(table: Table, name: str, values: NDArray[np.float64], kind: str) -> NDArray[np.intp] | None:
    """Return a number for each class in a column; None where it does not hold classes."""
    if kind in ("text", "yes/no"):
        texts = table.texts(name)
        distinct, codes = np.unique(texts, return_inverse=True)
        return codes if len(distinct) <= _MAX_CLASSES and len(distinct) < len(texts) and "" not in distinct else None
    if not (values == np.round(values)).all():
        return None
    distinct_values, codes = np.unique(values, return_inverse=True)
    return codes if len(distinct_values) <= _MAX_CLASSES else None


def _counts_rows(codes: NDArray[np.intp], values: NDArray[np.float64]) -> bool:
    """Return whether a column rises by 1 from row to row within each class: a machine and its cycles."""
    same = codes[1:] == codes[:-1]
    return bool(same.any() and (np.diff(values, axis=0)[same] == 1).all(axis=0).any())


def _is_of_one_quantity(table: Table, column: str) -> bool:
    """Return whether the columns beside one of classes hold one quantity, and classes occur more than once."""
    names = [name for name in table.columns if name != column]
    values = _values(table, names)
    classes = np.unique(table.texts(column))
    if not 2 <= len(classes) <= len(values) // 2 or np.isnan(values).all():
        return False
    variance = float(np.nanvar(values))
    if not variance > 0.0:
        return False
    between_neighbours = float(np.nanmean(np.diff(values, axis=1) ** 2)) / (2.0 * variance)
    means = np.nanmean(values[:, ~np.isnan(values).all(axis=0)], axis=0)
    return between_neighbours < _SMOOTH or float(np.var(means)) / variance < _ONE_SCALE
