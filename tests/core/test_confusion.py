"""The confusion matrix, and the metrics of each class."""

import numpy as np
import pytest

from rnnstudio.core.confusion import class_rows, confusion, per_class, row_shares
from rnnstudio.core.predictions import ClassPredictions


def test_rows_are_true_classes_and_columns_predicted_ones() -> None:
    truth, predicted = np.array([0, 0, 0, 1, 1], np.int32), np.array([0, 1, 1, 1, 0], np.int32)
    no_examples = np.empty(0, np.int32)
    inputs = np.empty((0, 1, 1), np.float32)
    counts = confusion(
        ClassPredictions(truth, predicted, np.eye(3, dtype=np.float32)[predicted], no_examples, inputs, no_examples), 3
    )
    assert counts.tolist() == [[1, 2, 0], [1, 1, 0], [0, 0, 0]]
    assert row_shares(counts)[0].tolist() == pytest.approx([1 / 3, 2 / 3, 0])
    assert row_shares(counts)[2].tolist() == [0, 0, 0]


def test_recall_precision_and_f1_of_each_class() -> None:
    metrics = per_class(np.array([[8, 2, 0], [4, 6, 0], [1, 0, 0]]))
    assert metrics.count.tolist() == [10, 10, 1]
    assert metrics.recall.tolist() == pytest.approx([0.8, 0.6, 0.0])
    assert metrics.precision[:2].tolist() == pytest.approx([8 / 13, 6 / 8])
    assert np.isnan(metrics.precision[2]), "a class that was never predicted has no precision"
    assert metrics.f1.tolist() == pytest.approx([2 * 0.8 * (8 / 13) / (0.8 + 8 / 13), 2 * 0.6 * 0.75 / 1.35, 0.0])


def test_a_class_that_does_not_occur_has_no_recall_and_one_never_predicted_no_precision() -> None:
    rows = class_rows(np.array([[8, 2, 1], [0, 0, 0], [3, 0, 0]]), ["a", "b", "c"])
    assert [row["support"] for row in rows] == [11, 0, 3]
    assert [row["recall"] for row in rows] == [pytest.approx(8 / 11), None, 0.0]
    assert [row["precision"] for row in rows] == [pytest.approx(8 / 11), 0.0, 0.0]
    assert [(row["confused_with"], row["confused"]) for row in rows] == [("b", 2), ("", 0), ("a", 3)]
    never = class_rows(np.array([[3, 0], [2, 0]]), ["a", "b"])
    assert never[1]["precision"] is None
