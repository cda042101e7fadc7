"""The simple recurrent cell (Elman 1990)."""

from __future__ import annotations

from typing import Literal

from rnnstudio.core.catalog import cell
from rnnstudio.core.kernel import Factors, Kernel, StepGradients, Tensor, Tensors, Weight
from rnnstudio.core.settings import ModelSettings, setting
from rnnstudio.library.lazy_tensorflow import tf


class RnnSettings(ModelSettings):
    """Simple recurrent cell: the state is an activation of a weighted sum of inputs and last state (Elman 1990)."""

    cell: Literal["rnn"] = "rnn"
    activation: Literal["tanh", "relu", "sigmoid"] = setting(
        "tanh", "Activation function of the weighted sum of inputs and state.", advanced=True
    )


@cell(RnnSettings, "Simple RNN")
class RnnKernel(Kernel):
    """The simple recurrent cell, for inputs x `(B, F)` and state h `(B, H)`.

        h' = f(x W + h U + b)

    f is tanh, relu or sigmoid. W is `kernel`, `(F, H)`; U is `recurrent_kernel`, `(H, H)`; b is `bias`, `(H,)`.

    Source: J. L. Elman, Finding structure in time, Cognitive Science 14, 1990.

    >>> {name: weight.shape for name, weight in RnnKernel(RnnSettings(units=4)).weights(features=3).items()}
    {'kernel': (3, 4), 'recurrent_kernel': (4, 4), 'bias': (4,)}
    """

    def weights(self, features: int) -> dict[str, Weight]:
        """Return W, U and b."""
        return {
            "kernel": Weight((features, self.units)),
            "recurrent_kernel": Weight((self.units, self.units)),
            "bias": Weight((self.units,)),
        }

    def pack(self, weights: Tensors) -> Tensors:
        """Return the joint matrix [W; b; U], and U and W transposed."""
        kernel, recurrent, bias = weights
        return tf.concat([kernel, bias[None], recurrent], 0), tf.transpose(recurrent), tf.transpose(kernel)

    def step(self, packed: Tensors, x1: Tensor, state: Tensors) -> tuple[Tensors, Tensors]:
        """Return h'; saved are the joint input [x, 1, h] and the slope of f."""
        joint = tf.concat([x1, state[0]], 1)
        activation = {"tanh": tf.tanh, "relu": tf.nn.relu, "sigmoid": tf.sigmoid}[self.settings.activation]
        h = activation(joint @ packed[0])
        slope = {"tanh": 1.0 - h * h, "sigmoid": h * (1.0 - h), "relu": tf.cast(h > 0, h.dtype)}
        return (h,), (joint, slope[self.settings.activation])

    def backward(self, packed: Tensors, x1: Tensor, saved: Tensors, gradients: Tensors) -> StepGradients:
        """Return the gradients of h and of the joint matrix."""
        joint, slope = saved
        sum_gradient = gradients[0] * slope
        return StepGradients((sum_gradient @ packed[1],), [Factors(joint, sum_gradient)])

    def input_gradient(self, packed: Tensors, gradients: Tensors) -> Tensor:
        """Return the gradient of x."""
        return gradients[0] @ packed[2]

    def weight_gradients(self, matrices: Tensors, others: Tensors) -> Tensors:
        """Return the gradients of W, U and b."""
        joint, units = matrices[0], self.units
        return joint[: -units - 1], joint[-units:], joint[-units - 1]
