"""Missing values (NaN): refuse them, drop the steps or sequences that have any, or impute them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.precision import Floats, as_floating

Missing = Literal["error", "drop", "interpolate"]
Sequences = NDArray[Any] | list[NDArray[Any]]  # (N, T, F), or N arrays (T, F)

_ADVICE = "Correct them, or set missing to drop or interpolate."


@dataclass(frozen=True)
class ImputedSeries:
    """A series without missing values.

    Attributes:
        values: The remaining rows, `(rows, F)`.
        remaining: Mask of the rows that remain, `(T,)`.
        notes: Sentence about what was done; empty where no value was missing.
    """

    values: Floats
    remaining: NDArray[np.bool_]
    notes: tuple[str, ...] = ()


def impute_series(values: NDArray[Any], how: Missing, where: Callable[[int, int], str], name: str) -> ImputedSeries:
    """Return a series without missing values.

    Args:
        values: `(T, F)`; NaN is missing, no value is infinite.
        how: error, drop (the steps with missing values) or interpolate (linearly in time).
        where: Function from row and column to their description, such as "row 7, column 'sales'".
        name: What messages call the series.

    Raises:
        DataError: A value is missing and `how` is error, or no value is left.

    >>> series = np.array([[1.0], [np.nan], [3.0]])
    >>> impute_series(series, "interpolate", lambda row, column: f"row {row}", "sales").values[:, 0]
    array([1., 2., 3.])
    """
    is_missing = np.isnan(values)
    everything = np.ones(len(values), bool)
    if not is_missing.any():
        return ImputedSeries(as_floating(values), everything)
    rows, columns = np.nonzero(is_missing)
    first = where(int(rows[0]), int(columns[0]))
    if how == "error":
        raise DataError(f"{name} has {_count(len(rows), 'missing value')}, the first at {first}. {_ADVICE}")
    if how == "drop":
        remaining = ~is_missing.any(axis=1)
        if not remaining.any():
            raise DataError(f"{name} has missing values at every step, so dropping them leaves no step.")
        dropped = int((~remaining).sum())
        note = (
            f"{_count(dropped, 'step')} of {name} with missing values {_were(dropped)} dropped, the first at {first}; "
            "the steps around them are treated as consecutive."
        )
        return ImputedSeries(as_floating(values[remaining]), remaining, (note,))
    empty = np.flatnonzero(is_missing.all(axis=0))
    if len(empty):
        raise DataError(f"{name} has no value to interpolate from in the column of {where(0, int(empty[0]))}.")
    return ImputedSeries(as_floating(_interpolated(values)), everything, (_interpolation_note(len(rows), name, first),))


def impute_sequences(
    sequences: Sequences, how: Missing, where: Callable[[int, int, int], str], name: str
) -> tuple[Sequences, NDArray[np.bool_], tuple[str, ...]]:
    """Return sequences without missing values, a mask of the sequences that remain, `(N,)`, and notes.

    Args:
        sequences: `(N, T, F)`, or N arrays `(T, F)`.
        how: error, drop (the sequences with missing values) or interpolate (linearly in time, in each sequence).
        where: Function from sequence, step and feature to their description.
        name: What messages call the sequences.

    Raises:
        DataError: A value is missing and `how` is error, or no value is left.
    """
    is_missing = [np.isnan(s) for s in sequences]
    incomplete = np.array([bool(mask.any()) for mask in is_missing], bool)
    if not incomplete.any():
        return _all_floating(sequences), ~incomplete, ()
    index = int(np.flatnonzero(incomplete)[0])
    step, feature = (int(i) for i in np.argwhere(is_missing[index])[0])
    first, count = where(index, step, feature), sum(int(mask.sum()) for mask in is_missing)
    if how == "error":
        raise DataError(f"{name} has {_count(count, 'missing value')}, the first at {first}. {_ADVICE}")
    if how == "drop":
        if incomplete.all():
            raise DataError(f"Every sequence of {name} has missing values, so dropping them leaves no sequence.")
        note = (
            f"{int(incomplete.sum()):,} of the {len(incomplete):,} sequences of {name} have missing values and were "
            f"dropped; the first is at {first}."
        )
        complete = [as_floating(s) for s, missing in zip(sequences, incomplete, strict=True) if not missing]
        return complete, ~incomplete, (note,)
    for i in np.flatnonzero(incomplete):
        empty = np.flatnonzero(is_missing[i].all(axis=0))
        if len(empty):
            raise DataError(
                f"{name} has a feature without any value in a sequence: {where(int(i), 0, int(empty[0]))}. Set missing "
                "to drop, which leaves out such sequences."
            )
    imputed = [_interpolated(s) if missing else s for s, missing in zip(sequences, incomplete, strict=True)]
    return _all_floating(imputed), np.ones(len(incomplete), bool), (_interpolation_note(count, name, first),)


def _interpolated(values: NDArray[Any]) -> NDArray[Any]:
    """Return `(T, F)` with missing values interpolated linearly; at both ends the nearest value is repeated."""
    result = np.array(values, np.float64)
    steps = np.arange(len(result))
    for column in result.T:
        known = ~np.isnan(column)
        column[~known] = np.interp(steps[~known], steps[known], column[known])
    return result


def _interpolation_note(count: int, name: str, first: str) -> str:
    return f"{_count(count, 'missing value')} of {name} {_were(count)} linearly interpolated, the first at {first}."


def _all_floating(sequences: Sequences) -> Sequences:
    return as_floating(sequences) if isinstance(sequences, np.ndarray) else [as_floating(s) for s in sequences]


def _count(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
