"""Baselines, scales and seasons, written down again from their descriptions with NumPy alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.combinations.rows import Rows
from tests.combinations.windows import Layout

Doubles = NDArray[np.float64]


def training_mean(own: Rows, layout: Layout, series: str) -> Doubles:
    """Return the mean of the targets of all training windows, each as often as it is one, `(D,)`."""
    targets = own.truth[layout.target_rows("train", series, only_last=False)].astype(float)
    return np.nanmean(targets.reshape(-1, targets.shape[-1]), axis=0)


def values_of_baselines(
    own: Rows, layout: Layout, series: str, split: str, settings: Mapping[str, Any], period: int, *, only_last: bool
) -> dict[str, Doubles]:
    """Return what each baseline predicts for the windows of a set, `(windows, targets, D)`, by its name."""
    rows = layout.target_rows(split, series, only_last=only_last)
    mean = training_mean(own, layout, series)
    each = {"training_mean": np.broadcast_to(mean, (*rows.shape, len(mean)))}
    if not layout.offset:
        return each
    assert own.filled is not None
    known = np.where(np.isnan(own.filled), mean, own.filled)
    last = rows - 1 if layout.each_step else np.broadcast_to(rows[:, :1] - 1, rows.shape)  # last known row
    each["last_value"] = known[last]
    if period:
        seasonal = rows - np.ceil((rows - last) / period).astype(int) * period
        if seasonal[:1].min(initial=0) >= 0:
            each["seasonal_last_value"] = known[seasonal]
    if settings["task"] == "forecast":
        each["drift"] = _drift(own, known, rows, last)
    return each


def _drift(own: Rows, known: Doubles, rows: NDArray[np.int64], last: NDArray[np.int64]) -> Doubles:
    """Return the line from the first observed value to the last known one, continued."""
    values = np.empty((*rows.shape, known.shape[1]))
    for j in range(known.shape[1]):
        begin = int(np.flatnonzero(~np.isnan(own.truth[:, j].astype(float)))[0])
        elapsed = last - begin
        slope = np.where(elapsed > 0, (known[last, j] - known[begin, j]) / np.maximum(elapsed, 1), 0.0)
        values[..., j] = known[last, j] + (rows - last) * slope
    return values


class Scaling:
    """Mean and standard deviation of what is predicted, of each series or of all together.

    Args:
        rows: The rows of each series.
        layout: Their windows.
        settings: Which rows they come from, and whether logarithms are scaled.
        reads_filled: Whether what is predicted is scaled as the input that it is, with gaps filled.
    """

    def __init__(
        self,
        rows: Mapping[str, Rows],
        layout: Layout,
        settings: Mapping[str, Any],
        *,
        several: bool,
        reads_filled: bool,
    ) -> None:
        self._is_log = settings["scale"] == "log"
        values = {}
        for name in layout.begins:
            own = rows[name].filled if reads_filled else rows[name].truth.astype(float)
            assert own is not None
            values[name] = own if settings["fit_scaler_on"] == "all" else own[layout.covered(name)]
        if several and not settings["scale_each"]:
            values = dict.fromkeys(values, np.concatenate(list(values.values())))
        self._each = {name: self._fitted(own, settings["scale"]) for name, own in values.items()}

    def _fitted(self, values: Doubles, scale: str) -> tuple[Doubles, Doubles, Doubles]:
        """Return mean, standard deviation and the least value of a logarithm of each column, `(D,)`."""
        least = np.nanmin(values, axis=0) / 2
        if scale == "none":
            return np.zeros(values.shape[1]), np.ones(values.shape[1]), least
        values = np.log(np.maximum(values, least)) if scale == "log" else values
        deviation = np.nanstd(values, axis=0)
        return np.nanmean(values, axis=0), np.where(deviation > 0, deviation, 1.0), least

    def apply(self, values: Doubles, series: str) -> Doubles:
        """Return values `(..., D)` in scaled units."""
        mean, deviation, least = self._each[series]
        return ((np.log(np.maximum(values, least)) if self._is_log else values) - mean) / deviation
