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
    assert run.metrics["test_loss"] == pytest.approx(float(np.mean(logs**2)), rel=1e-3)


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
