"""Missing values (NaN): refused, dropped, or filled by straight lines in time, always counted and told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.settings import setting

Missing = Literal["error", "drop", "interpolate"]
Sequences = NDArray[Any] | list[NDArray[Any]]  # (N, T, F), or N arrays (T, F)

_WHAT_TO_DO = "Mend them, or set missing to drop or interpolate."


def missing_setting() -> Any:
    """Declare the setting `missing` of a data set."""
    return setting(
        "error",
        "Missing values: refuse them, drop the steps or whole sequences that have any, or fill them by straight lines "
        "in time.",
        advanced=True,
    )


@dataclass(frozen=True)
class ImputedSeries:
    """A series without missing values.

    Attributes:
        values: `(rows kept, F)` float32.
        kept: Which of the rows were kept, `(T,)`.
        notes: What was done, a sentence; empty where nothing was missing.
    """

    values: NDArray[np.float32]
    kept: NDArray[np.bool_]
    notes: tuple[str, ...] = ()


def impute_series(values: NDArray[Any], how: Missing, where: Callable[[int, int], str], name: str) -> ImputedSeries:
    """Return a series without missing values.

    Args:
        values: `(T, F)`; NaN is missing, nothing is infinite.
        how: error, drop or interpolate.
        where: Says where row and column are, such as "row 7, column 'sales'".
        name: What messages call the series.

    Raises:
        DataError: Something is missing and `how` is error, or nothing is left to fill from.
    """
    is_missing = np.isnan(values)
    kept = np.ones(len(values), bool)
    if not is_missing.any():
        return ImputedSeries(_floats(values), kept)
    rows, columns = np.nonzero(is_missing)
    first = where(int(rows[0]), int(columns[0]))
    if how == "error":
        raise DataError(f"{name} has {_count(len(rows), 'missing value')}, the first at {first}. {_WHAT_TO_DO}")
    if how == "drop":
        kept = ~is_missing.any(axis=1)
        if not kept.any():
            raise DataError(f"{name} has missing values at every step, so none is left when they are dropped.")
        note = (
            f"{_count(int((~kept).sum()), 'step')} of {name} with missing values were dropped, the first at {first}; "
            "those around them follow each other at once."
        )
        return ImputedSeries(_floats(values[kept]), kept, (note,))
    empty = np.flatnonzero(is_missing.all(axis=0))
    if len(empty):
        raise DataError(f"{name} has no value at all to fill from at {where(0, int(empty[0]))} and after it.")
    note = f"{_count(len(rows), 'missing value')} of {name} filled by straight lines in time, the first at {first}."
    return ImputedSeries(_floats(_filled(values)), kept, (note,))


def impute_sequences(
    sequences: Sequences, how: Missing, where: Callable[[int, int, int], str], name: str
) -> tuple[Sequences, NDArray[np.bool_], tuple[str, ...]]:
    """Return sequences without missing values, which of them were kept, and notes.

    Args:
        sequences: `(N, T, F)`, or N arrays `(T, F)`.
        how: error; drop leaves out whole sequences; interpolate fills within each sequence.
        where: Says where sequence, step and feature are.
        name: What messages call them.

    Raises:
        DataError: Something is missing and `how` is error, or nothing is left.
    """
    is_missing = [np.isnan(s) for s in sequences]
    spoiled = np.array([bool(g.any()) for g in is_missing], bool)
    if not spoiled.any():
        return _all_floats(sequences), ~spoiled, ()
    n = int(np.flatnonzero(spoiled)[0])
    step, column = (int(i) for i in np.argwhere(is_missing[n])[0])
    first, count = where(n, step, column), sum(int(g.sum()) for g in is_missing)
    if how == "error":
        raise DataError(f"{name} has {_count(count, 'missing value')}, the first at {first}. {_WHAT_TO_DO}")
    if how == "drop":
        if spoiled.all():
            raise DataError(f"Every sequence of {name} has missing values, so none is left when they are dropped.")
        note = (
            f"{int(spoiled.sum()):,} of the {len(spoiled):,} sequences of {name} have missing values and were dropped; "
            f"the first is at {first}."
        )
        return [_floats(s) for s, bad in zip(sequences, spoiled, strict=True) if not bad], ~spoiled, (note,)
    for i in np.flatnonzero(spoiled):
        empty = np.flatnonzero(is_missing[i].all(axis=0))
        if len(empty):
            raise DataError(
                f"{name} has no value at all to fill from at {where(int(i), 0, int(empty[0]))} and after it. "
                "Set missing to drop, which leaves such sequences out."
            )
    filled = [_floats(_filled(s) if bad else s) for s, bad in zip(sequences, spoiled, strict=True)]
    note = f"{_count(count, 'missing value')} of {name} filled by straight lines in time, the first at {first}."
    return filled, np.ones(len(spoiled), bool), (note,)


def _filled(values: NDArray[Any]) -> NDArray[Any]:
    """Return `(T, F)` with straight lines over the is_missing; before the first and after the last value it is held."""
    found = np.array(values, np.float64)
    steps = np.arange(len(found))
    for column in found.T:
        known = ~np.isnan(column)
        column[~known] = np.interp(steps[~known], steps[known], column[known])
    return found


def _floats(values: NDArray[Any]) -> NDArray[np.float32]:
    with np.errstate(invalid="ignore"):
        return np.ascontiguousarray(values, np.float32)


def _all_floats(sequences: Sequences) -> Sequences:
    return _floats(sequences) if isinstance(sequences, np.ndarray) else [_floats(s) for s in sequences]


def _count(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"
