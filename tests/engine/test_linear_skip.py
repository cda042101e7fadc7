"""The linear skip connection starts as the ridge regression of the training windows, and of no others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import SettingError

SERIES = np.cumsum(np.random.default_rng(8).normal(0.1, 1.0, 220))
WINDOW, HORIZON, TEST, VAL = 6, 3, 44, 44
PENALTIES = 10.0 ** np.arange(-2, 5)
SETTINGS: dict[str, Any] = {
    "task": "forecast", "window": WINDOW, "horizon": HORIZON, "linear_skip": True, "scale": "standard", "units": 3,
    "updates": 1, "learning_rate": 1e-12, "verbose": 0, "save": False,
}  # fmt: skip

CHANGES: dict[str, Any] = {"predict_change": "last_value", "scale_windows": "last_value"}


def ridge_by_hand(series: np.ndarray, change: str, scaling: str, val: int) -> tuple[np.ndarray, np.ndarray]:
    """Return kernel and bias, in scaled units, from the training windows of a series."""
    train_end = len(series) - TEST - val
    trained = series[:train_end]
    z = (series - trained.mean()) / trained.std()

    def rows(first: int, last: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        origins = np.arange(first, last - HORIZON + 1)
        x = z[origins[:, None] + np.arange(-WINDOW, 0)]
        y = z[origins[:, None] + np.arange(HORIZON)]
        centre = {"none": 0.0, "last_value": x[:, -1:], "standard": x.mean(axis=1, keepdims=True)}[scaling]
        deviation = np.sqrt(x.var(axis=1, keepdims=True) + 0.01) if scaling == "standard" else np.ones((len(x), 1))
        reference = centre if change == "none" else x[:, -1:]
        return (x - centre) / deviation, (y - reference) / deviation, deviation

    def solved(x: np.ndarray, y: np.ndarray, weight: np.ndarray, penalty: float) -> tuple[np.ndarray, np.ndarray]:
        total = (weight**2).sum()
        mean_x, mean_y = (x * weight**2).sum(0) / total, (y * weight**2).sum(0) / total
        left = np.vstack([(x - mean_x) * weight, np.sqrt(penalty) * np.eye(x.shape[1])])  # least squares, augmented
        right = np.vstack([(y - mean_y) * weight, np.zeros((x.shape[1], y.shape[1]))])
        kernel = np.linalg.lstsq(left, right, rcond=None)[0]
        return kernel, mean_y - mean_x @ kernel

    every = rows(WINDOW, train_end)
    if val:
        early, late = every, rows(train_end, train_end + val)
    else:
        held_back = len(every[0]) // 5
        early, late = tuple(a[:-held_back] for a in every), tuple(a[-held_back:] for a in every)
    errors = []
    for penalty in PENALTIES:
        kernel, bias = solved(*early, penalty)
        errors.append(np.mean(((late[0] @ kernel + bias - late[1]) * late[2]) ** 2))
    return solved(*every, PENALTIES[int(np.argmin(errors))])


@pytest.mark.parametrize("val", [VAL, 0])
@pytest.mark.parametrize(
    ("change", "scaling"),
    [("none", "none"), ("last_value", "last_value"), ("last_value", "standard"), ("none", "standard")],
)
def test_it_starts_as_the_ridge_regression_of_the_training_windows(change: str, scaling: str, val: int) -> None:
    run = rs.train(
        SERIES, predict_change=change, scale_windows=scaling, test_fraction=0.2, val_fraction=val / 220, **SETTINGS
    )
    kernel, bias = ridge_by_hand(SERIES, change, scaling, val)
    assert run.weights["linear/kernel"] == pytest.approx(kernel, abs=2e-4)
    assert run.weights["linear/bias"] == pytest.approx(bias, abs=2e-4)


def test_rows_of_the_test_set_have_no_influence_on_it() -> None:
    other = SERIES.copy()
    other[-TEST:] = 900.0
    one, two = (rs.train(x, predict_change="last_value", test_fraction=0.2, **SETTINGS) for x in (SERIES, other))
    assert np.array_equal(one.weights["linear/kernel"], two.weights["linear/kernel"])


def test_windows_without_all_their_targets_are_left_out_of_it() -> None:
    frame = pd.DataFrame({"x": SERIES, "other": np.sin(np.arange(220))})
    frame.loc[[40, 41, 77], "x"] = np.nan
    run = rs.train(frame, target="x", features="x,other", predict_change="last_value", **SETTINGS)
    assert np.isfinite(run.weights["linear/kernel"]).all()
    assert run.weights["linear/kernel"].shape == (WINDOW, HORIZON)
    assert np.isfinite(run.metrics["test_rmse"])


def test_a_training_that_continues_keeps_the_weights_of_the_run() -> None:
    first = rs.train(
        SERIES, predict_change="last_value", freeze_linear_skip=False, **{**SETTINGS, "learning_rate": 0.1}
    )
    second = rs.train(SERIES, predict_change="last_value", initial_weights=first, **SETTINGS)
    assert second.weights["linear/kernel"] == pytest.approx(first.weights["linear/kernel"], abs=1e-9)


@pytest.mark.parametrize("freeze", [True, False])
def test_a_frozen_one_stays_at_the_ridge_regression_while_the_other_weights_are_trained(freeze: bool) -> None:
    settings = {
        **SETTINGS,
        "updates": 30,
        "learning_rate": 0.02,
        "freeze_linear_skip": freeze,
        "restore_best_weights": False,
    }
    run = rs.train(SERIES, **CHANGES, test_fraction=0.2, val_fraction=0.2, **settings)
    kernel, bias = ridge_by_hand(SERIES, "last_value", "last_value", VAL)
    assert bool(np.abs(run.weights["linear/kernel"] - kernel).max() < 2e-4) is freeze
    assert bool(np.abs(run.weights["linear/bias"] - bias).max() < 2e-4) is freeze
    assert np.abs(run.weights["head/kernel"]).max() > 0.01
    trained = sum(values.size for name, values in run.weights.items() if not freeze or not name.startswith("linear/"))
    assert run.record.parameters == trained


def ridge_rmse(series: np.ndarray, first: int, kernel: np.ndarray, bias: np.ndarray, mean: float, std: float) -> float:
    """Return the error of a ridge regression of changes from the last value, for origins from a row on."""
    origins = np.arange(first, len(series) - HORIZON + 1)
    x = (series[origins[:, None] + np.arange(-WINDOW, 0)] - mean) / std
    predicted = ((x - x[:, -1:]) @ kernel + bias + x[:, -1:]) * std + mean
    return float(np.sqrt(np.mean((predicted - series[origins[:, None] + np.arange(HORIZON)]) ** 2)))


def test_the_ridge_regression_itself_is_kept_where_every_update_forecasts_the_validation_set_worse() -> None:
    settings = {**SETTINGS, "updates": 12, "learning_rate": 50.0, "evaluate_every": 2, "freeze_linear_skip": True}
    run = rs.train(
        SERIES, **CHANGES, test_fraction=0.2, val_fraction=0.2, restore_best_weights=True, patience=3,
        optimizer="sgd", **settings,
    )  # fmt: skip
    assert run.record.weights_step == 0
    assert run.record.step == 6, "three evaluations without an improvement on the ridge regression"
    assert run.metrics["best_update"] == 0
    trained = SERIES[: len(SERIES) - TEST - VAL]
    kernel, bias = ridge_by_hand(SERIES, "last_value", "last_value", VAL)
    expected = ridge_rmse(SERIES, len(SERIES) - TEST, kernel, bias, trained.mean(), trained.std())
    assert run.metrics["test_rmse"] == pytest.approx(expected, rel=1e-4)
    assert any("The weights before the first update were kept" in sentence for sentence in run.conclusions)
    run.refit()
    assert run.refitted.updates == 0
    assert np.isfinite(run.forecast(HORIZON)).all()
    on_all, _ = ridge_by_hand(np.concatenate([SERIES, np.zeros(TEST)]), "last_value", "last_value", 0)
    assert run.refitted.weights["linear/kernel"] == pytest.approx(on_all, abs=2e-4)


def test_it_is_refused_where_there_is_no_forecast() -> None:
    with pytest.raises(SettingError, match="linear_skip is for forecasts"):
        rs.train(SERIES, (SERIES > 5).astype(int), task="label", linear_skip=True, verbose=0, save=False, updates=1)
