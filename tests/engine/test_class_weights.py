"""Class weights: the training loss and its gradient, recomputed in NumPy from raw targets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rnnstudio as rs
from rnnstudio.core.class_counts import balanced_weights
from rnnstudio.engine import programs
from tests.engine import reference
from tests.engine.test_missing_targets import windows
from tests.engine.test_validation import SERIES, refusal
from tests.engine.training import initial_weights, losses, prepared, run
from tests.properties import quick

RNG = np.random.default_rng(5)
STILL = {"learning_rate": 1e-30, "updates": 1, "units": 3, "cell": "gru", "save": False, "verbose": 0}


@quick
@given(st.lists(st.integers(0, 500), min_size=1, max_size=8).filter(any))
def test_all_classes_that_occur_weigh_the_same_and_the_mean_weight_of_a_target_is_1(counts: list[int]) -> None:
    weights = balanced_weights(np.array(counts))
    shares = weights * counts / sum(counts)
    assert shares.sum() == pytest.approx(1)
    present = [share for share, count in zip(shares, counts, strict=True) if count]
    assert present == pytest.approx([1 / len(present)] * len(present))


def rare(length: int, seed: int) -> Any:
    """Return classes of which a fifth are `yes`."""
    return np.where(np.random.default_rng(seed).random(length) < 0.2, "yes", "no").astype(object)


def problem(task: str, ragged: bool, missing: bool) -> tuple[Any, Any]:
    """Return sequences and their classes, of unequal length, and some of them missing, on request."""
    lengths = RNG.integers(5, 12, 20) if ragged else [8] * 20
    x = [RNG.standard_normal((n, 2)) for n in lengths]
    if task == "classify":
        return (x if ragged else np.array(x)), rare(20, 3)
    y = [rare(n, i) for i, n in enumerate(lengths)]
    if missing:
        for classes in y:
            classes[1:3] = None
    return (x, y) if ragged else (np.array(x), np.array(y, object))


def formula(logits: Any, truth: Any, all_truth: Any, smoothing: float) -> float:
    """Return the mean over targets of weight times cross-entropy, the weights by scikit-learn's formula."""
    present = sorted(set(all_truth.tolist()))
    weight = {c: len(all_truth) / (len(present) * np.sum(all_truth == c)) for c in present}
    total = 0.0
    for row, c in zip(logits.astype(np.float64), truth, strict=True):
        logs = row - np.log(np.exp(row).sum())
        smoothed = (1 - smoothing) * np.eye(len(row))[c] + smoothing / len(row)
        total -= weight[c] * float(smoothed @ logs)
    return total / len(truth)


@pytest.mark.usefixtures("in_python")
@pytest.mark.parametrize("smoothing", [0.0, 0.3])
@pytest.mark.parametrize(
    ("task", "ragged", "missing"),
    [
        ("classify", False, False),
        ("classify", True, False),
        ("label", False, False),
        ("label", False, True),
        ("label", True, False),
        ("label", True, True),
    ],
)
def test_the_training_loss_is_weighted_and_held_out_losses_are_not(
    task: str, ragged: bool, missing: bool, smoothing: float
) -> None:
    x, y = problem(task, ragged, missing)
    settings = {"task": task, "batch_size": 0, "label_smoothing": smoothing, "test_fraction": 0.3, **STILL}
    trained = rs.train(x, y, class_weight="balanced", **settings)
    outputs, truth = counted(trained, "train")
    assert trained.record.loss.values[0] == pytest.approx(formula(outputs, truth, truth, smoothing), rel=1e-5)
    assert trained.metrics["train_loss"] == pytest.approx(formula(outputs, truth, truth, smoothing), rel=1e-5)
    outputs, truth = counted(trained, "test")
    logs = outputs - np.log(np.exp(outputs.astype(np.float64)).sum(-1, keepdims=True))
    assert trained.metrics["test_loss"] == pytest.approx(-logs[np.arange(len(truth)), truth].mean(), rel=1e-5)
    assert any("class_weight balanced" in note for note in trained.warnings)
    plain = rs.train(x, y, **settings)
    assert plain.record.loss.values[0] != trained.record.loss.values[0]
    assert plain.metrics["test_loss"] == trained.metrics["test_loss"]


def counted(trained: Any, split: str) -> tuple[Any, Any]:
    """Return the outputs and targets of a split that are neither padding nor missing, `(n, C)` and `(n,)`."""
    outputs, truth = windows(trained, split)
    data = trained.data()
    inside = truth >= 0
    lengths = data.window_lengths(getattr(data, split))
    if truth.ndim == 2 and lengths is not None:
        inside &= np.arange(truth.shape[1]) < lengths[:, None]
    return outputs[inside], truth[inside]


@pytest.mark.usefixtures("in_python")
def test_each_batch_of_a_stateful_network_has_the_weights_of_the_whole_training_set() -> None:
    x, y = np.sin(np.arange(160) / 4), rare(160, 1)
    settings = {"task": "label", "stateful": True, "window": 10, "stride": 10, "batch_size": 2, "test_fraction": 0.2}
    trained = rs.train(x, y, class_weight="balanced", **{**STILL, **settings, "updates": 3})
    data = trained.data()
    truth = data.window_targets(data.train).ravel()
    flat = data.targets.ravel()
    rows = trained.record.loss.values
    length = len(truth) // 2 // 10 * 10  # steps of each of the two rows
    outputs = [
        trained._trained_network()._predictor.run(trained.scalers.inputs.apply(data.inputs[:, begin : begin + length]))[
            0
        ][0]
        for begin in (0, length)
    ]
    for update in range(3):
        steps = np.arange(10 * update, 10 * update + 10)
        logits = np.concatenate([row[steps] for row in outputs])
        targets = np.concatenate([flat[begin + steps] for begin in (0, length)])
        assert rows[update] == pytest.approx(formula(logits, targets, truth, 0.0), rel=1e-5)


def test_an_update_follows_the_gradient_of_the_weighted_loss_and_one_program_serves_all_weights(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built = []
    build = programs.Chunk.__init__
    monkeypatch.setattr(programs.Chunk, "__init__", lambda self, *args: [built.append(self), build(self, *args)][1])
    x = np.random.default_rng(1).normal(size=(10, 5, 2)).astype(np.float32)
    settings = {"task": "classify", "cell": "rnn", "units": 3, "optimizer": "sgd", "learning_rate": 1.0, "updates": 1}
    for y in ([0] * 8 + [1] * 2, [0] * 3 + [1] * 7):
        composed, data = prepared(x, y, class_weight="balanced", **settings)
        before = initial_weights(composed, data)

        def loss(weights: reference.Weights, composed: Any = composed, data: Any = data) -> Any:
            outputs, _ = reference.forward(composed.model, weights, x, return_sequences=False)
            counts = np.bincount(data.targets)
            each = [reference.cross_entropy(outputs[[i]], data.targets[[i]]) for i in range(len(x))]
            return sum(len(x) / (2 * counts[c]) * value for c, value in zip(data.targets, each, strict=True)) / len(x)

        trained, events = run(composed, data)
        np.testing.assert_allclose(losses(events), [loss(before).real], rtol=1e-5)
        for name, gradient in reference.gradient(loss, before).items():
            np.testing.assert_allclose(before[name] - trained.weights[name], gradient, atol=2e-6, err_msg=name)
    assert len(built) == 1, "the weights of classes are inputs of the program"


def test_class_weights_need_classes() -> None:
    error = refusal(SERIES, None, task="forecast", window=3, class_weight="balanced")
    assert error.field == "class_weight"
