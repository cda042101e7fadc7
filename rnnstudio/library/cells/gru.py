"""The gated recurrent unit, with the reset gate applied after or before the matrix product."""

from __future__ import annotations

from typing import Literal

import numpy as np

from rnnstudio.core.catalog import cell
from rnnstudio.core.kernel import Factors, Kernel, StepGradients, Tensor, Tensors, Weight
from rnnstudio.core.settings import ModelSettings, Real, setting
from rnnstudio.library.lazy_tensorflow import tf


class GruSettings(ModelSettings):
    """Gated recurrent unit: an update and a reset gate in place of the LSTM's three gates (Cho et al. 2014)."""

    cell: Literal["gru"] = "gru"
    reset_after: bool = setting(
        True,
        "Apply the reset gate after the matrix product, with a second bias, as cuDNN does; else before it, as in the "
        "publication.",
        advanced=True,
    )
    gate_bias: Real = setting(
        0.0,
        "Initial bias of both gates; 1 lets the cell remember from the start, as in TensorFlow 1.",
        ge=-10.0,
        le=10.0,
        advanced=True,
    )


@cell(GruSettings, "GRU")
def gru(settings: GruSettings) -> Kernel:
    """Return the gated recurrent unit, for inputs x `(B, F)` and state h `(B, H)`.

        z = sigmoid(x W_z + h U_z + b_z)        r = sigmoid(x W_r + h U_r + b_r)        h' = z h + (1 - z) n
        reset_after true:   n = tanh(x W_n + b_n + r (h U_n + c_n))
        reset_after false:  n = tanh(x W_n + b_n + (r h) U_n)

    `kernel` is W, `(F, 3 H)`; `recurrent_kernel` is U, `(H, 3 H)`; each in the order z, r, n, as in Keras. `bias` is b,
    `(3 H,)`; with `reset_after` it is `(2, 3 H)`, a second bias for the product with h.

    Sources: K. Cho et al., Learning phrase representations using RNN encoder-decoder for statistical machine
    translation, 2014; there, z and 1 - z are exchanged, here they are as in Keras, PyTorch and TensorFlow 1.

    >>> {name: weight.shape for name, weight in gru(GruSettings(units=4)).weights(features=3).items()}
    {'kernel': (3, 12), 'recurrent_kernel': (4, 12), 'bias': (2, 12)}
    """
    return _ResetAfter(settings) if settings.reset_after else _ResetBefore(settings)


def _sigmoid(sums: Tensor) -> Tensor:
    return 0.5 * tf.tanh(0.5 * sums) + 0.5


class _Gru(Kernel):
    """What both variants share."""

    def weights(self, features: int) -> dict[str, Weight]:
        """Return W, U and b; TensorFlow 1 draws the matrix of both gates and that of the candidate one by one."""
        columns, blocks = 3 * self.units, (2 * self.units, self.units)
        bias = np.repeat([self.settings.gate_bias, self.settings.gate_bias, 0.0], self.units).astype(np.float32)
        if self.settings.reset_after:
            bias = np.stack([bias, 0.0 * bias])
        return {
            "kernel": Weight((features, columns), blocks=blocks),
            "recurrent_kernel": Weight((self.units, columns), blocks=blocks),
            "bias": Weight(bias.shape, bias),
        }


class _ResetAfter(_Gru):
    """The reset gate applied after the matrix product.

    The gradients of the sums are in the order n, z, r, n: the first three belong to the product with x, the last three
    to the product with h.
    """

    def pack(self, weights: Tensors) -> Tensors:
        """Return [W; b] in the order n, z, r, [c; U], and U and W transposed."""
        kernel, recurrent, bias = weights
        joint, split = tf.concat([kernel, bias[:1]], 0), 2 * self.units
        x_matrix = tf.concat([joint[..., split:], joint[..., :split]], -1)
        h_matrix = tf.concat([bias[1:], recurrent], 0)
        return x_matrix, h_matrix, tf.transpose(recurrent), tf.transpose(x_matrix[:-1])

    def step(self, packed: Tensors, x1: Tensor, state: Tensors) -> tuple[Tensors, Tensors]:
        """Return h'; saved are [1, h], the derivatives of h' with respect to the sums n, z, r, n, and z."""
        units, h = self.units, state[0]
        joint = tf.concat([x1[:, -1:], h], 1)
        x_sums, h_sums = x1 @ packed[0], joint @ packed[1]
        gates = _sigmoid(x_sums[:, units:] + h_sums[:, : 2 * units])
        z, r, inner = gates[:, :units], gates[:, units:], h_sums[:, 2 * units :]
        n = tf.tanh(x_sums[:, :units] + r * inner)
        n_slope = (1.0 - z) * (1.0 - n * n)
        slopes = tf.stack([n_slope, (h - n) * z * (1.0 - z), n_slope * inner * r * (1.0 - r), n_slope * r], 1)
        return (z * h + (1.0 - z) * n,), (joint, slopes, z)

    def backward(self, packed: Tensors, x1: Tensor, saved: Tensors, gradients: Tensors) -> StepGradients:
        """Return the gradients of h and of both matrices."""
        joint, slopes, z = saved
        sum_gradients = tf.reshape(gradients[0][:, None] * slopes, (-1, 4 * self.units))
        x_sums, h_sums = sum_gradients[:, : 3 * self.units], sum_gradients[:, self.units :]
        return StepGradients((gradients[0] * z + h_sums @ packed[2],), [Factors(x1, x_sums), Factors(joint, h_sums)])

    def input_gradient(self, packed: Tensors, gradients: Tensors) -> Tensor:
        """Return the gradient of x."""
        return gradients[0] @ packed[3]

    def weight_gradients(self, matrices: Tensors, others: Tensors) -> Tensors:
        """Return the gradients of W, U and b."""
        units, (x_matrix, h_matrix) = self.units, matrices
        x_matrix = tf.concat([x_matrix[:, units:], x_matrix[:, :units]], 1)
        return x_matrix[:-1], h_matrix[1:], tf.stack([x_matrix[-1], h_matrix[0]])


class _ResetBefore(_Gru):
    """The reset gate applied before the matrix product."""

    def pack(self, weights: Tensors) -> Tensors:
        """Return [W; b; U] of the gates and of the candidate, both parts of U transposed, and W transposed."""
        kernel, recurrent, bias = weights
        split = 2 * self.units
        joint = tf.concat([kernel, bias[None], recurrent], 0)
        gates, candidate = joint[:, :split], joint[:, split:]
        gates_transposed, candidate_transposed = tf.transpose(recurrent[:, :split]), tf.transpose(recurrent[:, split:])
        return gates, candidate, gates_transposed, candidate_transposed, tf.transpose(kernel)

    def step(self, packed: Tensors, x1: Tensor, state: Tensors) -> tuple[Tensors, Tensors]:
        """Return h'; saved are [x, 1, h], [x, 1, r h], the derivatives of h' with respect to the sums n, z, z and r."""
        units, h = self.units, state[0]
        joint = tf.concat([x1, h], 1)
        gates = _sigmoid(joint @ packed[0])
        z, r = gates[:, :units], gates[:, units:]
        reset_joint = tf.concat([x1, r * h], 1)
        n = tf.tanh(reset_joint @ packed[1])
        saved = (joint, reset_joint, (1.0 - z) * (1.0 - n * n), (h - n) * z * (1.0 - z), z, r)
        return (z * h + (1.0 - z) * n,), saved

    def backward(self, packed: Tensors, x1: Tensor, saved: Tensors, gradients: Tensors) -> StepGradients:
        """Return the gradients of h and of both matrices."""
        joint, reset_joint, n_slope, z_slope, z, r = saved
        n_sum = gradients[0] * n_slope
        reset_h = n_sum @ packed[3]
        h = joint[:, -self.units :]
        gate_sums = tf.concat([gradients[0] * z_slope, reset_h * h * r * (1.0 - r)], 1)
        h_gradient = gradients[0] * z + reset_h * r + gate_sums @ packed[2]
        return StepGradients((h_gradient,), [Factors(joint, gate_sums), Factors(reset_joint, n_sum)])

    def input_gradient(self, packed: Tensors, gradients: Tensors) -> Tensor:
        """Return the gradient of x."""
        return tf.concat(list(gradients), -1) @ packed[4]

    def weight_gradients(self, matrices: Tensors, others: Tensors) -> Tensors:
        """Return the gradients of W, U and b."""
        joint = tf.concat(list(matrices), 1)
        return joint[: -self.units - 1], joint[-self.units :], joint[-self.units - 1]
