"""Margins of bands where a forecast begins inside the series, and where it is longer than the horizon."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.bands import calibration_of, margins_at_end
from rnnstudio.core.rolling_origin import Origins
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.series_ends import series_ends
from rnnstudio.engine.held_out import HeldOutSet
from rnnstudio.engine.window_outputs import WindowOutputs
from rnnstudio.results.backtest_network import fed_back_forecasts
from rnnstudio.results.contents import RunContents
from rnnstudio.results.running_bands import RunningBands
from rnnstudio.results.trained_network import TrainedNetwork

Doubles = NDArray[np.float64]
_MAX_ORIGINS = 200  # of a series, from which forecasts are fed back to calibrate others


def margins_inside(run: RunContents, network: TrainedNetwork, data: SequenceData, series: int, start: int) -> Doubles:
    """Return the margins of a forecast that begins in the test set, `(N, S, L, D)`; NaN of all series but one.

    Args:
        run: A run with a calibration.
        network: Its network.
        data: Its data.
        series: Index of the series.
        start: Rows of the series that are known.
    """
    assert run.calibration is not None
    starts = data.starts[data.test]
    before = (starts // data.inputs.shape[1] == series) & (starts % data.inputs.shape[1] + data.window_samples < start)
    running = RunningBands.of_test_set(run.calibration, run.scalers.targets, data)
    outputs = WindowOutputs(data, run.scalers, network.predictor, stateful=False)
    for block in HeldOutSet(outputs, data.test[before]).blocks():
        running.of_block(data, block)
    margins = np.full(run.calibration.margins.shape, np.nan)
    margins[series] = running.at(series, start - 1)
    return margins


def margins_of_rollouts(
    run: RunContents, network: TrainedNetwork, data: SequenceData, steps: int, start: int | None, series: int = 0
) -> Doubles:
    """Return the margins of forecasts that are fed back, `(N, steps, L, D)`.

    Where they begin inside a series, only its own errors are read: rows of other series may be later ones.

    Args:
        run: A run with a calibration.
        network: Its network.
        data: Its data.
        steps: Steps of the forecasts.
        start: Rows that are known where they begin inside the series; None at its end.
        series: The series that they begin in, where they begin inside one.
    """
    assert run.calibration is not None
    length, ends = data.inputs.shape[1], series_ends(data)
    first = ends.copy() if data.set_begins is None else np.minimum(ends, data.set_begins[:, 1])
    calibrating = data.starts[data.calibration] // length
    for n in np.unique(calibrating):
        first[n] = int(data.starts[data.calibration[calibrating == n][0]]) % length + data.window_samples
    last = (ends if start is None else np.minimum(ends, start)) - steps
    count = max(0, int((last - first).max(initial=-1)) + 1)
    origins = first[None] + np.arange(0, count, max(1, -(-count // _MAX_ORIGINS)))[:, None]
    is_forecast = (origins <= last) & (origins >= data.window_samples)
    if start is not None:
        is_forecast &= np.arange(len(ends)) == series
    k, n = np.nonzero(is_forecast)
    rows = origins[k, n][:, None] + np.arange(steps)
    truth = data.targets[n[:, None], rows].astype(np.float64)
    values = np.empty_like(truth)
    if len(k):
        values = fed_back_forecasts(network, data, Origins(origins, is_forecast, 1, steps), is_forecast)
    order = np.lexsort((origins[k, n], n))
    calibration = calibration_of(run.calibration.levels, truth[order], values[order][:, :, None], n[order])
    return margins_at_end(calibration, run.scalers.targets, len(data.inputs))
