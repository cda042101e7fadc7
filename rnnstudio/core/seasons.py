"""Finding a season in a series, so that the seasonal naive answer stands beside a result without being asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_MOST_STEPS = 20_000  # enough to see a season; keeps long series cheap
_LEAST = 0.3  # autocorrelation a season must reach


def find_period(series: NDArray[np.float32]) -> int:
    """Return the lag, 2 or more, at which the changes of a series repeat themselves most; 0 where none stands out.

    The autocorrelation of the first differences, so that a trend does not pass for a season; a season must be seen at
    least three times.

    Args:
        series: `(T,)` values, the training part only.
    """
    changes = np.diff(series[-_MOST_STEPS:].astype(np.float64))
    changes -= changes.mean() if len(changes) else 0.0
    longest = len(changes) // 3
    power = float(changes @ changes)
    if longest < 3 or power == 0:
        return 0
    spectrum = np.fft.rfft(changes, 2 * len(changes))
    lagged = np.fft.irfft(np.abs(spectrum) ** 2)[: longest + 2] / power
    inner = np.arange(2, longest + 1)
    peaks = inner[
        (lagged[inner] >= lagged[inner - 1]) & (lagged[inner] >= lagged[inner + 1]) & (lagged[inner] >= _LEAST)
    ]
    return int(peaks[np.argmax(lagged[peaks])]) if len(peaks) else 0
