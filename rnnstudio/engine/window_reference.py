"""Windows read and predicted relative to their own level, so that a network need not learn each level anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnstudio.core.settings import ModelSettings
from rnnstudio.engine.past import Past
from rnnstudio.engine.runtime import tf

_SMALLEST_DEVIATION = 0.1  # of the training set's: a window that hardly varies is not blown up to noise


@dataclass(frozen=True)
class Relative:
    """Windows relative to their own level.

    Attributes:
        x: The inputs that the network reads, `(batch, steps, frame * F)`.
        past: The past of the predicted values in them, `(batch, samples, D)`.
        reference: The values that predictions are changes from, `(batch, steps ahead or 1, D)`; for a prediction at
            each step `(batch, steps, D)`.
        deviation: What changes are multiplied by, `(batch, 1, D)`.
    """

    x: Any
    past: Any
    reference: Any
    deviation: Any

    def restored(self, outputs: Any) -> Any:
        """Return scaled values for outputs of a network, `(batch, steps ahead * D)` or `(batch, steps, D)`."""
        targets = self.past.shape[-1]
        changes = tf.reshape(outputs, (tf.shape(outputs)[0], -1, targets))
        return tf.reshape(changes * self.deviation + self.reference, tf.shape(outputs))


class WindowReference:
    """Makes the inputs and outputs of a network relative to values in each window.

    With y the past of a predicted value in a window, of mean m, standard deviation s and last value l, the network
    reads y (`scale_windows` none), y - l (last_value) or (y - m) / s (standard: Kim et al. 2022, "Reversible instance
    normalization"). Its output is a change from the value that `predict_change` names, else from what was subtracted,
    and is multiplied by s where y was divided by it. All values are scaled by the scalers of the run.

    Args:
        settings: `predict_change` and `scale_windows`.
        past: Where the inputs hold the past of the targets.
        steps_ahead: Steps of a forecast; 0 where there is a prediction for each step, relative to its own step.
    """

    def __init__(self, settings: ModelSettings, past: Past, steps_ahead: int) -> None:
        self._change, self._scaling, self._steps_ahead = settings.predict_change, settings.scale_windows, steps_ahead
        self._past = past
        self._to_features = np.eye(past.features, dtype=np.float32)[list(past.columns)]  # (D, F)

    @property
    def steps_before(self) -> list[int]:
        """For each step ahead the step of the window that its prediction is compared with, from the window's end."""
        if self._change == "season":
            return _steps_before(self._past.season, self._steps_ahead)
        return [-1] * self._steps_ahead

    def __call__(self, x: Any) -> Relative:
        """Return windows relative to their own level.

        Args:
            x: Scaled inputs, `(batch, steps, frame * F)`.
        """
        samples = tf.reshape(x, (tf.shape(x)[0], -1, self._past.features))
        own = tf.gather(samples, self._past.columns, axis=2)
        if not self._steps_ahead:
            return Relative(x, own, own, tf.ones_like(own[:, :1]))
        last, mean = own[:, -1:], tf.reduce_mean(own, 1, keepdims=True)
        centre, deviation = tf.zeros_like(last), tf.ones_like(last)
        read = x
        if self._scaling != "none":
            centre = last if self._scaling == "last_value" else mean
            if self._scaling == "standard":
                deviation = tf.sqrt(tf.math.reduce_variance(own, 1, keepdims=True) + _SMALLEST_DEVIATION**2)
            shift, factor = centre @ self._to_features, 1.0 + (1.0 / deviation - 1.0) @ self._to_features
            read = tf.reshape((samples - shift) * factor, tf.shape(x))
            read.set_shape(x.shape)
        reference = centre
        if self._change == "last_value":
            reference = last
        elif self._change == "season":
            reference = tf.gather(own, tf.shape(own)[1] + self.steps_before, axis=1)
        return Relative(read, (own - centre) / deviation, reference, deviation)


def _steps_before(season: int, steps: int) -> list[int]:
    """Return the place of the value one season, or as many as are known, before each step, from the window's end.

    >>> _steps_before(3, 5)
    [-3, -2, -1, -3, -2]
    """
    return [step % season - season for step in range(steps)]
