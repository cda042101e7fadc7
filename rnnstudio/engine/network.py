"""The network: stacked recurrent layers, dense layers and a head, called as one pure function of its state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.catalog import CELLS
from rnnstudio.core.errors import StoreError
from rnnstudio.core.settings import ModelSettings
from rnnstudio.engine.runtime import keras, tf

State = list[Any]


@dataclass(frozen=True)
class Shape:
    """What a network reads and gives: features per step, outputs, and whether it answers at every step."""

    features: int
    outputs: int
    every_step: bool


class Network:
    """A recurrent network with named weights.

    Args:
        settings: Cell, units, layers, first weights ...
        shape: What it reads and gives.
        seed: Start of the first weights' random numbers.
    """

    def __init__(self, settings: ModelSettings, shape: Shape, seed: int) -> None:
        self.settings, self.shape = settings, shape
        self._seeds = iter(
            np.random.SeedSequence([seed, 2]).generate_state(4 * settings.layers + 2 * len(settings.dense_units) + 8)
        )
        # NumPy's old generator, because the work that starts from uniform weights draws them with np.random.rand
        self._rand = np.random.RandomState(seed).rand
        self.recurrent: list[Any] = []
        width = shape.features
        for i in range(settings.layers):
            self.recurrent.append(self._recurrent(width, last=i == settings.layers - 1))
            width = settings.units * (2 if settings.bidirectional else 1)
        self.dense: list[Any] = []
        for units in settings.dense_units:
            self.dense.append(self._dense(width, units, "relu"))
            width = units
        self.head = self._dense(width, shape.outputs, None)
        self.variables = [v for layer in (*self.recurrent, *self.dense, self.head) for v in layer.trainable_variables]

    def _next_seed(self) -> int:
        return int(next(self._seeds)) & 0x7FFFFFFF

    def _recurrent(self, width: int, *, last: bool) -> Any:
        cell, settings = CELLS.get(self.settings.cell), self.settings
        options: dict[str, Any] = {"return_sequences": self.shape.every_step or not last}

        def one(**extra: Any) -> Any:
            return cell.build(settings, settings.units, **options, **self._cell_init(width), **extra)

        if settings.bidirectional:
            layer = keras.layers.Bidirectional(one(), backward_layer=one(go_backwards=True), merge_mode="concat")
        else:
            layer = one(return_state=True)
        layer.build((None, None, width))
        return layer

    def _cell_init(self, width: int) -> dict[str, Any]:
        initializers, units, how = keras.initializers, self.settings.units, self.settings.cell_init
        first, second = self._next_seed(), self._next_seed()
        if how == "keras":
            return {
                "kernel_initializer": initializers.GlorotUniform(first),
                "recurrent_initializer": initializers.Orthogonal(seed=second),
            }
        gates = self.settings.gates
        if how == "uniform_0_1":
            joint = self._rand(width + units, gates * units)
            return {
                "kernel_initializer": initializers.Constant(joint[:width]),
                "recurrent_initializer": initializers.Constant(joint[width:]),
            }
        # Glorot over the joint matrix [x, h] -> gates, as TensorFlow 1's cells are made
        most = float(np.sqrt(6.0 / (width + units + gates * units)))
        return {
            "kernel_initializer": initializers.RandomUniform(-most, most, first),
            "recurrent_initializer": initializers.RandomUniform(-most, most, second),
        }

    def _dense(self, width: int, units: int, activation: str | None) -> Any:
        initializers, std = keras.initializers, self.settings.head_init_std
        first, second = self._next_seed(), self._next_seed()
        kernel: Any = initializers.GlorotUniform(first)
        bias: Any = "zeros"
        match self.settings.head_init:
            case "normal":
                kernel, bias = initializers.RandomNormal(0.0, std, first), initializers.RandomNormal(0.0, std, second)
            case "truncated_normal":
                kernel, bias = (
                    initializers.TruncatedNormal(0.0, std, first),
                    initializers.RandomNormal(0.0, std, second),
                )
            case "uniform_0_1":
                kernel = initializers.Constant(self._rand(width, units))
        layer = keras.layers.Dense(units, activation=activation, kernel_initializer=kernel, bias_initializer=bias)
        layer.build((None, width))
        return layer

    @property
    def parameters(self) -> int:
        """Number of trained values."""
        return int(sum(np.prod(v.shape) for v in self.variables))

    def zero_state(self, batch: Any) -> State:
        """Return a state of zeros for `batch` sequences, one tensor `(batch, units)` per state of each layer."""
        if self.settings.bidirectional:
            return []
        sizes = [size for layer in self.recurrent for size in _sizes(layer)]
        return [tf.zeros((batch, size)) for size in sizes]

    def __call__(self, x: Any, state: State, split: int = 0, drop: Any = None) -> tuple[Any, State]:
        """Return outputs and the state to carry on with.

        Args:
            x: `(batch, steps, features)`.
            state: As `zero_state` gives it; empty for bidirectional networks.
            split: Step whose state is carried on with, where windows overlap; 0 for the last one.
            drop: A function from a layer's number and its inputs to the inputs with some dropped, or None.

        Returns:
            Logits or values, `(batch, steps, outputs)` or `(batch, outputs)`, and the state.
        """
        if split:
            head, middle = self(x[:, :split], state, drop=drop)
            tail, _ = self(x[:, split:], middle, drop=drop)
            return tf.concat([head, tail], axis=1), middle
        carried: State = []
        for number, layer in enumerate(self.recurrent):
            x = drop(number, x) if drop else x
            if self.settings.bidirectional:
                x = layer(x)
                continue
            size = len(_sizes(layer))
            x, *after = layer(x, initial_state=state[:size])
            state, carried = state[size:], carried + list(after)
        for layer in (*self.dense, self.head):
            x = layer(x)
        return x, carried

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Return a copy of all weights by name, such as `lstm1/kernel`."""
        return {name: v.numpy().copy() for name, v in zip(self._names(), self.variables, strict=True)}

    def set_weights(self, weights: dict[str, NDArray[np.float32]]) -> None:
        """Take over weights that `weights` gave.

        Raises:
            StoreError: Names or shapes are not this network's.
        """
        for name, variable in zip(self._names(), self.variables, strict=True):
            if name not in weights or weights[name].shape != tuple(variable.shape):
                raise StoreError(
                    f"The stored weights do not fit this network: {name} should have the shape {tuple(variable.shape)}."
                )
            variable.assign(weights[name])

    def _names(self) -> list[str]:
        names = []
        for i, layer in enumerate(self.recurrent, start=1):
            parts = ["forward/", "backward/"] if self.settings.bidirectional else [""]
            each = len(layer.trainable_variables) // len(parts)
            names += [
                f"{self.settings.cell}{i}/{parts[j // each]}{v.name}" for j, v in enumerate(layer.trainable_variables)
            ]
        for i, layer in enumerate(self.dense, start=1):
            names += [f"dense{i}/{v.name}" for v in layer.trainable_variables]
        return names + [f"head/{v.name}" for v in self.head.trainable_variables]


def _sizes(layer: Any) -> list[int]:
    size = layer.state_size
    return [int(size)] if isinstance(size, int) else [int(s) for s in size]


def make_optimizer(name: str, learning_rate: float, momentum: float) -> Any:
    """Return the Keras optimizer users know by `name`."""
    from rnnstudio.core.optimizers import OPTIMIZERS

    known = OPTIMIZERS[name]
    options: dict[str, Any] = {}
    if name in ("momentum", "nesterov"):
        options = {"momentum": momentum or 0.9, "nesterov": name == "nesterov"}
    elif known.momentum:
        options = {"momentum": momentum}
    return getattr(keras.optimizers, known.keras_class)(learning_rate=learning_rate, **options)
