"""Convolutional layers before the recurrent ones: local patterns of many samples become fewer steps."""

from __future__ import annotations

from typing import Any

from rnnstudio.core.settings import ModelSettings
from rnnstudio.engine.initial_weights import InitialWeights
from rnnstudio.engine.runtime import keras, tf


class Convolutions:
    """Convolutional layers with ReLU; T steps become ceil(T / stride) in each.

    Output n of a layer reads `width` steps from n * stride - (width - 1) // 2 on; steps before the first, after the
    last and in the padding count as 0, so that padding never changes an output.

    Args:
        settings: Filters of each layer, width and stride.
        initial: Draws the initial weights.
        features: Inputs of each step.
    """

    def __init__(self, settings: ModelSettings, initial: InitialWeights, features: int) -> None:
        self._width, self._stride = settings.conv_width, settings.conv_stride
        self.layers: list[tuple[Any, Any]] = []
        for _ in range(settings.conv_layers if settings.conv_filters else 0):
            filters = settings.conv_filters
            kernel = keras.initializers.GlorotUniform(initial.next_seed())((self._width, features, filters))
            self.layers.append(
                (keras.Variable(kernel, name="kernel"), keras.Variable(tf.zeros((filters,)), name="bias"))
            )
            features = filters
        self.outputs = features

    @property
    def variables(self) -> list[Any]:
        """Kernel, `(width, inputs, filters)`, and bias, `(filters,)`, of each layer."""
        return [variable for layer in self.layers for variable in layer]

    def __call__(self, x: Any, lengths: Any) -> tuple[Any, Any]:
        """Return outputs, `(batch, steps, filters)`, and the steps of each sequence that are not padding.

        Args:
            x: `(batch, steps, features)`.
            lengths: Steps of each sequence without padding, `(batch,)`; None where no sequence is padded.
        """
        before = (self._width - 1) // 2
        for kernel, bias in self.layers:
            if lengths is not None:
                x *= tf.sequence_mask(lengths, tf.shape(x)[1], x.dtype)[..., None]
                lengths = -(-lengths // self._stride)
            steps = tf.shape(x)[1] if x.shape[1] is None else x.shape[1]
            count = -(-steps // self._stride)
            # The last output must find its whole width.
            after = (count - 1) * self._stride + self._width - before - steps
            x = tf.pad(x, ((0, 0), (before, tf.maximum(after, 0)), (0, 0)))
            x = tf.nn.relu(tf.nn.conv1d(x, kernel.value, self._stride, "VALID") + bias.value)
            x = x[:, :count]
        return x, lengths
