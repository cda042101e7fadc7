"""From a caller's arrays to a data set of one long series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.missing import Where
from rnnstudio.core.precision import Floats
from rnnstudio.core.seasons import period_in_training
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.windows import forecast_windows, sliding_windows
from rnnstudio.library.shared.array_marks import marked_series
from rnnstudio.library.shared.notes import data_notes
from rnnstudio.library.shared.series import SeriesSettings
from rnnstudio.library.shared.series_columns import series_columns
from rnnstudio.library.shared.settings import rule_of
from rnnstudio.library.shared.targets import feature_names, target_names


def series_with_targets(
    inputs: Floats,
    targets: NDArray[Any],
    classes: tuple[str, ...],
    task: Literal["label", "regress"],
    settings: SeriesSettings,
    features: tuple[str, ...],
    marks: Sequence[str] = (),
) -> SequenceData:
    """Return one series with a class or value at each step.

    Args:
        inputs: `(T, F)`; NaN is missing.
        targets: Classes `(T,)`, -1 where missing, or values `(T, D)`, NaN where missing.
        classes: Names of the classes; empty for values.
        task: label or regress.
        settings: Windows, splits and missing values.
        features: The caller's names of the features.
        marks: Numbers that stand for missing values.

    Raises:
        DataError: Values are missing.
        SettingError: The series is too short for the windows and splits, or a number can mean a missing value.
    """
    names = feature_names(features, inputs.shape[1])
    if settings.first_rows:
        inputs, targets = inputs[: settings.first_rows], targets[: settings.first_rows]
    inputs, notes = marked_series(inputs, names, marks)
    if not classes:
        targets, of_targets = marked_series(targets, target_names(targets, ()), marks)
        notes += of_targets
    series = series_columns(inputs, targets, names, rule_of(settings), _place(inputs.shape[1]), "x")
    assert series.targets is not None
    data = sliding_windows(
        series.inputs,
        series.targets,
        task=task,
        window=settings.window,
        stride=settings.stride,
        test_fraction=settings.test_fraction,
        val_fraction=settings.val_fraction,
        test_context=settings.test_context,
        target_names=target_names(targets, classes),
        classes=classes,
        period=0 if classes else _period(series.targets, settings),
        **series.about,
    )
    return replace(data, notes=(*notes, *series.notes, *data_notes(data, settings.scale)))


def forecast_series(
    inputs: Floats, y: Any | None, settings: SeriesSettings, features: tuple[str, ...], marks: Sequence[str] = ()
) -> SequenceData:
    """Return one series whose own next values are predicted (task forecast).

    Args:
        inputs: `(T,)` or `(T, F)`; NaN is missing.
        y: The caller's targets, which must be None.
        settings: Windows, horizon, splits and missing values.
        features: The caller's names of the features.
        marks: Numbers that stand for missing values.

    Raises:
        DataError: `y` is given, the shape is another, or values are missing.
        SettingError: The series is too short for the windows and splits, or a number can mean a missing value.
    """
    if y is not None:
        raise DataError(
            "y must be left out for task forecast, which predicts the next values of x itself. For other targets use "
            "task regress."
        )
    if inputs.ndim not in (1, 2):
        raise DataError(
            "x must be one series, shape (steps,) or (steps, features), for task forecast; received the shape "
            f"{tuple(inputs.shape)}."
        )
    is_vector, inputs = inputs.ndim == 1, inputs.reshape(len(inputs), -1)
    names = feature_names(features, inputs.shape[1])
    inputs = inputs[: settings.first_rows] if settings.first_rows else inputs
    inputs, notes = marked_series(inputs, names, marks)
    series = series_columns(inputs, None, names, rule_of(settings), _place(inputs.shape[1], is_vector), "x")
    data = forecast_windows(
        series.inputs,
        series.targets,
        window=settings.window,
        horizon=settings.horizon,
        stride=settings.stride,
        frame=settings.frame,
        test_fraction=settings.test_fraction,
        val_fraction=settings.val_fraction,
        test_context=settings.test_context,
        target_names=names,
        autoregressive=True,
        period=_period(inputs[series.remaining], settings),
        **series.about,
    )
    return replace(data, notes=(*notes, *series.notes, *data_notes(data, settings.scale)))


def _period(targets: NDArray[Any], settings: SeriesSettings) -> int:
    """Return the season length that the caller sets, or else that of the values of the training set."""
    return settings.period or period_in_training(targets, settings.test_fraction, settings.val_fraction)


def _place(features: int, is_vector: bool = False) -> Where:
    """Return a function from row and column to the index in the caller's array; the columns of y follow those of x."""
    if is_vector:
        return lambda i, j: f"index [{i}]"
    return lambda i, j: f"index [{i}, {j}]" if j < features else f"index [{i}, {j - features}] of y"
