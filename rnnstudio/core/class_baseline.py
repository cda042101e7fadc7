"""The baseline of classes: the most frequent class of the training set."""

from __future__ import annotations

import numpy as np

from rnnstudio.core.class_counts import class_counts
from rnnstudio.core.confusion import Counts, per_class
from rnnstudio.core.sequence import Ints, SequenceData


def majority_class(data: SequenceData, windows: Ints) -> Counts:
    """Return the confusion matrix, `(C, C)`, of predicting the most frequent class of the training set."""
    confusion = np.zeros((len(data.classes), len(data.classes)), np.int64)
    confusion[:, class_counts(data, data.train).argmax()] = class_counts(data, windows)
    return confusion


def class_metrics(confusion: Counts) -> dict[str, float]:
    """Return the metrics of predictions with this confusion matrix, `(C, C)`."""
    correct, count = int(np.trace(confusion)), int(confusion.sum())
    return {"accuracy": correct / count, "balanced_accuracy": float(np.nanmean(per_class(confusion).recall))}
