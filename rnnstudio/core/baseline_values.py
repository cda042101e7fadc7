"""The values that one baseline predicts for the windows of a data set, block by block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.baselines import Predict, baseline_set, compare_with_baseline, value_baselines
from rnnstudio.core.sequence import Ints, SequenceData
from rnnstudio.core.several_series import each_series


def best_baseline(
    metrics: Mapping[str, float], baselines: Mapping[str, Mapping[str, float]], data: SequenceData
) -> str:
    """Return the name of the baseline that a run is compared with; empty for classes, and where none is known.

    Args:
        metrics: Final metrics of the run.
        baselines: The metrics of each baseline.
        data: The data of the run.

    >>> from rnnstudio.core.windows import forecast_windows
    >>> data = forecast_windows(np.zeros((9, 1), np.float32), window=2, horizon=1)
    >>> best_baseline({}, {"last_value": {"train_rmse": 2.0}, "training_mean": {"train_rmse": 1.0}}, data)
    'training_mean'
    """
    if data.classes:
        return ""
    comparison = compare_with_baseline(metrics, baselines)
    if comparison is not None:
        return comparison.baseline
    # A run without held-out set has no metric to compare; that of targets with different units is in scaled units.
    # Older versions saved the RMSE of these, too.
    for measure in ("scaled_mse", "rmse"):
        metric = f"{baseline_set(data)[0]}_{measure}"
        known = {name: values[metric] for name, values in baselines.items() if metric in values}
        if known:
            return min(known, key=lambda name: known[name])
    return ""


class BaselineValues:
    """Predicts with one baseline; of several series, each from its own values, as `evaluate_baselines` does.

    Args:
        data: In original units.
        windows: All windows that will be predicted, in the order of time, of several series one after the other.
        name: The baseline. One that a series does not have is replaced by its last value, else by the training mean.
    """

    def __init__(self, data: SequenceData, windows: Ints, name: str) -> None:
        self._data = data
        if not data.series:
            self._each = {0: _chosen(data, windows, name)}
            return
        series = data.starts // data.inputs.shape[1]
        order = np.argsort(series, kind="stable")
        begins = np.searchsorted(series[order], np.arange(len(data.series)))
        self._rank = np.empty(len(order), np.int32)  # of each window among those of its series
        self._rank[order] = np.arange(len(order)) - begins[series[order]]
        self._each = {n: _chosen(one, own, name) for n, (one, own) in enumerate(each_series(data, windows)) if len(own)}

    def of_windows(self, windows: Ints) -> NDArray[Any]:
        """Return the values for these windows in the shape of their targets, `(n, steps, D)` or `(n, D)`."""
        shape = self._data.window_targets(windows).shape
        series = self._data.series_of(windows)
        if series is None:
            return np.broadcast_to(self._each[0](windows), shape)
        values = np.empty(shape, np.float64)
        for n in np.unique(series):
            entries = np.flatnonzero(series == n)
            values[entries] = self._each[int(n)](self._rank[windows[entries]])
        return values


def _chosen(data: SequenceData, windows: Ints, name: str) -> Predict:
    """Return the baseline of one series, or of separate sequences, by its name."""
    predictors = value_baselines(data, windows)
    return next(predictors[known] for known in (name, "last_value", "training_mean") if known in predictors)
