"""The weights of moments that are spread over a training, so that its network can be had back as it was then.

The moments are the multiples of an interval, from the initial weights on. The interval begins with that of the
evaluations, or a half, a quarter ... of it where few are planned, and doubles whenever there would be more moments
than may be kept: of a training that has passed ten of the first ones, 10 to 20 remain at any time. Where an interval
is long, the multiples of a power of two, which doubles likewise, are moments as well until then, so that a training
that is stopped early has some. Moments depend on the number of updates alone, so that a training that was interrupted
keeps the same ones as one that was not. A chunk of updates must end at each, which costs a few milliseconds: that is
why there are no more of them early in a training.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping

from rnnstudio.engine.network import Weights

MAX_MOMENTS = 20
MAX_BYTES = 256 << 20  # of all moments of a run: a network with many weights has fewer of them
_LONG_INTERVAL = 1024  # updates
_FIRST_EARLY_INTERVAL = 128  # updates
_MIN_MOMENTS = 10  # of a training that ends as planned


class KeptWeights:
    """Keeps the weights of moments of one training.

    Args:
        evaluate_every: Updates between two evaluations.
        updates: Number of planned updates.
        size: Bytes of the weights.
        stored: Updates whose weights are kept elsewhere already, such as in the folder of a run that goes on.

    >>> kept = KeptWeights(evaluate_every=10, updates=1000, size=400)
    >>> for step in range(451):
    ...     kept.keep(step, {})
    >>> sorted(kept.weights())[:4], len(kept.weights())
    ([0, 40, 80, 120], 12)
    """

    def __init__(self, evaluate_every: int, updates: int, size: int, stored: Collection[int] = ()) -> None:
        parts = 1
        while evaluate_every > parts and updates * parts < _MIN_MOMENTS * evaluate_every:
            parts *= 2
        self._first_interval = -(-evaluate_every // parts)
        self._most = min(MAX_MOMENTS, MAX_BYTES // max(1, size))
        self._lock = threading.Lock()  # they are written on a thread of its own
        self._weights: dict[int, Weights | None] = {}
        if stored:
            last = max(stored)
            self._weights = {step: None for step in sorted(stored) if self._is_moment(step, last)}

    def _interval(self, step: int) -> int:
        """Return the updates between two moments of a training of `step` updates."""
        interval = self._first_interval
        while step // interval + 1 > self._most:
            interval *= 2
        return interval

    def _early_interval(self, step: int) -> int:
        """Return the updates between two further moments as long as there are few others; 0 for none."""
        if self._first_interval <= _LONG_INTERVAL or step >= (self._most // 2 - 1) * self._first_interval:
            return 0
        interval = _FIRST_EARLY_INTERVAL
        while step // interval + 1 > self._most // 4:
            interval *= 2
        return interval

    def _intervals(self, step: int) -> list[int]:
        """Return the intervals whose multiples are moments of a training of `step` updates."""
        if self._most < 2:
            return []
        return [interval for interval in (self._interval(step), self._early_interval(step)) if interval]

    def _is_moment(self, step: int, last: int) -> bool:
        return any(step % interval == 0 for interval in self._intervals(last))

    def is_due(self, step: int) -> bool:
        """Return whether the weights after `step` updates are to be kept, now that there are so many."""
        return self._is_moment(step, step) and step not in self._weights

    def until_next(self, step: int) -> int:
        """Return the number of updates from `step` to the next moment, at which a chunk of updates must end."""
        return min((interval - step % interval for interval in self._intervals(step)), default=self._first_interval)

    def keep(self, step: int, weights: Weights) -> None:
        """Keep the weights after `step` updates if they are due, and those before that are still evenly spaced."""
        if not self.is_due(step):
            return
        with self._lock:
            self._weights = {s: w for s, w in self._weights.items() if self._is_moment(s, step)} | {step: weights}

    def weights(self) -> dict[int, Weights | None]:
        """Return the weights by their number of updates; None for those that are stored elsewhere."""
        with self._lock:
            return dict(self._weights)

    def beside(self, final: int, others: Mapping[int, Weights | None]) -> dict[int, Weights | None]:
        """Return the weights by their number of updates, and further ones.

        Args:
            final: Number of updates of the final weights, which are no further ones.
            others: Further weights; those that are None are left out.
        """
        further = {step: weights for step, weights in others.items() if weights is not None and step != final}
        return dict(sorted((self.weights() | further).items()))

    def stored(self, steps: Iterable[int]) -> None:
        """Release the weights of moments that have been stored elsewhere."""
        with self._lock:
            self._weights |= {step: None for step in steps if step in self._weights}
