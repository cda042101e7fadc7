"""Long short-term memory, with peepholes (Gers et al. 2002) and clipped cell values where they are wanted.

    i, f, o = sigmoid([x, 1, h] W + p c),  g = tanh([x, 1, h] W),  c' = clip(f c + i g),  h' = o tanh(c')

The output gate's peephole looks at c', the others at c. All four gates come from one tanh, because
sigmoid(z) = tanh(z / 2) / 2 + 1/2; the halves are put into the matrix beforehand.
"""

from __future__ import annotations

import numpy as np

from rnnstudio.engine.runtime import tf
from rnnstudio.engine.steps import Pairs, Tensor, Tensors, steps
from rnnstudio.library.cells.lstm import LstmSettings

_INPUT, _FORGET, _CANDIDATE, _OUTPUT = range(4)  # Keras' order


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
        self._gate = tf.constant(np.arange(4)[None, :, None])

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
        return self._told(joint, tf.reshape(gates, (-1, 4, units)), c, new, inside)

    def _peeping(self, peepholes: Tensor, joint: Tensor, sums: Tensor, c: Tensor) -> tuple[Tensors, Tensors]:
        units = self._units
        i, f, g, o = (sums[:, k * units : (k + 1) * units] for k in range(4))
        i = 0.5 * tf.tanh(i + 0.5 * peepholes[0] * c) + 0.5
        f = 0.5 * tf.tanh(f + 0.5 * peepholes[1] * c) + 0.5
        g = tf.tanh(g)
        new, inside = self._clipped(f * c + i * g)
        o = 0.5 * tf.tanh(o + 0.5 * peepholes[2] * new) + 0.5
        state, saved = self._told(joint, tf.stack([i, f, g, o], 1), c, new, inside)
        return state, (*saved, c, new)

    def _clipped(self, c: Tensor) -> tuple[Tensor, Tensor | None]:
        """Return clipped cell values, and 1 where nothing was clipped, else 0."""
        if not self._clip:
            return c, None
        return tf.clip_by_value(c, -self._clip, self._clip), tf.cast(tf.abs(c) <= self._clip, c.dtype)

    def _told(
        self, joint: Tensor, gates: Tensor, c: Tensor, new: Tensor, inside: Tensor | None
    ) -> tuple[Tensors, Tensors]:
        i, f, g, o = (gates[:, k] for k in range(4))
        squashed = tf.tanh(new)
        # Chosen by the gate's number rather than put side by side: one pass over memory instead of five.
        partner = self._choose(g, c, i, squashed)
        slope = tf.where(self._gate == _CANDIDATE, 1.0 - gates * gates, gates * (1.0 - gates))
        moves, kept = partner * slope, f
        if inside is not None:
            moves = moves * tf.where(self._gate == _OUTPUT, 1.0, inside[:, None])
            kept = f * inside
        return (o * squashed, new), (joint, moves, kept, o * (1.0 - squashed * squashed))

    def _choose(self, i: Tensor, f: Tensor, g: Tensor, o: Tensor) -> Tensor:
        """Return four `(B, H)` as one `(B, 4, H)`, or of two alike one."""
        gate = self._gate
        return tf.where(
            gate == _INPUT,
            i[:, None],
            tf.where(gate == _FORGET, f[:, None], tf.where(gate == _CANDIDATE, g[:, None], o[:, None])),
        )

    def back(self, packed: Tensors, x1: Tensor, saved: Tensors, grads: Tensors) -> tuple[Tensors, Pairs, Tensors]:
        """Return the gradients of h and c, the pair of the joint matrix, and the peepholes' sums."""
        joint, moves, kept, shown, *cells = saved
        of_h, of_c = grads
        of_c = of_c + of_h * shown
        if self._peephole:
            of_c = of_c + of_h * moves[:, _OUTPUT] * packed[3][2]
        sums = tf.where(self._gate == _OUTPUT, of_h[:, None], of_c[:, None]) * moves
        before = of_c * kept
        told: Tensors = ()
        if self._peephole:
            old, new = cells
            before = before + sums[:, _INPUT] * packed[3][0] + sums[:, _FORGET] * packed[3][1]
            seen = ((_INPUT, old), (_FORGET, old), (_OUTPUT, new))
            told = (tf.stack([tf.reduce_sum(sums[:, k] * c, 0) for k, c in seen]),)
        flat = tf.reshape(sums, (-1, 4 * self._units))
        return (flat @ packed[1], before), ((joint, flat),), told

    def inputs(self, packed: Tensors, rights: Tensors) -> Tensor:
        """Return the gradient of x."""
        return rights[0] @ packed[2]

    def unpack(self, products: Tensors, sums: Tensors) -> Tensors:
        """Return the gradients of kernel, recurrent kernel, bias and peepholes."""
        joint, units = products[0], self._units
        return joint[: -units - 1], joint[-units:], joint[-units - 1], *sums
