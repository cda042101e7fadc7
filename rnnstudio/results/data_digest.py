"""The SHA-256 of data, by which a run knows whether they are those of its training."""

from __future__ import annotations

import hashlib
from dataclasses import fields

import numpy as np

from rnnstudio.core.sequence import SequenceData

_ARRAYS = ("inputs", "targets", "starts", "train", "val", "test", "calibration", "lengths", "plan")
_PLAIN = ("task", "window", "frame", "target_offset", "target_steps", "classes", "features", "target_names", "known")


def data_digest(data: SequenceData) -> str:
    """Return the SHA-256 of all that a training reads of its data, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for name in _PLAIN:
        digest.update(f"{name}={getattr(data, name)!r};".encode())
    for name in _ARRAYS:
        values = getattr(data, name)
        if values is None:
            continue
        array = np.ascontiguousarray(values)
        digest.update(f"{name}:{array.dtype.str}{array.shape};".encode())
        digest.update(array.data.cast("B") if array.size else b"")
    return digest.hexdigest()


assert {*_ARRAYS, *_PLAIN} <= {field.name for field in fields(SequenceData)}
