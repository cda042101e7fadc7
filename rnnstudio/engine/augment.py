"""Random rotation of three-axis sensors while training, as if the device were worn a little differently."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnstudio.engine.runtime import tf


def rotate_sensors(
    x: Any, sensors: tuple[int, ...], degrees: float, seed: tuple[Any, Any], mean: Any, scale: Any
) -> Any:
    """Return sequences with all sensors of a sequence rotated by one random angle about one random axis.

    Args:
        x: Scaled sequences, `(batch, samples, F)`. They are rotated in their original units.
        sensors: Index of the first of the three features x, y, z of each sensor.
        degrees: Standard deviation of the angle, in degrees.
        seed: Two whole numbers.
        mean: Mean of the input scaler, `(F,)`.
        scale: Scale of the input scaler, `(F,)`.
    """
    normal = tf.random.stateless_normal((x.shape[0], 4), seed=tf.stack(seed))
    rotation = _rotation(normal[:, :3], normal[:, 3] * np.float32(np.deg2rad(degrees)))
    values, blocks, end = x * scale + mean, [], 0
    for first in sensors:
        blocks += [values[..., end:first], values[..., first : first + 3] @ rotation]
        end = first + 3
    return (tf.concat([*blocks, values[..., end:]], -1) - mean) / scale


def _rotation(axis: Any, angle: Any) -> Any:
    """Return the matrices `(n, 3, 3)` that rotate by `angle`, `(n,)`, about `axis`, `(n, 3)` (Rodrigues' formula)."""
    x, y, z = tf.unstack(axis / tf.norm(axis, axis=1, keepdims=True), axis=1)
    zero = tf.zeros_like(x)
    cross = tf.reshape(tf.stack([zero, -z, y, z, zero, -x, -y, x, zero], 1), (-1, 3, 3))
    angle = angle[:, None, None]
    return tf.eye(3) + tf.sin(angle) * cross + (1.0 - tf.cos(angle)) * (cross @ cross)
