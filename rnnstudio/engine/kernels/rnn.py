"""The simple recurrent cell: h' = f([x, 1, h] [W; b; U]) (Elman 1990)."""

from __future__ import annotations

from rnnstudio.engine.kernels import Pairs, Tensor, Tensors, steps
from rnnstudio.engine.runtime import tf
from rnnstudio.library.cells.rnn import RnnSettings

_SQUASH = {"tanh": tf.tanh, "relu": tf.nn.relu, "sigmoid": tf.sigmoid}


@steps("rnn")
class RnnSteps:
    """See `Steps`; saved is the joint input [x, 1, h] and the slope of f."""

    def __init__(self, settings: RnnSettings) -> None:
        self._activation = settings.activation

    def pack(self, weights: Tensors) -> Tensors:
        """Return the joint matrix, and its parts transposed."""
        kernel, recurrent, bias = weights
        return tf.concat([kernel, bias[None], recurrent], 0), tf.transpose(recurrent), tf.transpose(kernel)

    def step(self, packed: Tensors, x1: Tensor, state: Tensors) -> tuple[Tensors, Tensors]:
        """Return h', and what is saved."""
        joint = tf.concat([x1, state[0]], 1)
        h = _SQUASH[self._activation](joint @ packed[0])
        slope = {"tanh": 1.0 - h * h, "sigmoid": h * (1.0 - h), "relu": tf.cast(h > 0, h.dtype)}[self._activation]
        return (h,), (joint, slope)

    def back(self, packed: Tensors, x1: Tensor, saved: Tensors, grads: Tensors) -> tuple[Tensors, Pairs, Tensors]:
        """Return the gradient of h, and the pair of the joint matrix."""
        joint, slope = saved
        inner = grads[0] * slope
        return (inner @ packed[1],), ((joint, inner),), ()

    def inputs(self, packed: Tensors, rights: Tensors) -> Tensor:
        """Return the gradient of x."""
        return rights[0] @ packed[2]

    def unpack(self, products: Tensors, sums: Tensors) -> Tensors:
        """Return the gradients of kernel, recurrent kernel and bias."""
        joint, units = products[0], products[0].shape[1]
        return joint[: -units - 1], joint[-units:], joint[-units - 1]
