"""The exponential moving average over a noisy curve."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.events import Floats
from rnnstudio.gui.charts.downsampling import Blocks
from rnnstudio.gui.charts.growing_blocks import GrowingBlocks


class Smoother:
    """A debiased exponential moving average over a growing column; NaN and infinity are left out.

    The average after n values is the sum of factor**(n - i) * x_i divided by the sum of factor**(n - i). The division
    removes the bias of the start (Kingma & Ba 2015, section 3).

    Only the mean of each block is kept, and the state of the recursion before it, from which the averages of a part
    are computed when they are drawn.

    Args:
        factor: Weight of the previous average at each value, 0 to below 1.
    """

    def __init__(self, factor: float) -> None:
        self.factor = factor
        self._values: Floats = np.empty(0, np.float32)
        self._state = np.zeros(2)  # after all blocks: weighted sums of the values, and of ones in their place
        self._blocks = GrowingBlocks(3, self._rows, _merged)  # mean, and the state before the block

    def __len__(self) -> int:
        """Return the number of values."""
        return len(self._values)

    def __getitem__(self, part: slice) -> Floats:
        """Return the average after each value of a part, NaN where the value is not finite."""
        begin, end, _ = part.indices(len(self))
        rows, size = self._blocks.rows, self._blocks.size
        block = min(begin // size, len(rows))
        state = rows[block, 1:] if block < len(rows) else self._state
        averages, _ = self._averages(state, self._values[block * size : end])
        return averages[begin - block * size :]

    @property
    def blocks(self) -> Blocks:
        """The mean of the averages of each block; NaN where a value is not finite."""
        return Blocks(self._blocks.size, self._blocks.rows[:, :1])

    def extend(self, values: Floats) -> None:
        """Take what is new.

        Args:
            values: The whole column, `(n,)`; it starts with the values of the last call.
        """
        self._values = values
        self._blocks.extend(values)

    def _rows(self, blocks: Floats) -> NDArray[np.float64]:
        averages, states = self._averages(self._state, blocks.ravel())
        before = np.vstack([self._state, states[blocks.shape[1] - 1 :: blocks.shape[1]]])
        self._state = before[-1]
        return np.column_stack([averages.reshape(blocks.shape).mean(axis=1, dtype=np.float64), before[:-1]])

    def _averages(self, state: NDArray[np.float64], part: Floats) -> tuple[Floats, NDArray[np.float64]]:
        """Return the averages of a part and the state after each value, `(k, 2)`, from that before it."""
        import pandas as pd  # has the recursion in C and is loaded with TensorFlow; SciPy's `signal` takes a second

        if not len(part):
            return np.empty(0, np.float32), np.empty((0, 2))
        values = part.astype(np.float64)
        finite = np.isfinite(values)
        terms = np.column_stack([np.where(finite, values, 0.0), finite])
        sums = pd.DataFrame(np.vstack([state, terms])).ewm(alpha=1.0 - self.factor, adjust=False).mean().to_numpy()[1:]
        averages = np.divide(sums[:, 0], sums[:, 1], out=np.full(len(values), np.nan), where=finite)
        return averages.astype(np.float32), sums


def _merged(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([pairs[:, :, 0].mean(axis=1), pairs[:, 0, 1:]])
