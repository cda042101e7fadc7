"""The metrics of each class of runs that hold none: from the predictions that their history keeps."""

from __future__ import annotations

from typing import Any

from rnnstudio.core.confusion import class_rows, confusion
from rnnstudio.core.history import History
from rnnstudio.core.predicted_split import predicted_split
from rnnstudio.core.predictions import ClassPredictions


def recorded_class_rows(record: History) -> list[dict[str, Any]]:
    """Return a row for each class, as `Run.class_metrics` has it; empty where the history keeps no such predictions.

    A run without validation and test set has predictions of its training set; one of an earlier version has no rows.
    """
    if not isinstance(record.predictions, ClassPredictions) or record.info is None:
        return []
    classes, split = record.info.classes, predicted_split(record)
    counts = confusion(record.predictions, len(classes))
    return [{"split": split, **row} for row in class_rows(counts, classes)]
