"""Compares predictions one step ahead with the last value, to find networks that only repeat it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.known_targets import last_known_targets
from rnnstudio.core.lag import LagErrors
from rnnstudio.core.metrics import RegressionMetrics, batches_of
from rnnstudio.core.precision import Floats
from rnnstudio.core.sequence import Ints, flat_steps
from rnnstudio.core.target_units import units_differ
from rnnstudio.engine.window_outputs import WindowOutputs


def lag_errors(outputs: WindowOutputs, windows: Ints) -> LagErrors | None:
    """Return the errors of the predictions one step ahead, and their distance from the last value.

    None where the targets do not come after known values of themselves: classes, separate sequences, and values of the
    same step. A missing value is compared with nothing; before it, the last one known counts as the last value.

    Args:
        outputs: The network's outputs.
        windows: Indices of the windows, `(n,)`.
    """
    data = outputs.data
    if data.classes or not data.is_windowed or not (data.autoregressive or data.target_offset) or not len(windows):
        return None
    truth, before = flat_steps(data.targets), last_known_targets(data)
    errors, to_last, of_last = RegressionMetrics(), RegressionMetrics(), RegressionMetrics()
    is_known = False
    for positions, outputs_ahead, series in _one_step_ahead(outputs, windows):
        last = before[positions - (data.target_offset if data.return_sequences else 1)]
        known = np.where(np.isnan(last), np.nan, truth[positions])
        predicted = outputs_ahead.astype(np.float64)
        if units_differ(data):  # no target counts more than another one
            scaler = outputs.scalers.targets
            predicted, known, last = (scaler.in_deviations(values, series) for values in (predicted, known, last))
        errors.add(predicted, known)
        to_last.add(predicted, np.where(np.isnan(known), np.nan, last))
        of_last.add(last, known)
        is_known |= not bool(np.isnan(known).all())
    if not is_known:
        return None
    return LagErrors(*(metrics.result()["rmse"] for metrics in (errors, to_last, of_last)))


def _one_step_ahead(outputs: WindowOutputs, windows: Ints) -> Iterator[tuple[NDArray[np.int64], Floats, Ints | None]]:
    """Yield positions of targets, `(n,)`, predictions of them from a whole window, `(n, D)`, and series, by batches."""
    data, scaler = outputs.data, outputs.scalers.targets
    if outputs.stateful:  # one state passes through the set, as in training
        positions, values = outputs.of_set(windows)
        yield positions, scaler.invert(values), None
        return
    step = -1 if data.return_sequences else 0  # of the targets of a window
    for batch in batches_of(data, windows):
        positions = data.target_positions(batch)
        values = outputs.of_windows(batch).reshape(*positions.shape, -1)[:, step]
        series = data.series_of(batch)
        yield positions[:, step], scaler.invert(values, series), series
