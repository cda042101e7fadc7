"""Quantiles of a forecast beside its median, which cannot cross, and their loss."""

from __future__ import annotations

from typing import Any

from rnnstudio.engine.dense import dense_layer
from rnnstudio.engine.initial_weights import InitialWeights
from rnnstudio.engine.runtime import tf


class QuantileHead:
    """Adds distances to the median: each quantile lies a positive distance beyond the one that is nearer to the median.

    Args:
        initial: Draws the initial weights.
        width: Values that it reads.
        outputs: Predicted values, whose median the network has.
        quantiles: Number of quantiles, the median in the middle.
    """

    def __init__(self, initial: InitialWeights, width: int, outputs: int, quantiles: int) -> None:
        self._outputs, self._sides = outputs, quantiles // 2
        size = outputs * 2 * self._sides
        self._layer = dense_layer(initial, width, size, None, "quantiles")

    @property
    def variables(self) -> list[Any]:
        """The trainable weights."""
        return list(self._layer.trainable_variables)

    def __call__(self, hidden: Any, median: Any) -> Any:
        """Return the quantiles in order, `(batch, quantiles, outputs)`.

        Args:
            hidden: What the head reads, `(batch, width)`.
            median: `(batch, outputs)`.
        """
        distances = tf.reshape(tf.nn.softplus(self._layer(hidden)), (-1, 2, self._sides, self._outputs))
        beyond = tf.cumsum(distances, axis=2)
        middle = median[:, None]
        return tf.concat([middle - beyond[:, 0, ::-1], middle, middle + beyond[:, 1]], axis=1)


def pinball_losses(quantiles: Any, truth: Any, shares: tuple[float, ...]) -> Any:
    """Return the mean pinball loss of all quantiles of each value, `(batch, outputs)`.

    `core.metrics.PinballMean` computes the same of NumPy arrays.

    Args:
        quantiles: `(batch, quantiles, outputs)`.
        truth: `(batch, outputs)`.
        shares: The probability of each quantile.
    """
    errors, share = truth[:, None] - quantiles, tf.constant(shares)[None, :, None]
    return tf.reduce_mean(tf.maximum(share * errors, (share - 1.0) * errors), axis=1)
