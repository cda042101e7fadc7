"""The SHA-256 of data, by which a run knows whether they are those of its training."""

from __future__ import annotations

import hashlib
from dataclasses import fields

import numpy as np

from rnnstudio.core.errors import DataError
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


def check_digest(data: SequenceData, expected: str, run: str, advice: str = "") -> None:
    """Check that data are those of a training.

    Args:
        data: The data, with the calibration set of the training.
        expected: Their `data_digest` in the training; empty where it is not known.
        run: Name of the run, for the message.
        advice: What else can be done, for the message.

    Raises:
        DataError: They are others.
    """
    if expected and data_digest(data) != expected:
        raise DataError(
            f"The data are not those that {run} was trained on: their checksum differs. Put the data of the training "
            f"back{advice}."
        )


assert {*_ARRAYS, *_PLAIN} <= {field.name for field in fields(SequenceData)}
