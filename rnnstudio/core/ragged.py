"""Sequences of unequal length."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.missing import Sequences
from rnnstudio.core.sequence import Ints, as_floats


def is_ragged(x: Any) -> bool:
    """Return whether `x` is a list of sequences of unequal length."""
    if not isinstance(x, (list, tuple)) and not (isinstance(x, np.ndarray) and x.dtype == object and x.ndim == 1):
        return False
    try:
        return len({len(part) for part in x if not isinstance(part, (str, bytes))}) > 1
    except TypeError:  # numbers have no length
        return False


def one_sequence(part: Any, name: str, *, allow_missing: bool = False) -> NDArray[np.float32]:
    """Return one of several sequences, `(T, F)`.

    Args:
        part: `(T,)` or `(T, F)`.
        name: What messages call it.
        allow_missing: Whether missing values are let through.

    Raises:
        DataError: It is no such sequence.
    """
    found = as_floats(part, name, allow_missing=allow_missing)
    if found.ndim not in (1, 2) or not found.size:
        raise DataError(f"{name} must be one sequence, shape (steps,) or (steps, features); received {found.shape}.")
    return found.reshape(len(found), -1)


def padded(sequences: Sequences) -> tuple[NDArray[Any], Ints | None]:
    """Return sequences as `(N, T, ...)`, zeros after the end of the shorter ones, and their lengths where they differ.

    Args:
        sequences: `(N, T, ...)`, or N arrays `(T, ...)` of one type.
    """
    if isinstance(sequences, np.ndarray):
        return np.ascontiguousarray(sequences), None
    lengths = np.array([len(s) for s in sequences], np.int32)
    found = np.zeros((len(sequences), int(lengths.max()), *sequences[0].shape[1:]), sequences[0].dtype)
    for row, sequence in zip(found, sequences, strict=True):
        row[: len(sequence)] = sequence
    return found, None if (lengths == lengths[0]).all() else lengths
