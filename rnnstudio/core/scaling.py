"""Standard scores: fitted on the training part unless told otherwise, and kept with the model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.sequence import SequenceData, flat_steps
from rnnstudio.core.settings import DataSettings

_MOST_ROWS = 1 << 16  # rows scaled together; bounds memory


@dataclass(frozen=True)
class Scaler:
    """From the data's units to the network's and back: `(x - mean) / scale`.

    Attributes:
        mean: Mean of each feature, `(F,)`, in the data's units.
        scale: Standard deviation of each feature, `(F,)`; 1 where a feature is constant.
    """

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]

    @classmethod
    def identity(cls, features: int) -> Scaler:
        """Return the scaler that changes nothing."""
        return cls(np.zeros(features), np.ones(features))

    @classmethod
    def fit(cls, steps: NDArray[np.float32]) -> Scaler:
        """Return the scaler of these steps, `(n, F)`; a constant feature becomes 0."""
        # Compared exactly: the deviation of equal numbers can round to a little more than 0.
        varies = steps.max(axis=0) > steps.min(axis=0)
        mean = np.where(varies, steps.mean(axis=0, dtype=np.float64), steps[0])
        return cls(mean, np.where(varies, steps.std(axis=0, dtype=np.float64), 1.0))

    @property
    def changes_nothing(self) -> bool:
        """Whether the network's units are the data's."""
        return not self.mean.any() and bool((self.scale == 1.0).all())

    def apply(self, values: NDArray[Any]) -> NDArray[np.float32]:
        """Return `values`, features last, in the network's units."""
        return self._by_parts(values, lambda some: (some - self.mean) / self.scale)

    def invert(self, values: NDArray[Any]) -> NDArray[np.float32]:
        """Return `values`, features last, in the data's units."""
        return self._by_parts(values, lambda some: some * self.scale + self.mean)

    def _by_parts(
        self, values: NDArray[Any], change: Callable[[NDArray[Any]], NDArray[np.float64]]
    ) -> NDArray[np.float32]:
        """Compute in double precision, but only a part of the values at a time."""
        if self.changes_nothing:
            return values.astype(np.float32, copy=False)
        flat = values.reshape(-1, values.shape[-1])
        found = np.empty(flat.shape, np.float32)
        for i in range(0, len(flat), _MOST_ROWS):
            found[i : i + _MOST_ROWS] = change(flat[i : i + _MOST_ROWS])
        return found.reshape(values.shape)


@dataclass(frozen=True)
class Scalers:
    """The scaler of the inputs and that of the targets; the same one where a series predicts itself."""

    inputs: Scaler
    targets: Scaler

    @classmethod
    def fit(cls, data: SequenceData, settings: DataSettings) -> Scalers:
        """Return the scalers of this data: of its training part, unless the settings say all of it."""
        identity = cls(
            Scaler.identity(data.inputs.shape[-1]), Scaler.identity(1 if data.classes else data.targets.shape[-1])
        )
        if settings.scale == "none":
            return identity
        chosen = slice(None) if settings.fit_scaler_on == "all" else data.covered(data.train)
        inputs = Scaler.fit(flat_steps(data.inputs)[chosen])
        if data.classes:
            return cls(inputs, identity.targets)
        return cls(inputs, inputs if data.autoregressive else Scaler.fit(flat_steps(data.targets)[chosen]))

    def apply(self, data: SequenceData) -> SequenceData:
        """Return the data in the network's units."""
        inputs = self.inputs.apply(data.inputs)
        if data.autoregressive:
            return data.with_arrays(inputs, inputs)
        return data.with_arrays(inputs, data.targets if data.classes else self.targets.apply(data.targets))
