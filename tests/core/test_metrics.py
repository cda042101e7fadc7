"""Metrics equal their formulas, whatever the batches."""

from __future__ import annotations

import numpy as np
import pytest

from rnnstudio.core.metrics import ClassificationMetrics, RegressionMetrics


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
