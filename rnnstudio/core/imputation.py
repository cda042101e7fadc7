"""Series and sequences without missing inputs: refused, dropped, or filled from the past; gaps at the ends are cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.gaps import EMPTY, Gaps
from rnnstudio.core.imputation_notes import at, cut_note, filled_note, interpolation_note, target_note
from rnnstudio.core.missing import (
    Filled,
    MissingRule,
    Sequences,
    Where,
    check_gaps,
    count_of,
    fill_past,
    interpolated,
    mask_columns,
    observed_range,
    were,
)
from rnnstudio.core.precision import Floats, as_floating

_ADVICE = "Correct them, or set missing to past, mask or drop."


@dataclass(frozen=True)
class ImputedSeries:
    """A series without missing inputs.

    Attributes:
        values: The remaining rows, `(rows, F)`, with the further features of `masked` at the end.
        remaining: Mask of the rows that remain, `(T,)`.
        masked: Columns that have two further features: whether they were observed, and the steps since.
        notes: Sentences about what was done; empty where no value was missing.
    """

    values: Floats
    remaining: NDArray[np.bool_]
    masked: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImputedSequences:
    """Sequences without missing inputs.

    Attributes:
        sequences: The remaining sequences, `(N, T, F)` or N arrays `(T, F)`, with the further features of
            `masked` at the end.
        remaining: Mask of the sequences that remain, `(N,)`.
        kept: The steps that are kept of each remaining sequence.
        masked: Columns that have two further features.
        notes: Sentences about what was done; empty where no value was missing.
        gaps: Marks of the kept steps with a filled value, see `core.gaps`, N arrays `(T,)`; None where there is none.
    """

    sequences: Sequences
    remaining: NDArray[np.bool_]
    kept: list[slice]
    masked: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    gaps: list[Gaps] | None = None


def impute_series(
    inputs: NDArray[Any],
    rule: MissingRule,
    where: Where,
    name: str,
    target_gaps: NDArray[np.bool_] | None = None,
    masked: tuple[int, ...] | None = None,
) -> ImputedSeries:
    """Return a series without missing inputs.

    With past and mask, the rows before all inputs have been observed and before the first target are cut, and those
    after the last input and the last target. Other targets may be missing; they do not count in training.

    Args:
        inputs: `(T, F)`; NaN is missing, no value is infinite.
        rule: What is done about missing values.
        where: Function from row and column to their description; the columns of the targets follow the inputs'.
        name: What messages call the series.
        target_gaps: Whether each target is missing, `(T, D)`; None where the targets are the inputs.
        masked: Columns that get two further features; None for those the rule gives them.

    Raises:
        DataError: A value is missing and the rule is error, or no value is left.
        SettingError: A gap is longer than `max_gap`.

    >>> series = np.array([[np.nan], [1.0], [np.nan], [3.0]])
    >>> impute_series(series, MissingRule("past"), lambda row, column: f"row {row}", "sales").values[:, 0]
    array([1., 1., 3.])
    """
    gaps = np.isnan(inputs)
    everything = np.ones(len(inputs), bool)
    all_gaps = gaps if target_gaps is None else np.concatenate([gaps, target_gaps], axis=1)
    if not all_gaps.any():
        values = _with_masks(fill_past(inputs), masked) if masked else as_floating(inputs)
        return ImputedSeries(values, everything, masked or ())
    row, column = (int(i) for i in np.argwhere(all_gaps)[0])
    if rule.how == "error":
        count = count_of(int(all_gaps.sum()), "missing value")
        raise DataError(f"{name} has {count}, the first {at(where(row, column))}. {_ADVICE}")
    if rule.how == "drop":
        remaining = np.asarray(~all_gaps.any(axis=1))
        if not remaining.any():
            raise DataError(f"{name} has missing values at every step, so dropping them leaves no step.")
        dropped = int((~remaining).sum())
        note = (
            f"{count_of(dropped, 'step')} of {name} with missing values {were(dropped)} dropped, the first "
            f"{at(where(row, column))}; the steps around them are treated as consecutive."
        )
        return ImputedSeries(as_floating(inputs[remaining]), remaining, notes=(note,))
    empty = np.flatnonzero(all_gaps.all(axis=0))
    if len(empty):
        raise DataError(f"{name} has no value in the column of {where(0, int(empty[0]))}.")
    if rule.how == "interpolate":
        note = interpolation_note(int(gaps.sum()), name, where(row, column))
        return ImputedSeries(as_floating(interpolated(inputs)), everything, notes=(note,))
    begin, end = observed_range(gaps, target_gaps, rule.max_gap, where, name)
    filled = _part(fill_past(inputs), slice(begin, end))
    check_gaps(filled.steps_since, rule.max_gap, lambda i, j: where(begin + i, j), name)
    masked = _masked(rule, [filled]) if masked is None else masked
    first = np.argwhere(filled.steps_since)
    notes = [cut_note(begin, len(inputs) - end, name)]
    if len(first):
        notes.append(filled_note(len(first), name, where(begin + int(first[0, 0]), int(first[0, 1])), rule))
    counted = (gaps if target_gaps is None else target_gaps)[begin:end]
    if counted.any():
        i, j = (int(index) for index in np.argwhere(counted)[0])
        offset = 0 if target_gaps is None else inputs.shape[1]
        notes.append(target_note(int(counted.sum()), name, where(begin + i, offset + j)))
    remaining = np.zeros(len(inputs), bool)
    remaining[begin:end] = True
    return ImputedSeries(_with_masks(filled, masked), remaining, masked, tuple(filter(None, notes)))


def impute_sequences(
    sequences: Sequences,
    rule: MissingRule,
    where: Callable[[int, int, int], str],
    name: str,
    target_gaps: list[NDArray[np.bool_]] | None = None,
) -> ImputedSequences:
    """Return sequences without missing inputs; with past and mask, each is filled and cut as a series is.

    Args:
        sequences: `(N, T, F)`, or N arrays `(T, F)`; NaN is missing.
        rule: What is done about missing values; drop leaves out whole sequences.
        where: Function from sequence, step and feature to their description; the columns of the targets follow the
            features.
        name: What messages call the sequences.
        target_gaps: Whether each target is missing, N arrays `(T, D)`; None where a step has no target.

    Raises:
        DataError: A value is missing and the rule is error, or no sequence is left.
        SettingError: A gap is longer than `max_gap`, or a feature has no value in a sequence.
    """
    inputs = [np.isnan(sequence) for sequence in sequences]
    gaps = [np.concatenate(pair, axis=1) for pair in zip(inputs, target_gaps, strict=True)] if target_gaps else inputs
    incomplete = np.array([bool(g.any()) for g in gaps], bool)
    everything = [slice(0, len(sequence)) for sequence in sequences]
    if not incomplete.any():
        return ImputedSequences(_all_floating(sequences), ~incomplete, everything)
    index = int(np.flatnonzero(incomplete)[0])
    step, column = (int(i) for i in np.argwhere(gaps[index])[0])
    first, count = where(index, step, column), sum(int(g.sum()) for g in gaps)
    if rule.how == "error":
        raise DataError(f"{name} has {count_of(count, 'missing value')}, the first {at(first)}. {_ADVICE}")
    if rule.how == "drop":
        if incomplete.all():
            raise DataError(f"Every sequence of {name} has missing values, so dropping them leaves no sequence.")
        note = (
            f"{int(incomplete.sum()):,} of the {len(incomplete):,} sequences of {name} have missing values and were "
            f"dropped; the first is at {first}."
        )
        complete = np.flatnonzero(~incomplete)
        kept = [everything[i] for i in complete]
        return ImputedSequences([as_floating(sequences[i]) for i in complete], ~incomplete, kept, notes=(note,))
    for i, of_inputs in enumerate(inputs):
        empty = np.flatnonzero(of_inputs.all(axis=0))
        if len(empty):
            raise SettingError(
                f"{name} has a feature without any value in a sequence: {where(i, 0, int(empty[0]))}. Set missing "
                "to drop, which leaves out such sequences.",
                "missing",
            )
    if rule.how == "interpolate":
        imputed = [as_floating(interpolated(s) if g.any() else s) for s, g in zip(sequences, inputs, strict=True)]
        note = interpolation_note(count, name, first)
        return ImputedSequences(imputed, np.ones(len(imputed), bool), everything, notes=(note,))
    return fill_sequences(sequences, rule, where, name, target_gaps)


def fill_sequences(
    sequences: Sequences,
    rule: MissingRule,
    where: Callable[[int, int, int], str],
    name: str,
    target_gaps: list[NDArray[np.bool_]] | None = None,
    masked: tuple[int, ...] | None = None,
) -> ImputedSequences:
    """Return sequences filled from the past, each cut at its ends; every feature has a value in each.

    Args:
        sequences: As for `impute_sequences`.
        rule: past or mask.
        where: As for `impute_sequences`.
        name: What messages call the sequences.
        target_gaps: As for `impute_sequences`.
        masked: Columns that get two further features; None for those the rule gives them.

    Raises:
        DataError: No step of a sequence is left.
        SettingError: A gap is longer than `max_gap`.
    """
    kept, filled = [], []
    filled_count = cut_count = target_count = 0
    first_filled = first_target = ""
    for n, sequence in enumerate(sequences):

        def at(step: int, column: int, n: int = n) -> str:
            return where(n, step, column)

        begin, end = observed_range(np.isnan(sequence), None, rule.max_gap, at, name)
        part = _part(fill_past(sequence), slice(begin, end))
        check_gaps(part.steps_since, rule.max_gap, lambda i, j, at=at, begin=begin: at(begin + i, j), name)  # type: ignore[misc]
        kept.append(slice(begin, end))
        filled.append(part)
        cut_count += len(sequence) - (end - begin)
        if part.steps_since.any():
            i, j = (int(index) for index in np.argwhere(part.steps_since)[0])
            first_filled = first_filled or at(begin + i, j)
            filled_count += int((part.steps_since > 0).sum())
        if target_gaps is not None and target_gaps[n][begin:end].any():
            i, j = (int(index) for index in np.argwhere(target_gaps[n][begin:end])[0])
            first_target = first_target or at(begin + i, sequence.shape[1] + j)
            target_count += int(target_gaps[n][begin:end].sum())
    masked = _masked(rule, filled) if masked is None else masked
    notes = (
        f"{count_of(cut_count, 'step')} at the ends of sequences of {name} {were(cut_count)} left out, because values "
        "are missing there."
        if cut_count
        else "",
        filled_note(filled_count, name, first_filled, rule) if filled_count else "",
        target_note(target_count, name, first_target) if target_count else "",
    )
    values = [_with_masks(part, masked) for part in filled]
    return ImputedSequences(
        np.stack(values) if isinstance(sequences, np.ndarray) and not cut_count else values,
        np.ones(len(values), bool),
        kept,
        masked,
        tuple(filter(None, notes)),
        [_marks(part) for part in filled] if filled_count else None,
    )


def _marks(filled: Filled) -> Gaps:
    return np.where(filled.steps_since.any(axis=1), EMPTY, 0).astype(np.uint8)


def _part(filled: Filled, rows: slice) -> Filled:
    return Filled(filled.values[rows], filled.steps_since[rows])


def _masked(rule: MissingRule, filled: list[Filled]) -> tuple[int, ...]:
    """Return the columns that have missing values, where the rule gives them further features."""
    if rule.how != "mask":
        return ()
    return tuple(int(j) for j in np.flatnonzero(np.any([part.steps_since.any(axis=0) for part in filled], axis=0)))


def _with_masks(filled: Filled, masked: tuple[int, ...]) -> Floats:
    if not masked:
        return as_floating(filled.values)
    return as_floating(np.concatenate([filled.values, mask_columns(filled, masked)], axis=1))


def _all_floating(sequences: Sequences) -> Sequences:
    return as_floating(sequences) if isinstance(sequences, np.ndarray) else [as_floating(s) for s in sequences]
