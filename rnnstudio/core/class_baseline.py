"""The baseline of classes: the most frequent class of the training set."""

from __future__ import annotations

import numpy as np

from rnnstudio.core.class_counts import class_counts
from rnnstudio.core.confusion import Counts, per_class
from rnnstudio.core.sequence import Ints, SequenceData, flat_steps


def majority_class(data: SequenceData, windows: Ints, *, stateful: bool = False) -> Counts:
    """Return the confusion matrix, `(C, C)`, of predicting the most frequent class of the training set.

    Args:
        data: Sequences with classes.
        windows: Indices of the windows to predict, `(n,)`.
        stateful: Whether each step counts once, however many windows it is in.
    """
    count = len(data.classes)
    counts = class_counts(data, windows)
    if stateful:
        ends = data.target_positions(windows[[0, -1]])
        truth = flat_steps(data.targets)[ends[0, 0] : ends[-1, -1] + 1]
        counts = np.bincount(truth[truth >= 0], minlength=count)
    confusion = np.zeros((count, count), np.int64)
    confusion[:, class_counts(data, data.train).argmax()] = counts
    return confusion


def class_metrics(confusion: Counts) -> dict[str, float]:
    """Return the metrics of predictions with this confusion matrix, `(C, C)`."""
    correct, count = int(np.trace(confusion)), int(confusion.sum())
    return {"accuracy": correct / count, "balanced_accuracy": float(np.nanmean(per_class(confusion).recall))}
