"""How predictions become the next inputs of a network in a free-running forecast; all values are scaled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.feedback import NamedInputs, own_past
from rnnstudio.core.scaling import Scalers

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Feedback:
    """Makes inputs of predictions.

    Attributes:
        targets: Number of predicted values of a step, D.
        columns: Index of each of them among the inputs; empty where predictions are no inputs.
        known: Index of each input that is known ahead.
        others: The other inputs of a step, `(F,)`, or `(N, F)` where they differ from series to series: that a masked
            input was observed; 0 elsewhere.
        factor: What predictions are multiplied by, and
        offset: what is added, `(D,)` or `(N, 1, D)`, where inputs and targets are scaled in different ways.
    """

    targets: int
    columns: tuple[int, ...]
    known: tuple[int, ...]
    others: Floats
    factor: NDArray[np.float64]
    offset: NDArray[np.float64]

    @classmethod
    def of(cls, data: NamedInputs, scalers: Scalers) -> Feedback:
        """Return how predictions become inputs of data, of which the description suffices."""
        columns, inputs, targets = own_past(data), scalers.inputs, scalers.targets
        others = np.zeros(inputs.mean.shape)
        if masked := len(data.masked_features):
            observed = np.tile([1.0, 0.0], masked)
            count = len(observed)
            others[..., -count:] = (observed - inputs.mean[..., -count:]) / inputs.scale[..., -count:]
        factor, offset = np.ones(len(data.target_names)), np.zeros(len(data.target_names))
        if columns:
            own = inputs.of_columns(columns)
            factor, offset = targets.scale / own.scale, (targets.mean - own.mean) / own.scale
            if factor.ndim > 1:
                factor, offset = factor[:, None], offset[:, None]
        known = tuple(data.features.index(name) for name in data.known)
        return cls(len(data.target_names), columns, known, others.astype(np.float32), factor, offset)

    def of_series(self, series: NDArray[Any] | None) -> Feedback:
        """Return the same for predictions of these series, `(n,)`, where each series has scalers of its own."""
        if self.others.ndim == 1 or series is None:
            return self
        factor, offset = (values if values.ndim == 1 else values[series] for values in (self.factor, self.offset))
        return replace(self, others=self.others[series], factor=factor, offset=offset)

    def as_inputs(self, values: Floats, known: Floats | None = None) -> Floats:
        """Return predictions as inputs, `(N, steps, F)`.

        Args:
            values: Predictions, `(N, steps, D)`.
            known: What is known at these steps, `(N, steps, K)`; None where nothing is.
        """
        count, steps = values.shape[:2]
        others = self.others if self.others.ndim == 1 else self.others[:, None]
        inputs = np.broadcast_to(others, (count, steps, self.others.shape[-1])).copy()
        if self.columns:
            inputs[..., self.columns] = values * self.factor + self.offset
        if known is not None:
            inputs[..., self.known] = known
        return inputs
