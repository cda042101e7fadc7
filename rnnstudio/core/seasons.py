"""The season of a series, estimated so that the seasonal baseline needs no setting."""

from __future__ import annotations

import numpy as np

from rnnstudio.core.precision import Floats

MAX_STEPS = 20_000  # the end of a longer series suffices, and keeps the estimate fast
MIN_AUTOCORRELATION = 0.3  # of the first differences, at the lag of the season


def find_period(series: Floats) -> int:
    """Return the length of the season of a series in steps, 2 or more; 0 where there is none.

    It is the lag of the highest peak of the autocorrelation of the first differences; differences, so that a trend is
    not taken for a season. A season must fit into the series at least three times.

    Args:
        series: `(T,)` values, without the test set.

    >>> find_period(np.sin(np.arange(100) * 2 * np.pi / 12).astype(np.float32))
    12
    """
    changes = np.diff(series[-MAX_STEPS:].astype(np.float64))
    changes -= changes.mean() if len(changes) else 0.0
    longest = len(changes) // 3
    power = float(changes @ changes)
    if longest < 3 or power == 0:
        return 0
    spectrum = np.fft.rfft(changes, 2 * len(changes))
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)[: longest + 2] / power
    lags = np.arange(2, longest + 1)
    peaks = lags[
        (correlation[lags] >= correlation[lags - 1])
        & (correlation[lags] >= correlation[lags + 1])
        & (correlation[lags] >= MIN_AUTOCORRELATION)
    ]
    return int(peaks[np.argmax(correlation[peaks])]) if len(peaks) else 0
