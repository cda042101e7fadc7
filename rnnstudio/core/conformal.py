"""Conformal margins of prediction bands: from the errors of earlier predictions, which are known when a band is made.

A band of level 80 % is a prediction and a margin on both sides: the k-th smallest of n earlier errors, with k the least
whole number from 0.8 (n + 1) on (split conformal prediction, Vovk et al. 2005; Lei et al. 2018). If the next error is
exchangeable with them, the band holds the true value with a probability of at least 80 %. Errors of a series are not
exchangeable where it changes. Therefore the newest errors count alone, and the level is adapted: after a miss the bands
become wider, after a hit a little narrower, which holds the share in the long run whatever the series does (adaptive
conformal inference, Gibbs & Candès 2021).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
MEMORY = 500  # newest errors that count
RATE = 0.01  # of the adaptation, the gamma of Gibbs & Candès
_MAX_QUANTILES = 4000  # margins of a step ahead that are computed anew over a set


def fewest_errors(level: int) -> int:
    """Return the fewest errors that a band of a level in percent needs.

    >>> fewest_errors(80), fewest_errors(95)
    (4, 19)
    """
    return -(-level // (100 - level))


def margins_of(errors: Doubles, outside: Doubles, levels: Sequence[int]) -> Doubles:
    """Return the margin of each level, `(L, D)`; NaN where there are too few errors.

    Args:
        errors: Known errors, `(n, B, D)`, NaN where one is missing; B is L, or 1 where the levels share them.
        outside: Share of true values that may lie outside, `(L, D)`: 1 - level / 100, or adapted.
        levels: The levels in percent.

    >>> errors = np.arange(1.0, 20.0)[:, None, None]
    >>> margins_of(errors, np.array([[0.2], [0.05]]), [80, 95]).ravel().tolist()
    [16.0, 19.0]
    """
    count, (size, columns) = len(errors), outside.shape
    if not count:
        return np.full(outside.shape, np.nan)
    ordered = np.broadcast_to(np.sort(errors, axis=0), (count, size, columns))  # NaN at the end
    known = (~np.isnan(ordered)).sum(axis=0)
    rank = np.clip(np.ceil((known + 1) * (1 - outside) - 1e-9), 1, np.maximum(known, 1)).astype(np.int64)
    margins: Doubles = np.take_along_axis(ordered, rank[None] - 1, axis=0)[0].copy()
    fewest = np.array([fewest_errors(level) for level in levels])[:, None]
    margins[known < fewest] = np.nan
    return margins


class RunningMargins:
    """The margins at the origins of one series, in order of time; each reads the errors that are known at its origin.

    Args:
        levels: The levels in percent.
        calibration: Errors of earlier predictions in order of time, `(m, S, B, D)`: of S steps ahead and D targets,
            NaN where one is missing; B is the number of levels, or 1 where they share the errors.
        count: Number of windows that follow; of very many, several in a row have one margin.
    """

    def __init__(self, levels: Sequence[int], calibration: Doubles, count: int) -> None:
        self._levels = list(levels)
        steps, _, columns = calibration.shape[1:]
        share = np.array([[1 - level / 100] for level in self._levels])
        self._wanted = np.broadcast_to(share, (len(self._levels), columns))
        self._outside = [self._wanted.copy() for _ in range(steps)]
        self._known = [calibration[-MEMORY:, step] for step in range(steps)]
        self._margins = np.stack([margins_of(self._known[h], self._outside[h], self._levels) for h in range(steps)])
        self._origins = np.empty(0, np.int64)  # of windows with an error that is not known yet
        self._errors = np.empty((0, *calibration.shape[1:]))
        self._of_windows = np.empty((0, *self._margins.shape))
        self._taken = np.zeros(steps, np.int64)  # how many of these windows are known at each step ahead
        self._size = max(1, math.ceil(count * steps / _MAX_QUANTILES))

    def of_windows(self, origins: NDArray[np.int64], errors: Doubles) -> Doubles:
        """Return the margins of windows, `(n, S, L, D)`, none of which reads an error of a row after its origin.

        Args:
            origins: The last row that each window reads, `(n,)`, in order; its target h is h rows later.
            errors: The errors of its predictions, `(n, S, B, D)`, as for `calibration`.
        """
        margins = np.empty((len(origins), *self._margins.shape))
        for first in range(0, len(origins), self._size):
            part = slice(first, first + self._size)
            margins[part] = self.at(int(origins[first]))
            self._origins = np.concatenate([self._origins, origins[part]])
            self._errors = np.concatenate([self._errors, errors[part]])
            self._of_windows = np.concatenate([self._of_windows, margins[part]])
        return margins

    def at_end(self) -> Doubles:
        """Return the margins after the last window, whose errors are all known, `(S, L, D)`."""
        return self.at(np.iinfo(np.int64).max)

    def at(self, origin: int) -> Doubles:
        """Return the margins with the errors that are known at an origin, `(S, L, D)`."""
        for h in range(len(self._known)):
            begin, end = int(self._taken[h]), int(np.searchsorted(self._origins, origin - h - 1, side="right"))
            if end == begin:
                continue
            errors, margins = self._errors[begin:end, h], self._of_windows[begin:end, h]
            counts = ~np.isnan(errors) & ~np.isnan(margins)
            changes = np.where(counts, self._wanted - (errors > margins), 0.0).sum(axis=0)
            self._outside[h] = np.clip(self._outside[h] + RATE * changes, 0.0, 0.5)
            self._known[h] = np.concatenate([self._known[h], errors])[-MEMORY:]
            self._margins[h] = margins_of(self._known[h], self._outside[h], self._levels)
            self._taken[h] = end
        if done := int(self._taken.min()):
            self._origins, self._errors = self._origins[done:], self._errors[done:]
            self._of_windows, self._taken = self._of_windows[done:], self._taken - done
        return self._margins.copy()
