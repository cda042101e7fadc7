"""minLSTM, a gated unit whose gates and candidate do not depend on the state (Feng et al. 2024)."""

from __future__ import annotations

from typing import Literal

from rnnstudio.core.catalog import cell
from rnnstudio.core.kernel import Factors, Kernel, StepGradients, Tensor, Tensors, Weight
from rnnstudio.core.settings import ModelSettings
from rnnstudio.library.lazy_tensorflow import tf


class MinLstmSettings(ModelSettings):
    """Minimal LSTM: forget and input gate sum to 1, and nothing in them depends on the state (Feng et al. 2024)."""

    cell: Literal["minlstm"] = "minlstm"


@cell(MinLstmSettings, "minLSTM")
class MinLstmKernel(Kernel):
    """minLSTM, for inputs x `(B, F)` and state h `(B, H)`.

        f = sigmoid(x W_f + b_f)        i = sigmoid(x W_i + b_i)        n = x W_n + b_n
        h' = f / (f + i) h + i / (f + i) n

    `kernel` is W, `(F, 3 H)`; `bias` is b, `(3 H,)`; each in the order f, i, n.

    Source: L. Feng et al., Were RNNs all we needed?, 2024, section 3.2.

    >>> {name: weight.shape for name, weight in MinLstmKernel(MinLstmSettings(units=4)).weights(features=3).items()}
    {'kernel': (3, 12), 'bias': (12,)}
    """

    def weights(self, features: int) -> dict[str, Weight]:
        """Return W and b."""
        columns = 3 * self.units
        return {"kernel": Weight((features, columns)), "bias": Weight((columns,))}

    def pack(self, weights: Tensors) -> Tensors:
        """Return [W; b], and W transposed."""
        kernel, bias = weights
        return tf.concat([kernel, bias[None]], 0), tf.transpose(kernel)

    def step(self, packed: Tensors, x1: Tensor, state: Tensors) -> tuple[Tensors, Tensors]:
        """Return h'; saved are f / (f + i), and the derivatives of h' with respect to the sums of f and of i."""
        units, h = self.units, state[0]
        sums = x1 @ packed[0]
        f_sum, i_sum, n = sums[:, :units], sums[:, units : 2 * units], sums[:, 2 * units :]
        # f / (f + i) without the quotient, which is 0 / 0 where both gates are closed
        share = tf.sigmoid(tf.math.softplus(-i_sum) - tf.math.softplus(-f_sum))
        slope = (h - n) * share * (1.0 - share)
        return (share * h + (1.0 - share) * n,), (share, slope * tf.sigmoid(-f_sum), -slope * tf.sigmoid(-i_sum))

    def backward(self, packed: Tensors, x1: Tensor, saved: Tensors, gradients: Tensors) -> StepGradients:
        """Return the gradients of h and of [W; b]."""
        share, f_slope, i_slope = saved
        h = gradients[0]
        sum_gradients = tf.concat([h * f_slope, h * i_slope, h * (1.0 - share)], 1)
        return StepGradients((h * share,), [Factors(x1, sum_gradients)])

    def input_gradient(self, packed: Tensors, gradients: Tensors) -> Tensor:
        """Return the gradient of x."""
        return gradients[0] @ packed[1]

    def weight_gradients(self, matrices: Tensors, others: Tensors) -> Tensors:
        """Return the gradients of W and b."""
        return matrices[0][:-1], matrices[0][-1]
