"""The confusion matrix, and the metrics of each class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.predictions import ClassPredictions

Counts = NDArray[np.int64]
Shares = NDArray[np.float64]


@dataclass(frozen=True)
class PerClass:
    """Metrics of each class, `(C,)` each; NaN where a class never occurs or is never predicted.

    Attributes:
        recall: Share of the true members of a class that are predicted correctly.
        precision: Share of the predictions of a class that are correct.
        f1: Harmonic mean of both.
        count: Number of true members of a class.
    """

    recall: Shares
    precision: Shares
    f1: Shares
    count: Counts


def confusion(predictions: ClassPredictions, classes: int) -> Counts:
    """Return the confusion matrix: how often true class a (row) was predicted as class b (column), `(C, C)`."""
    pairs = predictions.truth.astype(np.int64) * classes + predictions.predicted
    counts: Counts = np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)
    return counts


def per_class(counts: Counts) -> PerClass:
    """Return the metrics of each class.

    Args:
        counts: The confusion matrix, `(C, C)`.

    >>> per_class(np.array([[8, 2], [4, 6]])).recall
    array([0.8, 0.6])
    """
    correct, true, predicted = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    return PerClass(
        recall=_ratio(correct, true),
        precision=_ratio(correct, predicted),
        f1=_ratio(2 * correct, true + predicted),
        count=true,
    )


def row_shares(counts: Counts) -> Shares:
    """Return each count as a share of its row, the true class; 0 where a row is empty."""
    return np.nan_to_num(_ratio(counts, counts.sum(axis=1, keepdims=True)))


def class_rows(counts: Counts, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return a row for each class: its metrics, and the class it is most often confused with.

    Args:
        counts: The confusion matrix, `(C, C)`.
        names: Names of the classes.

    Returns:
        `class`, `support` (true members), `precision`, `recall`, `f1`, None where there is none; `confused_with`, the
        most frequent incorrect prediction for members of the class, and `confused`, how often it occurs.

    >>> class_rows(np.array([[8, 2], [0, 0]]), ["no", "yes"])[0]["recall"]
    0.8
    """
    metrics, incorrect = per_class(counts), counts.copy()
    np.fill_diagonal(incorrect, 0)
    rows: list[dict[str, Any]] = []
    for i, name in enumerate(names):
        most = int(incorrect[i].argmax())
        shares = {"precision": metrics.precision[i], "recall": metrics.recall[i], "f1": metrics.f1[i]}
        rows.append(
            {
                "class": name,
                "support": int(metrics.count[i]),
                **{measure: None if np.isnan(share) else float(share) for measure, share in shares.items()},
                "confused_with": names[most] if incorrect[i, most] else "",
                "confused": int(incorrect[i, most]),
            }
        )
    return rows


def _ratio(numerator: Counts, denominator: Counts) -> Shares:
    ratio: Shares = np.divide(
        numerator,
        denominator,
        out=np.full(np.broadcast(numerator, denominator).shape, np.nan),
        where=denominator > 0,
    )
    return ratio
