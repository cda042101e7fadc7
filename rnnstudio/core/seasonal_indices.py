"""The season of a short history by classical decomposition: what each of its rows adds, or is multiplied by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def seasonal_indices(values: Array, period: int, *, multiplicative: bool = False) -> Array:
    """Return what each row of a season adds to a series, or multiplies it by, `(period,)`, from its first row on.

    It is the mean of what is left after a centred moving average over one season; the indices add up to 0, or have the
    mean 1.

    Args:
        values: `(T,)`, at least two seasons.
        period: Rows in a season.
        multiplicative: Whether the season multiplies the values, which are then positive.

    >>> seasonal_indices(np.tile([1.0, 3.0], 10), 2)
    array([-1.,  1.])
    """
    ends = 1 if period % 2 == 0 else 0  # an even season counts half of its first and last row
    weights = np.ones(period + ends)
    if ends:
        weights[[0, -1]] = 0.5
    moving = np.convolve(values, weights / period, mode="valid")
    begin = len(weights) // 2
    middle = values[begin : begin + len(moving)]
    left = middle / moving if multiplicative else middle - moving
    phases = (begin + np.arange(len(left))) % period
    counts = np.bincount(phases, minlength=period)
    means = np.bincount(phases, left, minlength=period) / np.maximum(counts, 1)
    if (counts == 0).any():  # less than two whole seasons
        means[counts == 0] = 1.0 if multiplicative else 0.0
    indices: Array = means / means.mean() if multiplicative else means - means.mean()
    return indices
