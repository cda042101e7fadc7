"""One direction of a recurrent layer: its weights, and how it is run."""

from __future__ import annotations

import random
from typing import Any, Protocol

from rnnstudio.core.catalog import Cell
from rnnstudio.core.errors import SettingError
from rnnstudio.core.kernel import Weight
from rnnstudio.core.settings import ModelSettings
from rnnstudio.engine import scan
from rnnstudio.engine.checked_kernel import CheckedKernel, cell_errors, kind_of
from rnnstudio.engine.initial_weights import InitialWeights
from rnnstudio.engine.runtime import keras, tf


class Direction(Protocol):
    """Reads sequences in one direction; arrays are time first, `(steps, batch, features)`."""

    @property
    def variables(self) -> list[Any]:
        """The weights, each with its name."""

    @property
    def state_sizes(self) -> list[int]:
        """Sizes of the state's tensors."""

    def __call__(self, x: Any, state: list[Any], lengths: Any, *, training: bool) -> tuple[Any, list[Any]]:
        """Return outputs, `(steps, batch, units)` or `(batch, units)`, and the last state, `(batch, size)` each.

        Args:
            x: `(steps, batch, features)`.
            state: The state before the first step, `(batch, size)` each.
            lengths: Steps of each sequence, without padding, `(batch,)`; None where no sequence is padded.
            training: Whether a gradient will be computed.
        """


def make_direction(
    cell: Cell,
    settings: ModelSettings,
    initial: InitialWeights,
    features: int,
    *,
    return_sequences: bool,
    needs_input_gradient: bool,
) -> Direction:
    """Return one direction of a layer: with the cell's kernel, or else its Keras layer.

    Args:
        cell: The registered cell.
        settings: The settings of the cell.
        initial: Draws the initial weights.
        features: Inputs of each step.
        return_sequences: Whether outputs of all steps are returned, or of the last.
        needs_input_gradient: Whether a layer before this one trains.

    Raises:
        SettingError: The cell returns an output of an unexpected type or shape.
    """
    if cell.kernel is not None:
        return _KernelDirection(cell, settings, initial, features, return_sequences, needs_input_gradient)
    return _KerasDirection(cell, settings, initial, features, return_sequences)


class _KernelDirection:
    """Runs a kernel in `scan`."""

    def __init__(
        self,
        cell: Cell,
        settings: ModelSettings,
        initial: InitialWeights,
        features: int,
        return_sequences: bool,
        needs_input_gradient: bool,
    ) -> None:
        self.kernel = CheckedKernel(cell, settings, features)
        self._return_sequences, self._needs_input_gradient = return_sequences, needs_input_gradient
        with cell_errors(cell.name, "weights"):
            values = initial.cell(self.kernel.weights(features))
            self.variables = [
                keras.Variable(values[name], dtype=keras.config.floatx(), name=name)
                for name in self.kernel.weights(features)
            ]

    @property
    def state_sizes(self) -> list[int]:
        return list(self.kernel.state_sizes)

    def __call__(self, x: Any, state: list[Any], lengths: Any, *, training: bool) -> tuple[Any, list[Any]]:
        weights = [tf.convert_to_tensor(v.value) for v in self.variables]
        mask = None
        if lengths is not None:
            mask = tf.transpose(tf.sequence_mask(lengths, tf.shape(x)[0], x.dtype))[..., None]
        if not training:
            return scan.run(self.kernel, x, state, weights, return_sequences=self._return_sequences, mask=mask)
        return scan.run_with_gradient(
            self.kernel,
            x,
            state,
            weights,
            return_sequences=self._return_sequences,
            mask=mask,
            needs_input_gradient=self._needs_input_gradient,
        )


class _KerasDirection:
    """Runs the Keras layer of a cell without a kernel, with TensorFlow's own gradient."""

    def __init__(
        self, cell: Cell, settings: ModelSettings, initial: InitialWeights, features: int, return_sequences: bool
    ) -> None:
        assert cell.keras_layer is not None
        self._return_sequences, self._cell = return_sequences, cell.name
        options = {"return_sequences": return_sequences, "return_state": True, "name": cell.name}
        before = random.getstate()
        random.seed(initial.next_seed())  # Keras' initializers without a seed draw one from here
        try:
            with cell_errors(cell.name, cell.keras_layer.__name__):
                self._layer = cell.keras_layer(settings, **options)
                if not hasattr(self._layer, "state_size"):
                    raise SettingError(
                        f"The cell {cell.name} must return a recurrent Keras layer; received {kind_of(self._layer)}.",
                        "cell",
                    )
                if any(getattr(self._layer, name, value) != value for name, value in options.items()):
                    raise SettingError(
                        f"The cell {cell.name} must pass its keyword arguments on to the Keras layer: "
                        f"{', '.join(options)}.",
                        "cell",
                    )
                self._layer.build((None, None, features))
                self.state_sizes = _sizes(self._layer.state_size)
        finally:
            random.setstate(before)
        self.variables = list(self._layer.trainable_variables)
        if settings.cell_initializer != "keras":
            matrices = [v for v in self.variables if v.name in ("kernel", "recurrent_kernel") and len(v.shape) == 2]
            values = initial.cell({v.name: Weight(tuple(v.shape)) for v in matrices})
            for variable in self.variables:
                variable.assign(values.get(variable.name, variable))

    def __call__(self, x: Any, state: list[Any], lengths: Any, *, training: bool) -> tuple[Any, list[Any]]:
        mask = None if lengths is None else tf.sequence_mask(lengths, tf.shape(x)[0])
        with cell_errors(self._cell, "call"):
            outputs, *last = self._layer(tf.transpose(x, (1, 0, 2)), initial_state=state, mask=mask)
        return (tf.transpose(outputs, (1, 0, 2)) if self._return_sequences else outputs), last


def _sizes(size: Any) -> list[int]:
    return [int(size)] if isinstance(size, int) else [int(s) for s in size]
