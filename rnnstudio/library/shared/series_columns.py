"""Inputs and targets of one long series with missing values: inputs filled, missing targets marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.gaps import gaps_of
from rnnstudio.core.imputation import impute_series
from rnnstudio.core.missing import MissingRule, Where, count_of, interpolated, mask_names
from rnnstudio.core.precision import Floats, as_floating
from rnnstudio.reading.categories import column_of
from rnnstudio.reading.table import Table


@dataclass(frozen=True)
class SeriesColumns:
    """The columns of a series without missing inputs.

    Attributes:
        inputs: `(rows, F)`, with the further features of masked ones at the end.
        targets: Values `(rows, D)`, NaN where missing, or classes `(rows,)` int32, -1 where missing; None where
            the targets are the inputs themselves and none is missing.
        remaining: Mask of the caller's rows that remain, `(T,)`.
        about: The fields `features`, `missing_targets`, `masked_features` and `gaps` of `SequenceData`.
        notes: Sentences about what was done.
        plan: What is known of the rows after the last value to predict, `(P, K)`; None where there are none.
    """

    inputs: Floats
    targets: NDArray[Any] | None
    remaining: NDArray[np.bool_]
    about: dict[str, Any]
    notes: tuple[str, ...]
    plan: Floats | None = None


def series_columns(
    inputs: NDArray[Any],
    targets: NDArray[Any] | None,
    features: tuple[str, ...],
    rule: MissingRule,
    where: Where,
    name: str,
    masked: tuple[int, ...] | None = None,
    no_row: NDArray[np.bool_] | None = None,
) -> SeriesColumns:
    """Return inputs and targets of a series after its missing values were handled.

    Args:
        inputs: `(T, F)`; NaN is missing.
        targets: Values `(T, D)`, NaN where missing, or classes `(T,)`, -1 where missing; None where the targets are the
            inputs themselves.
        features: Names of the inputs.
        rule: What is done about missing values.
        where: Function from row and column to their description; the columns of the targets follow the inputs'.
        name: What messages call the series.
        masked: Columns that get two further features; None for those the rule gives them.
        no_row: Whether the file has no row for a step, `(T,)`; None where it has them all.

    Raises:
        DataError: A value is missing and the rule is error, or no value is left.
        SettingError: A gap is too long.
    """
    raw = inputs if targets is None else targets
    has_classes = raw.dtype.kind in "iu"
    gaps = raw < 0 if has_classes else np.isnan(raw)
    missing = np.isnan(inputs).any(axis=1) | gaps.reshape(len(gaps), -1).any(axis=1)
    if rule.how == "interpolate" and targets is not None and gaps.any():
        if has_classes:
            rule = replace(rule, how="error")
        elif gaps.all(axis=0).any():
            raise DataError(f"{name} has no value to interpolate from in the column to predict.")
        else:
            raw, gaps = interpolated(raw), np.zeros_like(gaps)
    columns = None if targets is None else gaps.reshape(len(gaps), -1)
    series = impute_series(inputs, rule, where, name, columns, masked)
    missing_targets = bool(gaps[series.remaining].any()) and rule.fills
    if targets is None and not missing_targets:
        kept = None
    else:
        kept = (
            np.ascontiguousarray(raw[series.remaining], np.int32) if has_classes else as_floating(raw[series.remaining])
        )
    with_masks = tuple(features[j] for j in series.masked)
    marks = gaps_of(missing, no_row, series.remaining, dropped=rule.how == "drop")
    about = {
        "features": (*features, *mask_names(with_masks)),
        "missing_targets": missing_targets,
        "masked_features": with_masks,
        "gaps": None if marks is None else marks[None],
    }
    return SeriesColumns(series.values, kept, series.remaining, about, series.notes)


def with_plan(series: SeriesColumns, plan: Floats, name: str) -> SeriesColumns:
    """Return a series with what is known of the rows after the last value to predict, which are not among its rows.

    Args:
        series: The series without these rows.
        plan: Values of what is known ahead in these rows, `(P, K)`; NaN where there is none.
        name: What messages call the series.
    """
    if not len(plan):
        return series
    remaining = np.concatenate([series.remaining, np.zeros(len(plan), bool)])
    note = (
        f"{count_of(len(plan), 'row')} at the end of {name} {'has' if len(plan) == 1 else 'have'} no value to predict "
        "yet: what is known of them is the plan for a forecast, and they are in no set."
    )
    return replace(series, remaining=remaining, plan=plan, notes=(*series.notes, note))


def place_in(table: Table, columns: Sequence[str]) -> Where:
    """Return a function from the indices of a row and of one of these columns to their place in the file."""
    return lambda i, j: f"{table.place(i)}, column {column_of(table, columns[j])!r}"
