"""Long short-term memory, with peepholes (Gers et al. 2002) and clipped cell values where they are wanted.

    i, f, o = sigmoid([x, 1, h] W + p c),  g = tanh([x, 1, h] W),  c' = clip(f c + i g),  h' = o tanh(c')

The output gate's peephole looks at c', the others at c. All four gates come from one tanh, because
sigmoid(z) = tanh(z / 2) / 2 + 1/2; the halves are put into the matrix beforehand.
"""

from __future__ import annotations

import numpy as np

from rnnstudio.engine.kernels import Pairs, Tensor, Tensors, steps
from rnnstudio.engine.runtime import tf
from rnnstudio.library.cells.lstm import LstmSettings

_CANDIDATE = 2  # in Keras' order: input, forget, candidate, output


@steps("lstm")
class LstmSteps:
    """See `Steps`.

    Saved, so that `back` has nothing to compute but products: the joint input [x, 1, h]; for each gate's sum, how much
    of c' (for the output gate: of h') it moves; how much of c' comes from c; how much h' moves with c'.
    """

    def __init__(self, settings: LstmSettings) -> None:
        self._units, self._peephole, self._clip = settings.units, settings.peephole, settings.cell_clip
        half = np.where(np.repeat(np.arange(4), settings.units) == _CANDIDATE, 1.0, 0.5).astype(np.float32)
        self._half, self._lift = tf.constant(half), tf.constant(1.0 - half)

    def pack(self, weights: Tensors) -> Tensors:
        """Return the joint matrix, its parts transposed, and the peepholes `(3, H)`."""
        kernel, recurrent, bias, *peepholes = weights
        joint = tf.concat([kernel, bias[None], recurrent], 0) * self._half
        return joint, tf.transpose(recurrent), tf.transpose(kernel), *peepholes

    def step(self, packed: Tensors, x1: Tensor, state: Tensors) -> tuple[Tensors, Tensors]:
        """Return h' and c', and what is saved."""
        units, (h, c) = self._units, state
        joint = tf.concat([x1, h], 1)
        sums = joint @ packed[0]
        if self._peephole:
            return self._peeping(packed[3], joint, sums, c)
        gates = self._half * tf.tanh(sums) + self._lift
        i, f, g = (gates[:, k * units : (k + 1) * units] for k in range(3))
        new, inside = self._clipped(f * c + i * g)
        return self._told(joint, (i, f, g, gates[:, 3 * units :]), c, new, inside)

    def _peeping(self, peepholes: Tensor, joint: Tensor, sums: Tensor, c: Tensor) -> tuple[Tensors, Tensors]:
        units = self._units
        i, f, g, o = (sums[:, k * units : (k + 1) * units] for k in range(4))
        i = 0.5 * tf.tanh(i + 0.5 * peepholes[0] * c) + 0.5
        f = 0.5 * tf.tanh(f + 0.5 * peepholes[1] * c) + 0.5
        g = tf.tanh(g)
        new, inside = self._clipped(f * c + i * g)
        o = 0.5 * tf.tanh(o + 0.5 * peepholes[2] * new) + 0.5
        state, saved = self._told(joint, (i, f, g, o), c, new, inside)
        return state, (*saved, c, new)

    def _clipped(self, c: Tensor) -> tuple[Tensor, Tensor | None]:
        """Return clipped cell values, and 1 where nothing was clipped, else 0."""
        if not self._clip:
            return c, None
        return tf.clip_by_value(c, -self._clip, self._clip), tf.cast(tf.abs(c) <= self._clip, c.dtype)

    def _told(
        self, joint: Tensor, gates: Tensors, c: Tensor, new: Tensor, inside: Tensor | None
    ) -> tuple[Tensors, Tensors]:
        i, f, g, o = gates
        squashed = tf.tanh(new)
        of_c = [g * i * (1.0 - i), c * f * (1.0 - f), i * (1.0 - g * g)]
        if inside is not None:
            of_c, f = [m * inside for m in of_c], f * inside
        moves = tf.concat([*of_c, squashed * o * (1.0 - o)], 1)
        return (o * squashed, new), (joint, moves, f, o * (1.0 - squashed * squashed))

    def back(self, packed: Tensors, x1: Tensor, saved: Tensors, grads: Tensors) -> tuple[Tensors, Pairs, Tensors]:
        """Return the gradients of h and c, the pair of the joint matrix, and the peepholes' sums."""
        joint, moves, kept, shown, *cells = saved
        of_h, of_c = grads
        of_c = of_c + of_h * shown
        if self._peephole:
            of_c = of_c + of_h * moves[:, -self._units :] * packed[3][2]
        sums = tf.concat([of_c, of_c, of_c, of_h], 1) * moves
        before = of_c * kept
        told: Tensors = ()
        if self._peephole:
            old, new = cells
            of_i, of_f, _, of_o = tf.split(sums, 4, 1)
            before = before + of_i * packed[3][0] + of_f * packed[3][1]
            seen = ((of_i, old), (of_f, old), (of_o, new))
            told = (tf.stack([tf.reduce_sum(of_gate * cell, 0) for of_gate, cell in seen]),)
        return (sums @ packed[1], before), ((joint, sums),), told

    def inputs(self, packed: Tensors, rights: Tensors) -> Tensor:
        """Return the gradient of x."""
        return rights[0] @ packed[2]

    def unpack(self, products: Tensors, sums: Tensors) -> Tensors:
        """Return the gradients of kernel, recurrent kernel, bias and peepholes."""
        joint, units = products[0], self._units
        return joint[: -units - 1], joint[-units:], joint[-units - 1], *sums
