"""`rnnstudio backtest`: of a run and of a file, as tables, JSON and files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.wording import baseline_label

QUICK = ["--cell", "rnn", "--units", "2", "--updates", "2", "--batch-size", "16", "--window", "5"]


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    file = tmp_path / "sales.csv"
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"day": pd.date_range("2024-01-01", periods=90), "sales": 100 + np.arange(90) % 7 + rng.normal(size=90)}
    )
    frame.to_csv(file, index=False)
    return file


def test_a_file_is_trained_and_backtested_and_the_run_holds_the_result(invoke, sales, tmp_path):
    out = tmp_path / "table.csv"
    result = invoke("backtest", str(sales), "--steps", "3", "--origins", "4", "-o", str(out), *QUICK)
    saved = rs.load("latest")
    assert saved.experiment.data.horizon == 3
    backtest = saved.last_backtest
    lines = result.stdout.splitlines()
    assert lines[0] == backtest.conclusion
    assert lines[1] == "Forecasts of 3 steps ahead from 4 origins, 5 rows apart; " + lines[1].split("; ")[1]
    for method in backtest.methods[1:]:
        assert baseline_label(method) in result.stdout
    table = pd.read_csv(out)
    np.testing.assert_allclose(table["ets"], backtest.predictions()["ets"])
    assert len(table) == 12

    result = invoke("backtest", "latest", "--origins", "2", "--json")
    plain = json.loads(result.stdout)
    assert plain["run"] == saved.name
    assert plain["origins"] == 2
    assert plain["conclusion"] == rs.load("latest").last_backtest.conclusion
    assert {row["method"] for row in plain["metrics"]} == set(backtest.methods)

    result = invoke("backtest", "latest", "--window", "4")
    assert result.exit_code == 2
    assert "is a run, which has settings of its own: leave --window out" in result.stderr


def test_what_cannot_be_backtested_is_refused_with_a_sentence(invoke, sales):
    assert "Name what to backtest" in invoke("backtest").stderr
    assert "no recipe, data set or file" in invoke("backtest", "nothing").stderr
    result = invoke("backtest", str(sales), "--origins", "89", "--no-save", *QUICK)
    assert result.exit_code == 2
    assert "Choose at most" in result.stderr
    assert rs.runs() == []
