"""The network: convolutional, recurrent and dense layers and a head, called as a pure function of inputs and state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import StoreError
from rnnstudio.core.settings import ModelSettings
from rnnstudio.engine.convolution import Convolutions
from rnnstudio.engine.dense import dense_layer
from rnnstudio.engine.initial_weights import InitialWeights
from rnnstudio.engine.known_ahead import KnownAhead, known_past, known_terms
from rnnstudio.engine.layer import Layer
from rnnstudio.engine.past import has_frozen_skip, head_start
from rnnstudio.engine.pooling import pooled
from rnnstudio.engine.quantile_head import QuantileHead
from rnnstudio.engine.runtime import keras, tf
from rnnstudio.engine.series_embedding import SeriesEmbedding
from rnnstudio.engine.shape import Shape
from rnnstudio.engine.window_reference import Relative, WindowReference

State = list[Any]
Weights = dict[str, NDArray[np.float32]]
Dropout = Callable[[int, Any], Any]


class Network:
    """A recurrent network with named weights.

    Args:
        settings: Cell, units, layers ...
        shape: Its sizes.
        seed: Seed of the initial weights.

    Raises:
        SettingError: The cell returns an output of an unexpected type or shape.
    """

    def __init__(self, settings: ModelSettings, shape: Shape, seed: int) -> None:
        self.settings, self.shape = settings, shape
        initial = InitialWeights(settings, seed)
        self.recurrent: list[Layer] = []
        self._embedding = SeriesEmbedding(shape.series, settings.series_embedding) if shape.series else None
        read = shape.features + (settings.series_embedding if shape.series else 0)
        self._convolutions = Convolutions(settings, initial, read)
        width = self._convolutions.outputs
        return_sequences = shape.return_sequences or settings.pooling != "last"
        for i in range(settings.layers):
            is_last = i == settings.layers - 1
            layer = Layer(
                settings,
                initial,
                width,
                return_sequences=return_sequences or not is_last,
                needs_input_gradient=i > 0 or bool(settings.conv_filters or shape.series),
            )
            self.recurrent.append(layer)
            width = settings.units * (2 if settings.bidirectional else 1)
        self.dense: list[Any] = []
        for number, units in enumerate(settings.dense_units, start=1):
            self.dense.append(dense_layer(initial, width, units, "relu", f"dense{number}"))
            width = units
        self.head = dense_layer(initial, width, shape.outputs, None, "head")
        quantiles = len(shape.quantiles)
        self._quantiles = QuantileHead(initial, width, shape.outputs, quantiles) if quantiles else None
        start = head_start(settings)
        self._known: KnownAhead | None = None
        if shape.known:
            self._known = KnownAhead(initial, width, len(shape.known), shape.steps_ahead, shape.outputs, start)
        self._reference: WindowReference | None = None
        self._linear: list[Any] = []
        if shape.past is not None:
            self._reference = WindowReference(settings, shape.past, 0 if shape.return_sequences else shape.steps_ahead)
            self.head.kernel.assign(self.head.kernel * start)
            if settings.linear_skip:
                width = shape.samples * len(shape.past.columns)
                sizes: dict[str, tuple[int, ...]] = {"kernel": (width, shape.outputs), "bias": (shape.outputs,)}
                if shape.known:
                    sizes["known"] = (2 * len(shape.known), shape.outputs // shape.steps_ahead)
                    sizes["effect"] = (len(shape.known), len(shape.past.columns))
                self._linear = [keras.Variable(np.zeros(size, np.float32), name=name) for name, size in sizes.items()]
        self.variables = [
            *self._convolutions.variables,
            *(v for layer in (*self.recurrent, *self.dense, self.head) for v in layer.trainable_variables),
            *(self._known.variables if self._known else []),
            *self._linear,
            *(self._quantiles.variables if self._quantiles else []),
            *(self._embedding.variables if self._embedding else []),
        ]

    @property
    def trainable_variables(self) -> list[Any]:
        """The variables that updates change: all but those of a frozen linear skip connection."""
        frozen = {id(v) for v in self._linear if has_frozen_skip(self.settings)}
        return [v for v in self.variables if id(v) not in frozen]

    @property
    def parameters(self) -> int:
        """Number of trainable parameters."""
        return int(sum(np.prod(v.shape) for v in self.trainable_variables))

    def zero_state(self, batch: Any) -> State:
        """Return a state of zeros for `batch` sequences, `(batch, size)` for each state of each layer."""
        if self.settings.bidirectional:
            return []
        return [tf.zeros((batch, size)) for layer in self.recurrent for size in layer.state_sizes]

    def __call__(
        self,
        x: Any,
        state: State,
        *,
        split: int = 0,
        dropout: Dropout | None = None,
        lengths: Any = None,
        ahead: Any = None,
        series: Any = None,
        training: bool = False,
        quantiles: bool = False,
    ) -> tuple[Any, State]:
        """Return outputs, `(batch, steps, outputs)` or `(batch, outputs)`, and the state for the next window.

        Args:
            x: `(batch, steps, features)`.
            state: State before the first step, as `zero_state` returns it; empty for bidirectional networks.
            split: Index of the step whose state is returned, where windows overlap; 0 for the state after the last.
            dropout: A function from a layer's number and its inputs, `(steps, batch, features)`, to the inputs after
                dropout; None for no dropout.
            lengths: Steps of each sequence, without padding, `(batch,)`; None where no sequence is padded.
            ahead: Scaled values of the inputs known ahead at the steps to be predicted, `(batch, steps ahead, K)`; None
                where there are none.
            series: Index of the series of each window, `(batch,)`; None unless the series have learned vectors.
            training: Whether a gradient will be computed; all shapes must then be known.
            quantiles: Return all quantiles of a forecast, `(batch, quantiles, outputs)`, not the median alone.
        """
        inputs = x
        relative = None if self._reference is None else self._reference(x)
        if relative is not None:
            x = relative.x
        if self._embedding is not None:
            x = self._embedding(x, series)
        x, lengths = self._convolutions(x, lengths)
        x = tf.transpose(x, (1, 0, 2))
        if split:
            first, middle_state = self._recur(x[:split], state, dropout, None, training)
            second, _ = self._recur(x[split:], middle_state, dropout, None, training)
            outputs, state = tf.concat([first, second], 0), middle_state
        else:
            outputs, state = self._recur(x, state, dropout, lengths, training)
        if self.shape.return_sequences:
            outputs = tf.transpose(outputs, (1, 0, 2))
        elif self.settings.pooling != "last":
            outputs = pooled(outputs, lengths, self.settings.pooling)
        for layer in self.dense:
            outputs = layer(outputs)
        hidden, added = outputs, None if self._known is None else self._known(outputs, ahead)
        outputs = self.head(outputs)
        if added is not None:
            outputs += added
        if relative is not None and self._linear:
            kernel, bias = (v.value for v in self._linear[:2])
            past = relative.past
            if self._known is not None:
                past -= self.known_past(inputs) @ self._linear[3].value
            outputs += tf.reshape(past, (tf.shape(x)[1], kernel.shape[0])) @ kernel + bias
            if self._known is not None:
                outputs += tf.reshape(self.known_terms(inputs, ahead) @ self._linear[2].value, tf.shape(outputs))
        if not quantiles or self._quantiles is None:
            return outputs if relative is None else relative.restored(outputs), state
        each = tf.unstack(self._quantiles(hidden, outputs), axis=1)
        return tf.stack(each if relative is None else [relative.restored(q) for q in each], 1), state

    def known_terms(self, x: Any, ahead: Any) -> Any:
        """Return the inputs of the linear skip connection that are known ahead, `(batch, steps ahead, 2 K)`.

        Args:
            x: Scaled inputs, `(batch, steps, features)`.
            ahead: Scaled known values at the steps to be predicted, `(batch, steps ahead, K)`.
        """
        assert self.shape.past is not None
        assert self._reference is not None
        return known_terms(x, ahead, self.shape.past.features, self.shape.known, self._reference.steps_before)

    def known_past(self, x: Any) -> Any:
        """Return what is known ahead at the steps of windows, `(batch, samples, K)`, relative to what windows are.

        Args:
            x: Scaled inputs, `(batch, steps, features)`.
        """
        assert self.shape.past is not None
        return known_past(x, self.shape.past.features, self.shape.known, self.settings.scale_windows)

    def relative(self, x: Any) -> Relative:
        """Return windows relative to their own level, for a network that has a use of the past.

        Args:
            x: Scaled inputs, `(batch, steps, features)`.
        """
        assert self._reference is not None
        return self._reference(x)

    def set_linear_skip(
        self, kernel: NDArray[Any], bias: NDArray[Any], known: NDArray[Any], effect: NDArray[Any]
    ) -> None:
        """Set the weights of the linear skip connection.

        Args:
            kernel: From the past of a window to the outputs, `(samples * D, outputs)`.
            bias: `(outputs,)`.
            known: From `known_terms` to the outputs of a step, `(2 K, outputs of a step)`.
            effect: What is subtracted from the past for what was known there, `(K, D)`.
        """
        for variable, values in zip(self._linear, (kernel, bias, known, effect), strict=False):  # two without `known`
            variable.assign(values.astype(np.float32))

    def _recur(self, x: Any, state: State, dropout: Dropout | None, lengths: Any, training: bool) -> tuple[Any, State]:
        """Return the outputs of the last recurrent layer and the states of all; arrays are time first."""
        last_state: State = []
        for number, layer in enumerate(self.recurrent):
            x = dropout(number, x) if dropout else x
            size = len(layer.state_sizes)
            x, layer_state = layer(x, state[:size], lengths, training=training)
            state, last_state = state[size:], last_state + layer_state
        return x, last_state

    def weights(self) -> Weights:
        """Return a copy of all weights by name, such as `lstm1/kernel`."""
        return {name: v.numpy().copy() for name, v in zip(self.names, self.variables, strict=True)}

    def set_weights(self, weights: Weights) -> None:
        """Replace all weights by copies of `weights`; names that the network does not have are ignored.

        Raises:
            StoreError: A weight is missing or has another shape.
        """
        names = self.names
        if problem := self.weights_problem({name: weights[name] for name in names if name in weights}):
            raise StoreError(f"The stored weights do not fit this network; {problem}")
        for name, variable in zip(names, self.variables, strict=True):
            variable.assign(weights[name])

    def weights_problem(self, weights: Weights) -> str:
        """Return which weight is missing, unknown or of another shape, as the end of a sentence; else an empty text."""
        shapes = {name: tuple(v.shape) for name, v in zip(self.names, self.variables, strict=True)}
        for name, shape in shapes.items():
            if name not in weights:
                return f"expected {name} with the shape {shape}, received none."
            if np.shape(weights[name]) != shape:
                return f"expected {name} with the shape {shape}, received {np.shape(weights[name])}."
        unknown = next((name for name in weights if name not in shapes), None)
        return "" if unknown is None else f"expected only {', '.join(shapes)[:300]}, received {unknown} as well."

    @property
    def names(self) -> list[str]:
        """The names of the weights, in the order of `variables`."""
        names = [f"conv{i}/{v.name}" for i, layer in enumerate(self._convolutions.layers, start=1) for v in layer]
        for i, recurrent in enumerate(self.recurrent, start=1):
            names += [f"{self.settings.cell}{i}/{name}" for name in recurrent.names]
        for i, layer in enumerate(self.dense, start=1):
            names += [f"dense{i}/{v.name}" for v in layer.trainable_variables]
        names += [f"head/{v.name}" for v in self.head.trainable_variables]
        names += [f"known/{v.name}" for v in (self._known.variables if self._known else [])]
        names += [f"linear/{v.name}" for v in self._linear]
        names += [f"quantiles/{v.name}" for v in (self._quantiles.variables if self._quantiles else [])]
        return names + [f"series/{v.name}" for v in (self._embedding.variables if self._embedding else [])]
