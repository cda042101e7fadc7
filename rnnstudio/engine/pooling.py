"""The outputs of a recurrent layer at all steps as one vector of each sequence."""

from __future__ import annotations

from typing import Any

from rnnstudio.engine.runtime import tf


def pooled(outputs: Any, lengths: Any, pooling: str) -> Any:
    """Return the mean or maximum of `(steps, batch, units)` over the steps without padding, `(batch, units)`.

    Args:
        outputs: Outputs at all steps.
        lengths: Steps of each sequence without padding, `(batch,)`; None where no sequence is padded.
        pooling: `mean` or `max`.
    """
    if lengths is None:
        return tf.reduce_mean(outputs, 0) if pooling == "mean" else tf.reduce_max(outputs, 0)
    mask = tf.transpose(tf.sequence_mask(lengths, tf.shape(outputs)[0], outputs.dtype))[..., None]
    if pooling == "mean":
        return tf.reduce_sum(outputs * mask, 0) / tf.reduce_sum(mask, 0)
    return tf.reduce_max(tf.where(mask > 0, outputs, outputs.dtype.min), 0)
