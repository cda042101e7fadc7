"""minGRU, a gated unit whose gate and candidate do not depend on the state (Feng et al. 2024)."""

from __future__ import annotations

from typing import Literal

from rnnstudio.core.catalog import cell
from rnnstudio.core.kernel import Factors, Kernel, StepGradients, Tensor, Tensors, Weight
from rnnstudio.core.settings import ModelSettings
from rnnstudio.library.lazy_tensorflow import tf


class MinGruSettings(ModelSettings):
    """Minimal GRU (minGRU): one gate, and no dependence of gate and candidate on the state (Feng et al. 2024)."""

    cell: Literal["mingru"] = "mingru"


@cell(MinGruSettings, "minGRU")
class MinGruKernel(Kernel):
    """minGRU, for inputs x `(B, F)` and state h `(B, H)`.

        z = sigmoid(x W_z + b_z)        n = x W_n + b_n        h' = (1 - z) h + z n

    `kernel` is W, `(F, 2 H)`; `bias` is b, `(2 H,)`; each in the order z, n.

    Source: L. Feng et al., Were RNNs all we needed?, 2024, section 3.1.

    >>> {name: weight.shape for name, weight in MinGruKernel(MinGruSettings(units=4)).weights(features=3).items()}
    {'kernel': (3, 8), 'bias': (8,)}
    """

    def weights(self, features: int) -> dict[str, Weight]:
        """Return W and b."""
        columns = 2 * self.units
        return {"kernel": Weight((features, columns)), "bias": Weight((columns,))}

    def pack(self, weights: Tensors) -> Tensors:
        """Return [W; b], and W transposed."""
        kernel, bias = weights
        return tf.concat([kernel, bias[None]], 0), tf.transpose(kernel)

    def step(self, packed: Tensors, x1: Tensor, state: Tensors) -> tuple[Tensors, Tensors]:
        """Return h'; saved are z, and the derivative of h' with respect to the sum of z."""
        units, h = self.units, state[0]
        sums = x1 @ packed[0]
        z, n = tf.sigmoid(sums[:, :units]), sums[:, units:]
        return ((1.0 - z) * h + z * n,), (z, (n - h) * z * (1.0 - z))

    def backward(self, packed: Tensors, x1: Tensor, saved: Tensors, gradients: Tensors) -> StepGradients:
        """Return the gradients of h and of [W; b]."""
        z, z_slope = saved
        sum_gradients = tf.concat([gradients[0] * z_slope, gradients[0] * z], 1)
        return StepGradients((gradients[0] * (1.0 - z),), [Factors(x1, sum_gradients)])

    def input_gradient(self, packed: Tensors, gradients: Tensors) -> Tensor:
        """Return the gradient of x."""
        return gradients[0] @ packed[1]

    def weight_gradients(self, matrices: Tensors, others: Tensors) -> Tensors:
        """Return the gradients of W and b."""
        return matrices[0][:-1], matrices[0][-1]
