"""One recurrent layer, in one or both directions."""

from __future__ import annotations

from typing import Any

from rnnstudio.core.catalog import CELLS
from rnnstudio.core.settings import ModelSettings
from rnnstudio.engine.directions import Direction, make_direction
from rnnstudio.engine.initial_weights import InitialWeights
from rnnstudio.engine.runtime import tf


class Layer:
    """A recurrent layer; arrays are time first, `(steps, batch, features)`.

    Args:
        settings: Cell, units and directions.
        initial: Draws the initial weights.
        features: Inputs of each step.
        return_sequences: Whether outputs of all steps are returned, or of the last.
        needs_input_gradient: Whether what this layer reads is trained: a layer before it, or vectors of series.

    Raises:
        SettingError: The cell returns an output of an unexpected type or shape.
    """

    def __init__(
        self,
        settings: ModelSettings,
        initial: InitialWeights,
        features: int,
        *,
        return_sequences: bool,
        needs_input_gradient: bool,
    ) -> None:
        self._return_sequences = return_sequences
        self._directions: list[Direction] = [
            make_direction(
                CELLS.get(settings.cell),
                settings,
                initial,
                features,
                return_sequences=return_sequences,
                needs_input_gradient=needs_input_gradient,
            )
            for _ in range(2 if settings.bidirectional else 1)
        ]

    @property
    def trainable_variables(self) -> list[Any]:
        """The weights of both directions."""
        return [v for direction in self._directions for v in direction.variables]

    @property
    def names(self) -> list[str]:
        """The names of the weights, such as `kernel` or `backward/kernel`."""
        if len(self._directions) == 1:
            return [v.name for v in self.trainable_variables]
        directions = zip(("forward", "backward"), self._directions, strict=True)
        return [f"{name}/{v.name}" for name, direction in directions for v in direction.variables]

    @property
    def state_sizes(self) -> list[int]:
        """Sizes of the state's tensors; none for a bidirectional layer, whose state always starts at zero."""
        return [] if len(self._directions) > 1 else self._directions[0].state_sizes

    def __call__(self, x: Any, state: list[Any], lengths: Any, *, training: bool) -> tuple[Any, list[Any]]:
        """Return outputs, `(steps, batch, units)` or `(batch, units)`, and the last state.

        Args:
            x: `(steps, batch, features)`.
            state: One tensor `(batch, size)` per state; empty for a bidirectional layer.
            lengths: Steps of each sequence, without padding, `(batch,)`; None where no sequence is padded.
            training: Whether a gradient will be computed.
        """
        if len(self._directions) == 1:
            return self._directions[0](x, state, lengths, training=training)
        forward, backward = self._directions
        batch = tf.shape(x)[1] if x.shape[1] is None else x.shape[1]
        zeros = [tf.zeros((batch, size), x.dtype) for size in forward.state_sizes]
        first, _ = forward(x, zeros, lengths, training=training)
        second, _ = backward(_reversed(x, lengths), zeros, lengths, training=training)
        if self._return_sequences:
            second = _reversed(second, lengths)
        return tf.concat([first, second], -1), []


def _reversed(x: Any, lengths: Any) -> Any:
    """Return x with its steps in reverse, padding left at the end."""
    return tf.reverse(x, [0]) if lengths is None else tf.reverse_sequence(x, lengths, seq_axis=0, batch_axis=1)
