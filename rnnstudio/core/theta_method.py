"""The theta method (Assimakopoulos and Nikolopoulos 2000), as the M3 and M4 competitions use it.

It is exponential smoothing with half of the slope of the linear trend as drift (Hyndman and Billah 2003), of values
without their season, where there is one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnstudio.core.exponential_smoothing import known_rows
from rnnstudio.core.seasonal_indices import Array, seasonal_indices
from rnnstudio.core.smoothing_states import Smoothing, States, smooth

_LEVELS = 199  # smoothing parameters that are tried
_SIGNIFICANT = 1.645  # of a normal distribution: the season is removed where its autocorrelation is beyond 90 %


def theta_forecasts(histories: Sequence[Array], steps: int, period: int = 0) -> Array:
    """Return the theta forecast after each history, `(H, steps)`; repeated last values after less than 3 rows.

    Args:
        histories: Values without missing ones, `(T,)` each; the last 2,000 rows or 10 seasons are read.
        steps: Steps ahead.
        period: Rows in a season; 0 or 1 without one.

    >>> theta_forecasts([np.arange(20.0)], 2).round(2)
    array([[19.5, 20. ]])
    """
    return np.stack([_forecast(np.asarray(known_rows(h, period), np.float64), steps, period) for h in histories])


def _forecast(values: Array, steps: int, period: int) -> Array:
    rows = len(values)
    if rows < 3:
        return np.full(steps, values[-1])
    ahead = np.arange(1, steps + 1)
    seasonal = is_seasonal(values, period)
    multiplicative = bool(values.min() > 0)
    indices = np.ones(1) if multiplicative else np.zeros(1)
    if seasonal:
        indices = seasonal_indices(values, period, multiplicative=multiplicative)
    of_rows, of_steps = (indices[n % len(indices)] for n in (np.arange(rows), rows + ahead - 1))
    adjusted = values / of_rows if multiplicative else values - of_rows
    slope = float(np.polyfit(np.arange(rows), adjusted, 1)[0])
    level, last = _smoothed(adjusted)
    drifted = last + slope / 2 * (ahead - 1 + (1 - (1 - level) ** rows) / level)
    return drifted * of_steps if multiplicative else drifted + of_steps


def is_seasonal(values: Array, period: int) -> bool:
    """Return whether the autocorrelation at the season is significant, as in the M3 and M4 competitions.

    Args:
        values: `(T,)`.
        period: Rows in a season.

    >>> is_seasonal(np.tile([1.0, 2.0, 4.0], 8), 3), is_seasonal(np.arange(3.0), 3)
    (True, False)
    """
    if period < 2 or len(values) < 2 * period + 2:
        return False
    centred = values - values.mean()
    total = float(centred @ centred)
    if total <= 0:
        return False
    correlations = np.array([centred[lag:] @ centred[:-lag] for lag in range(1, period + 1)]) / total
    limit = _SIGNIFICANT * np.sqrt((1 + 2 * float(correlations[:-1] @ correlations[:-1])) / len(values))
    return bool(abs(correlations[-1]) > limit)


def _smoothed(values: Array) -> tuple[float, float]:
    """Return the smoothing parameter with the smallest squared errors one step ahead, and the last level."""
    levels = np.linspace(0.005, 0.995, _LEVELS)[None, None]
    zero, one = np.zeros_like(levels), np.ones_like(levels)
    start = States(np.full_like(levels, values[0]), zero, np.zeros((1, *levels.shape)))
    squares, last = smooth(values[:, None, None], np.zeros(1, np.int64), start, Smoothing(levels, zero, zero, one))
    best = int(squares[0, 0].argmin())
    return float(levels[0, 0, best]), float(last.level[0, 0, best])
