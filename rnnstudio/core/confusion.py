"""Which class is taken for which, and what that says of each class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.events import Probe

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


def confusion(probe: Probe, classes: int) -> Counts:
    """Return how often class a (row) was told to be class b (column), `(C, C)`, from a probe "classes"."""
    truth, told = (probe.arrays[name].astype(np.int64) for name in ("truth", "predicted"))
    counts: Counts = np.bincount(truth * classes + told, minlength=classes * classes).reshape(classes, classes)
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
