"""Softmax, without SciPy: `scipy.special` needs OpenBLAS, which would add 40 MB to the packaged program."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def softmax(logits: NDArray[np.float32]) -> NDArray[Any]:
    """Return the probabilities of classes, with the bits of `scipy.special.softmax`.

    Args:
        logits: `(..., classes)`.

    >>> softmax(np.zeros((1, 4), np.float32))
    array([[0.25, 0.25, 0.25, 0.25]], dtype=float32)
    """
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True))
