"""The exponential moving average over a noisy curve."""

from __future__ import annotations

import numpy as np

from rnnstudio.core.events import Floats
from rnnstudio.core.growing_column import Column


class Smoother:
    """A debiased exponential moving average over a growing column; NaN and infinity are left out.

    The average after n values is the sum of factor**(n - i) * x_i divided by the sum of factor**(n - i). The division
    removes the bias of the start (Kingma & Ba 2015, section 3). Each call computes only what is new.

    Args:
        factor: Weight of the previous average at each value, 0 to below 1.
    """

    def __init__(self, factor: float) -> None:
        self.factor = factor
        self._averages = Column()
        self._last = np.zeros(2)  # weighted sum of the values, and of ones in their place

    def extend(self, values: Floats) -> Floats:
        """Return the average after each value, NaN where the value is not finite.

        Args:
            values: The whole column, `(n,)`; it starts with the values of the last call.
        """
        import pandas as pd  # has the recursion in C and is loaded with TensorFlow; SciPy's `signal` takes a second

        new = values[len(self._averages) :].astype(np.float64)
        if len(new):
            finite = np.isfinite(new)
            terms = np.column_stack([np.where(finite, new, 0.0), finite])
            means = pd.DataFrame(np.vstack([self._last, terms])).ewm(alpha=1.0 - self.factor, adjust=False).mean()
            sums = means.to_numpy()[1:]
            self._last = sums[-1]
            averages = np.divide(sums[:, 0], sums[:, 1], out=np.full(len(new), np.nan), where=finite)
            self._averages.extend(averages.astype(np.float32))
        return self._averages.values
