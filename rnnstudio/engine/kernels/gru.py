"""The gated recurrent unit (Cho et al. 2014), with the reset gate after the product, as in Keras and cuDNN, or before.

z, r = sigmoid(x W + h U),  h' = z h + (1 - z) n
after:  n = tanh(x W + r (h U))       before:  n = tanh(x W + (r h) U)
"""

from __future__ import annotations

from rnnstudio.engine.kernels import Pairs, Steps, Tensor, Tensors, steps
from rnnstudio.engine.runtime import tf
from rnnstudio.library.cells.gru import GruSettings


@steps("gru")
def gru_steps(settings: GruSettings) -> Steps:
    """Return the arithmetic of the variant that is wanted."""
    return _After(settings.units) if settings.reset_after else _Before(settings.units)


def _sigmoid(sums: Tensor) -> Tensor:
    return 0.5 * tf.tanh(0.5 * sums) + 0.5


def _with_ones(x1: Tensor, h: Tensor) -> Tensor:
    return tf.concat([x1[:, -1:], h], 1)


def _turned(matrix: Tensor, units: int) -> Tensor:
    """Return columns z, r, n in the order n, z, r."""
    return tf.concat([matrix[..., 2 * units :], matrix[..., : 2 * units]], -1)


class _After:
    """See `Steps`.

    The gradients of the sums stand in the order n, z, r, n: the first three are those of x's product, the last three
    those of h's.
    """

    def __init__(self, units: int) -> None:
        self._units = units

    def pack(self, weights: Tensors) -> Tensors:
        kernel, recurrent, bias = weights
        of_x = _turned(tf.concat([kernel, bias[:1]], 0), self._units)
        of_h = tf.concat([bias[1:], recurrent], 0)
        return of_x, of_h, tf.transpose(recurrent), tf.transpose(of_x[:-1])

    def step(self, packed: Tensors, x1: Tensor, state: Tensors) -> tuple[Tensors, Tensors]:
        units, h = self._units, state[0]
        joint = _with_ones(x1, h)
        of_x, of_h = x1 @ packed[0], joint @ packed[1]
        gates = _sigmoid(of_x[:, units:] + of_h[:, : 2 * units])
        z, r, inner = gates[:, :units], gates[:, units:], of_h[:, 2 * units :]
        n = tf.tanh(of_x[:, :units] + r * inner)
        by_n = (1.0 - z) * (1.0 - n * n)
        moves = tf.stack([by_n, (h - n) * z * (1.0 - z), by_n * inner * r * (1.0 - r), by_n * r], 1)
        return (z * h + (1.0 - z) * n,), (joint, moves, z)

    def back(self, packed: Tensors, x1: Tensor, saved: Tensors, grads: Tensors) -> tuple[Tensors, Pairs, Tensors]:
        joint, moves, z = saved
        sums = tf.reshape(grads[0][:, None] * moves, (-1, 4 * self._units))
        of_x, of_h = sums[:, : 3 * self._units], sums[:, self._units :]
        return (grads[0] * z + of_h @ packed[2],), ((x1, of_x), (joint, of_h)), ()

    def inputs(self, packed: Tensors, rights: Tensors) -> Tensor:
        return rights[0] @ packed[3]

    def unpack(self, products: Tensors, sums: Tensors) -> Tensors:
        units = self._units
        of_x = tf.concat([products[0][:, units:], products[0][:, :units]], 1)
        of_h = products[1]
        return of_x[:-1], of_h[1:], tf.stack([of_x[-1], of_h[0]])


class _Before:
    """See `Steps`."""

    def __init__(self, units: int) -> None:
        self._units = units

    def pack(self, weights: Tensors) -> Tensors:
        kernel, recurrent, bias = weights
        split = 2 * self._units
        joint = tf.concat([kernel, bias[None], recurrent], 0)
        gates, candidate = joint[:, :split], joint[:, split:]
        return (
            gates,
            candidate,
            tf.transpose(recurrent[:, :split]),
            tf.transpose(recurrent[:, split:]),
            tf.transpose(kernel),
        )

    def step(self, packed: Tensors, x1: Tensor, state: Tensors) -> tuple[Tensors, Tensors]:
        units, h = self._units, state[0]
        joint = tf.concat([x1, h], 1)
        gates = _sigmoid(joint @ packed[0])
        z, r = gates[:, :units], gates[:, units:]
        reset = tf.concat([x1, r * h], 1)
        n = tf.tanh(reset @ packed[1])
        return (z * h + (1.0 - z) * n,), (joint, reset, (1.0 - z) * (1.0 - n * n), (h - n) * z * (1.0 - z), z, r)

    def back(self, packed: Tensors, x1: Tensor, saved: Tensors, grads: Tensors) -> tuple[Tensors, Pairs, Tensors]:
        joint, reset, by_n, by_z, z, r = saved
        of_n = grads[0] * by_n
        of_reset = of_n @ packed[3]
        h = joint[:, -self._units :]
        gates = tf.concat([grads[0] * by_z, of_reset * h * r * (1.0 - r)], 1)
        return (grads[0] * z + of_reset * r + gates @ packed[2],), ((joint, gates), (reset, of_n)), ()

    def inputs(self, packed: Tensors, rights: Tensors) -> Tensor:
        return tf.concat(list(rights), -1) @ packed[4]

    def unpack(self, products: Tensors, sums: Tensors) -> Tensors:
        joint = tf.concat(list(products), 1)
        return joint[: -self._units - 1], joint[-self._units :], joint[-self._units - 1]
