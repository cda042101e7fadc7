"""A threshold of two classes: chosen on the validation set alone, and used wherever classes are predicted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.predictions import ClassPredictions
from tests.engine.test_validation import SERIES, refusal

RNG = np.random.default_rng(4)
SMALL = {"units": 3, "updates": 30, "learning_rate": 0.03, "batch_size": 0, "save": False, "verbose": 0, "seed": 2}
HELD_OUT = {"test_fraction": 0.3, "val_fraction": 0.3}


def problem(task: str) -> tuple[Any, Any, dict[str, Any]]:
    """Return data in which a rare class is hard to recognise, and further settings."""
    if task == "classify":
        y = RNG.random(200) < 0.12
        return RNG.normal(size=(200, 6, 1)) + 0.6 * y[:, None, None], np.where(y, "ill", "well"), {}
    if task == "ragged":
        y = RNG.random(120) < 0.2
        x = [RNG.normal(size=(n, 1)) + is_ill for n, is_ill in zip(RNG.integers(4, 9, 120), y, strict=True)]
        labels = [np.where(is_ill, "ill", "well").repeat(len(s)) for s, is_ill in zip(x, y, strict=True)]
        return x, labels, {"task": "label"}
    y = (np.sin(np.arange(900) / 7) > 0.8) & (RNG.random(900) < 0.8)
    labels = np.where(y, "ill", "well").astype(object)
    if task == "missing":
        labels[RNG.random(900) < 0.2] = None
    settings = {"task": "label", "window": 12, "stride": 12, "stateful": task == "stateful"}
    return y + RNG.normal(size=900), labels, settings | ({"batch_size": 2} if task == "stateful" else {})


def scores_and_truth(run: Any, split: str) -> tuple[Any, Any]:
    """Return the probability of the positive class and whether it is true, of the targets of a split that count."""
    data, network = run.data(), run._trained_network()
    windows = getattr(data, split)
    inputs, truth = data.window_inputs(windows), data.window_targets(windows)
    if run.experiment.model.stateful:
        inputs, truth = data.inputs, truth.reshape(1, -1)  # the state passes from the start of the series into the set
    lengths = data.window_lengths(windows)
    scaled = run.scalers.inputs.apply(inputs)
    logits = network._predictor.run(scaled)[0] if lengths is None else network._predictor.outputs(scaled, lengths)
    if run.experiment.model.stateful:
        logits = logits[:, data.target_positions(windows).ravel()]
    elif data.is_windowed:  # each row of the set is the last of a window
        logits = logits[:, -truth.shape[1] :]
    inside = truth >= 0
    if lengths is not None and truth.ndim == 2:
        inside &= np.arange(truth.shape[1]) < lengths[:, None]
    positive = run.info.classes.index("ill")
    exponents = np.exp(logits[inside].astype(np.float64))
    return exponents[:, positive] / exponents.sum(-1), truth[inside] == positive


def balanced_accuracy(scores: Any, truth: Any, threshold: float) -> float:
    return float((np.mean(scores[truth] >= threshold) + np.mean(scores[~truth] < threshold)) / 2)


def check_points(run: Any, scores: Any, truth: Any) -> None:
    """Compare the operating points of a run with the scores of its whole test set."""
    points = run.record.points
    assert (points.split, points.positives, points.negatives) == ("test", truth.sum(), (~truth).sum())
    table = run.operating_points()
    for row in (table.iloc[0], table.iloc[len(table) // 2], table.iloc[-1]):
        predicted = scores >= row["threshold"] - 1e-7  # float32
        assert row["recall"] == pytest.approx(predicted[truth].mean(), abs=2 / truth.sum())
        assert row["false_positive_rate"] == pytest.approx(predicted[~truth].mean(), abs=2 / (~truth).sum())
    pairs = scores[truth][:, None] - scores[~truth][None]
    assert points.roc_auc == run.metrics["test_roc_auc"] == pytest.approx(np.mean(pairs > 0), abs=1e-3)
    assert points.decided_true == np.sum(scores[truth] >= run.metrics["decision_threshold"])
    assert points.is_chosen


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("task", ["classify", "ragged", "missing", "stateful"])
@pytest.mark.parametrize("stop", ["last", "best"])
def test_the_threshold_is_the_best_on_the_validation_set_and_decides_every_metric(
    task: str, stop: str, tmp_path: Path
) -> None:
    x, y, settings = problem(task)
    settings = {"task": "classify", **SMALL, **HELD_OUT, **settings, "restore_best_weights": stop == "best"}
    run = rs.train(x, y, decision_threshold="validation", **settings)
    threshold = run.metrics["decision_threshold"]
    assert run.positive_class == "ill"
    assert run.decision.threshold == threshold
    scores, truth = scores_and_truth(run, "val")
    candidates = [balanced_accuracy(scores, truth, t) for t in (*(scores - 1e-9), *(scores + 1e-9), 0.5)]
    assert balanced_accuracy(scores, truth, threshold) == pytest.approx(max(candidates), abs=1e-9)
    for split in ("val", "test"):
        scores, truth = scores_and_truth(run, split)
        reached = balanced_accuracy(scores, truth, threshold)
        assert run.metrics[f"{split}_balanced_accuracy"] == pytest.approx(reached, abs=1e-9)
        assert run.metrics[f"{split}_accuracy"] == pytest.approx(np.mean((scores >= threshold) == truth))
    rows = run.class_metrics.set_index("class")
    assert rows.loc["ill", "recall"] == pytest.approx(np.mean(scores[truth] >= threshold))
    assert rows.loc["well", "recall"] == pytest.approx(np.mean(scores[~truth] < threshold))
    plain = rs.train(x, y, **settings)
    for name in ("val_loss", "test_loss", "test_roc_auc", "test_average_precision"):
        assert run.metrics[name] == plain.metrics[name], "the threshold has no part in them"
    for name, weight in plain.weights.items():
        np.testing.assert_array_equal(run.weights[name], weight)
    assert "decision_threshold" not in plain.metrics
    notes = [note for note in run.warnings if "decision_threshold" in note]
    assert len(notes) == 1
    assert f"{threshold:.4g}" in notes[0]
    assert not any("decision_threshold" in note for note in plain.warnings)
    new = list(x[:30]) if task in ("classify", "ragged") else x
    loaded = rs.load(run.save(tmp_path / "run"))
    for one in (run, loaded):
        predicted, shares = one.predict(new), one.predict(new, probabilities=True)
        for names, probabilities in zip(predicted, shares, strict=True) if task == "ragged" else [(predicted, shares)]:
            ill = probabilities[..., run.info.classes.index("ill")] >= threshold
            np.testing.assert_array_equal(names == "ill", ill)
    assert loaded.decision == run.decision
    check_points(run, *scores_and_truth(run, "test"))
    table = run.predictions()
    table = table[table["truth"].notna()]
    assert np.mean(table["truth"] == table["prediction"]) == pytest.approx(run.metrics["test_accuracy"])
    ill, is_predicted = table["truth"] == "ill", table["prediction"] == "ill"
    score = table["probability"].where(is_predicted, 1 - table["probability"])
    assert (score[is_predicted] >= threshold).all()
    assert (score[~is_predicted] < threshold + 1e-6).all()
    area = (score.rank()[ill].sum() - ill.sum() * (ill.sum() + 1) / 2) / (ill.sum() * (~ill).sum())
    assert run.metrics["test_roc_auc"] == pytest.approx(area, abs=1e-3)
    pd.testing.assert_frame_equal(loaded.operating_points(), run.operating_points())
    assert loaded.summary()["positive_class"] == "ill"


@pytest.mark.usefixtures("uncompiled")
def test_predictions_of_a_run_and_its_plots_follow_the_threshold() -> None:
    x, y, _ = problem("classify")
    run = rs.train(x, y, task="classify", decision_threshold="validation", **SMALL, **HELD_OUT)
    shown = run.record.predictions
    assert isinstance(shown, ClassPredictions)
    positive = run.info.classes.index("ill")
    expected = np.where(shown.probabilities[:, positive] >= run.decision.threshold, positive, 1 - positive)
    np.testing.assert_array_equal(shown.predicted, expected)
    assert (expected != shown.probabilities.argmax(axis=1)).any(), "the threshold matters here"
    table = run.predictions()
    np.testing.assert_array_equal(table["prediction"], np.array(run.info.classes)[expected])


@pytest.mark.usefixtures("uncompiled")
def test_the_test_set_has_no_part_in_the_threshold() -> None:
    x, y, settings = problem("missing")
    settings = {**SMALL, **HELD_OUT, **settings, "decision_threshold": "validation"}
    run = rs.train(x, y, **settings)
    begin = len(y) - int(len(y) * settings["test_fraction"])  # windows of the test set may begin before it
    other = y.copy()
    other[begin:] = other[begin:][::-1]
    changed = rs.train(x, other, **settings)
    assert changed.metrics["test_accuracy"] != run.metrics["test_accuracy"]
    assert changed.metrics["decision_threshold"] == run.metrics["decision_threshold"]


@pytest.mark.parametrize(
    ("y", "settings", "part"),
    [
        ([0, 1] * 10, {"test_fraction": 0.3}, "there is no validation set"),
        ([0, 1, 2, 0] * 5, {"val_fraction": 0.3}, "these data have 3 classes"),
    ],
)
def test_a_threshold_needs_two_classes_and_a_validation_set(y: Any, settings: dict[str, Any], part: str) -> None:
    x = np.zeros((20, 4, 1))
    assert part in str(refusal(x, y, task="classify", decision_threshold="validation", **settings))


def test_a_threshold_needs_both_classes_in_the_validation_set_and_no_values() -> None:
    y = np.array([0, 1] * 15 + [0] * 20)
    settings = {"window": 4, "test_fraction": 0.2, "val_fraction": 0.2, "decision_threshold": "validation"}
    assert "has no '1'" in str(refusal(np.arange(50.0), y, task="label", **settings))
    assert "values to predict" in str(refusal(SERIES, None, task="forecast", **settings))
