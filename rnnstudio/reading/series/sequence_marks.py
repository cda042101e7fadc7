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
    lengths = [len(sequence) for sequence in sequences]
    if not lengths:
        return sequences
    steps = as_floating(np.concatenate(list(sequences)))
    columns = [Column(ColumnAccount(name, "number"), np.asarray(steps[:, j])) for j, name in enumerate(features)]
    use_number_marks(columns, marks)
    ask_about_codes(columns, marks)
    for question in (question for column in columns for question in column.questions):
        raise SettingError(f"{question.sentence} {question.advice}", question.setting)
    if not any(column.account.missing for column in columns):
        return sequences
    marked = np.split(np.stack([column.values for column in columns], axis=1), np.cumsum(lengths)[:-1])
    return np.stack(marked) if isinstance(sequences, np.ndarray) else marked
