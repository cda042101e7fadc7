"""Which class is taken for which, and what that says of each class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.predictions import ClassPredictions

Counts = NDArray[np.int64]
Shares = NDArray[np.float64]


@dataclass(frozen=True)
class PerClass:
    """Figures of each class, `(C,)` each; NaN where a class was never true, or never told.

    Attributes:
        recall: Share of a class that was told as such.
        precision: Share of what was told as a class that is of it.
        f1: Harmonic mean of both.
        count: How many are of a class.
    """

    recall: Shares
    precision: Shares
    f1: Shares
    count: Counts


def confusion(predictions: ClassPredictions, classes: int) -> Counts:
    """Return how often true class a (row) was predicted as class b (column), `(C, C)`."""
    pairs = predictions.truth.astype(np.int64) * classes + predictions.predicted
    counts: Counts = np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)
    return counts


def per_class(counts: Counts) -> PerClass:
    """Return what a confusion matrix says of each class."""
    right, true, told = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    return PerClass(_ratio(right, true), _ratio(right, told), _ratio(2 * right, true + told), true)


def row_shares(counts: Counts) -> Shares:
    """Return each count as a share of its row, the true class; 0 where the row has none."""
    return np.nan_to_num(_ratio(counts, counts.sum(axis=1, keepdims=True)))


def _ratio(part: Counts, whole: Counts) -> Shares:
    ratio: Shares = np.divide(part, whole, out=np.full(np.broadcast(part, whole).shape, np.nan), where=whole > 0)
    return ratio
