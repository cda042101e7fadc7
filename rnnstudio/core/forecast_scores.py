"""Scores of forecasts against true values: RMSE, MAE, MASE, sMAPE, and CRPS, WQL and coverage of quantiles.

Errors of missing true values are NaN and do not count.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def rmse(truth: Array, forecast: Array) -> float:
    """Return the root mean squared error; NaN without a known value.

    >>> rmse(np.array([1.0, np.nan, 3.0]), np.array([1.0, 5.0, 1.0]))
    1.4142135623730951
    """
    return float(np.sqrt(_mean((truth - forecast) ** 2)))


def mae(truth: Array, forecast: Array) -> float:
    """Return the mean absolute error; NaN without a known value."""
    return _mean(np.abs(truth - forecast))


def mase(truth: Array, forecast: Array, scale: ArrayLike) -> float:
    """Return the mean absolute scaled error (Hyndman and Koehler 2006); NaN where no error has a scale.

    Args:
        truth: `(n,)`.
        forecast: `(n,)`.
        scale: Mean absolute error of the seasonal naive forecast on the training rows, `(n,)` or a number; NaN where
            there is none.

    >>> mase(np.array([1.0, 2.0]), np.array([2.0, 2.0]), 4.0)
    0.125
    """
    return _mean(np.abs(truth - forecast) / np.asarray(scale, np.float64))


def smape(truth: Array, forecast: Array) -> float:
    """Return the symmetric mean absolute percentage error, from 0 to 200 %; 0 for a true and predicted value of 0.

    >>> smape(np.array([1.0, 0.0]), np.array([3.0, 0.0]))
    50.0
    """
    size = np.abs(truth) + np.abs(forecast)
    return _mean(200.0 * np.abs(truth - forecast) / np.where(size == 0, 1.0, size))


def in_sample_error(values: Array, period: int) -> float:
    """Return the mean absolute difference to the value one season before: what MASE divides by.

    It is NaN where that is 0 or unknown. Without a season, or with less rows than one, the season is one row.

    Args:
        values: The training rows of a series, `(T,)`; NaN is missing.
        period: Rows in a season; 0 where none is known.

    >>> in_sample_error(np.array([1.0, 2.0, 4.0]), 0)
    1.5
    """
    lag = period if 0 < period < len(values) else 1
    error = _mean(np.abs(values[lag:] - values[:-lag]))
    return error if error > 0 else float("nan")


def quantile_losses(truth: Array, quantiles: Mapping[float, Array]) -> dict[float, float]:
    """Return the mean pinball loss of each quantile.

    Args:
        truth: `(n,)`; NaN is missing.
        quantiles: The predicted values `(n,)` of each quantile between 0 and 1.

    >>> quantile_losses(np.array([1.0]), {0.9: np.array([3.0])})
    {0.9: 0.19999999999999996}
    """
    losses = {}
    for share, forecast in quantiles.items():
        error = truth - forecast
        losses[share] = _mean(np.maximum(share * error, (share - 1) * error))
    return losses


def crps(truth: Array, quantiles: Mapping[float, Array]) -> float:
    """Return the continuous ranked probability score, estimated as twice the mean pinball loss over the quantiles.

    >>> crps(np.array([1.0]), {0.5: np.array([2.0])})
    1.0
    """
    return 2 * float(np.mean(list(quantile_losses(truth, quantiles).values())))


def wql(truth: Array, quantiles: Mapping[float, Array]) -> float:
    """Return the weighted quantile loss: `crps` divided by the mean size of the true values; NaN where that is 0."""
    known = ~np.isnan(np.sum([truth, *quantiles.values()], axis=0))
    size = _mean(np.abs(truth[known]))
    return crps(truth, quantiles) / size if size > 0 else float("nan")


def coverage(truth: Array, lower: Array, upper: Array) -> float:
    """Return the share of true values within a band, its ends included; NaN without a known value.

    >>> coverage(np.array([1.0, 2.0, 5.0, np.nan]), np.zeros(4), np.full(4, 2.0))
    0.6666666666666666
    """
    within = ((truth >= lower) & (truth <= upper)).astype(np.float64)
    return _mean(np.where(np.isnan(truth + lower + upper), np.nan, within))


def _mean(values: Array) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")
