"""Loss, metrics and baselines with missing targets, recomputed in NumPy over the observed ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import rnnstudio as rs

UPDATES = 3


def series(steps: int = 150, seed: int = 0) -> Any:
    """Return a noisy wave and the same with a fifth of its values missing."""
    rng = np.random.default_rng(seed)
    wave = np.sin(np.arange(steps) / 5) + 0.2 * rng.standard_normal(steps)
    gaps = wave.copy()
    gaps[rng.random(steps) < 0.2] = np.nan
    gaps[[0, -1]] = wave[[0, -1]]
    return wave, gaps


def train(x: Any, y: Any = None, **settings: Any) -> Any:
    small = {"units": 3, "updates": UPDATES, "batch_size": 7, "max_gap": 40, "save": False, "verbose": 0}
    return rs.train(x, y, **{**small, **settings})


def windows(run: Any, split: str) -> Any:
    """Return outputs of the run and targets of the windows of a split."""
    data, network = run.data(), run._trained_network()
    selected = getattr(data, split)
    inputs = run.scalers.inputs.apply(data.window_inputs(selected).reshape(len(selected), data.window_samples, -1))
    outputs = network._predictor.outputs(inputs.reshape(len(selected), data.window, -1), data.window_lengths(selected))
    truth = data.window_targets(selected)
    if data.return_sequences:  # in the test set, the last step of each window counts
        outputs = outputs[:, -truth.shape[1] :]
    return outputs, truth


CASES: list[tuple[str, dict[str, Any]]] = [
    ("forecast", {"window": 8}),
    ("forecast", {"window": 8, "horizon": 3, "missing": "mask"}),
    ("forecast", {"window": 4, "frame": 3, "horizon": 4, "stride": 2}),
    ("regress", {"window": 8, "stride": 3}),
    ("regress", {"window": 8, "missing": "mask"}),
    ("label", {"window": 8, "stride": 2}),
]


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize(("task", "settings"), CASES, ids=str)
def test_metrics_count_observed_targets_only(task: str, settings: dict[str, Any]) -> None:
    _, gaps = series()
    run = train(gaps, None if task == "forecast" else targets(task, gaps), task=task, **settings)
    outputs, truth = windows(run, "test")
    if task == "label":
        known = truth >= 0
        exponents = np.exp(outputs[known].astype(np.float64))
        shares = exponents / exponents.sum(-1, keepdims=True)
        assert run.metrics["test_accuracy"] == np.mean(outputs[known].argmax(-1) == truth[known])
        loss = -np.log(shares[np.arange(len(shares)), truth[known]]).mean()
        assert run.metrics["test_loss"] == pytest.approx(loss, rel=1e-5)
        counts = np.bincount(windows(run, "train")[1][windows(run, "train")[1] >= 0], minlength=2)
        majority = np.mean(truth[known] == counts.argmax())
        assert run.baseline["majority_class"]["test_accuracy"] == pytest.approx(majority)
        return
    known = ~np.isnan(truth)
    assert not known.all()
    scaler = run.scalers.targets
    error = (outputs.reshape(truth.shape) * scaler.scale + scaler.mean - truth)[known]
    assert run.metrics["test_rmse"] == pytest.approx(np.sqrt(np.mean(error**2)), rel=1e-5)
    assert run.metrics["test_mae"] == pytest.approx(np.mean(np.abs(error)), rel=1e-5)
    training = windows(run, "train")[1]
    mean = np.nanmean(training.astype(np.float64))
    baseline = np.sqrt(np.mean((truth[known] - mean) ** 2))
    assert run.baseline["training_mean"]["test_rmse"] == pytest.approx(baseline, rel=1e-5)
    if task == "forecast":
        data = run.data()
        filled = filled_by_hand(data.targets[0, :, 0])
        last = filled[data.starts[data.test] + data.window_samples - 1]
        naive = (truth - last[:, None, None])[known]
        assert run.baseline["last_value"]["test_rmse"] == pytest.approx(np.sqrt(np.mean(naive**2)), rel=1e-5)


def targets(task: str, values: Any) -> Any:
    if task == "regress":
        return values[::-1]
    return np.array([None if np.isnan(v) else "up" if v > 0 else "down" for v in values], object)


def filled_by_hand(values: Any) -> Any:
    filled = values.copy()
    for i in range(1, len(filled)):
        filled[i] = filled[i - 1] if np.isnan(filled[i]) else filled[i]
    return filled


@pytest.mark.parametrize("task", ["regress", "label"])
@pytest.mark.parametrize("ragged", [False, True])
def test_the_first_loss_is_the_mean_over_observed_targets(
    task: str, ragged: bool, request: pytest.FixtureRequest
) -> None:
    if not (ragged and task == "label"):  # in which both masks are compiled
        request.getfixturevalue("uncompiled")
    rng = np.random.default_rng(1)
    x = [rng.standard_normal((n, 2)) for n in (rng.integers(5, 12, 10) if ragged else [8] * 10)]
    y = [targets(task, np.where(rng.random(len(s)) < 0.3, np.nan, s[:, 0])) for s in x]
    whole = {"batch_size": 0, "learning_rate": 1e-30, "test_fraction": 0.0, "updates": 1, "label_smoothing": 0.0}
    run = train(x if ragged else np.array(x), y if ragged else np.array(y), task=task, **whole)
    outputs, truth = windows(run, "train")
    data = run.data()
    lengths = data.window_lengths(data.train)
    inside = np.arange(data.window) < (lengths[:, None] if lengths is not None else data.window)
    if task == "label":
        known = (truth >= 0) & inside
        exponents = np.exp(outputs[known].astype(np.float64))
        loss = -np.log((exponents / exponents.sum(-1, keepdims=True))[np.arange(len(exponents)), truth[known]]).mean()
    else:
        scaled = (truth - run.scalers.targets.mean) / run.scalers.targets.scale
        loss = np.mean((outputs - scaled)[~np.isnan(scaled) & inside[..., None]] ** 2)
    assert run.record.loss.values[0] == pytest.approx(loss, rel=1e-4)


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("task", ["regress", "label"])
def test_a_stateful_network_skips_missing_targets(task: str) -> None:
    _, gaps = series(300)
    run = train(gaps, targets(task, gaps), task=task, stateful=True, window=10, stride=10, batch_size=2)
    assert np.isfinite(run.record.loss.values).all()
    assert all(np.isfinite(values).all() for values in run.weights.values())
    assert all(np.isfinite(value) for value in run.metrics.values())


def test_a_forecast_is_not_better_for_gaps_in_the_test_set() -> None:
    """Interpolated gaps were easier to predict than the complete series; filled ones are not."""
    rng = np.random.default_rng(3)
    noise = rng.standard_normal(1200)
    level = np.zeros(1200)
    for i in range(1, 1200):
        level[i] = 0.7 * level[i - 1] + noise[i]
    temperature = 11 + 8 * np.sin(np.arange(1200) * 2 * np.pi / 365) + 2 * level
    gaps = np.where(rng.random(1200) < 0.3, np.nan, temperature)
    settings = {"window": 14, "units": 8, "updates": 400, "batch_size": 32, "learning_rate": 0.005}
    complete, filled = train(temperature, **settings), train(gaps, **settings)
    assert filled.metrics["test_rmse"] > 0.97 * complete.metrics["test_rmse"]
    assert filled.metrics["test_rmse"] < 1.3 * complete.metrics["test_rmse"]
