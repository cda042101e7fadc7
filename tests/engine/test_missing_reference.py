"""Data with missing values, recomputed in plain loops: inputs, further features, scaler, loss, metrics, baselines."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rnnstudio as rs
from rnnstudio.core.errors import RnnStudioError

pytestmark = pytest.mark.usefixtures("uncompiled")

RECOMPUTED = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
MAX_GAP = 3
CLASSES = ("down", "up")


def train(x: Any, y: Any = None, **overrides: Any) -> Any:
    """Make one update of all training windows that leaves the weights as they were."""
    still = {"units": 2, "updates": 1, "batch_size": 0, "learning_rate": 1e-30, "save": False, "verbose": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return rs.train(x, y, **{**still, "max_gap": MAX_GAP, **overrides})


def fill(x: Any, last_target: int, first_target: int) -> tuple[Any, Any, slice] | None:
    """Return values, steps since and rows that remain of `(T, F)`; None where a gap is too long."""
    values, since = x.copy(), np.zeros(x.shape, int)
    for j in range(x.shape[1]):
        for i in range(len(x)):
            if np.isnan(x[i, j]) and i and not np.isnan(values[i - 1, j]):
                values[i, j], since[i, j] = values[i - 1, j], since[i - 1, j] + 1
    complete = [i for i in range(len(x)) if not any(np.isnan(v) for v in values[i])]
    observed = [i for i in range(len(x)) if not all(np.isnan(v) for v in x[i])]
    if not complete or complete[0] - observed[0] > MAX_GAP:
        return None
    rows = slice(max(complete[0], first_target), min(observed[-1], last_target) + 1)
    if rows.start >= rows.stop or since[rows].max() > MAX_GAP:
        return None
    return values[rows], since[rows], rows


def further(values: Any, since: Any, columns: list[int]) -> Any:
    """Return values with two more features for each of these columns."""
    extra = [f for j in columns for f in ((since[:, j] == 0).astype(float), since[:, j].astype(float))]
    return np.column_stack([values, *extra])


def gappy(rng: Any, steps: int, features: int, share: float, longest: int) -> Any:
    """Return a noisy wave `(T, F)` with single missing values and one run of `longest`."""
    x = np.sin(np.arange(steps)[:, None] / 4 + np.arange(features)) + 0.3 * rng.standard_normal((steps, features))
    x[rng.random(x.shape) < share] = np.nan
    x[20 : 20 + longest, int(rng.integers(features))] = np.nan
    return x


def baseline_of(values: Any) -> Any:
    """Return the last known value at each step."""
    known = list(values)
    for i in range(1, len(known)):
        known[i] = known[i - 1] if np.isnan(known[i]) else known[i]
    return known


def check_values(run: Any, inputs: Any, targets: Any, first_test: int) -> None:
    """Compare the numbers of a run with those of `inputs` and `targets`, which are in original units."""
    data = run.data()
    rows = sorted({i for w in data.train for i in covered(data, data.starts[w])})
    mean, std = inputs[rows].mean(axis=0), inputs[rows].std(axis=0)
    std = np.where(inputs[rows].max(axis=0) > inputs[rows].min(axis=0), std, 1)
    np.testing.assert_allclose(run.scalers.inputs.mean, mean, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(run.scalers.inputs.scale, std, rtol=1e-5)
    if data.autoregressive:
        target_mean, target_std = mean[: targets.shape[1]], std[: targets.shape[1]]
    else:
        known = targets[rows]
        target_mean, target_std = np.nanmean(known, axis=0), np.nanstd(known, axis=0)
        target_std = np.where(target_std > 1e-9, target_std, 1)
    np.testing.assert_allclose(run.scalers.targets.scale, target_std, rtol=1e-5)
    outputs = {}
    predictor = run._trained_network()._predictor
    for w in (*data.train, *data.test):
        s = int(data.starts[w])
        window = ((inputs[s : s + data.window_samples] - mean) / std).astype(np.float32)
        outputs[w] = predictor.outputs(window.reshape(1, data.window, -1))[0].reshape(-1, targets.shape[1])
    errors = {"train": [], "test": []}
    scaled = {"train": [], "test": []}
    for split in errors:
        for w in getattr(data, split):
            for k, i in counted(data, w):
                for j in range(targets.shape[1]):
                    if not np.isnan(targets[i, j]):
                        value = (targets[i, j] - target_mean[j]) / target_std[j]
                        scaled[split].append(outputs[w][k, j] - value)
                        errors[split].append(scaled[split][-1] * target_std[j])
    assert run.record.loss.values[0] == pytest.approx(np.mean(np.square(scaled["train"])), rel=1e-4)
    assert run.metrics["test_loss"] == pytest.approx(np.mean(np.square(scaled["test"])), rel=1e-4)
    if targets.shape[1] > 1:  # whose units may differ
        assert run.metrics["test_scaled_mse"] == pytest.approx(np.mean(np.square(scaled["test"])), rel=1e-4)
        assert run.metrics["test_scaled_mae"] == pytest.approx(np.mean(np.abs(scaled["test"])), rel=1e-4)
    else:
        assert run.metrics["test_rmse"] == pytest.approx(np.sqrt(np.mean(np.square(errors["test"]))), rel=1e-4)
        assert run.metrics["test_mae"] == pytest.approx(np.mean(np.abs(errors["test"])), rel=1e-4)
    check_baselines(run, data, targets, target_std)
    predicted = [i for w in data.test for _, i in counted(data, w)]
    assert min(predicted) >= first_test
    assert max(rows) < min(predicted)


def check_baselines(run: Any, data: Any, targets: Any, std: Any) -> None:
    """Compare the errors of the baselines, of several targets in standard deviations."""
    several = targets.shape[1] > 1
    targets = targets / std if several else targets
    training = [[targets[i, j] for w in data.train for i in target_positions(data, w)] for j in range(targets.shape[1])]
    mean = [np.nanmean(values) for values in training]
    known = np.column_stack([baseline_of(column) for column in targets.T])
    known = np.where(np.isnan(known), mean, known)
    names = ("training_mean", "last_value", "seasonal_last_value", "drift")
    errors: dict[str, list[float]] = {name: [] for name in names}
    begin = [int(np.flatnonzero(~np.isnan(column))[0]) for column in targets.T]
    for w in data.test:
        positions = [i for _, i in counted(data, w)]
        for i in positions:
            last = i - 1 if data.return_sequences else positions[0] - 1
            season = i - data.period * -(-(i - last) // data.period) if data.period else 0
            for j in range(targets.shape[1]):
                if not np.isnan(targets[i, j]):
                    errors["training_mean"].append(targets[i, j] - mean[j])
                    errors["last_value"].append(targets[i, j] - known[last, j])
                    errors["seasonal_last_value"].append(targets[i, j] - known[season, j])
                    change = known[last, j] - targets[begin[j], j]
                    slope = change / (last - begin[j]) if last > begin[j] else 0.0
                    errors["drift"].append(targets[i, j] - known[last, j] - (i - last) * slope)
    for name, metrics in run.baseline.items():
        error = metrics["test_scaled_mse"] ** 0.5 if several else metrics["test_rmse"]
        rmse = np.sqrt(np.mean(np.square(errors[name])))
        assert error == pytest.approx(rmse, rel=1e-4, abs=1e-6), name
    assert "training_mean" in run.baseline


def target_positions(data: Any, window: int) -> list[int]:
    return [int(data.starts[window]) + data.target_offset + k for k in range(data.target_steps)]


def counted(data: Any, window: int) -> list[tuple[int, int]]:
    """Return the targets that count as pairs of step and position: each test row once, where each step has a target."""
    targets = list(enumerate(target_positions(data, window)))
    return targets[-1:] if data.return_sequences and window in data.test else targets


def covered(data: Any, start: int) -> list[int]:
    """Return the positions that a window at `start` reads or predicts."""
    first = int(start) + data.target_offset
    return [*range(int(start), int(start) + data.window_samples), *range(first, first + data.target_steps)]


SHAPES = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 10_000),
        "steps": st.integers(70, 90),
        "features": st.integers(1, 2),
        "share": st.sampled_from([0.05, 0.2]),
        "longest": st.sampled_from([MAX_GAP, MAX_GAP + 1]),
        "missing": st.sampled_from(["past", "mask"]),
        "ends": st.tuples(st.integers(0, 2), st.integers(0, 5)),
    }
)


def series_case(case: dict[str, Any]) -> tuple[Any, Any]:
    rng = np.random.default_rng(case["seed"])
    x = gappy(rng, case["steps"], case["features"], case["share"], case["longest"])
    start, end = case["ends"]
    x[:start], x[len(x) - end :] = np.nan, np.nan
    return x, rng


@given(SHAPES, st.sampled_from([(6, 1, 1), (6, 3, 1), (3, 2, 2)]), st.sampled_from([0, 5]))
@RECOMPUTED
def test_forecasts_of_a_series(case: dict[str, Any], shape: tuple[int, int, int], period: int) -> None:
    x, _ = series_case(case)
    window, horizon, frame = shape
    chosen = {"task": "forecast", "window": window, "horizon": horizon, "frame": frame, "period": period}
    filled = fill(x, len(x), 0)
    if filled is None:
        with pytest.raises(RnnStudioError, match="max_gap"):
            train(x, missing=case["missing"], **chosen)
        return
    values, since, rows = filled
    run = train(x, missing=case["missing"], **chosen)
    masked = [j for j in range(x.shape[1]) if since[:, j].any()] if case["missing"] == "mask" else []
    inputs = further(values, since, masked)
    np.testing.assert_array_equal(run.data().inputs[0], inputs)
    np.testing.assert_array_equal(run.data().targets[0], x[rows])
    check_values(run, inputs, x[rows], int(len(inputs) * 0.8) - 1)


@given(SHAPES)
@RECOMPUTED
def test_a_value_at_each_step_of_a_series(case: dict[str, Any]) -> None:
    x, rng = series_case(case)
    y = rng.standard_normal((len(x), 1))
    y[rng.random(len(x)) < 0.2] = np.nan
    y[30:40] = np.nan
    known = np.flatnonzero(~np.isnan(y[:, 0]))
    filled = fill(x, int(known[-1]), int(known[0]))
    if filled is None:
        with pytest.raises(RnnStudioError, match="max_gap"):
            train(x, y, task="regress", window=6, stride=2, missing=case["missing"])
        return
    values, since, rows = filled
    run = train(x, y, task="regress", window=6, stride=2, missing=case["missing"])
    masked = [j for j in range(x.shape[1]) if since[:, j].any()] if case["missing"] == "mask" else []
    inputs = further(values, since, masked)
    np.testing.assert_array_equal(run.data().inputs[0], inputs)
    np.testing.assert_array_equal(run.data().targets[0], y[rows])
    check_values(run, inputs, y[rows], int(len(inputs) * 0.8) - 1)


@given(st.integers(0, 10_000), st.booleans(), st.sampled_from(["past", "mask"]), st.sampled_from(["regress", "label"]))
@RECOMPUTED
def test_separate_sequences(seed: int, unequal: bool, missing: str, task: str) -> None:
    rng = np.random.default_rng(seed)
    lengths = rng.integers(6, 14, 12) if unequal else np.full(12, 10)
    x, y = [], []
    for n in lengths:
        sequence = rng.standard_normal((n, 2))
        sequence[rng.random((n, 2)) < 0.15] = np.nan
        sequence[int(rng.integers(n))] = rng.standard_normal(2)
        x.append(sequence)
        values = np.where(rng.random(n) < 0.3, np.nan, rng.standard_normal(n))
        values[: n // 2] = np.where(np.isnan(values[: n // 2]), 1.0, values[: n // 2])
        y.append(values)
    labels = [np.array([None if np.isnan(v) else CLASSES[int(v > 0)] for v in values], object) for values in y]
    filled = [fill(sequence, len(sequence), 0) for sequence in x]
    chosen = {"task": task, "missing": missing, "test_fraction": 0.3, "label_smoothing": 0.0}
    given_targets = labels if task == "label" else y
    if any(part is None for part in filled):
        with pytest.raises(RnnStudioError, match="max_gap"):
            train(x, given_targets, **chosen)
        return
    parts = [part for part in filled if part is not None]
    run = train(x if unequal else np.array(x), given_targets if unequal else np.array(given_targets), **chosen)
    data = run.data()
    masked = [j for j in range(2) if any(since[:, j].any() for _, since, _ in parts)] if missing == "mask" else []
    inputs = [further(values, since, masked) for values, since, _ in parts]
    targets = [values[rows] for values, (_, _, rows) in zip(y, parts, strict=True)]
    for n, sequence in enumerate(inputs):
        np.testing.assert_array_equal(data.inputs[n, : len(sequence)], sequence)
    training = np.concatenate([inputs[n] for n in data.train])
    mean, std = training.mean(axis=0), training.std(axis=0)
    std = np.where(training.max(axis=0) > training.min(axis=0), std, 1)
    np.testing.assert_allclose(run.scalers.inputs.scale, std, rtol=1e-5)
    predictor = run._trained_network()._predictor
    outputs = [predictor.outputs(((s - mean) / std).astype(np.float32)[None])[0] for s in inputs]
    if task == "label":
        check_classes(run, data, outputs, targets)
        return
    known = np.concatenate([targets[n] for n in data.train])
    target_mean, target_std = np.nanmean(known), np.nanstd(known)
    errors = {
        split: np.concatenate(
            [outputs[n][:, 0] - (targets[n] - target_mean) / target_std for n in getattr(data, split)]
        )
        for split in ("train", "test")
    }
    assert run.record.loss.values[0] == pytest.approx(np.nanmean(errors["train"] ** 2), rel=1e-4)
    assert run.metrics["test_rmse"] == pytest.approx(np.sqrt(np.nanmean(errors["test"] ** 2)) * target_std, rel=1e-4)
    naive = np.concatenate([targets[n] for n in data.test]) - target_mean
    assert run.baseline["training_mean"]["test_rmse"] == pytest.approx(np.sqrt(np.nanmean(naive**2)), rel=1e-4)


def check_classes(run: Any, data: Any, outputs: list[Any], targets: list[Any]) -> None:
    """Compare loss, accuracy and baseline with those of the known classes."""
    losses: dict[str, list[float]] = {"train": [], "test": []}
    correct: list[bool] = []
    counts = np.zeros(2)
    names = list(data.classes)
    for split in losses:
        for n in getattr(data, split):
            for logits, value in zip(outputs[n].astype(float), targets[n], strict=True):
                if np.isnan(value):
                    continue
                number = names.index(CLASSES[int(value > 0)])
                losses[split].append(np.log(np.exp(logits).sum()) - logits[number])
                if split == "test":
                    correct.append(logits.argmax() == number)
                else:
                    counts[number] += 1
    assert run.record.loss.values[0] == pytest.approx(np.mean(losses["train"]), rel=1e-4)
    assert run.metrics["test_loss"] == pytest.approx(np.mean(losses["test"]), rel=1e-4)
    assert run.metrics["test_accuracy"] == np.mean(correct)
    majority = names[int(counts.argmax())]
    known = [CLASSES[int(v > 0)] for n in data.test for v in targets[n] if not np.isnan(v)]
    assert run.baseline["majority_class"]["test_accuracy"] == pytest.approx(np.mean([k == majority for k in known]))


@given(st.integers(0, 10_000), st.sampled_from([(3, "past"), (3, "mask"), (4, "past")]))
@RECOMPUTED
def test_new_inputs_are_filled_as_in_training(seed: int, case: tuple[int, str]) -> None:
    """A sequence predicted again gets the class that the network gave it in training, with its gaps and cut ends."""
    longest, missing = case
    rng = np.random.default_rng(seed)
    x = [rng.standard_normal((int(n), 2)) for n in rng.integers(9, 14, 12)]
    for sequence in x:
        sequence[rng.random(sequence.shape) < 0.1] = np.nan
        sequence[[2, -2]] = rng.standard_normal((2, 2))
        sequence[:1], sequence[-1:] = np.nan, np.nan
    if any(fill(sequence, len(sequence), 0) is None for sequence in x):
        return
    run = train(x, np.array(CLASSES * 6), task="classify", missing=missing, test_fraction=0.0)
    data = run.data()
    inputs = run.scalers.inputs.apply(data.inputs)
    expected = run._trained_network()._predictor.outputs(inputs, data.lengths)
    exponents = np.exp(expected)
    with pytest.warns(UserWarning, match="left out"):
        shares = run.predict(x, probabilities=True)
    np.testing.assert_allclose(shares, exponents / exponents.sum(axis=1, keepdims=True), rtol=1e-4)
    gap = np.zeros((10, 2))
    gap[3 : 3 + longest, 0] = np.nan
    if longest > MAX_GAP:
        with pytest.raises(RnnStudioError, match="trained with max_gap 4 fills them"):
            run.predict(gap)
        return
    with pytest.warns(UserWarning, match="3 missing values of x were filled"):
        run.predict(gap)
