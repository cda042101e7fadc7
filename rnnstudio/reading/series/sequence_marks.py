"""Numbers that stand for missing values in sequences: marks of the caller, and those that are asked about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnstudio.core.account import ColumnAccount
from rnnstudio.core.errors import SettingError
from rnnstudio.core.missing import Sequences
from rnnstudio.core.precision import as_floating
from rnnstudio.reading.cells.column import Column
from rnnstudio.reading.cells.missing_codes import ask_about_codes, use_number_marks


def with_marks(sequences: Sequences, features: Sequence[str], marks: Sequence[str]) -> Sequences:
    """Return sequences in which the numbers that the caller names as marks of missing values are NaN.

    Args:
        sequences: `(N, T, F)`, or N arrays `(T, F)`; NaN is missing.
        features: Names of the features.
        marks: What the caller names as marks of missing values; "none" where such numbers are numbers.

    Raises:
        SettingError: A feature holds a number such as -9999, which can mean a missing value.

    >>> with_marks([np.array([[1.5], [-999.0]])], ["value"], ["-999"])[0].tolist()
    [[1.5], [nan]]
    """
    return marked_sequences(sequences, features, marks)[0]


def marked_sequences(
    sequences: Sequences, features: Sequence[str], marks: Sequence[str]
) -> tuple[Sequences, tuple[str, ...]]:
    """Return the same as `with_marks`, and sentences about numbers that may stand for missing values, but need not.

    >>> marked_sequences(np.array([[[1.5], [2.0], [-999.0]]]), ["value"], ["-999"])[0][0, :, 0]
    array([1.5, 2. , nan])
    """
    lengths = [len(sequence) for sequence in sequences]
    if not lengths:
        return sequences, ()
    is_array = isinstance(sequences, np.ndarray)
    steps = as_floating(sequences.reshape(-1, len(features)) if is_array else np.concatenate(list(sequences)))  # type: ignore[union-attr]
    columns = [Column(ColumnAccount(name, "number"), np.asarray(steps[:, j])) for j, name in enumerate(features)]
    use_number_marks(columns, marks)
    ask_about_codes(columns, marks)
    for question in (question for column in columns for question in column.questions):
        raise SettingError(f"{question.sentence} {question.advice}", question.setting)
    notes = tuple(note for column in columns for note in column.notes)
    if not any(column.account.missing for column in columns):
        return sequences, notes
    marked = np.split(np.stack([column.values for column in columns], axis=1), np.cumsum(lengths)[:-1])
    return (np.stack(marked) if is_array else marked), notes
