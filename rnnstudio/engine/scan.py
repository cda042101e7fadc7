"""A recurrent layer as one loop over time, and its gradient as another one backwards, written by hand.

TensorFlow's own gradient of a loop keeps every intermediate value of every step; here a cell keeps what it needs, and
the gradients of the weights are matrix products of whole batches. Arrays are time first, `(steps, batch, features)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rnnstudio.engine.kernels import Steps, Tensor, Tensors
from rnnstudio.engine.runtime import tf


def run(
    steps: Steps, x: Tensor, state: Tensors, weights: Tensors, *, return_sequences: bool, counts: Tensor | None = None
) -> tuple[Tensor, list[Tensor]]:
    """Return outputs and the last state, without a gradient.

    Args:
        steps: The cell's arithmetic.
        x: `(T, B, F)`; any T and B, known only when it runs.
        state: State before the first step, `(B, H)` each.
        weights: The layer's weights.
        return_sequences: Return the outputs of all steps, `(T, B, H)`, rather than the last, `(B, H)`.
        counts: 1 where a step counts and 0 where it is padding, `(T, B, 1)`; the state stays as it is over padding.
    """
    packed, x1, length = steps.pack(weights), _with_ones(x), tf.shape(x)[0]

    def body(t: Tensor, told: Any, *state: Tensor) -> tuple[Any, ...]:
        after, _ = steps.step(packed, tf.gather(x1, t), state)
        after = _kept(after, state, counts, t)
        return t + 1, told.write(t, after[0]) if return_sequences else told, *after

    told = _column(length, state[0].shape) if return_sequences else tf.constant(0)
    _, told, *last = tf.while_loop(lambda t, *_: t < length, body, (tf.constant(0), told, *state))
    return (told.stack() if return_sequences else last[0]), last


def run_with_gradient(
    steps: Steps,
    x: Tensor,
    state: Tensors,
    weights: Tensors,
    *,
    return_sequences: bool,
    counts: Tensor | None = None,
    needs_input_gradient: bool = True,
) -> tuple[Tensor, list[Tensor]]:
    """Return the same as `run`, with a gradient; all shapes must be known.

    Args:
        steps: The cell's arithmetic.
        x: `(T, B, F)`.
        state: State before the first step, `(B, H)` each.
        weights: The layer's weights.
        return_sequences: As in `run`.
        counts: As in `run`.
        needs_input_gradient: Whether something before this layer learns, so that the gradient of x is needed.
    """
    length, states = x.shape[0], len(state)

    def layer(x: Tensor, *given: Tensor) -> Any:
        first, weights = given[:states], given[states:]
        packed, x1 = steps.pack(weights), _with_ones(x)
        _, shapes = steps.step(packed, x1[0], first)  # only for their shapes: no program computes this step

        def body(t: Tensor, told: Any, saved: Any, *state: Tensor) -> tuple[Any, ...]:
            after, new = steps.step(packed, tf.gather(x1, t), state)
            after = _kept(after, state, counts, t)
            saved = [column.write(t, value) for column, value in zip(saved, new, strict=True)]
            return t + 1, told.write(t, after[0]) if return_sequences else told, saved, *after

        told = _column(length, first[0].shape) if return_sequences else tf.constant(0)
        loop = (tf.constant(0), told, [_column(length, s.shape) for s in shapes], *first)
        _, told, saved, *last = tf.while_loop(lambda t, *_: t < length, body, loop, maximum_iterations=length)
        back = _Backwards(steps, packed, x1, [column.stack() for column in saved], counts, needs_input_gradient)

        def gradient(of_told: Tensor, *of_last: Tensor) -> Any:
            if return_sequences:
                return back.run(of_last, of_told)
            return back.run([of_last[0] + of_told, *of_last[1:]], None)

        return (told.stack() if return_sequences else last[0], *last), gradient

    outputs, *last = tf.custom_gradient(layer)(x, *state, *weights)
    return outputs, last


@dataclass(frozen=True)
class _Backwards:
    """The loop backwards: from the gradients of the outputs to those of x, of the first state and of the weights."""

    cell: Steps
    packed: Tensors
    x1: Tensor
    stacks: Tensors
    counts: Tensor | None
    needs_input_gradient: bool

    def run(self, of_last: Tensors, of_told: Tensor | None) -> list[Tensor | None]:
        """Return the gradients.

        Args:
            of_last: Of the last state, `(B, H)` each.
            of_told: Of the outputs of all steps, `(T, B, H)`, or None.
        """
        cell, (length, batch, width) = self.cell, self.x1.shape
        _, pairs, sums = cell.back(self.packed, self.x1[0], [s[0] for s in self.stacks], of_last)  # for the shapes
        # One product a step, added up, costs a pass over the matrix each; one product at the end keeps its factors.
        at_once = all(left.shape[1] >= batch for left, _ in pairs)
        shapes = [(left.shape, right.shape) for left, right in pairs]
        found: Any = [tf.zeros((left[1], right[1])) for left, right in shapes]
        if at_once:
            found = [(_column(length, left), _column(length, right)) for left, right in shapes]
        of_x = _column(length, (batch, width - 1)) if self.needs_input_gradient and not at_once else tf.constant(0)

        def body(i: Tensor, found: Any, totals: Any, of_x: Any, *grads: Tensor) -> tuple[Any, ...]:
            t = length - 1 - i
            arriving = grads if of_told is None else (grads[0] + tf.gather(of_told, t), *grads[1:])
            reached, passed = _parted(arriving, self.counts, t)
            saved = [tf.gather(s, t) for s in self.stacks]
            before, pairs, sums = cell.back(self.packed, tf.gather(self.x1, t), saved, reached)
            if passed is not None:
                before = [b + p for b, p in zip(before, passed, strict=True)]
            if at_once:
                found = [
                    (a.write(t, left), b.write(t, right)) for (a, b), (left, right) in zip(found, pairs, strict=True)
                ]
            else:
                found = [f + tf.matmul(*pair, transpose_a=True) for f, pair in zip(found, pairs, strict=True)]
                if self.needs_input_gradient:
                    of_x = of_x.write(t, cell.inputs(self.packed, [right for _, right in pairs]))
            return i + 1, found, [a + b for a, b in zip(totals, sums, strict=True)], of_x, *before

        loop = (tf.constant(0), found, [tf.zeros(s.shape) for s in sums], of_x, *of_last)
        _, found, totals, of_x, *of_first = tf.while_loop(
            lambda i, *_: i < length, body, loop, maximum_iterations=length
        )
        of_inputs = of_x.stack() if self.needs_input_gradient and not at_once else None
        if at_once:
            flat = [[tf.reshape(c.stack(), (length * batch, -1)) for c in pair] for pair in found]
            found = [tf.matmul(*pair, transpose_a=True) for pair in flat]
            if self.needs_input_gradient:
                told = cell.inputs(self.packed, [right for _, right in flat])
                of_inputs = tf.reshape(told, (length, batch, width - 1))
        return [of_inputs, *of_first, *cell.unpack(found, totals)]


def _with_ones(x: Tensor) -> Tensor:
    """Return x with a column of ones, which carries the bias."""
    return tf.concat([x, tf.ones_like(x[..., :1])], -1)


def _column(length: Tensor, shape: Any) -> Any:
    """Return room for one value of this shape per step."""
    return tf.TensorArray(tf.float32, length, element_shape=shape)


def _kept(after: Tensors, before: Tensors, counts: Tensor | None, t: Tensor) -> Tensors:
    """Return the new state where the step counts, and the old one over padding."""
    if counts is None:
        return after
    here = tf.gather(counts, t)
    return [b + here * (a - b) for a, b in zip(after, before, strict=True)]


def _parted(grads: Tensors, counts: Tensor | None, t: Tensor) -> tuple[Tensors, Tensors | None]:
    """Return the part of the gradients that reaches a step, and the part that passes it by over padding."""
    if counts is None:
        return grads, None
    here = tf.gather(counts, t)
    return [g * here for g in grads], [g * (1.0 - here) for g in grads]
