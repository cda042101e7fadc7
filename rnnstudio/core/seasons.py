"""The season of a series, estimated so that the seasonal baseline needs no setting."""

from __future__ import annotations

import numpy as np

from rnnstudio.core.missing import fill_past
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


def period_before_test(targets: Floats, test_fraction: float) -> int:
    """Return the season length of the first target that has one, estimated without the test set; 0 where none has.

    Args:
        targets: `(T, D)` values of one series in the order of time; NaN is missing.
        test_fraction: Share of the series, at its end, that is the test set.

    >>> period_before_test(np.sin(np.arange(100) * 2 * np.pi / 12)[:, None], 0.15)
    12
    """
    known = fill_past(targets[: len(targets) - int(len(targets) * test_fraction)]).values.astype(targets.dtype)
    return next((period for column in known.T if (period := find_period(column))), 0)
