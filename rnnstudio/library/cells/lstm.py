"""Long short-term memory, with a forget gate, and optionally peepholes and clipped cell values."""

from __future__ import annotations

from typing import Literal

import numpy as np

from rnnstudio.core.catalog import cell
from rnnstudio.core.kernel import Factors, Kernel, StepGradients, Tensor, Tensors, Weight
from rnnstudio.core.settings import ModelSettings, Real, setting
from rnnstudio.library.lazy_tensorflow import tf

_CANDIDATE = 2  # in the order input gate, forget gate, candidate, output gate, which is Keras' order


class LstmSettings(ModelSettings):
    """Long short-term memory: gates control what enters and leaves a memory (Hochreiter & Schmidhuber 1997)."""

    cell: Literal["lstm"] = "lstm"
    forget_bias: Real = setting(
        1.0, "Initial bias of the forget gate; 1 lets the cell remember from the start.", ge=-10.0, le=10.0
    )
    peephole: bool = setting(
        False, "Connect the gates to the cell's memory (peepholes, Gers et al. 2002).", advanced=True
    )
    cell_clip: Real = setting(
        0.0,
        "Largest absolute value of the cell's memory (Sak et al. 2014); 0 does not clip.",
        ge=0.0,
        le=1e6,
        advanced=True,
    )


@cell(LstmSettings, "LSTM")
class LstmKernel(Kernel):
    """Long short-term memory, for inputs x `(B, F)` and state h, c, `(B, H)` each.

        i = sigmoid(x W_i + h U_i + b_i + p_i c)        f = sigmoid(x W_f + h U_f + b_f + p_f c)
        g = tanh(x W_g + h U_g + b_g)                   c' = clip(f c + i g)
        o = sigmoid(x W_o + h U_o + b_o + p_o c')       h' = o tanh(c')

    `kernel` is W, `(F, 4 H)`; `recurrent_kernel` is U, `(H, 4 H)`; `bias` is b, `(4 H,)`; each in the order i, f, g, o.
    `peepholes` is p, `(3, H)`, for i, f and o; without peepholes p is 0.

    Sources: S. Hochreiter, J. Schmidhuber, Long short-term memory, 1997; forget gate: F. Gers et al., Learning to
    forget, 2000; peepholes: F. Gers et al., Learning precise timing with LSTM recurrent networks, 2002; clipping:
    H. Sak et al., Long short-term memory recurrent neural network architectures, 2014.

    >>> {name: weight.shape for name, weight in LstmKernel(LstmSettings(units=4)).weights(features=3).items()}
    {'kernel': (3, 16), 'recurrent_kernel': (4, 16), 'bias': (16,)}
    """

    def __init__(self, settings: LstmSettings) -> None:
        super().__init__(settings)
        # sigmoid(z) = tanh(z / 2) / 2 + 1/2, so one tanh computes all gates; `pack` halves the matrix.
        half = np.where(np.repeat(np.arange(4), self.units) == _CANDIDATE, 1.0, 0.5).astype(np.float32)
        self._half, self._offset = tf.constant(half), tf.constant(1.0 - half)

    @property
    def state_sizes(self) -> tuple[int, ...]:
        """Sizes of h and c."""
        return self.units, self.units

    def weights(self, features: int) -> dict[str, Weight]:
        """Return W, U, b and, where there are peepholes, p."""
        columns, bias = 4 * self.units, np.repeat([0.0, self.settings.forget_bias, 0.0, 0.0], self.units)
        weights = {
            "kernel": Weight((features, columns)),
            "recurrent_kernel": Weight((self.units, columns)),
            "bias": Weight((columns,), bias.astype(np.float32)),
        }
        return weights | ({"peepholes": Weight((3, self.units))} if self.settings.peephole else {})

    def pack(self, weights: Tensors) -> Tensors:
        """Return the joint matrix [W; b; U] with halved gates, U and W transposed, and the peepholes."""
        kernel, recurrent, bias, *peepholes = weights
        joint = tf.concat([kernel, bias[None], recurrent], 0) * tf.cast(self._half, kernel.dtype)
        return joint, tf.transpose(recurrent), tf.transpose(kernel), *peepholes

    def step(self, packed: Tensors, x1: Tensor, state: Tensors) -> tuple[Tensors, Tensors]:
        """Return h' and c'; for what is saved see `_outputs`."""
        units, (h, c) = self.units, state
        joint = tf.concat([x1, h], 1)
        sums = joint @ packed[0]
        if self.settings.peephole:
            return self._peephole_step(packed[3], joint, sums, c)
        gates = tf.cast(self._half, sums.dtype) * tf.tanh(sums) + tf.cast(self._offset, sums.dtype)
        i, f, g = (gates[:, k * units : (k + 1) * units] for k in range(3))
        new_c, unclipped = self._clip(f * c + i * g)
        return self._outputs(joint, (i, f, g, gates[:, 3 * units :]), c, new_c, unclipped)

    def _peephole_step(self, peepholes: Tensor, joint: Tensor, sums: Tensor, c: Tensor) -> tuple[Tensors, Tensors]:
        units = self.units
        i, f, g, o = (sums[:, k * units : (k + 1) * units] for k in range(4))
        i = 0.5 * tf.tanh(i + 0.5 * peepholes[0] * c) + 0.5
        f = 0.5 * tf.tanh(f + 0.5 * peepholes[1] * c) + 0.5
        g = tf.tanh(g)
        new_c, unclipped = self._clip(f * c + i * g)
        o = 0.5 * tf.tanh(o + 0.5 * peepholes[2] * new_c) + 0.5
        state, saved = self._outputs(joint, (i, f, g, o), c, new_c, unclipped)
        return state, (*saved, c, new_c)

    def _clip(self, c: Tensor) -> tuple[Tensor, Tensor | None]:
        """Return the clipped memory, and 1 where nothing was clipped, else 0."""
        limit = self.settings.cell_clip
        if not limit:
            return c, None
        return tf.clip_by_value(c, -limit, limit), tf.cast(tf.abs(c) <= limit, c.dtype)

    def _outputs(
        self, joint: Tensor, gates: Tensors, c: Tensor, new_c: Tensor, unclipped: Tensor | None
    ) -> tuple[Tensors, Tensors]:
        """Return h' and c', and what `backward` needs.

        Saved are the joint input [x, 1, h]; the derivatives of c' with respect to the sums of i, f and g, and of h'
        with respect to that of o; the derivative of c' with respect to c; and that of h' with respect to c'.
        """
        i, f, g, o = gates
        squashed = tf.tanh(new_c)
        c_slopes = [g * i * (1.0 - i), c * f * (1.0 - f), i * (1.0 - g * g)]
        if unclipped is not None:
            c_slopes, f = [slope * unclipped for slope in c_slopes], f * unclipped
        slopes = tf.concat([*c_slopes, squashed * o * (1.0 - o)], 1)
        return (o * squashed, new_c), (joint, slopes, f, o * (1.0 - squashed * squashed))

    def backward(self, packed: Tensors, x1: Tensor, saved: Tensors, gradients: Tensors) -> StepGradients:
        """Return the gradients of h and c, of the joint matrix, and of the peepholes."""
        joint, slopes, c_slope, h_slope, *memories = saved
        h_gradient, c_gradient = gradients
        c_gradient = c_gradient + h_gradient * h_slope
        if self.settings.peephole:
            c_gradient = c_gradient + h_gradient * slopes[:, -self.units :] * packed[3][2]
        sum_gradients = tf.concat([c_gradient, c_gradient, c_gradient, h_gradient], 1) * slopes
        old_c_gradient = c_gradient * c_slope
        peephole_gradients: Tensors = ()
        if self.settings.peephole:
            old_c, new_c = memories
            i_gradient, f_gradient, _, o_gradient = tf.split(sum_gradients, 4, 1)
            old_c_gradient = old_c_gradient + i_gradient * packed[3][0] + f_gradient * packed[3][1]
            connected = ((i_gradient, old_c), (f_gradient, old_c), (o_gradient, new_c))
            peephole_gradients = (tf.stack([tf.reduce_sum(gradient * c, 0) for gradient, c in connected]),)
        h_before = sum_gradients @ packed[1]
        return StepGradients((h_before, old_c_gradient), [Factors(joint, sum_gradients)], peephole_gradients)

    def input_gradient(self, packed: Tensors, gradients: Tensors) -> Tensor:
        """Return the gradient of x."""
        return gradients[0] @ packed[2]

    def weight_gradients(self, matrices: Tensors, others: Tensors) -> Tensors:
        """Return the gradients of W, U, b and, where there are peepholes, p."""
        joint, units = matrices[0], self.units
        return joint[: -units - 1], joint[-units:], joint[-units - 1], *others
