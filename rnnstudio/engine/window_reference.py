"""Windows read and predicted relative to their own level, so that a network need not learn each level anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from rnnstudio.core.settings import ModelSettings
from rnnstudio.engine.runtime import tf

_SMALLEST_DEVIATION = 0.1  # of the training set's: a window that hardly varies is not blown up to noise


class NamedData(Protocol):
    """What `Past.of` reads of `SequenceData` or `DataInfo`."""

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the inputs."""

    @property
    def target_names(self) -> tuple[str, ...]:
        """Names of what is predicted."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes; empty for values."""

    @property
    def period(self) -> int:
        """Samples in a season; 0 where unknown."""


@dataclass(frozen=True)
class Past:
    """Where the inputs of a network hold the past of what it predicts.

    Attributes:
        features: Number of inputs of a sample, F.
        columns: Index of each predicted value among them, `(D,)`.
        season: Samples in a season; 0 where unknown.
    """

    features: int
    columns: tuple[int, ...]
    season: int

    @classmethod
    def of(cls, data: NamedData, settings: ModelSettings) -> Past | None:
        """Return where the inputs of these data hold the past of the targets; None where nothing is relative to it."""
        if not is_relative(settings) or data.classes or not set(data.target_names) <= set(data.features):
            return None
        columns = tuple(data.features.index(name) for name in data.target_names)
        return cls(len(data.features), columns, data.period)


def is_relative(settings: ModelSettings) -> bool:
    """Return whether inputs or outputs are relative to values in each window."""
    return (settings.predict_change, settings.scale_windows) != ("none", "none")


class WindowReference:
    """Makes the inputs and outputs of a network relative to values in each window.

    With y the past of a predicted value in a window, of mean m, standard deviation s and last value l, the network
    reads y (`scale_windows` none), y - l (last_value) or (y - m) / s (standard: Kim et al. 2022, "Reversible instance
    normalization"). Its output is a change from the value that `predict_change` names, else from what was subtracted,
    and is multiplied by s where y was divided by it. All values are scaled by the scalers of the run.

    Args:
        settings: `predict_change` and `scale_windows`.
        past: Where the inputs hold the past of the targets.
        return_sequences: Whether there is a prediction for each step, of which each is relative to its own step.
    """

    def __init__(self, settings: ModelSettings, past: Past, *, return_sequences: bool) -> None:
        self._change, self._scaling = settings.predict_change, settings.scale_windows
        self._past, self._return_sequences = past, return_sequences
        self._to_features = np.eye(past.features, dtype=np.float32)[list(past.columns)]  # (D, F)

    def __call__(self, x: Any) -> tuple[Any, Callable[[Any], Any]]:
        """Return the inputs that the network reads, and a function from its outputs to scaled values.

        Args:
            x: Scaled inputs, `(batch, steps, frame * F)`.
        """
        batch = tf.shape(x)[0]
        samples = tf.reshape(x, (batch, -1, self._past.features))
        own = tf.gather(samples, self._past.columns, axis=2)
        if self._return_sequences:
            return x, lambda outputs: outputs + own
        last, mean = own[:, -1:], tf.reduce_mean(own, 1, keepdims=True)
        read, centre, deviation = x, tf.zeros_like(last), tf.ones_like(last)
        if self._scaling != "none":
            centre = last if self._scaling == "last_value" else mean
            if self._scaling == "standard":
                deviation = tf.sqrt(tf.math.reduce_variance(own, 1, keepdims=True) + _SMALLEST_DEVIATION**2)
            shift, factor = centre @ self._to_features, 1.0 + (1.0 / deviation - 1.0) @ self._to_features
            read = tf.reshape((samples - shift) * factor, tf.shape(x))
            read.set_shape(x.shape)

        def restored(outputs: Any) -> Any:
            targets = len(self._past.columns)
            changes = tf.reshape(outputs, (batch, outputs.shape[1] // targets, targets)) * deviation
            return tf.reshape(changes + self._reference(own, centre, last, changes.shape[1]), tf.shape(outputs))

        return read, restored

    def _reference(self, own: Any, centre: Any, last: Any, steps: int) -> Any:
        """Return the values that the outputs are changes from, `(batch, steps or 1, D)`."""
        if self._change == "none":
            return centre
        if self._change == "last_value":
            return last
        return tf.gather(own, tf.shape(own)[1] + _steps_before(self._past.season, steps), axis=1)


def _steps_before(season: int, steps: int) -> Sequence[int]:
    """Return the place of the value one season, or as many as are known, before each step, from the window's end.

    >>> _steps_before(3, 5)
    [-3, -2, -1, -3, -2]
    """
    return [step % season - season for step in range(steps)]
