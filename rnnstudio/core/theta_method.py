"""The theta method (Assimakopoulos and Nikolopoulos 2000), as the M3 and M4 competitions use it.

It is exponential smoothing with half of the slope of the linear trend as drift (Hyndman and Billah 2003), of values
without their season, where there is one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnstudio.core.exponential_smoothing import most_rows
from rnnstudio.core.seasonal_indices import Array, seasonal_indices
from rnnstudio.core.smoothing_states import Smoothing, States, smooth

_LEVELS = 199  # smoothing parameters that are tried
_TOGETHER = 1_000  # histories that are computed side by side
_MIN_ROWS = 3
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
    read = most_rows(len(histories), period)
    rows = [np.asarray(history[-read:], np.float64) for history in histories]
    forecasts = np.stack([np.full(steps, history[-1]) for history in rows])
    chosen = [i for i, history in enumerate(rows) if len(history) >= _MIN_ROWS]
    for begin in range(0, len(chosen), _TOGETHER):
        part = chosen[begin : begin + _TOGETHER]
        forecasts[part] = _forecasts([rows[i] for i in part], steps, period)
    return forecasts


def _forecasts(histories: Sequence[Array], steps: int, period: int) -> Array:
    seasons, adjusted = [], []
    for values in histories:
        multiplicative = bool(values.min() > 0)
        indices = np.ones(1) if multiplicative else np.zeros(1)
        if is_seasonal(values, period):
            indices = seasonal_indices(values, period, multiplicative=multiplicative)
        of_rows = indices[np.arange(len(values)) % len(indices)]
        seasons.append((indices, multiplicative))
        adjusted.append(values / of_rows if multiplicative else values - of_rows)
    levels, lasts = _smoothed(adjusted)
    forecasts = np.empty((len(histories), steps))
    ahead = np.arange(steps)
    for n, (values, (indices, multiplicative)) in enumerate(zip(adjusted, seasons, strict=True)):
        count, level = len(values), levels[n]
        slope = float(np.polyfit(np.arange(count), values, 1)[0])
        drifted = lasts[n] + slope / 2 * (ahead + (1 - (1 - level) ** count) / level)
        of_steps = indices[(count + ahead) % len(indices)]
        forecasts[n] = drifted * of_steps if multiplicative else drifted + of_steps
    return forecasts


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


def _smoothed(histories: Sequence[Array]) -> tuple[Array, Array]:
    """Return the smoothing parameters with the smallest squared errors one step ahead, and the last levels, `(H,)`."""
    rows = max(map(len, histories))
    begins = np.array([rows - len(values) for values in histories])
    padded = np.stack([np.concatenate([np.zeros(rows - len(values)), values]) for values in histories], axis=1)
    levels = np.linspace(0.005, 0.995, _LEVELS)[None, None]
    zero, one = np.zeros_like(levels), np.ones_like(levels)
    first = np.array([values[0] for values in histories])[:, None, None]
    start = States(first, zero, np.zeros((1, 1, 1, 1)))
    squares, last = smooth(padded[..., None], begins, start, Smoothing(levels, zero, zero, one))
    best = squares[:, 0].argmin(axis=1)
    return levels[0, 0, best], last.level[np.arange(len(histories)), 0, best]
