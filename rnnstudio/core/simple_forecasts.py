"""Forecasts that need no network, each after a history: the baselines of a backtest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.exponential_smoothing import ets_forecasts
from rnnstudio.core.missing import fill_past
from rnnstudio.core.theta_method import theta_forecasts

Array = NDArray[np.float64]
Forecasts = Callable[[Sequence[Array], int, int], Array]  # histories, steps and season to (H, steps)
SEASONAL = "seasonal_last_value"


def history_of(values: NDArray[np.floating]) -> Array:
    """Return a history `(T,)` in which each missing value is the last one before; those before the first are left out.

    >>> history_of(np.array([np.nan, 2.0, np.nan, 3.0]))
    array([2., 2., 3.])
    """
    filled = fill_past(values[:, None]).values[:, 0]
    known = np.flatnonzero(~np.isnan(filled))
    return np.asarray(filled[known[0] :] if len(known) else filled[:0], np.float64)


def last_value(histories: Sequence[Array], steps: int, period: int = 0) -> Array:
    """Return the last value of each history, repeated, `(H, steps)`."""
    return np.repeat([history[-1:] for history in histories], steps, axis=1)


def seasonal_last_value(histories: Sequence[Array], steps: int, period: int = 0) -> Array:
    """Return the values one season earlier, `(H, steps)`; the last value where a history is shorter than a season."""
    forecasts = last_value(histories, steps)
    for i, history in enumerate(histories):
        if period and len(history) >= period:
            forecasts[i] = history[len(history) - period + np.arange(steps) % period]
    return forecasts


def drift(histories: Sequence[Array], steps: int, period: int = 0) -> Array:
    """Return the line from the first to the last value of each history, continued, `(H, steps)`.

    >>> drift([np.array([1.0, 9.0, 5.0])], 2)
    array([[7., 9.]])
    """
    slopes = np.array([(h[-1] - h[0]) / max(1, len(h) - 1) for h in histories])
    return last_value(histories, steps) + slopes[:, None] * np.arange(1, steps + 1)


SIMPLE: dict[str, Forecasts] = {
    "last_value": last_value,
    SEASONAL: seasonal_last_value,
    "drift": drift,
    "ets": ets_forecasts,
    "theta": theta_forecasts,
}


def simple_forecasts(name: str, histories: Sequence[Array], steps: int, period: int) -> Array:
    """Return the forecasts of one of `SIMPLE`, `(H, steps)`; NaN after a history without a known value.

    Args:
        name: The baseline.
        histories: Values without missing ones, `(T,)` each.
        steps: Steps ahead.
        period: Rows in a season; 0 where none is known.
    """
    forecasts = np.full((len(histories), steps), np.nan)
    known = [i for i, history in enumerate(histories) if len(history)]
    if known:
        forecasts[known] = SIMPLE[name]([histories[i] for i in known], steps, period)
    return forecasts
