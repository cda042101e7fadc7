"""The LSTM cell with peepholes and clipped cell values, which Keras does not have, as a Keras cell."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("rnnstudio")
class PeepholeCell(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """One step of an LSTM whose gates see the cell's value (Gers et al. 2002), clipped (Sak et al. 2014).

        i, f = sigmoid(x W + h U + b + p c),  g = tanh(x W + h U + b),  c' = clip(f c + i g)
        o = sigmoid(x W + h U + b + p c'),    h' = o tanh(c')

    Args:
        units: Hidden units H.
        peephole: Whether the gates see the cell's value; their weights p are `(3, H)`, for i, f and o.
        clip: Largest size of a cell's value; 0 does not clip.
        kernel_initializer: First weights of W, `(F, 4 H)`.
        recurrent_initializer: First weights of U, `(H, 4 H)`.
        bias_initializer: First weights of b, `(4 H,)`.
        peephole_initializer: First weights of p, `(3, H)`.
    """

    FIRST = ("kernel_initializer", "recurrent_initializer", "bias_initializer", "peephole_initializer")

    def __init__(
        self,
        units: int,
        *,
        peephole: bool = True,
        clip: float = 0.0,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        peephole_initializer: Any = "glorot_uniform",
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.units, self.peephole, self.clip = units, peephole, clip
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.recurrent_initializer = keras.initializers.get(recurrent_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.peephole_initializer = keras.initializers.get(peephole_initializer)
        self.state_size = [units, units]
        self.output_size = units

    def build(self, input_shape: Any) -> None:
        """Make the weights for inputs `(B, F)`."""
        units = self.units
        self.kernel = self.add_weight(
            shape=(input_shape[-1], 4 * units), initializer=self.kernel_initializer, name="kernel"
        )
        self.recurrent_kernel = self.add_weight(
            shape=(units, 4 * units), initializer=self.recurrent_initializer, name="recurrent_kernel"
        )
        self.bias = self.add_weight(shape=(4 * units,), initializer=self.bias_initializer, name="bias")
        if self.peephole:
            self.peepholes = self.add_weight(shape=(3, units), initializer=self.peephole_initializer, name="peepholes")

    def call(self, inputs: Any, states: Any, training: bool = False) -> tuple[Any, list[Any]]:
        """Return h' and the state [h', c'] for inputs `(B, F)` and state [h, c], each `(B, H)`."""
        h, c = states
        sums = ops.matmul(inputs, self.kernel) + ops.matmul(h, self.recurrent_kernel) + self.bias
        i, f, g, o = ops.split(sums, 4, axis=-1)
        if self.peephole:
            i, f = i + self.peepholes[0] * c, f + self.peepholes[1] * c
        c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
        if self.clip:
            c = ops.clip(c, -self.clip, self.clip)
        if self.peephole:
            o = o + self.peepholes[2] * c
        h = ops.sigmoid(o) * ops.tanh(c)
        return h, [h, c]

    def get_config(self) -> dict[str, Any]:
        """Return what the cell is made from, for model files and copies."""
        initializers = {name: keras.initializers.serialize(getattr(self, name)) for name in self.FIRST}
        return {
            **super().get_config(),
            "units": self.units,
            "peephole": self.peephole,
            "clip": self.clip,
            **initializers,
        }
