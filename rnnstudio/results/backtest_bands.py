"""The bands of the network of a backtest: each reads the errors that are known at its origin."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.bands import Calibration
from rnnstudio.core.rolling_origin import Origins
from rnnstudio.core.sequence import SequenceData
from rnnstudio.results.backtest_network import FittedNetwork
from rnnstudio.results.calibrating import calibrate_before
from rnnstudio.results.running_bands import RunningBands

Doubles = NDArray[np.float64]


def backtest_bands(
    fitted: FittedNetwork,
    data: SequenceData,
    origins: Origins,
    forecasts: Doubles,
    calibration: Calibration | None,
    should_stop: Callable[[], bool],
) -> dict[str, Doubles]:
    """Return the bounds of each level by column of the long table, `(n, steps, D)` each; none where nothing calibrates.

    Errors of forecasts from earlier origins calibrate too, as far as they are known.

    Args:
        fitted: The network, at the first origin where it is trained again at each.
        data: The series.
        origins: The origins.
        forecasts: The forecasts of the network, `(n, steps, V, D)`, as `network_forecasts` returns them.
        calibration: That of the network before the first origin; None where networks of earlier origins calibrate.
        should_stop: Asked between chunks of updates.

    Raises:
        StoppedError: `should_stop` was true.
    """
    if calibration is None or calibration.steps < origins.steps:
        calibration = calibrate_before(fitted, data, origins.ends[0], origins.steps, should_stop)
    if calibration is None:
        return {}
    k, n = np.nonzero(origins.is_forecast)
    ends = origins.ends[k, n]
    truth = data.targets[n[:, None], ends[:, None] + np.arange(origins.steps)].astype(np.float64)
    counts = origins.is_forecast.sum(axis=0)
    running = RunningBands(calibration, fitted.scalers.targets, counts, origins.steps)
    return running.of_windows(n, ends - 1, truth, forecasts)
