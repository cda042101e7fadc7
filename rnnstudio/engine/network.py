"""The network: stacked recurrent layers, dense layers and a head, called as one pure function of its state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import StoreError
from rnnstudio.core.settings import ModelSettings
from rnnstudio.engine.initial_weights import InitialWeights
from rnnstudio.engine.layer import Layer
from rnnstudio.engine.runtime import keras, tf

State = list[Any]
Weights = dict[str, NDArray[np.float32]]
Drop = Callable[[int, Any], Any]


@dataclass(frozen=True)
class Shape:
    """What a network reads and gives: features per step, outputs, and whether it answers at every step."""

    features: int
    outputs: int
    return_sequences: bool


class Network:
    """A recurrent network with named weights.

    Args:
        settings: Cell, units, layers, first weights ...
        shape: What it reads and gives.
        seed: Start of the first weights' random numbers.
    """

    def __init__(self, settings: ModelSettings, shape: Shape, seed: int) -> None:
        self.settings, self.shape = settings, shape
        first = InitialWeights(settings, seed)
        self.recurrent: list[Layer] = []
        width = shape.features
        return_sequences = shape.return_sequences or settings.pooling != "last"
        for i in range(settings.layers):
            last = i == settings.layers - 1
            self.recurrent.append(
                Layer(settings, first, width, return_sequences=return_sequences or not last, needs_input_gradient=i > 0)
            )
            width = settings.units * (2 if settings.bidirectional else 1)
        self.dense: list[Any] = []
        for number, units in enumerate(settings.dense_units, start=1):
            self.dense.append(_dense(first, width, units, "relu", f"dense{number}"))
            width = units
        self.head = _dense(first, width, shape.outputs, None, "head")
        self.variables = [v for layer in (*self.recurrent, *self.dense, self.head) for v in layer.trainable_variables]

    @property
    def parameters(self) -> int:
        """Number of trained values."""
        return int(sum(np.prod(v.shape) for v in self.variables))

    def zero_state(self, batch: Any) -> State:
        """Return a state of zeros for `batch` sequences, one tensor `(batch, units)` per state of each layer."""
        if self.settings.bidirectional:
            return []
        return [tf.zeros((batch, size)) for layer in self.recurrent for size in layer.state_sizes]

    def __call__(
        self,
        x: Any,
        state: State,
        *,
        split: int = 0,
        drop: Drop | None = None,
        lengths: Any = None,
        training: bool = False,
    ) -> tuple[Any, State]:
        """Return outputs and the state to carry on with.

        Args:
            x: `(batch, steps, features)`.
            state: As `zero_state` gives it; empty for bidirectional networks.
            split: Step whose state is carried on with, where windows overlap; 0 for the last one.
            drop: A function from a layer's number and its inputs `(steps, batch, features)` to the inputs with some
                dropped, or None.
            lengths: Steps of each sequence that count, `(batch,)`; None where all do.
            training: Whether a gradient will be asked for; shapes must then be known.

        Returns:
            Logits or values, `(batch, steps, outputs)` or `(batch, outputs)`, and the state.
        """
        steps_first = tf.transpose(x, (1, 0, 2))
        if split:
            head, middle = self._recur(steps_first[:split], state, drop, None, training)
            tail, _ = self._recur(steps_first[split:], middle, drop, None, training)
            told, state = tf.concat([head, tail], 0), middle
        else:
            told, state = self._recur(steps_first, state, drop, lengths, training)
        if self.shape.return_sequences:
            told = tf.transpose(told, (1, 0, 2))
        elif self.settings.pooling != "last":
            told = _pool(told, lengths, self.settings.pooling)
        for layer in (*self.dense, self.head):
            told = layer(told)
        return told, state

    def _recur(self, x: Any, state: State, drop: Drop | None, lengths: Any, training: bool) -> tuple[Any, State]:
        """Return the last recurrent layer's outputs and all layers' states; time first."""
        after: State = []
        for number, layer in enumerate(self.recurrent):
            x = drop(number, x) if drop else x
            size = len(layer.state_sizes)
            x, last = layer(x, state[:size], lengths, training=training)
            state, after = state[size:], after + last
        return x, after

    def weights(self) -> Weights:
        """Return a copy of all weights by name, such as `lstm1/kernel`."""
        return {name: v.numpy().copy() for name, v in zip(self._names(), self.variables, strict=True)}

    def set_weights(self, weights: Weights) -> None:
        """Replace all weights by copies of `weights`, by name; other names in it are ignored.

        Raises:
            StoreError: A weight is missing or has another shape.
        """
        names = self._names()
        if problem := self.weights_problem({name: weights[name] for name in names if name in weights}):
            raise StoreError(f"The stored weights do not fit this network; {problem}")
        for name, variable in zip(names, self.variables, strict=True):
            variable.assign(weights[name])

    def weights_problem(self, weights: Weights) -> str:
        """Return which weight is missing, unknown or of another shape, as the end of a sentence; else an empty one."""
        shapes = {name: tuple(v.shape) for name, v in zip(self._names(), self.variables, strict=True)}
        for name, shape in shapes.items():
            if name not in weights:
                return f"expected {name} with the shape {shape}, received none."
            if np.shape(weights[name]) != shape:
                return f"expected {name} with the shape {shape}, received {np.shape(weights[name])}."
        unknown = next((name for name in weights if name not in shapes), None)
        return (
            "" if unknown is None else f"received {unknown}, which it does not have (it has {', '.join(shapes)[:300]})."
        )

    def _names(self) -> list[str]:
        names = []
        for i, recurrent in enumerate(self.recurrent, start=1):
            names += [f"{self.settings.cell}{i}/{name}" for name in recurrent.names]
        for i, layer in enumerate(self.dense, start=1):
            names += [f"dense{i}/{v.name}" for v in layer.trainable_variables]
        return names + [f"head/{v.name}" for v in self.head.trainable_variables]


def _dense(first: InitialWeights, width: int, units: int, activation: str | None, name: str) -> Any:
    layer = keras.layers.Dense(units, activation=activation, name=name, **first.dense(width, units))
    layer.build((None, width))
    return layer


def _pool(told: Any, lengths: Any, how: str) -> Any:
    """Return the mean or maximum over the steps that count of `(steps, batch, units)`, as `(batch, units)`."""
    if lengths is None:
        return tf.reduce_mean(told, 0) if how == "mean" else tf.reduce_max(told, 0)
    counts = tf.transpose(tf.sequence_mask(lengths, tf.shape(told)[0], told.dtype))[..., None]
    if how == "mean":
        return tf.reduce_sum(told * counts, 0) / tf.reduce_sum(counts, 0)
    return tf.reduce_max(tf.where(counts > 0, told, told.dtype.min), 0)


def make_optimizer(name: str, learning_rate: float, momentum: float) -> Any:
    """Return the Keras optimizer users know by `name`."""
    from rnnstudio.core.optimizers import OPTIMIZERS

    known = OPTIMIZERS[name]
    options: dict[str, Any] = {"name": name}  # else Keras numbers it, and no two programs are alike
    if name in ("momentum", "nesterov"):
        options |= {"momentum": momentum or 0.9, "nesterov": name == "nesterov"}
    elif known.momentum:
        options |= {"momentum": momentum}
    return getattr(keras.optimizers, known.keras_class)(learning_rate=learning_rate, **options)
