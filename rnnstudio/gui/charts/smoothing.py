"""The exponential moving average over a noisy curve."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.events import Floats
from rnnstudio.core.growing_column import Column
from rnnstudio.gui.charts.downsampling import BLOCK

_BETWEEN_STATES = 16 * BLOCK  # values between two states that are kept
_AT_ONCE = 1024 * BLOCK  # values that are averaged in one call


class Smoother:
    """A debiased exponential moving average over a growing column; NaN and infinity are left out.

    The average after n values is the sum of factor**(n - i) * x_i divided by the sum of factor**(n - i). The division
    removes the bias of the start (Kingma & Ba 2015, section 3).

    Only the means of blocks are kept, and some states of the recursion, from which the averages of a part are computed
    when they are drawn: so a run of millions of updates takes no further memory for them.

    Args:
        factor: Weight of the previous average at each value, 0 to below 1.
    """

    def __init__(self, factor: float) -> None:
        self.factor = factor
        self._values: Floats = np.empty(0, np.float32)
        self._means = Column()
        self._state = np.zeros(2)  # after the values in blocks: weighted sums of the values, and of ones in their place
        self._states = [self._state]  # before each 1,024 values

    def __len__(self) -> int:
        """Return the number of values."""
        return len(self._values)

    def __getitem__(self, part: slice) -> Floats:
        """Return the average after each value of a part, NaN where the value is not finite."""
        begin, end, _ = part.indices(len(self))
        nearest = begin // _BETWEEN_STATES
        averages, _ = self._averages(self._states[nearest], nearest * _BETWEEN_STATES, end)
        return averages[begin - nearest * _BETWEEN_STATES :]

    @property
    def block_means(self) -> Floats:
        """The mean of each 64 averages that follow each other, `(n // 64,)`; NaN where a value is not finite."""
        return self._means.values

    def extend(self, values: Floats) -> None:
        """Take what is new.

        Args:
            values: The whole column, `(n,)`; it starts with the values of the last call.
        """
        self._values = values
        end = len(values) // BLOCK * BLOCK
        for begin in range(len(self._means) * BLOCK, end, _AT_ONCE):
            averages, sums = self._averages(self._state, begin, min(begin + _AT_ONCE, end))
            self._means.extend(averages.reshape(-1, BLOCK).mean(axis=1))
            self._state = sums[-1].copy()
            until_next = _BETWEEN_STATES - begin % _BETWEEN_STATES
            self._states += list(sums[until_next - 1 :: _BETWEEN_STATES].copy())

    def _averages(self, state: NDArray[np.float64], begin: int, end: int) -> tuple[Floats, NDArray[np.float64]]:
        """Return the averages of a part, and the sums after each value, `(k, 2)`, from the state before it."""
        import pandas as pd  # has the recursion in C and is loaded with TensorFlow; SciPy's `signal` takes a second

        values = self._values[begin:end].astype(np.float64)
        if not len(values):
            return np.empty(0, np.float32), np.empty((0, 2))
        finite = np.isfinite(values)
        terms = np.column_stack([np.where(finite, values, 0.0), finite])
        sums = pd.DataFrame(np.vstack([state, terms])).ewm(alpha=1.0 - self.factor, adjust=False).mean().to_numpy()[1:]
        averages = np.divide(sums[:, 0], sums[:, 1], out=np.full(len(values), np.nan), where=finite)
        return averages.astype(np.float32), sums
