"""Baselines equal what is computed by hand, and runs are compared with the best of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnstudio.core.baselines import compare_with_baseline, evaluate_baselines, skill
from rnnstudio.core.experiment import compose
from rnnstudio.core.paths import resource
from rnnstudio.core.windows import sliding_windows
from rnnstudio.library.datasets import airline
from rnnstudio.library.datasets.arrays import ArraySettings, from_arrays
from rnnstudio.reading.text.text_table import read_table


def passengers() -> Any:
    return read_table(resource("data/airline.csv")).numbers(["Passengers"])[:, 0].astype(np.float64)


@pytest.mark.parametrize("horizon", [1, 3, 14])
def test_baseline_forecasts_use_nothing_after_their_window(horizon: int) -> None:
    chosen = compose("airline", {"task": "forecast", "horizon": horizon, "test_fraction": 0.3}).data
    data = airline.load(chosen, 0)  # type: ignore[arg-type]
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


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 5), st.integers(1, 3), st.booleans(), st.sampled_from("01")
)
def test_the_drift_continues_the_mean_change_before_each_forecast(
    seed: int, window: int, horizon: int, stride: int, gaps: bool, several: str
) -> None:
    rng = np.random.default_rng(seed)
    shops = {}
    for shop in "AB" if several == "1" else "A":
        rows = int(rng.integers(40, 60))
        values = rng.standard_normal(rows).cumsum() + 0.3 * np.arange(rows)
        values[rng.integers(1, rows - 1, 3 if gaps else 0)] = np.nan
        shops[shop] = values
    frame = pd.concat([
        pd.DataFrame({"day": pd.date_range("2024-01-01", periods=len(v)), "shop": shop, "v": v})
        for shop, v in shops.items()
    ])  # fmt: skip
    chosen = ArraySettings(
        window=window, horizon=horizon, stride=stride, test_fraction=0.3, target="v", features="v",
        series="shop" if len(shops) > 1 else "none", split_by="share",
    )  # fmt: skip
    data = from_arrays(frame if len(shops) > 1 else frame.drop(columns="shop"), None, chosen, 0)
    errors = []
    for window_index in data.test:
        shop, start = divmod(int(data.starts[window_index]), data.inputs.shape[1])
        values = list(shops.values())[shop]
        past = values[: start + window]  # all that is known when the forecast is made
        known = np.flatnonzero(~np.isnan(past))
        last = past[known[-1]]
        slope = (last - past[0]) / (len(past) - 1) if len(past) > 1 else 0.0
        for ahead in range(1, horizon + 1):
            errors.append(values[start + window + ahead - 1] - (last + ahead * slope))
    expected = np.sqrt(np.nanmean(np.square(errors)))
    assert evaluate_baselines(data, data.test)["drift"]["rmse"] == pytest.approx(expected, rel=1e-5)


def test_only_forecasts_have_a_drift() -> None:
    series = np.arange(60, dtype=np.float32)[:, None]
    data = sliding_windows(series, series, task="regress", window=5, stride=5, test_fraction=0.4, target_offset=1)
    assert set(evaluate_baselines(data, data.test)) == {"last_value", "training_mean"}


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
