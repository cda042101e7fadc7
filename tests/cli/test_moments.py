"""Commands use a run as it was at a moment of its training."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.results.run import Run

SERIES = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=90), "sales": np.arange(90) % 7 + 5.0})


@pytest.fixture
def run(home: Path, tmp_path: Path) -> Run:
    SERIES.to_csv(tmp_path / "sales.csv", index=False)
    settings = {"window": 7, "updates": 60, "evaluate_every": 5, "levels": [80], "restore_best_weights": False}
    trained = rs.train(tmp_path / "sales.csv", **settings, units=4, patience=0, verbose=0)
    assert isinstance(trained, Run)
    return trained


def test_forecasts_and_predictions_are_those_of_the_moment(invoke: Any, run: Run, tmp_path: Path) -> None:
    result = invoke("forecast", run.name, "--steps", "3", "--at", "21")
    assert result.exit_code == 0
    table = pd.read_csv(io.StringIO(result.stdout))
    assert list(table.columns) == ["step", "time", "sales"]
    np.testing.assert_allclose(table["sales"], run.at(20).forecast(3), rtol=1e-6)
    assert f"the weights after update 20 of {run.name}, which trained 60 updates" in result.stderr
    assert "no bands" in result.stderr
    result = invoke("predict", run.name, "--input", str(tmp_path / "sales.csv"), "--at", "best")
    np.testing.assert_allclose(
        pd.read_csv(io.StringIO(result.stdout))["prediction"], run.at("best").predict(SERIES).ravel(), rtol=1e-5
    )


def test_a_plot_is_that_of_the_moment(invoke: Any, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "plot.svg"
    result = invoke("plot", run.name, "--kind", "forecast", "--at", "20", "-o", str(file))
    assert result.exit_code == 0, result.output
    assert "After update 20" in file.read_text()
    result = invoke("plot", run.name, "--kind", "error_by_step", "--at", "20")
    assert result.exit_code
    assert "--at is for plots of a training" in result.stderr


@pytest.mark.parametrize("at", ["first", "-3", "1.5"])
def test_another_moment_is_refused(invoke: Any, run: Run, at: str) -> None:
    result = invoke("forecast", run.name, "--at", at)
    assert result.exit_code
    assert "best or last" in result.stderr or "update must be" in result.stderr


def test_a_table_and_a_copy_are_those_of_the_moment(invoke: Any, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "predictions.csv"
    assert invoke("export", run.name, "--at", "20", "--table", "predictions", "-o", str(file)).exit_code == 0
    table = pd.read_csv(file)
    np.testing.assert_allclose(table["prediction"], run.at(20).predictions()["prediction"], rtol=1e-6)
    assert table["chosen_on_test"].all()
    copy = tmp_path / "moment.rnnrun"
    assert invoke("export", run.name, "--at", "20", "-o", str(copy)).exit_code == 0
    kept = rs.load(copy)
    assert isinstance(kept, Run)
    assert (kept.record.step, kept.record.picked) == (20, "hand")
    result = invoke("export", run.name, "--at", "20", "-o", str(tmp_path / "train.py"))
    assert result.exit_code
    assert "were picked" in result.stderr
