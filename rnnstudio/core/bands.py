"""Prediction bands: what calibrates them, and their bounds around predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.conformal import MEMORY, RunningMargins, fewest_errors
from rnnstudio.core.scaling import Scaler
from rnnstudio.core.settings import TrainingSettings
from rnnstudio.core.wording import enumeration

Doubles = NDArray[np.float64]
_ENOUGH_OF_SERIES = 50  # errors of a series, from which on those of other series do not calibrate it
_MAX_WINDOWS = 20_000  # of all series that are kept


@dataclass(frozen=True)
class Calibration:
    """Predictions for rows that neither trained the network nor chose its weights, and the margins that follow.

    Attributes:
        levels: Levels of the bands in percent, in order.
        truth: True values in original units, `(n, S, D)`, in order of time within a series; NaN where one is missing.
        values: What was predicted, `(n, S, V, D)` in original units: one value, or the quantiles of all levels in order
            with the median in the middle.
        series: Index of the series of each, `(n,)`; 0 for one series.
        margins: Margin of each series after its last known row, `(N, S, L, D)`, in standard deviations; NaN where a
            level needs more errors.
        origins: Number of earlier origins whose networks predicted them; 0 where the network itself predicted a part
            of the validation set.
    """

    levels: tuple[int, ...]
    truth: Doubles
    values: Doubles
    series: NDArray[np.int32]
    margins: Doubles
    origins: int = 0

    def errors(self, scaler: Scaler) -> Doubles:
        """Return the errors in standard deviations; see `band_errors`."""
        return band_errors(self.truth, self.values, scaler, self.series, self.levels)

    @property
    def steps(self) -> int:
        """Steps ahead that it calibrates."""
        return int(self.truth.shape[1])

    @property
    def has_quantiles(self) -> bool:
        """Whether quantiles were predicted, not values alone."""
        return int(self.values.shape[2]) > 1

    @property
    def left_out(self) -> list[int]:
        """Levels for which there are too few errors at some step ahead."""
        return [level for i, level in enumerate(self.levels) if np.isnan(self.margins[:, :, i]).any()]

    @property
    def sentence(self) -> str:
        """What calibrated the bands, in words."""
        known = int((~np.isnan(self.truth)).any(axis=2).sum(axis=0).min()) if len(self.truth) else 0
        what = (
            f"of networks trained on the rows before {self.origins} earlier origins"
            if self.origins
            else "for the last part of the validation set, which did not choose the weights"
        )
        return f"The bands were calibrated by {known:,} predictions {what}, and by those of the test set before each."

    @property
    def warning(self) -> str:
        """A sentence about levels that are left out; empty where none is."""
        if not self.left_out:
            return ""
        names = enumeration([f"{level} %" for level in self.left_out])
        return (
            f"Bands of {names} are left out of forecasts: {enumeration([fewest_errors(n) for n in self.left_out])} "
            "errors of predictions that had no part in the training are needed at each step ahead."
        )


def quantile_shares(training: TrainingSettings) -> tuple[float, ...]:
    """Return the probability of each quantile that a network predicts, in order; none where it predicts values alone.

    >>> quantile_shares(TrainingSettings(loss="pinball", levels=[50, 80]))
    (0.1, 0.25, 0.5, 0.75, 0.9)
    """
    if training.loss != "pinball":
        return ()
    below = [(100 - level) / 200 for level in reversed(training.levels)]
    return (*below, 0.5, *(1 - share for share in reversed(below)))


def calibration_arrays(calibration: Calibration) -> dict[str, NDArray[Any]]:
    """Return a calibration as arrays, for a file."""
    return {name: np.asarray(value) for name, value in vars(calibration).items()}


def calibration_of_arrays(arrays: Mapping[str, NDArray[Any]]) -> Calibration:
    """Return the calibration that `calibration_arrays` returned."""
    levels = tuple(int(level) for level in arrays["levels"])
    numbers = {name: arrays[name] for name in ("truth", "values", "series", "margins")}
    return Calibration(levels, **numbers, origins=int(arrays["origins"]))


def band_errors(
    truth: NDArray[Any], values: NDArray[Any], scaler: Scaler, series: NDArray[Any], levels: Sequence[int]
) -> Doubles:
    """Return how far true values lie outside what was predicted, in standard deviations, `(n, S, B, D)`.

    Of one predicted value that is the absolute error, and B is 1. Of quantiles it is, for each level, how far the truth
    lies outside the two quantiles of the level, below 0 inside them (conformalized quantile regression, Romano et al.
    2019). Of logarithms that are scaled it is the difference of logarithms.

    Args:
        truth: True values, `(n, S, D)`, in original units.
        values: Predicted values, `(n, S, V, D)`.
        scaler: Scaler of the targets.
        series: Index of the series of each window, `(n,)`.
        levels: The levels in percent.
    """
    true = scaler.in_deviations(truth[:, :, None], series)
    lower, upper = _sides(scaler.in_deviations(values, series), len(levels))
    errors: Doubles = np.maximum(lower - true, true - upper)
    return errors


def band_bounds(
    values: NDArray[Any], margins: Doubles, scaler: Scaler, series: NDArray[Any]
) -> tuple[Doubles, Doubles]:
    """Return lower and upper bounds of each level, `(n, S, L, D)` in original units.

    A band holds the prediction and the bands of lower levels.

    Args:
        values: Predicted values, `(n, S, V, D)`.
        margins: Margins, `(n, S, L, D)`, in standard deviations.
        scaler: Scaler of the targets.
        series: Index of the series of each window, `(n,)`.
    """
    predicted = scaler.in_deviations(values, series)
    lower, upper = _sides(predicted, margins.shape[2])
    middle = predicted[:, :, [predicted.shape[2] // 2]]
    lower = np.fmin.accumulate(np.minimum(lower - margins, middle), axis=2)
    upper = np.fmax.accumulate(np.maximum(upper + margins, middle), axis=2)
    absent = np.isnan(margins)
    lower, upper = np.where(absent, np.nan, lower), np.where(absent, np.nan, upper)
    bounds = scaler.from_deviations(lower, series), scaler.from_deviations(upper, series)
    # A logarithm is taken of no smaller value than of those of the training set.
    prediction = np.asarray(values[:, :, [values.shape[2] // 2]], np.float64)
    return np.minimum(bounds[0], prediction), np.maximum(bounds[1], prediction)


def calibration_of_series(calibration: Calibration, errors: Doubles, series: int) -> Doubles:
    """Return the errors that calibrate one series, `(m, S, B, D)`: its own, or where they are few those of all.

    Args:
        calibration: The predictions.
        errors: Their errors.
        series: Index of the series.
    """
    own: Doubles = errors[calibration.series == series]
    if len(own) >= _ENOUGH_OF_SERIES or not (calibration.series != series).any():
        return own
    spaced: Doubles = errors[np.linspace(0, len(errors) - 1, min(len(errors), MEMORY)).astype(np.int64)]
    return spaced


def running_margins(calibration: Calibration, errors: Doubles, series: int, count: int) -> RunningMargins:
    """Return the margins at the origins of one series.

    Args:
        calibration: Predictions before the first origin.
        errors: Their errors.
        series: Index of the series.
        count: Number of windows.
    """
    return RunningMargins(calibration.levels, calibration_of_series(calibration, errors, series), count)


def calibration_of(
    levels: Sequence[int], truth: NDArray[Any], values: NDArray[Any], series: NDArray[Any], *, origins: int = 0
) -> Calibration:
    """Return a calibration by the newest of these predictions, without margins.

    Args:
        levels: The levels in percent.
        truth: As in `Calibration`, like the others.
        values: What was predicted.
        series: Index of the series of each.
        origins: Number of earlier origins.
    """
    known = ~np.isnan(truth).all(axis=(1, 2))
    truth, values, series = truth[known], values[known], series[known]
    names = np.unique(series)
    most = max(_ENOUGH_OF_SERIES, min(MEMORY, _MAX_WINDOWS // max(1, len(names))))
    kept = np.concatenate([np.empty(0, np.int64), *(np.flatnonzero(series == n)[-most:] for n in names)])
    return Calibration(
        tuple(levels),
        truth[kept].astype(np.float64),
        values[kept].astype(np.float64),
        series[kept].astype(np.int32),
        np.empty((0, 0, 0, 0)),
        origins,
    )


def mean_calibration(calibrations: Sequence[Calibration | None]) -> Calibration | None:
    """Return the calibration of the mean of several networks, without margins; None where one has none, or other rows.

    >>> mean_calibration([None]) is None
    True
    """
    known = [own for own in calibrations if own is not None]
    first = known[0] if known else None
    if first is None or len(known) < len(calibrations):
        return None
    if any(not _of_same_rows(first, own) for own in known[1:]):
        return None
    values = np.mean([own.values for own in known], axis=0)
    return replace(first, values=values, margins=np.full(first.margins.shape, np.nan))


def _of_same_rows(first: Calibration, other: Calibration) -> bool:
    is_same_truth = np.array_equal(first.truth, other.truth, equal_nan=True)
    return first.levels == other.levels and is_same_truth and np.array_equal(first.series, other.series)


def margins_at_end(calibration: Calibration, scaler: Scaler, count: int) -> Doubles:
    """Return the margins of each series after its calibration, `(N, S, L, D)`.

    Args:
        calibration: The predictions.
        scaler: Scaler of the targets.
        count: Number of series, N.
    """
    errors = calibration.errors(scaler)
    return np.stack([running_margins(calibration, errors, n, 0).at_end() for n in range(count)])


def _sides(predicted: Doubles, levels: int) -> tuple[Doubles, Doubles]:
    """Return lower and upper values that the margins are added to: `(n, S, 1, D)`, or `(n, S, L, D)` of quantiles."""
    if predicted.shape[2] == 1:
        return predicted, predicted
    return predicted[:, :, levels - 1 :: -1], predicted[:, :, levels + 1 :]
