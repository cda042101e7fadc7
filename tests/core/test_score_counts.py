"""Area under the ROC curve, average precision and the best threshold, from their definitions in plain NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rnnstudio.core import score_counts
from rnnstudio.core.score_counts import ScoreCounts
from tests.properties import quick

Scored = tuple[Any, Any]


@st.composite
def scored(draw: st.DrawFn) -> Scored:
    """Return probabilities with many ties, and which are of the positive class; both classes occur."""
    count = draw(st.integers(2, 60))
    probability = st.one_of(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), st.floats(0, 1, width=32))
    scores = np.array(draw(st.lists(probability, min_size=count, max_size=count)), np.float32)
    positive = np.array(draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    assume(positive.any() and not positive.all())
    return scores, positive


def counted(scores: Any, positive: Any, batches: int = 3) -> ScoreCounts:
    counts = ScoreCounts()
    for part in np.array_split(np.arange(len(scores)), batches):
        counts.add(scores[part], positive[part])
    return counts


@quick
@given(scored())
def test_the_area_under_the_roc_curve_is_the_share_of_pairs_in_the_right_order(case: Scored) -> None:
    scores, positive = case
    pairs = scores[positive][:, None] - scores[~positive][None].astype(np.float64)
    assert counted(scores, positive).roc_auc() == pytest.approx(np.mean((pairs > 0) + 0.5 * (pairs == 0)), abs=1e-12)


@quick
@given(scored())
def test_average_precision_is_the_precision_at_each_step_of_recall(case: Scored) -> None:
    scores, positive = case
    total, recall_before = 0.0, 0.0
    for threshold in sorted(set(scores.tolist()), reverse=True):
        predicted = scores >= threshold
        recall = np.sum(predicted & positive) / positive.sum()
        total += (recall - recall_before) * np.sum(predicted & positive) / predicted.sum()
        recall_before = recall
    assert counted(scores, positive).average_precision() == pytest.approx(total, abs=1e-12)


@quick
@given(scored())
def test_no_threshold_has_a_higher_balanced_accuracy_than_the_best_one(case: Scored) -> None:
    scores, positive = case
    exact = scores.astype(np.float64)

    def balanced_accuracy(threshold: float) -> float:
        return (np.mean(exact[positive] >= threshold) + np.mean(exact[~positive] < threshold)) / 2

    best = counted(scores, positive).best_threshold()
    others = [balanced_accuracy(threshold) for threshold in (*exact, *(exact + 1e-12), 0.5, -1.0, 2.0)]
    assert balanced_accuracy(best) == pytest.approx(max(others), abs=1e-12)
    assert 0 <= best <= 1
    if balanced_accuracy(0.5) > max(others) - 1e-12:
        nearest = np.abs(best - 0.5)
        assert nearest <= 0.25 + 1e-9 or not np.any(np.abs(exact - 0.5) < nearest / 2)


def test_ties_are_not_separated() -> None:
    counts = counted(np.full(10, 0.3, np.float32), np.arange(10) < 4)
    assert counts.roc_auc() == 0.5
    assert counts.average_precision() == pytest.approx(0.4)
    assert counts.best_threshold() in (pytest.approx(0.65), pytest.approx(0.15))


def test_neighbouring_float32_scores_are_separated() -> None:
    low = np.float32(0.7)
    scores = np.array([low, np.nextafter(low, np.float32(1))], np.float32)
    counts = counted(scores, np.array([False, True]), 1)
    assert counts.roc_auc() == 1
    threshold = counts.best_threshold()
    assert (scores.astype(np.float64) >= threshold).tolist() == [False, True]


@pytest.mark.parametrize("positive", [np.ones(5, bool), np.zeros(5, bool)])
def test_one_class_cannot_be_ranked_nor_can_scores_that_are_no_numbers(positive: Any) -> None:
    assert not counted(np.linspace(0, 1, 5, dtype=np.float32), positive).can_be_ranked
    scores = np.array([0.1, np.nan, 0.3], np.float32)
    assert not counted(scores, np.array([True, False, True])).can_be_ranked
    assert not ScoreCounts().can_be_ranked


def test_scores_beyond_the_limit_are_rounded_where_they_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    positive = rng.random(20_000) < 0.1
    logits = rng.normal(size=20_000) * 3 + 2 * positive - 4
    scores = (1 / (1 + np.exp(-logits))).astype(np.float32)
    exact = counted(scores, positive)
    assert len(exact.thresholds().scores) == len(np.unique(scores))
    monkeypatch.setattr(score_counts, "MAX_SCORES", 1000)
    rounded = counted(scores, positive, 40)
    assert rounded.positives == exact.positives
    assert rounded.negatives == exact.negatives
    assert len(rounded.thresholds().scores) < len(exact.thresholds().scores)
    assert rounded.roc_auc() == pytest.approx(exact.roc_auc(), abs=1e-4)
    assert rounded.average_precision() == pytest.approx(exact.average_precision(), abs=1e-3)
    falling = score_counts._rounded(np.sort(scores))
    assert (np.diff(falling) >= 0).all(), "rounding keeps the order"
