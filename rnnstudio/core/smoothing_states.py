"""The recursion of additive exponential smoothing, for many series and many parameters side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Smoothing:
    """Smoothing parameters; arrays that broadcast to `(H, S, C)`: histories, structures and candidates.

    Attributes:
        level: alpha, from 0 to 1.
        trend: beta, from 0 to alpha; 0 without a trend.
        season: gamma, from 0 to 1 - alpha; 0 without a season.
        damping: phi, 1 where the trend is not damped.
    """

    level: Array
    trend: Array
    season: Array
    damping: Array


@dataclass(frozen=True)
class States:
    """Level, trend and season at one time.

    Attributes:
        level: `(H, S, C)`.
        trend: `(H, S, C)`.
        season: `(m, H, S, C)`, of each row of a season, counted from the first row of the histories.
    """

    level: Array
    trend: Array
    season: Array


def smooth(values: Array, begins: NDArray[np.int64], start: States, by: Smoothing) -> tuple[Array, States]:
    """Return the sums of squared errors one step ahead, `(H, S, C)`, and the last states.

        mean = l + phi b + s        e = y - mean
        l' = l + phi b + alpha e    b' = phi b + beta e    s' = s + gamma e

    Source: R. J. Hyndman et al., Forecasting with Exponential Smoothing, 2008, section 2.5.

    Args:
        values: Histories that end together, `(T, H, S)`.
        begins: First row of each history, `(H,)`; the rows before it are not read.
        start: States before the first row of each history.
        by: Smoothing parameters.

    >>> flat = Smoothing(*(np.full((1, 1, 1), value) for value in (0.5, 0.0, 0.0, 1.0)))
    >>> zero = States(*(np.zeros((1, 1, 1)) for _ in range(2)), np.zeros((1, 1, 1, 1)))
    >>> squares, last = smooth(np.array([[[2.0]], [[1.0]]]), np.array([0]), zero, flat)
    >>> float(squares[0, 0, 0]), float(last.level[0, 0, 0])
    (4.0, 1.0)
    """
    shape = np.broadcast_shapes(start.level.shape, by.level.shape)
    level, trend = np.broadcast_to(start.level, shape).copy(), np.broadcast_to(start.trend, shape).copy()
    season = np.broadcast_to(start.season, (len(start.season), *shape)).copy()
    squares = np.zeros(shape)
    latest = int(begins.max(initial=0))
    for t, row in enumerate(values):
        of_season = season[t % len(season)]
        change = by.damping * trend
        error = row[..., None] - level - change - of_season
        trend_change = change - trend
        if t < latest:
            read = (begins <= t).astype(np.float64)[:, None, None]
            error *= read
            change *= read
            trend_change *= read
        squares += error * error
        level += change + by.level * error
        trend += trend_change + by.trend * error
        of_season += by.season * error  # a view of the season
    return squares, States(level, trend, season)


def continued(last: States, damping: Array, rows: int, steps: int) -> Array:
    """Return the forecasts after the last states, `(steps, H, S, C)`.

    Args:
        last: States after the last row.
        damping: phi, which broadcasts to `(H, S, C)`.
        rows: Rows before the forecast, which decide its first row in the season.
        steps: Steps ahead.
    """
    factor, sum_of_powers = np.ones_like(last.level), np.zeros_like(last.level)
    forecasts = np.empty((steps, *last.level.shape))
    for step in range(steps):
        factor = factor * damping
        sum_of_powers = sum_of_powers + factor
        forecasts[step] = last.level + sum_of_powers * last.trend + last.season[(rows + step) % len(last.season)]
    return forecasts
