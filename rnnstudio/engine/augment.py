"""Turning three-axis sensors at random while training, as if the device were worn a little otherwise."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnstudio.engine.runtime import tf


def turned(x: Any, sensors: tuple[int, ...], degrees: float, seed: tuple[Any, Any], mean: Any, scale: Any) -> Any:
    """Return sequences with all sensors of each turned by one random angle about one random axis.

    Args:
        x: `(batch, samples, F)` in the network's units; what is turned is in the data's.
        sensors: The first of each three features x, y, z.
        degrees: Standard deviation of the angle.
        seed: Two whole numbers.
        mean: Of the scaler, `(F,)`.
        scale: Of the scaler, `(F,)`.
    """
    drawn = tf.random.stateless_normal((x.shape[0], 4), seed=tf.stack(seed))
    turn = _rotation(drawn[:, :3], drawn[:, 3] * np.float32(np.deg2rad(degrees)))
    values, parts, at = x * scale + mean, [], 0
    for first in sensors:
        parts += [values[..., at:first], values[..., first : first + 3] @ turn]
        at = first + 3
    return (tf.concat([*parts, values[..., at:]], -1) - mean) / scale


def _rotation(axis: Any, angle: Any) -> Any:
    """Return matrices `(n, 3, 3)` that turn by `angle`, `(n,)`, about `axis`, `(n, 3)` (Rodrigues' formula)."""
    x, y, z = tf.unstack(axis / tf.norm(axis, axis=1, keepdims=True), axis=1)
    zero = tf.zeros_like(x)
    cross = tf.reshape(tf.stack([zero, -z, y, z, zero, -x, -y, x, zero], 1), (-1, 3, 3))
    angle = angle[:, None, None]
    return tf.eye(3) + tf.sin(angle) * cross + (1.0 - tf.cos(angle)) * (cross @ cross)
