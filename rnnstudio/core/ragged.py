"""Sequences of unequal length, and their padding to one length."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.byte_budget import check_padding
from rnnstudio.core.conversion import as_floats
from rnnstudio.core.errors import DataError
from rnnstudio.core.missing import Sequences
from rnnstudio.core.precision import Floats
from rnnstudio.core.sequence import Ints


def is_ragged(x: Any) -> bool:
    """Return whether `x` is a list of sequences of unequal length.

    >>> is_ragged([[1, 2], [3]]), is_ragged([[1, 2], [3, 4]])
    (True, False)
    """
    if not isinstance(x, (list, tuple)) and not (isinstance(x, np.ndarray) and x.dtype == object and x.ndim == 1):
        return False
    try:
        return len({len(part) for part in x if not isinstance(part, (str, bytes))}) > 1
    except TypeError:  # numbers have no length
        return False


def one_sequence(values: Any, name: str, *, allow_missing: bool = False) -> Floats:
    """Return one of several sequences as `(T, F)`.

    Args:
        values: `(T,)` or `(T, F)`.
        name: What messages call it.
        allow_missing: Accept NaN as a missing value instead of refusing it.

    Raises:
        DataError: The shape is another, or there is text or an infinite value.
    """
    sequence = as_floats(values, name, allow_missing=allow_missing)
    if sequence.ndim not in (1, 2) or not sequence.size:
        raise DataError(f"{name} must be one sequence, shape (steps,) or (steps, features); received {sequence.shape}.")
    return sequence.reshape(len(sequence), -1)


def padded(sequences: Sequences) -> tuple[NDArray[Any], Ints | None]:
    """Return sequences padded with zeros to one length, `(N, T, ...)`, and their lengths; None where all are equal.

    Args:
        sequences: `(N, T, ...)`, or N arrays `(T, ...)`.

    >>> values, lengths = padded([np.ones((3, 1)), np.ones((2, 1))])
    >>> values[1, :, 0], lengths
    (array([1., 1., 0.]), array([3, 2], dtype=int32))
    """
    if isinstance(sequences, np.ndarray):
        return np.ascontiguousarray(sequences), None
    lengths = np.array([len(s) for s in sequences], np.int32)
    dtype = np.result_type(*{s.dtype for s in sequences})
    check_padding("sequences", lengths.tolist(), math.prod(sequences[0].shape[1:]) * max(4, dtype.itemsize))
    values = np.zeros((len(sequences), int(lengths.max()), *sequences[0].shape[1:]), dtype)
    for row, sequence in zip(values, sequences, strict=True):
        row[: len(sequence)] = sequence
    return values, None if (lengths == lengths[0]).all() else lengths
