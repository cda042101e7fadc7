"""The operating points of two classes: counts at every threshold, areas under the curves, and their thinning."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rnnstudio.core.decision import Decision
from rnnstudio.core.metrics import ClassificationMetrics
from rnnstudio.core.operating_points import MAX_POINTS, OperatingPoints, operating_points
from rnnstudio.core.softmax import softmax
from tests.properties import quick


def points_of(logits: Any, truth: Any, positive: int, threshold: float | None = None) -> OperatingPoints | None:
    metrics = ClassificationMetrics(2, Decision(positive, threshold))
    metrics.add(np.asarray(logits, np.float32), np.asarray(truth, np.int32))
    return operating_points("val", metrics)


@quick
@given(
    st.lists(st.tuples(st.integers(-4, 4), st.booleans()), min_size=2, max_size=60),
    st.integers(0, 1),
    st.one_of(st.none(), st.floats(0, 1)),
)
def test_counts_at_each_threshold_are_those_of_the_targets(
    targets: list[tuple[int, bool]], positive: int, threshold: float | None
) -> None:
    logits = np.array([[0, difference] for difference, _ in targets], np.float32)
    truth = np.array([int(c) for _, c in targets])
    assume(0 < truth.sum() < len(truth))
    points = points_of(logits, truth, positive, threshold)
    assert points is not None
    score, member = softmax(logits)[:, positive], truth == positive
    assert points.scores.tolist() == sorted(set(score.tolist()), reverse=True)
    for i, limit in enumerate(points.scores):
        predicted = score >= limit
        assert points.true_positives[i] == np.sum(predicted & member)
        assert points.false_positives[i] == np.sum(predicted & ~member)
        assert points.precision[i] == pytest.approx(np.mean(member[predicted]))
        assert points.recall[i] == pytest.approx(np.mean(predicted[member]))
        assert points.false_positive_rate[i] == pytest.approx(np.mean(predicted[~member]))
    assert points.prevalence == pytest.approx(member.mean())
    fpr, tpr = np.concatenate([[0], points.false_positive_rate]), np.concatenate([[0], points.recall])
    assert points.roc_auc == pytest.approx(np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)), "the area that is drawn"
    assert points.average_precision == pytest.approx(np.sum(np.diff(tpr) * points.precision))
    by_threshold = score.astype(np.float64) >= (threshold or 0)
    decided = logits.argmax(axis=1) == positive if threshold is None else by_threshold
    assert (points.decided_true, points.decided_false) == (np.sum(decided & member), np.sum(decided & ~member))
    assert points.threshold == (0.5 if threshold is None else threshold)
    assert points.is_chosen == (threshold is not None)


@pytest.mark.parametrize("count", [50, 30_000])
def test_points_survive_a_file_and_very_many_are_thinned_along_the_curve(count: int) -> None:
    rng = np.random.default_rng(3)
    truth = rng.random(count) < 0.1
    logits = np.stack([np.zeros(count), rng.normal(size=count) + 2 * truth], axis=1)
    points = points_of(logits, truth, 1, 0.4)
    assert points is not None
    again = OperatingPoints.from_arrays(points.to_arrays())
    for field in fields(points):
        before, after = getattr(points, field.name), getattr(again, field.name)
        assert type(after) is type(before)
        np.testing.assert_array_equal(after, before)
    assert len(points.scores) == min(count, len(points.scores)) <= MAX_POINTS
    assert (points.true_positives[-1], points.false_positives[-1]) == (truth.sum(), count - truth.sum())
    fpr, tpr = np.concatenate([[0], points.false_positive_rate]), np.concatenate([[0], points.recall])
    assert np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2) == pytest.approx(points.roc_auc, abs=2e-4)
    assert np.sum(np.diff(tpr) * points.precision) == pytest.approx(points.average_precision, abs=5e-3)
    assert np.hypot(np.diff(fpr), np.diff(tpr)).max() < (0.5 if count == 50 else 3e-3)


def test_there_are_no_points_of_one_class_or_of_many() -> None:
    assert points_of([[0, 1], [1, 0]], [1, 1], 1) is None
    metrics = ClassificationMetrics(3)
    metrics.add(np.eye(3, dtype=np.float32), np.arange(3, dtype=np.int32))
    assert operating_points("test", metrics) is None
