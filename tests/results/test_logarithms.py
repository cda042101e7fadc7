"""A run that forecasts logarithms: metrics in original units, saved and read, free-running, of several series."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs

STEPS = np.arange(150)
SALES = np.exp(3 + 0.01 * STEPS + 0.3 * np.sin(2 * np.pi * STEPS / 12))


@pytest.fixture(scope="module")
def run() -> rs.Run:
    return rs.train(
        pd.DataFrame({"sales": SALES}), scale="log", window=12, horizon=3, updates=60, linear_skip=True,
        predict_change="last_value", verbose=0, save=False,
    )  # fmt: skip


def test_metrics_are_those_of_the_predictions_in_original_units(run: rs.Run) -> None:
    table = run.predictions()
    truth = SALES[table["step"].to_numpy(int)]
    assert table["truth"].to_numpy() == pytest.approx(truth, rel=1e-5)
    error = np.sqrt(np.mean((table["prediction"] - truth) ** 2))
    assert run.metrics["test_rmse"] == pytest.approx(error, rel=1e-5)
    logs = (np.log(table["prediction"]) - np.log(truth)) / run.scalers.targets.scale[0]
    assert run.metrics["test_loss"] == pytest.approx(float(np.mean(logs**2)), rel=1e-3, abs=1e-10)


def test_forecasts_are_above_0_and_a_saved_run_gives_the_same(run: rs.Run, tmp_path: Path) -> None:
    forecast = run.forecast(9)
    assert (forecast > 0).all()
    run.save(tmp_path / "run")
    assert np.array_equal(rs.load(tmp_path / "run").forecast(9), forecast)


def test_each_of_several_series_has_its_own_logarithms() -> None:
    frame = pd.DataFrame({
        "shop": np.repeat(["a", "b"], 150), "day": np.tile(pd.date_range("2024", periods=150), 2),
        "sales": np.concatenate([SALES, 1000 * SALES]),
    })  # fmt: skip
    run = rs.train(frame, series="shop", target="sales", scale="log", window=12, updates=20, verbose=0, save=False)
    assert run.scalers.targets.mean[1, 0] - run.scalers.targets.mean[0, 0] == pytest.approx(np.log(1000), rel=1e-6)
    table = run.predictions()
    one, other = (table.loc[table["series"] == name, "prediction"].to_numpy() for name in ("a", "b"))
    assert other == pytest.approx(1000 * one, rel=1e-4)


def test_errors_of_several_targets_are_those_of_their_logarithms() -> None:
    """Errors in original units divided by the deviation of logarithms would compare the network with no baseline."""
    values = {"sales": SALES, "load": 1000 * SALES[::-1]}
    run = rs.train(
        pd.DataFrame(values), target="sales,load", scale="log", window=12, horizon=2, updates=2, verbose=0, save=False,
        calendar=False, val_fraction=0.0,
    )  # fmt: skip
    table = run.predictions()
    trained = {name: np.log(column[:120]) for name, column in values.items()}
    deviation = table["target"].map({name: own.std() for name, own in trained.items()})
    for column, metrics in (("prediction", run.metrics), ("baseline", min(run.baseline.values(), key=scaled_mse))):
        errors = (np.log(table[column].astype(float)) - np.log(table["truth"])) / deviation
        assert metrics["test_scaled_mse"] == pytest.approx((errors**2).mean(), rel=1e-4)
        if column == "prediction":
            by_step = (errors**2).groupby(table["step_ahead"]).mean()
            np.testing.assert_allclose(run.by_step["scaled_mse"], by_step, rtol=1e-4)
    assert run.lag is not None
    assert run.lag.last_value_error == pytest.approx(run.by_step["last_value_scaled_mse"][0] ** 0.5, rel=1e-4)


def scaled_mse(metrics: dict[str, float]) -> float:
    return metrics["test_scaled_mse"]


def test_a_value_that_is_missing_at_the_start_of_new_data_is_the_geometric_mean(run: rs.Run) -> None:
    """The mean of the logarithms, which is 3 or 4 here, is no value of the series."""
    trained = 120 - int(150 * run.experiment.data.val_fraction + 1e-9)
    mean = float(np.exp(np.log(SALES[:trained]).mean()))
    rows = SALES[:15].copy()
    filled = rows.copy()
    rows[0], filled[0] = np.nan, mean
    with pytest.warns(UserWarning, match="at the start with the mean"):
        received = run.predict(pd.DataFrame({"sales": rows}))
    np.testing.assert_allclose(received, run.predict(pd.DataFrame({"sales": filled})), rtol=1e-3)
