"""What is known ahead is read at the steps that are predicted, and nothing else from after the origin of a forecast."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import SettingError

pytestmark = pytest.mark.filterwarnings("ignore:x has 'promotion' for 0 of")
QUICK: dict[str, Any] = {
    "verbose": 0, "save": False, "scale": "standard", "units": 3, "batch_size": 16, "val_fraction": 0.0,
    "scale_windows": "none", "calendar": False,
}  # fmt: skip
EFFECT = 6.0


def shop(rows: int = 120, seed: int = 0) -> pd.DataFrame:
    """Sales of days: a slow level, a promotion with a known effect, a temperature without one."""
    rng = np.random.default_rng(seed)
    promotion, temperature = rng.integers(0, 2, rows), rng.normal(10, 3, rows)
    sales = 40 + np.cumsum(rng.normal(0, 0.3, rows)) + EFFECT * promotion + rng.normal(0, 0.3, rows)
    days = pd.date_range("2024-01-01", periods=rows)
    return pd.DataFrame({"day": days, "sales": sales, "promotion": promotion, "temperature": temperature})


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("seed", range(8))
def test_a_forecast_reads_from_after_its_origin_what_is_known_ahead_and_no_more(seed: int) -> None:
    rng = np.random.default_rng([seed, 4])
    data = shop(60, seed)
    window, horizon, frame = (int(rng.integers(low, high)) for low, high in ((2, 6), (1, 5), (1, 3)))
    use_past, linear, calendar = (bool(rng.integers(0, 2)) for _ in range(3))
    change, scaling = rng.choice(["none", "last_value", "season"]), rng.choice(["none", "last_value", "standard"])
    dense, pooling = [[], [4]][int(rng.integers(2))], str(rng.choice(["last", "mean"]))
    relative = {"predict_change": str(change), "scale_windows": str(scaling), "linear_skip": linear, "period": 2}
    run = rs.train(
        data, target="sales", features="temperature", known="promotion", use_past=use_past,
        window=window, horizon=horizon, frame=frame, dense_units=dense, pooling=pooling, updates=3, seed=seed,
        learning_rate=0.05, **{**QUICK, "calendar": calendar, **(relative if use_past else {})},
    )  # fmt: skip
    origin = int(rng.integers(window * frame - 1, len(data) - horizon))  # the last row that is read
    ahead = slice(origin + 1, origin + 1 + horizon)
    row = origin - window * frame + 1
    before = run.predict(data).reshape(-1, horizon)[row]

    def after(column: str, rows: slice) -> np.ndarray:
        changed = data.copy()
        changed[column] = changed[column].astype(float)
        changed.loc[changed.index[rows], column] += rng.uniform(1, 5)
        values: np.ndarray = run.predict(changed).reshape(-1, horizon)[row]
        return values

    assert np.array_equal(after("sales", slice(origin + 1, None)), before)
    assert np.array_equal(after("temperature", slice(origin + 1, None)), before)
    assert np.array_equal(after("promotion", slice(origin + 1 + horizon, None)), before)
    changed = after("promotion", ahead) != before
    assert changed.all()
    assert (after("promotion", slice(origin + 1, origin + 2)) != before).tolist() == [True] + [False] * (horizon - 1)


@pytest.mark.parametrize("linear", [True, False])
def test_a_trained_network_recovers_the_effect_of_what_is_known_ahead(linear: bool) -> None:
    data = shop(400)
    run = rs.train(
        data, target="sales", known="promotion", window=8, horizon=5, linear_skip=linear, predict_change="last_value",
        epochs=40, learning_rate=0.01, schedule="cosine", **{**QUICK, "units": 8},
    )  # fmt: skip
    with_it, without = (run.forecast(5, known=np.full(5, float(value))) for value in (1, 0))
    assert with_it - without == pytest.approx(np.full(5, EFFECT), abs=0.5 if linear else 1.5)
    blind = rs.train(
        data, target="sales", window=8, horizon=5, linear_skip=linear, predict_change="last_value",
        epochs=40, learning_rate=0.01, schedule="cosine", **{**QUICK, "units": 8},
    )  # fmt: skip
    assert run.metrics["test_rmse"] < 0.6 * blind.metrics["test_rmse"]


@pytest.mark.usefixtures("uncompiled")
def test_the_linear_skip_connection_starts_with_the_effect() -> None:
    run = rs.train(
        shop(400), target="sales", known="promotion", window=6, horizon=4, linear_skip=True,
        predict_change="last_value", updates=1, **{**QUICK, "learning_rate": 1e-12},
    )  # fmt: skip
    at_step, at_last = run.weights["linear/known"][:, 0] / run.scalers.inputs.scale[1] * run.scalers.targets.scale[0]
    assert at_step == pytest.approx(EFFECT, abs=0.3)
    assert at_last < 0.5 * at_step


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("change", ["last_value", "season"])
def test_predictions_are_what_numpy_computes_from_the_raw_data(change: str) -> None:
    data, window, horizon = shop(80), 5, 3
    run = rs.train(
        data, target="sales", features="temperature", known="promotion", window=window, horizon=horizon, cell="rnn",
        linear_skip=True, predict_change=change, period=2, updates=20, learning_rate=0.05, test_fraction=0.25, **QUICK,
    )  # fmt: skip
    w = {name: values.astype(np.float64) for name, values in run.weights.items()}
    columns = data[["sales", "temperature", "promotion"]].to_numpy(float)
    trained = columns[:60]
    z = (columns - trained.mean(0)) / trained.std(0)
    predicted = run.predictions()
    assert set(predicted["step"]) == set(range(60, 80))
    for origin in sorted(set(predicted["origin"])):
        x, ahead = z[origin - window + 1 : origin + 1], z[origin + 1 : origin + 1 + horizon, 2:]
        state = np.zeros(3)
        for step in x:
            state = np.tanh(step @ w["rnn1/kernel"] + state @ w["rnn1/recurrent_kernel"] + w["rnn1/bias"])
        hidden = np.maximum(state @ w["known/state"] + ahead @ w["known/kernel"] + w["known/step"], 0)
        added = (hidden @ w["known/output"] + ahead @ w["known/linear"])[:, 0]
        back = [-1] * horizon if change == "last_value" else [-2, -1, -2]
        terms = np.concatenate([ahead, x[back, 2:]], axis=1) @ w["linear/known"][:, 0]
        linear = (x[:, 0] - x[:, 2] * w["linear/effect"][0, 0]) @ w["linear/kernel"] + w["linear/bias"] + terms
        output = state @ w["head/kernel"] + w["head/bias"] + added + linear + x[back, 0]
        expected = output * trained[:, 0].std() + trained[:, 0].mean()
        rows = predicted[predicted["origin"] == origin]
        assert rows["prediction"].to_numpy() == pytest.approx(expected, rel=1e-4)


def ridge_by_hand(
    data: pd.DataFrame, window: int, horizon: int, train: int, penalty: float, effect: float
) -> np.ndarray:
    """Return the weights of the past, and the shared ones of what is known at a step and at the last one.

    They are those of one augmented least squares of all steps, after the effect was subtracted from the past.
    """
    z = data[["sales", "promotion"]].to_numpy(float)
    z = (z - z[:train].mean(0)) / z[:train].std(0)
    origins = np.arange(window, train - horizon + 1)
    past, promotion = (z[origins[:, None] + np.arange(-window, 0), j] for j in (0, 1))
    past = past - effect * promotion
    past = past - past.mean(0)
    rows, targets = [], []
    for step in range(horizon):
        known = np.stack([z[origins + step, 1], z[origins - 1, 1]], 1)
        change = z[origins + step, 0] - z[origins - 1, 0]
        block = np.zeros((len(origins), horizon * window + 2))
        block[:, step * window : (step + 1) * window] = past
        block[:, -2:] = known - known.mean(0)
        rows.append(block)
        targets.append(change - change.mean())
    left = np.vstack([*rows, np.sqrt(penalty) * np.eye(horizon * window + 2)])
    right = np.concatenate([*targets, np.zeros(horizon * window + 2)])
    weights: np.ndarray = np.linalg.lstsq(left, right, rcond=None)[0]
    return weights


@pytest.mark.usefixtures("uncompiled")
def test_it_is_the_ridge_regression_of_all_steps_with_shared_weights_of_what_is_known() -> None:
    data, window, horizon = shop(200), 5, 3
    run = rs.train(
        data, target="sales", known="promotion", window=window, horizon=horizon, linear_skip=True,
        predict_change="last_value", test_fraction=0.2, updates=1, **{**QUICK, "learning_rate": 1e-12},
    )  # fmt: skip
    effect = float(run.weights["linear/effect"][0, 0])
    fits = [ridge_by_hand(data, window, horizon, 160, penalty, effect) for penalty in 10.0 ** np.arange(-2, 5)]
    kernel, known = run.weights["linear/kernel"], run.weights["linear/known"][:, 0]
    distances = [
        np.abs(fit[-2:] - known).max() + np.abs(fit[:-2].reshape(horizon, -1).T - kernel).max() for fit in fits
    ]
    assert min(distances) < 1e-3


def test_what_is_known_ahead_is_for_forecasts() -> None:
    with pytest.raises(SettingError, match="known is for task forecast") as caught:
        rs.train(shop(), target="sales", task="regress", known="promotion", **QUICK)
    assert caught.value.field == "known"
    with pytest.raises(SettingError, match="not known ahead") as caught:
        rs.train(shop(), target="sales", known="sales", **QUICK)
    assert caught.value.field == "known"
