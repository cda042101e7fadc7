"""The part of the output layer that reads what is known ahead at each step to be predicted, shared by all steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnnstudio.engine.initial_weights import InitialWeights
from rnnstudio.engine.runtime import keras, tf

_UNITS = 16


class KnownAhead:
    """What inputs that are known ahead add to the outputs of each step.

    With s the state after the window, k_h the known values at step h and e_h a vector of that step:

        hidden = relu(s W_s + k_h W_k + e_h)        added = hidden W_o + k_h W_l

    All weights but e are those of every step, so that an effect need not be learned for each step anew.

    Args:
        initial: Draws the initial weights.
        width: Size of the state.
        known: Number of known inputs, K.
        steps: Steps ahead, H.
        outputs: Outputs of all steps, in the order of the steps.
        start: Factor of the initial weights of the hidden units' effect.
    """

    def __init__(self, initial: InitialWeights, width: int, known: int, steps: int, outputs: int, start: float) -> None:
        self._each = outputs // steps
        drawn = {"state": (width, _UNITS), "kernel": (known, _UNITS), "output": (_UNITS, self._each)}
        values: dict[str, Any] = {
            name: np.asarray(initial.dense(*shape)["kernel_initializer"](shape)) for name, shape in drawn.items()
        }
        values["output"] = values["output"] * start
        values["step"] = np.zeros((steps, _UNITS), np.float32)
        values["linear"] = np.zeros((known, self._each), np.float32)
        self.variables = [keras.Variable(value, name=name) for name, value in values.items()]

    def __call__(self, state: Any, ahead: Any) -> Any:
        """Return what is added to the outputs, `(batch, outputs)`.

        Args:
            state: `(batch, width)`.
            ahead: Scaled known values at the steps to be predicted, `(batch, steps, K)`.
        """
        w_state, w_known, w_output, step, linear = (variable.value for variable in self.variables)
        hidden = tf.nn.relu((state @ w_state)[:, None] + ahead @ w_known + step)
        return tf.reshape(hidden @ w_output + ahead @ linear, (tf.shape(ahead)[0], step.shape[0] * self._each))


def known_terms(x: Any, ahead: Any, features: int, columns: Sequence[int], before: Sequence[int]) -> Any:
    """Return known values at each predicted step and at the step that it is compared with, `(batch, steps, 2 K)`.

    Args:
        x: Scaled inputs, `(batch, steps, frame * F)`.
        ahead: Scaled known values at the steps to be predicted, `(batch, steps ahead, K)`.
        features: Number of inputs of a sample, F.
        columns: Index of each known input among them.
        before: For each step ahead the step of the window it is compared with, counted from the window's end.
    """
    samples = tf.reshape(x, (tf.shape(x)[0], -1, features))
    own = tf.gather(samples, tf.shape(samples)[1] + tf.constant(list(before)), axis=1)
    return tf.concat([ahead, tf.gather(own, list(columns), axis=2)], 2)


def known_past(x: Any, features: int, columns: Sequence[int], scaling: str) -> Any:
    """Return what is known ahead at the steps of windows, relative to a step as the past of what is predicted is.

    Args:
        x: Scaled inputs, `(batch, steps, frame * F)`.
        features: Number of inputs of a sample, F.
        columns: Index of each known input among them.
        scaling: The setting `scale_windows`.

    Returns:
        `(batch, samples, K)`.
    """
    samples = tf.reshape(x, (tf.shape(x)[0], -1, features))
    own = tf.gather(samples, list(columns), axis=2)
    if scaling == "none":
        return own
    return own - (own[:, -1:] if scaling == "last_value" else tf.reduce_mean(own, 1, keepdims=True))
