"""How often each class occurs among the targets, and what follows: class weights and the positive class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.decision import Decision
from rnnstudio.core.metrics import batches_of, without_padding
from rnnstudio.core.sequence import Ints, SequenceData
from rnnstudio.core.wording import listed

Counts = NDArray[np.int64]
_MAX_NAMES = 8  # classes in a sentence


def class_counts(data: SequenceData, windows: Ints) -> Counts:
    """Return how many targets of these windows are of each class, `(C,)`, without padding and missing ones."""
    counts = np.zeros(len(data.classes), np.int64)
    for batch in batches_of(data, windows):
        (truth,) = without_padding(data, batch, data.window_targets(batch))
        counts += np.bincount(truth[truth >= 0], minlength=len(counts))
    return counts


def balanced_weights(counts: Counts) -> NDArray[np.float64]:
    """Return the weight `n / (k * n_c)` of each class, `(C,)`, so that all classes weigh the same in the loss.

    n is the number of targets, k that of classes that occur, and n_c the number of targets of class c. The mean weight
    over the n targets is 1. A class that does not occur has the weight 1.

    Source: G. King and L. Zeng, Logistic Regression in Rare Events Data, 2001; scikit-learn's `balanced`.

    Args:
        counts: Targets of each class, `(C,)`.

    >>> balanced_weights(np.array([90, 10, 0]))
    array([0.55555556, 5.        , 1.        ])
    """
    occurs = counts > 0
    weights: NDArray[np.float64] = np.ones(len(counts))
    weights[occurs] = counts.sum() / (occurs.sum() * counts[occurs])
    return weights


def class_weights_note(data: SequenceData) -> str:
    """Return a sentence on the weights of the classes in the training loss."""
    weights = balanced_weights(class_counts(data, data.train))
    texts = [f"{name} {weight:.3g}" for name, weight in zip(data.classes, weights, strict=True)]
    return (
        f"The training loss weighs the classes (class_weight balanced): {listed(texts, _MAX_NAMES)}. "
        "Losses of validation and test set are not weighted, and differ from it for that reason too."
    )


def two_class_decision(data: SequenceData) -> Decision | None:
    """Return which of two classes is the positive one, for metrics and thresholds; None for more classes and values."""
    if len(data.classes) != 2:
        return None
    counts = class_counts(data, data.train)
    return Decision(positive_class(counts), is_even=bool(counts[0] == counts[1]))


def prior_loss(data: SequenceData, windows: Ints, *, balanced: bool = False) -> float:
    """Return the cross-entropy, in nats, of always predicting the frequencies of the classes in the training set.

    Args:
        data: Sequences with classes.
        windows: Indices of the windows whose targets are predicted, `(n,)`.
        balanced: Whether all classes are predicted with the same probability instead.

    Returns:
        Infinite where a class of these windows does not occur in the training set.
    """
    training, counts = class_counts(data, data.train), class_counts(data, windows)
    frequencies = np.full(len(counts), 1 / len(counts)) if balanced else training / training.sum()
    occurs = counts > 0
    with np.errstate(divide="ignore"):
        return float(-(counts[occurs] @ np.log(frequencies[occurs])) / counts.sum())


def positive_class(counts: Counts) -> int:
    """Return which of two classes is the positive one: the rarer in the training set, the second where both are even.

    Args:
        counts: Training targets of each class, `(2,)`.

    >>> positive_class(np.array([3, 40])), positive_class(np.array([20, 20]))
    (0, 1)
    """
    return 0 if counts[0] < counts[1] else 1
