"""Keras layers with the same equations as the cells: an independent implementation to compare with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rnnstudio.core.settings import ModelSettings
from rnnstudio.engine.runtime import keras

ops = keras.ops


class PeepholeCell(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """An LSTM with peepholes and clipped memory, which Keras does not have."""

    def __init__(self, units: int, *, peephole: bool, clip: float) -> None:
        super().__init__()
        self.units, self.peephole, self.clip = units, peephole, clip
        self.state_size = [units, units]
        self.output_size = units

    def build(self, input_shape: Any) -> None:
        units = self.units
        self.kernel = self.add_weight(shape=(input_shape[-1], 4 * units), name="kernel")
        self.recurrent_kernel = self.add_weight(shape=(units, 4 * units), name="recurrent_kernel")
        self.bias = self.add_weight(shape=(4 * units,), name="bias")
        if self.peephole:
            self.peepholes = self.add_weight(shape=(3, units), name="peepholes")

    def call(self, inputs: Any, states: Any, training: bool = False) -> tuple[Any, list[Any]]:
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


class MinimalCell(keras.layers.Layer):  # type: ignore[misc]
    """minGRU and minLSTM."""

    def __init__(self, units: int, *, gates: int) -> None:
        super().__init__()
        self.units, self.gates = units, gates
        self.state_size = [units]
        self.output_size = units

    def build(self, input_shape: Any) -> None:
        self.kernel = self.add_weight(shape=(input_shape[-1], (self.gates + 1) * self.units), name="kernel")
        self.bias = self.add_weight(shape=((self.gates + 1) * self.units,), name="bias")

    def call(self, inputs: Any, states: Any, training: bool = False) -> tuple[Any, list[Any]]:
        *gates, candidate = ops.split(ops.matmul(inputs, self.kernel) + self.bias, self.gates + 1, axis=-1)
        gates = [ops.sigmoid(gate) for gate in gates]
        keep = 1 - gates[0] if self.gates == 1 else gates[0] / (gates[0] + gates[1])
        h = keep * states[0] + (1 - keep) * candidate
        return h, [h]


def _lstm(s: Any, **options: Any) -> Any:
    if s.peephole or s.cell_clip:
        return keras.layers.RNN(PeepholeCell(s.units, peephole=s.peephole, clip=s.cell_clip), **options)
    return keras.layers.LSTM(s.units, use_cudnn=False, **options)


KERAS_LAYERS: dict[str, Callable[..., Any]] = {
    "rnn": lambda s, **options: keras.layers.SimpleRNN(s.units, activation=s.activation, **options),
    "gru": lambda s, **options: keras.layers.GRU(s.units, reset_after=s.reset_after, use_cudnn=False, **options),
    "lstm": _lstm,
    "mingru": lambda s, **options: keras.layers.RNN(MinimalCell(s.units, gates=1), **options),
    "minlstm": lambda s, **options: keras.layers.RNN(MinimalCell(s.units, gates=2), **options),
}


def keras_layer(settings: ModelSettings, **options: Any) -> Any:
    """A Keras layer with the equations of these settings; raises KeyError for a cell that is not in KERAS_LAYERS."""
    return KERAS_LAYERS[settings.cell](settings, **options)
