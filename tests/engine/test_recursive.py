"""Recursive forecasts: trained for one step, and evaluated, predicted and saved with predictions fed back."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rnnstudio as rs
from rnnstudio.core.errors import SettingError

pytestmark = pytest.mark.usefixtures("uncompiled")
MANY = settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
DAYS = pd.date_range("2024-01-01", periods=150, freq="D")


def train(x: Any, **chosen: Any) -> Any:
    defaults = {"units": 3, "updates": 3, "batch_size": 8, "save": False, "verbose": 0, "test_fraction": 0.3}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return rs.train(x, **{**defaults, "multi_step": "recursive", **chosen})


def wave(seed: int, length: int, missing: bool = False) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = np.sin(np.arange(length) / 3) + 0.2 * rng.standard_normal(length)
    if missing:
        values[rng.random(length) < 0.1] = np.nan
        values[[0, -1]] = 0.5
    return values


def one_step(run: Any) -> Any:
    """Return a function from scaled windows to the prediction one step ahead, with the weights of a run."""
    return run._trained_network().predictor.outputs


def fed_back(run: Any, windows: np.ndarray, scale: Any, frame: int, steps: int, further: int) -> np.ndarray:
    """Return the predictions of windows `(n, samples, F)` in original units, one step after the other."""
    mean, deviation = scale
    targets = windows.shape[2] - further
    scaled = ((windows - mean) / deviation).astype(np.float32)
    observed = ((np.tile([1.0, 0.0], further // 2) - mean[targets:]) / deviation[targets:]).astype(np.float32)
    values = []
    for _ in range(steps):
        values.append(one_step(run)(scaled.reshape(len(scaled), -1, frame * windows.shape[2])))
        following = np.concatenate([values[-1], np.broadcast_to(observed, (len(scaled), further))], axis=1)
        scaled = np.concatenate([scaled[:, 1:], following[:, None]], axis=1)
    return np.stack(values, axis=1) * deviation[:targets] + mean[:targets]


@given(
    st.integers(0, 999),
    st.sampled_from(["none", "past", "mask"]),
    st.integers(1, 2),
    st.fixed_dictionaries(
        {
            "window": st.integers(3, 5),
            "frame": st.integers(1, 2),
            "horizon": st.integers(2, 6),
            "stride": st.integers(1, 3),
            "linear_skip": st.booleans(),
            "predict_change": st.sampled_from(["none", "last_value"]),
        }
    ),
    st.sampled_from([(0.3, 0.0), (0.2, 0.2)]),
)
@MANY
def test_every_prediction_is_that_of_one_step_fed_back(
    seed: int, missing: str, targets: int, chosen: dict[str, Any], shares: tuple[float, float]
) -> None:
    x = np.column_stack([wave(seed + j, 150, missing != "none") + 10 * j for j in range(targets)])
    rule = {} if missing == "none" else {"missing": missing}
    run = train(x, test_fraction=shares[0], val_fraction=shares[1], **chosen, **rule)
    data, table = run.data(), run.predictions()
    samples, scaler = data.window_samples, run.scalers.inputs
    windows = np.stack([data.inputs[0, s : s + samples] for s in data.starts[data.test]])
    further = 2 * len(data.masked_features)
    expected = fed_back(run, windows, (scaler.mean, scaler.scale), chosen["frame"], chosen["horizon"], further)
    np.testing.assert_allclose(table["prediction"], expected.ravel(), rtol=1e-5, atol=1e-5)
    error = table["prediction"] - table["truth"]
    if targets > 1:  # whose units may differ
        scaled = (
            error / table["target"].map(dict(zip(data.target_names, run.scalers.targets.scale, strict=True)))
        ).dropna()
        assert run.metrics["test_scaled_mse"] == pytest.approx(np.mean(scaled**2), rel=1e-5)
    else:
        assert run.metrics["test_rmse"] == pytest.approx(np.sqrt(np.mean(error.dropna() ** 2)), rel=1e-6)
    if missing == "none":
        raw = np.stack([x[s : s + samples] for s in data.starts[data.test]])
        np.testing.assert_array_equal(np.ravel(run.predict(raw)), table["prediction"])


def test_several_series_are_fed_back_each_with_its_own_scale() -> None:
    series = {"A": wave(1, 150, missing=True), "B": 300 + 50 * wave(2, 90, missing=True)}
    rows = [pd.DataFrame({"shop": name, "day": DAYS[-len(v) :], "sales": v}) for name, v in series.items()]
    roles = {"target": "sales", "features": "sales", "series": "shop", "time": "day", "missing": "mask"}
    run = train(pd.concat(rows), window=4, horizon=3, **roles)
    data, table = run.data(), run.predictions()
    for n, name in enumerate(data.series):
        own = table[table["series"] == name]
        starts = own["origin"].unique() - 3
        windows = np.stack([data.inputs[n, s : s + 4] for s in starts])
        scale = (run.scalers.inputs.mean[n], run.scalers.inputs.scale[n])
        expected = fed_back(run, windows, scale, 1, 3, 2)
        np.testing.assert_allclose(own["prediction"], expected.ravel(), rtol=1e-5, atol=1e-5)


def test_a_saved_run_predicts_and_forecasts_as_before(tmp_path: Any) -> None:
    values = wave(5, 150)
    run = train(values, window=5, horizon=4)
    run.save(tmp_path / "run")
    loaded = rs.load(tmp_path / "run")
    pd.testing.assert_frame_equal(loaded.predictions(), run.predictions())
    np.testing.assert_array_equal(loaded.predict(values), run.predict(values))
    # The values after the last window are the forecast, however many steps are wanted at once.
    np.testing.assert_allclose(run.forecast(4), run.predict(values)[-1], rtol=1e-6)
    np.testing.assert_allclose(run.forecast(9)[:4], run.forecast(4), rtol=1e-6)


def test_the_network_is_that_of_a_horizon_of_one_step() -> None:
    direct = train(wave(6, 150), window=5, horizon=1, multi_step="direct", freeze_linear_skip=False)
    run = train(wave(6, 150), window=5, horizon=4)
    assert run.record.parameters == direct.record.parameters
    assert {name: w.shape for name, w in run.weights.items()} == {n: w.shape for n, w in direct.weights.items()}


def test_the_best_weights_are_those_of_the_fed_back_predictions() -> None:
    values = wave(7, 200)
    chosen = {"val_fraction": 0.2, "updates": 20, "evaluate_every": 2, "learning_rate": 0.3}
    run = train(values, window=5, horizon=6, restore_best_weights=True, **chosen)
    steps, losses = run.record.evaluated("val_loss")
    assert run.record.weights_step == steps[1:][losses[1:].argmin()]
    data = run.data()
    windows = np.stack([values[s : s + 5, None] for s in data.starts[data.val]])
    scaler = run.scalers.inputs
    predicted = fed_back(run, windows, (scaler.mean, scaler.scale), 1, 6, 0)
    error = (predicted - data.window_targets(data.val)) / scaler.scale
    assert run.metrics["val_loss"] == pytest.approx(np.mean(error**2), rel=1e-5)


def test_inputs_that_are_not_predicted_are_refused() -> None:
    table = pd.DataFrame({"day": DAYS, "x": wave(1, 150), "y": wave(2, 150)})
    with pytest.raises(SettingError, match="multi_step recursive feeds predictions back"):
        train(table, target="y", features=["x", "y"], window=4, horizon=3)
    with pytest.raises(SettingError, match="is for forecasts"):
        train(table, target="y", features="x", task="regress", window=4)


@pytest.mark.parametrize("multi_step", ["direct", "recursive"])
def test_steps_that_read_a_prediction_made_without_what_is_known_ahead_are_missing(multi_step: str) -> None:
    """A recursive step reads the inputs of the steps before it, of which one is not known."""
    rng = np.random.default_rng(0)
    days = pd.date_range("2024-01-01", periods=64)
    frame = pd.DataFrame({"day": days, "sales": rng.normal(50, 5, 64).round(2), "price": rng.random(64).round(2)})
    chosen = {"window": 5, "horizon": 4, "multi_step": multi_step, "calendar": False, "units": 3, "updates": 2}
    run = rs.train(frame[:60], target="sales", known="price", task="forecast", verbose=0, save=False, **chosen)
    frame.loc[60:, "sales"] = np.nan
    complete = run.predict_table(frame).iloc[-1].filter(like="prediction").to_numpy(float)
    frame.loc[61, "price"] = np.nan
    with pytest.warns(UserWarning, match="'price' for 1 of the 4 steps"):
        received = run.predict_table(frame).iloc[-1].filter(like="prediction").to_numpy(float)
    missing = [False, True, False, False] if multi_step == "direct" else [False, True, True, True]
    np.testing.assert_array_equal(np.isnan(received), missing)
    np.testing.assert_allclose(received[~np.isnan(received)], complete[~np.isnan(received)], rtol=1e-6)
