"""A recurrent layer as one loop over time, and its gradient as a second, backward loop.

TensorFlow's own gradient of a loop stores every intermediate value of every step. Here a kernel saves only what it
needs, and the gradients of the weights are matrix products of whole batches. Arrays are time first,
`(steps, batch, features)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rnnstudio.core.kernel import Factors, Kernel, Tensor, Tensors
from rnnstudio.engine.runtime import tf


def run(
    kernel: Kernel, x: Tensor, state: Tensors, weights: Tensors, *, return_sequences: bool, mask: Tensor | None = None
) -> tuple[Tensor, list[Tensor]]:
    """Return outputs and the last state, without a gradient.

    Padding does not change a bit of the outputs at the steps before it, so that a sequence has the same prediction
    alone and among longer ones.

    Args:
        kernel: The cell.
        x: Inputs, `(T, B, F)`; T and B may be unknown until run time.
        state: State before the first step, `(B, H)` each.
        weights: The layer's weights.
        return_sequences: Return the outputs of all steps, `(T, B, H)`, rather than of the last, `(B, H)`.
        mask: 1 at a step and 0 at padding, `(T, B, 1)`. The state does not change at padding.
    """
    packed, x1, length = kernel.pack(weights), _with_ones(x), tf.shape(x)[0]

    def body(t: Tensor, outputs: Any, *state: Tensor) -> tuple[Any, ...]:
        new_state, _ = kernel.step(packed, tf.gather(x1, t), state)
        if mask is not None:
            is_step = tf.gather(mask, t) > 0
            new_state = [tf.where(is_step, new, old) for new, old in zip(new_state, state, strict=True)]
        return t + 1, outputs.write(t, new_state[0]) if return_sequences else outputs, *new_state

    outputs = _array(length, state[0].shape, x.dtype) if return_sequences else tf.constant(0)
    _, outputs, *last = tf.while_loop(lambda t, *_: t < length, body, (tf.constant(0), outputs, *state))
    return (outputs.stack() if return_sequences else last[0]), last


def run_with_gradient(
    kernel: Kernel,
    x: Tensor,
    state: Tensors,
    weights: Tensors,
    *,
    return_sequences: bool,
    mask: Tensor | None = None,
    needs_input_gradient: bool = True,
) -> tuple[Tensor, list[Tensor]]:
    """Return the same as `run`, with a gradient. All shapes must be known when it is traced.

    Args:
        kernel: The cell.
        x: Inputs, `(T, B, F)`.
        state: State before the first step, `(B, H)` each.
        weights: The layer's weights.
        return_sequences: As in `run`.
        mask: As in `run`.
        needs_input_gradient: Whether the gradient with respect to x is needed, because a layer before this one trains.
    """
    length, states = x.shape[0], len(state)

    def layer(x: Tensor, *state_and_weights: Tensor) -> Any:
        first, weights = state_and_weights[:states], state_and_weights[states:]
        packed, x1 = kernel.pack(weights), _with_ones(x)
        _, shapes = kernel.step(packed, x1[0], first)  # for the shapes alone; the compiled program leaves it out

        def body(t: Tensor, outputs: Any, saved: Any, *state: Tensor) -> tuple[Any, ...]:
            new_state, step_saved = kernel.step(packed, tf.gather(x1, t), state)
            new_state = _masked_state(new_state, state, mask, t)
            saved = [array.write(t, value) for array, value in zip(saved, step_saved, strict=True)]
            return t + 1, outputs.write(t, new_state[0]) if return_sequences else outputs, saved, *new_state

        outputs = _array(length, first[0].shape, x.dtype) if return_sequences else tf.constant(0)
        loop = (tf.constant(0), outputs, [_array(length, s.shape, x.dtype) for s in shapes], *first)
        _, outputs, saved, *last = tf.while_loop(lambda t, *_: t < length, body, loop, maximum_iterations=length)
        backward = _Backward(kernel, packed, x1, [array.stack() for array in saved], mask, needs_input_gradient)

        def gradient(output_gradient: Tensor, *state_gradients: Tensor) -> Any:
            if return_sequences:
                return backward.run(state_gradients, output_gradient)
            return backward.run([state_gradients[0] + output_gradient, *state_gradients[1:]], None)

        return (outputs.stack() if return_sequences else last[0], *last), gradient

    outputs, *last = tf.custom_gradient(layer)(x, *state, *weights)
    return outputs, last


@dataclass(frozen=True)
class _Backward:
    """The backward loop: from the gradients of the outputs to those of x, of the first state and of the weights."""

    kernel: Kernel
    packed: Tensors
    x1: Tensor
    saved: Tensors
    mask: Tensor | None
    needs_input_gradient: bool

    def run(self, state_gradients: Tensors, output_gradients: Tensor | None) -> list[Tensor | None]:
        """Return the gradients of x, of the first state and of the weights.

        Args:
            state_gradients: Of the last state, `(B, H)` each.
            output_gradients: Of the outputs of all steps, `(T, B, H)`; None where only the last was returned.
        """
        kernel, (length, batch, width), dtype = self.kernel, self.x1.shape, self.x1.dtype
        # for the shapes alone; the compiled program leaves it out
        _, factors, others = kernel.backward(self.packed, self.x1[0], [s[0] for s in self.saved], state_gradients)
        # One product per step, added up, costs a pass over the matrix each; one product at the end stores its factors.
        multiply_at_end = all(f.inputs.shape[1] >= batch for f in factors)
        shapes = [(f.inputs.shape, f.gradient.shape) for f in factors]
        matrices: Any = [tf.zeros((left[1], right[1]), dtype) for left, right in shapes]
        if multiply_at_end:
            matrices = [(_array(length, left, dtype), _array(length, right, dtype)) for left, right in shapes]
        x_array = self.needs_input_gradient and not multiply_at_end
        x_gradients = _array(length, (batch, width - 1), dtype) if x_array else tf.constant(0)

        def body(i: Tensor, matrices: Any, totals: Any, x_gradients: Any, *gradients: Tensor) -> tuple[Any, ...]:
            t = length - 1 - i
            if output_gradients is not None:
                gradients = (gradients[0] + tf.gather(output_gradients, t), *gradients[1:])
            through, past = _split_at_padding(gradients, self.mask, t)
            saved = [tf.gather(s, t) for s in self.saved]
            before, factors, others = kernel.backward(self.packed, tf.gather(self.x1, t), saved, through)
            if past is not None:
                before = [b + p for b, p in zip(before, past, strict=True)]
            if multiply_at_end:
                matrices = [
                    (inputs.write(t, f.inputs), gradient.write(t, f.gradient))
                    for (inputs, gradient), f in zip(matrices, factors, strict=True)
                ]
            else:
                matrices = [m + _product(f) for m, f in zip(matrices, factors, strict=True)]
                if self.needs_input_gradient:
                    step_gradient = kernel.input_gradient(self.packed, [f.gradient for f in factors])
                    x_gradients = x_gradients.write(t, step_gradient)
            return i + 1, matrices, [a + b for a, b in zip(totals, others, strict=True)], x_gradients, *before

        loop = (tf.constant(0), matrices, [tf.zeros(s.shape, dtype) for s in others], x_gradients, *state_gradients)
        _, matrices, totals, x_gradients, *first_state = tf.while_loop(
            lambda i, *_: i < length, body, loop, maximum_iterations=length
        )
        x_gradient = x_gradients.stack() if x_array else None
        if multiply_at_end:
            flat = [Factors(*(tf.reshape(a.stack(), (length * batch, -1)) for a in pair)) for pair in matrices]
            matrices = [_product(f) for f in flat]
            if self.needs_input_gradient:
                rows = kernel.input_gradient(self.packed, [f.gradient for f in flat])
                x_gradient = tf.reshape(rows, (length, batch, width - 1))
        return [x_gradient, *first_state, *kernel.weight_gradients(matrices, totals)]


def _product(factors: Factors) -> Tensor:
    """Return the gradient of a matrix, `(K, N)`."""
    return tf.matmul(factors.inputs, factors.gradient, transpose_a=True)


def _with_ones(x: Tensor) -> Tensor:
    """Return x with a column of ones, which multiplies the bias."""
    return tf.concat([x, tf.ones_like(x[..., :1])], -1)


def _array(length: Tensor, shape: Any, dtype: Any) -> Any:
    """Return an array that holds one value of this shape per step."""
    return tf.TensorArray(dtype, length, element_shape=shape)


def _masked_state(new_state: Tensors, state: Tensors, mask: Tensor | None, t: Tensor) -> Tensors:
    """Return the new state, or at padding the old one."""
    if mask is None:
        return new_state
    step_mask = tf.gather(mask, t)
    return [old + step_mask * (new - old) for new, old in zip(new_state, state, strict=True)]


def _split_at_padding(gradients: Tensors, mask: Tensor | None, t: Tensor) -> tuple[Tensors, Tensors | None]:
    """Return the gradients that go through step t, and those that go past it because it is padding."""
    if mask is None:
        return gradients, None
    step_mask = tf.gather(mask, t)
    return [g * step_mask for g in gradients], [g * (1.0 - step_mask) for g in gradients]
