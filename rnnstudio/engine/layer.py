"""One recurrent layer in one or both directions: Keras' layers hold its weights, `scan` runs it."""

from __future__ import annotations

from typing import Any

from rnnstudio.core.catalog import CELLS
from rnnstudio.core.settings import ModelSettings
from rnnstudio.engine import scan
from rnnstudio.engine.initial_weights import InitialWeights
from rnnstudio.engine.kernels import KERNELS
from rnnstudio.engine.runtime import tf


class Layer:
    """A recurrent layer; arrays are time first, `(steps, batch, features)`.

    Args:
        settings: Cell, units, directions.
        first: Where its first weights come from.
        width: Features it reads.
        return_sequences: Whether it gives the outputs of all steps, or of the last.
        needs_input_gradient: Whether something before it learns.
    """

    def __init__(
        self,
        settings: ModelSettings,
        first: InitialWeights,
        width: int,
        *,
        return_sequences: bool,
        needs_input_gradient: bool,
    ) -> None:
        cell = CELLS.get(settings.cell)
        self._steps = KERNELS.get(settings.cell)(settings) if settings.cell in KERNELS else None
        self._every_step, self._inputs_learn = return_sequences, needs_input_gradient
        self._directions = []
        for way in ("forward", "backward")[: 2 if settings.bidirectional else 1]:
            layer = cell.build(
                settings,
                settings.units,
                return_sequences=return_sequences,
                return_state=True,
                name=way,
                **first.cell(width),
            )
            layer.build((None, None, width))
            self._directions.append(layer)

    @property
    def trainable_variables(self) -> list[Any]:
        """The weights of both directions."""
        return [v for layer in self._directions for v in layer.trainable_variables]

    @property
    def names(self) -> list[str]:
        """Their names, such as `kernel` or `backward/kernel`."""
        if len(self._directions) == 1:
            return [v.name for v in self.trainable_variables]
        ways = zip(("forward", "backward"), self._directions, strict=True)
        return [f"{way}/{v.name}" for way, layer in ways for v in layer.trainable_variables]

    @property
    def state_sizes(self) -> list[int]:
        """Sizes of the state that is carried; none in both directions."""
        if len(self._directions) > 1:
            return []
        return _as_list(self._directions[0].state_size)

    def __call__(self, x: Any, state: list[Any], lengths: Any, *, training: bool) -> tuple[Any, list[Any]]:
        """Return outputs, `(steps, batch, units)` or `(batch, units)`, and the last state.

        Args:
            x: `(steps, batch, features)`.
            state: One tensor `(batch, units)` per state; empty in both directions.
            lengths: Steps of each sequence that count, `(batch,)`, or None.
            training: Whether a gradient will be asked for.
        """
        if len(self._directions) == 1:
            return self._run(self._directions[0], x, state, lengths, training)
        there, back = self._directions
        batch = tf.shape(x)[1] if x.shape[1] is None else x.shape[1]
        zeros = [tf.zeros((batch, size)) for size in _as_list(there.state_size)]
        first, _ = self._run(there, x, zeros, lengths, training)
        second, _ = self._run(back, _reversed(x, lengths), zeros, lengths, training)
        if self._every_step:
            second = _reversed(second, lengths)
        return tf.concat([first, second], -1), []

    def _run(self, layer: Any, x: Any, state: list[Any], lengths: Any, training: bool) -> tuple[Any, list[Any]]:
        if self._steps is None:
            return self._as_keras(layer, x, state, lengths)
        weights = [tf.convert_to_tensor(v.value) for v in layer.trainable_variables]
        counts = None
        if lengths is not None:
            counts = tf.transpose(tf.sequence_mask(lengths, tf.shape(x)[0], tf.float32))[..., None]
        if not training:
            return scan.run(self._steps, x, state, weights, return_sequences=self._every_step, counts=counts)
        return scan.run_with_gradient(
            self._steps,
            x,
            state,
            weights,
            return_sequences=self._every_step,
            counts=counts,
            needs_input_gradient=self._inputs_learn,
        )

    def _as_keras(self, layer: Any, x: Any, state: list[Any], lengths: Any) -> tuple[Any, list[Any]]:
        """Run a cell that has no hand-written arithmetic; x is in reading order already."""
        mask = None if lengths is None else tf.sequence_mask(lengths, tf.shape(x)[0])
        told, *after = layer(tf.transpose(x, (1, 0, 2)), initial_state=state, mask=mask)
        return (tf.transpose(told, (1, 0, 2)) if self._every_step else told), list(after)


def _as_list(size: Any) -> list[int]:
    return [int(size)] if isinstance(size, int) else [int(s) for s in size]


def _reversed(x: Any, lengths: Any) -> Any:
    """Return x with its steps in reverse, padding left where it is."""
    return tf.reverse(x, [0]) if lengths is None else tf.reverse_sequence(x, lengths, seq_axis=0, batch_axis=1)
