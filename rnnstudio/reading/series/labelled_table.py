"""Sequences from long tables, which have one row for each step of each sequence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.missing import Missing, count_of, were
from rnnstudio.core.names import names_in
from rnnstudio.reading.categories import column_of
from rnnstudio.reading.file_checks import join_names
from rnnstudio.reading.series.labelled import LabelledSequences
from rnnstudio.reading.series.missing_rows import with_missing_steps
from rnnstudio.reading.series.sequence_names import check_one_recording, with_joined_names
from rnnstudio.reading.series.step_columns import doubled_step, find_step_column, lacking_steps, sorted_steps
from rnnstudio.reading.table import Table

_PER_STEP = " For a value at each step use the task regress."


def labelled_from_table(
    table: Table,
    sequence: str,
    target: str,
    features: Sequence[str] = (),
    group: str = "",
    missing: Missing = "error",
    *,
    has_values: bool = False,
) -> LabelledSequences:
    """Return the labelled sequences of a long table. The rows of a sequence are its steps, in the order of the table.

    Args:
        table: The table.
        sequence: Column with the name of the sequence that the row belongs to, or several columns separated by commas.
        target: Column with the class or value, which is the same in all rows of a sequence.
        features: Input columns; all other numeric columns if empty.
        group: Column with the group of the sequence, such as the subject; no groups if empty.
        missing: How missing values will be handled later; `error` refuses them here.
        has_values: Whether the column holds values, which are returned as numbers, rather than classes.

    Raises:
        SettingError: `sequence` or `target` is empty, or several recordings have the same name in `sequence`.
        DataError: A column is missing, or a sequence has two classes, values or groups.

    Example:
        >>> import pandas as pd
        >>> rows = pd.DataFrame({"id": ["a", "a", "b"], "x": [1.0, 2.0, 3.0], "class": ["up", "up", "down"]})
        >>> labelled = labelled_from_table(Table("rows", rows, range(1, 4)), sequence="id", target="class")
        >>> [len(values) for values in labelled.sequences], labelled.labels.tolist()
        ([2, 1], ['up', 'down'])
    """
    what = "value" if has_values else "class"
    for field, column, content in (
        ("sequence", sequence, "the sequence each row belongs to"),
        ("target", target, f"the {what} of each sequence"),
    ):
        if not column:
            raise SettingError(
                f"{field} must name the column of {table.name} with {content}. Its columns: "
                f"{join_names(table.columns)}.",
                field,
            )
    table = with_joined_names(table, sequence)
    table.check_columns([sequence, target, *features, *([group] if group else [])])
    alike = check_one_recording(table, sequence, table.texts(sequence), [target])
    if missing in ("past", "mask", "error"):
        table = with_missing_steps(table, sequence, [target, *([group] if group else [])])
    names = table.texts(sequence)
    rows = _group_rows(table, sequence, names)
    other_columns = {sequence, *names_in(sequence), target, group}
    step, notes = _order_steps(table, rows, [*other_columns, *features])
    if not step and not features:
        _check_no_step_twice(table, rows, [*other_columns])
    inputs = list(features) or [name for name in table.numeric_columns() if name not in {*other_columns, step}]
    if not inputs:
        raise DataError(
            f"{table.name} must have at least one numeric column besides "
            f"{join_names(sorted(other_columns - {''}))}. Its columns: {join_names(table.columns)}."
        )
    values = table.values(inputs, missing)
    labels = _values_of(table, target) if has_values else table.texts(target)
    groups = table.texts(group) if group else None
    if groups is not None:
        _check_named(table, group, groups, "group")
    _check_constant(table, sequence, names, target, labels, rows, _PER_STEP if has_values else "")
    if groups is not None:
        _check_constant(table, sequence, names, group, groups, rows)
    note = ""
    if (empty := _without_target(labels)).any():
        row = int(np.flatnonzero(empty)[0])
        place = f"row {table.row_numbers[row]}, column {target!r}"
        if missing == "error":
            raise DataError(
                f"{table.name}, {place}: a {what} is expected; received an empty cell. Correct the file, or set "
                "missing to past, mask or drop, which leave out such sequences."
            )
        rows, dropped = _with_target(rows, empty)
        if not len(rows.first):
            raise DataError(f"{table.name} has no {what} in the column {target!r}.")
        count = count_of(dropped, "sequence")
        note = f"{count} of {table.name} without a {what} {were(dropped)} left out, the first at {place}."
    return LabelledSequences(
        name=table.name,
        sequences=[values[indices] for indices in rows.of_sequence],
        labels=labels[rows.first],
        features=tuple(inputs),
        where=lambda n, step, j: (
            f"{table.place(int(rows.of_sequence[n][step]))}, column {column_of(table, inputs[j])!r}"
        ),
        groups=None if groups is None else groups[rows.first],
        names=tuple(str(name) for name in names[rows.first]),
        target=target,
        times=None if table.times is None else [table.times[indices] for indices in rows.of_sequence],
        frequency=table.account.time.frequency if table.account and table.account.time else "",
        notes=(
            *(table.account.notes_beside([*inputs, *other_columns]) if table.account else ()),
            *notes,
            *filter(None, (alike, note, _one_step_note(table.name, sequence, rows))),
        ),
    )


def _order_steps(table: Table, rows: _RowGroups, taken: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Put the rows of each sequence into the order of its steps, in place; return the column of steps and a note."""
    step = find_step_column(table, rows.of_sequence, taken)
    if not step:
        return "", ()
    values = table.to_floats(step)[0]
    in_order = sorted_steps(values, rows.of_sequence)
    is_sorted = all((one == other).all() for one, other in zip(in_order, rows.of_sequence, strict=True))
    rows.of_sequence[:] = in_order
    how = "is not an input" if is_sorted else "orders the rows of each sequence, and is not an input"
    lacking = lacking_steps(values, in_order)
    left_out = f"; it leaves out {count_of(lacking, 'step')}, around which steps are consecutive" if lacking else ""
    return step, (f"Column {step!r} counts the steps of each sequence: it {how}{left_out}.",)


def _check_no_step_twice(table: Table, rows: _RowGroups, taken: Sequence[str]) -> None:
    """Refuse a column that would count the steps, were not some of them twice in a sequence: it would be an input."""
    column, pair = doubled_step(table, rows.of_sequence, taken)
    if column:
        number = table.to_floats(column)[0][pair[0]]
        raise SettingError(
            f"{table.name}: column {column!r} seems to count the steps of each sequence, but {number:g} stands twice "
            f"in one of them, in {table.place(pair[0])} and {table.place(pair[1])}, and its rows are not in order. Set "
            "sequence to the columns that together name one sequence, or leave out one of the rows; where the rows are "
            f"in order, name the inputs in features, with {column!r} if it is one.",
            "sequence",
        )


def inputs_from_table(
    table: Table, sequence: str, features: Sequence[str], missing: Missing = "past"
) -> tuple[list[str], list[NDArray[np.float64]]]:
    """Return names and values `(T, F)` of the sequences of a long table; a column of classes is not needed.

    Missing values are returned as NaN, and so are rows that the clock of a sequence lacks where they count as missing.

    Raises:
        DataError: A column is missing, or a cell is not a number.
        SettingError: Several recordings have the same name.
    """
    table = with_joined_names(table, sequence)
    check_one_recording(table, sequence, table.texts(sequence), [])
    if missing in ("past", "mask", "error"):
        table = with_missing_steps(table, sequence, [])
    names = table.texts(sequence)
    rows = _group_rows(table, sequence, names)
    _order_steps(table, rows, [sequence, *names_in(sequence), *features])
    values = table.values(features, "past")
    return [str(name) for name in names[rows.first]], [values[indices] for indices in rows.of_sequence]


@dataclass(frozen=True)
class _RowGroups:
    """Row indices of the sequences of a table, in the order in which the sequences begin.

    Attributes:
        of_sequence: Indices of the rows of each sequence.
        first: Index of the first row of each sequence, `(N,)`.
        first_of_row: For each row, the index of the first row of its sequence, `(rows,)`.
    """

    of_sequence: list[NDArray[np.intp]]
    first: NDArray[np.intp]
    first_of_row: NDArray[np.intp]


def _group_rows(table: Table, sequence: str, names: NDArray[Any]) -> _RowGroups:
    """Group the rows by sequence; the rows of a sequence need not be consecutive."""
    _check_named(table, sequence, names, "sequence")
    _, firsts, codes, counts = np.unique(names, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(codes, kind="stable")
    begins = np.cumsum(counts) - counts
    by_first_row = np.argsort(firsts, kind="stable")
    return _RowGroups(
        of_sequence=[order[begins[k] : begins[k] + counts[k]] for k in by_first_row],
        first=firsts[by_first_row],
        first_of_row=firsts[codes],
    )


def _one_step_note(name: str, sequence: str, rows: _RowGroups) -> str:
    """Return a note about sequences that all have one step: the column may number the rows."""
    if len(rows.of_sequence) < 2 or any(len(indices) > 1 for indices in rows.of_sequence):
        return ""
    return (
        f"Each sequence of {name} has one step only; where {sequence!r} numbers the rows, set sequence to the column "
        "that names the sequence of each row."
    )


def _check_named(table: Table, column: str, names: NDArray[Any], kind: str) -> None:
    """Refuse rows without the name of a sequence, or of a group: unknown persons could be in two splits."""
    empty = np.flatnonzero([name == "" for name in names])
    if len(empty):
        raise DataError(
            f"{table.name}, {table.place(int(empty[0]))}, column {column!r}: the name of a {kind} is expected; "
            "received an empty cell."
        )


def _values_of(table: Table, target: str) -> NDArray[np.float64]:
    """Return the values in a column, `(rows,)`; NaN where one is missing."""
    if table.to_floats(target)[1] == 0.0:
        texts = [text for text in table.texts(target).astype(str) if text]
        raise DataError(
            f"Task regress_sequence needs numbers in column {target!r} of {table.name}; received "
            f"{repr(texts[0][:40]) if texts else 'none'}. For classes use task classify."
        )
    return table.values([target], "drop")[:, 0]


def _without_target(labels: NDArray[Any]) -> NDArray[np.bool_]:
    """Return a mask of the rows without a class or value."""
    if labels.dtype.kind == "f":
        return np.asarray(np.isnan(labels))
    return np.asarray(labels == "") if labels.dtype.kind == "U" else np.zeros(len(labels), np.bool_)


def _with_target(rows: _RowGroups, empty: NDArray[np.bool_]) -> tuple[_RowGroups, int]:
    """Return the sequences that have a class or value, and the number of the others."""
    known = ~empty[rows.first]
    of_sequence = [indices for indices, has_target in zip(rows.of_sequence, known, strict=True) if has_target]
    return _RowGroups(of_sequence, rows.first[known], rows.first_of_row), int((~known).sum())


def _check_constant(
    table: Table,
    sequence: str,
    names: NDArray[Any],
    column: str,
    cells: NDArray[Any],
    rows: _RowGroups,
    advice: str = "",
) -> None:
    """Refuse a column that has two values within one sequence."""
    first_cells = cells[rows.first_of_row]
    unequal = cells != first_cells
    if cells.dtype.kind == "f":
        unequal &= ~(np.isnan(cells) & np.isnan(first_cells))
    different = np.flatnonzero(unequal)
    if len(different):
        row, first = int(different[0]), int(rows.first_of_row[different[0]])
        raise DataError(
            f"{table.name}: column {column!r} must be the same in all rows of a sequence; {sequence} "
            f"{str(names[row])[:40]!r} has {str(cells[first])[:40]!r} in row {table.row_numbers[first]} and "
            f"{str(cells[row])[:40]!r} in row {table.row_numbers[row]}.{advice}"
        )
