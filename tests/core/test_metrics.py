"""Metrics equal their formulas, whatever the batches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rnnstudio.core.decision import Decision
from rnnstudio.core.metrics import ClassificationMetrics, RegressionMetrics
from rnnstudio.core.softmax import softmax
from tests.properties import quick


def test_classification_metrics_equal_their_formulas() -> None:
    rng = np.random.default_rng(0)
    logits, classes = rng.normal(size=(6, 4, 3)).astype(np.float32) * 50, rng.integers(0, 3, (6, 4))
    exact = logits.astype(np.float64)
    probabilities = np.exp(exact - exact.max(-1, keepdims=True))
    probabilities /= probabilities.sum(-1, keepdims=True)
    metrics = ClassificationMetrics(3)
    for batch in (slice(0, 2), slice(2, None)):
        metrics.add(logits[batch], classes[batch].astype(np.int32))
    predicted = np.argmax(probabilities, -1)
    loss = -np.mean(np.log(np.take_along_axis(probabilities, classes[..., None], -1)))
    f1 = [
        2 * np.sum((predicted == c) & (classes == c)) / (np.sum(predicted == c) + np.sum(classes == c))
        for c in range(3)
    ]
    assert metrics.result()["loss"] == pytest.approx(loss, rel=1e-5)
    assert metrics.result()["accuracy"] == np.mean(predicted == classes)
    assert metrics.result()["macro_f1"] == pytest.approx(np.mean(f1))
    recalls = [np.mean(predicted[classes == c] == c) for c in range(3)]
    assert metrics.result()["balanced_accuracy"] == pytest.approx(np.mean(recalls))
    assert "roc_auc" not in metrics.result(), "ranking is for two classes"


@quick
@given(
    st.integers(0, 1),
    st.lists(st.tuples(st.floats(-30, 30, width=32), st.integers(-1, 1)), min_size=1, max_size=50),
    st.one_of(st.none(), st.floats(0, 1)),
)
def test_metrics_of_two_classes_equal_their_formulas_at_any_threshold(
    positive: int, targets: list[tuple[float, int]], threshold: float | None
) -> None:
    logits = np.array([[0, difference] for difference, _ in targets], np.float32)
    truth = np.array([c for _, c in targets], np.int32)
    known = truth >= 0
    assume(known.any())
    metrics = ClassificationMetrics(2, Decision(positive, threshold))
    for part in np.array_split(np.arange(len(truth)), 2):
        if known[part].any():
            metrics.add(logits[part], truth[part])
    result, truth = metrics.result(), truth[known]
    score = softmax(logits)[known, positive].astype(np.float64)
    if threshold is None:
        predicted = np.where(logits[known, 1] > logits[known, 0], 1, 0)
    else:
        predicted = np.where(score >= threshold, positive, 1 - positive)
    assert result["accuracy"] == pytest.approx(np.mean(predicted == truth))
    present = [c for c in (0, 1) if (truth == c).any()]
    assert result["balanced_accuracy"] == pytest.approx(np.mean([np.mean(predicted[truth == c] == c) for c in present]))
    assert ("roc_auc" in result) == ("average_precision" in result) == (len(present) == 2)
    if len(present) == 2:
        pairs = score[truth == positive][:, None] - score[truth != positive][None]
        assert result["roc_auc"] == pytest.approx(np.mean((pairs > 0) + 0.5 * (pairs == 0)))


def test_extreme_logits_have_a_finite_loss() -> None:
    metrics = ClassificationMetrics(2)
    metrics.add(np.array([[1e4, -1e4]], np.float32), np.array([1], np.int32))
    assert metrics.result()["loss"] == 2e4


def test_regression_metrics_equal_their_formulas() -> None:
    rng = np.random.default_rng(0)
    predicted, truth = rng.normal(size=(5, 2)), rng.normal(size=(5, 2))
    metrics = RegressionMetrics()
    metrics.add(predicted[:1], truth[:1])
    metrics.add(predicted[1:], truth[1:])
    assert metrics.result()["rmse"] == pytest.approx(np.linalg.norm(predicted - truth) / np.sqrt(10))
    assert metrics.result()["mae"] == pytest.approx(np.abs(predicted - truth).sum() / 10)
