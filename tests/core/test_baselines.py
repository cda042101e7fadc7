"""Baselines equal what is computed by hand, and runs are compared with the best of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnstudio.core.baselines import compare_with_baseline, evaluate_baselines, skill
from rnnstudio.core.experiment import compose
from rnnstudio.core.paths import resource
from rnnstudio.core.windows import sliding_windows
from rnnstudio.library.datasets import airline
from rnnstudio.reading.text.text_table import read_table


def passengers() -> Any:
    return read_table(resource("data/airline.csv")).numbers(["Passengers"])[:, 0].astype(np.float64)


@pytest.mark.parametrize("horizon", [1, 3, 14])
def test_baseline_forecasts_use_nothing_after_their_window(horizon: int) -> None:
    settings = compose("airline", {"task": "forecast", "horizon": horizon, "test_fraction": 0.3}).data
    data = airline.load(settings, 0)  # type: ignore[arg-type]
    values = passengers()
    last, seasonal = [], []
    for start in data.starts[data.test]:
        end = start + data.window  # the first month to predict
        for t in range(end, end + horizon):
            last.append(values[t] - values[end - 1])
            source = t
            while source >= end:
                source -= 12
            seasonal.append(values[t] - values[source])
    baselines = evaluate_baselines(data, data.test)
    assert baselines["last_value"]["rmse"] == pytest.approx(np.sqrt(np.mean(np.square(last))))
    assert baselines["seasonal_last_value"]["mae"] == pytest.approx(np.mean(np.abs(seasonal)))


def test_the_training_mean_comes_from_the_training_set() -> None:
    series = np.concatenate([np.zeros(60), np.full(40, 10.0)]).astype(np.float32)[:, None]
    data = sliding_windows(series, series, task="regress", window=5, stride=5, test_fraction=0.4)
    baselines = evaluate_baselines(data, data.test)
    assert baselines == {"training_mean": {"rmse": 10.0, "mae": 10.0}}


def test_the_majority_class_is_that_of_the_training_set() -> None:
    series = np.zeros((100, 1), np.float32)
    targets = np.array([0] * 50 + [1] * 20 + [1] * 20 + [0] * 10, np.int32)
    data = sliding_windows(series, targets, task="label", window=5, stride=5, test_fraction=0.3, classes=("a", "b"))
    expected = {"accuracy": pytest.approx(1 / 3), "balanced_accuracy": 0.5}
    assert evaluate_baselines(data, data.test) == {"majority_class": expected}


def test_a_run_is_compared_with_the_baseline_of_the_lowest_error() -> None:
    metrics = {"train_loss": 1.0, "val_rmse": 5.0, "test_rmse": 20.0}
    baselines = {"training_mean": {"test_rmse": 90.0}, "last_value": {"test_rmse": 50.0, "test_mae": 1.0}}
    comparison = compare_with_baseline(metrics, baselines)
    assert comparison is not None
    assert (comparison.metric, comparison.split, comparison.measure) == ("test_rmse", "test", "rmse")
    assert (comparison.value, comparison.baseline, comparison.baseline_value) == (20.0, "last_value", 50.0)
    assert comparison.skill == skill(20.0, 50.0) == 0.6
    assert comparison.is_better


@pytest.mark.parametrize(("accuracy", "better"), [(0.9, True), (0.6, False), (0.5, False)])
def test_classes_are_compared_by_their_error_rate(accuracy: float, better: bool) -> None:
    comparison = compare_with_baseline({"val_accuracy": accuracy}, {"majority_class": {"val_accuracy": 0.6}})
    assert comparison is not None
    assert comparison.skill == pytest.approx(1 - (1 - accuracy) / 0.4)
    assert comparison.is_better is better


def test_without_a_metric_in_common_there_is_no_comparison() -> None:
    assert compare_with_baseline({"test_loss": 1.0}, {"last_value": {"test_rmse": 1.0}}) is None
    assert compare_with_baseline({"train_rmse": 1.0}, {"last_value": {"train_rmse": 1.0}}, ("test", "val")) is None


def test_skill_against_a_perfect_baseline_is_nan() -> None:
    assert skill(1.0, 4.0) == 0.75
    assert np.isnan(skill(1.0, 0.0))
