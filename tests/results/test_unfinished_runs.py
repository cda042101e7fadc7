"""A run whose process ended before its training: what it says is true of the weights it has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import rnnstudio as rs
from rnnstudio.results.run import Run
from rnnstudio.results.unfinished_runs import keep_run
from tests.interrupted import crashed


def rmse(run: Run) -> float:
    table = run.predictions()
    return float(np.sqrt(np.mean((table.truth - table.prediction) ** 2)))


@pytest.mark.parametrize("settings", [{"evaluate_every": 1}, {"evaluate_every": 7}, {"evaluate_every": 1000}])
@pytest.mark.parametrize("restore", [True, False])
def test_metrics_are_those_of_the_weights_or_there_are_none(home, settings: dict[str, int], restore: bool) -> None:
    settings = {**settings, "restore_best_weights": restore}
    folder = crashed("airline", after=30, updates=2000, units=3, patience=0, learning_rate=0.02, **settings)
    run = rs.load(folder)
    assert run.outcome == "interrupted"
    step, evaluated = run.record.weights_step, {int(e["step"]) for e in run.record.evaluations}
    assert bool(run.metrics) == (step in evaluated)
    if run.metrics:
        assert run.metrics["test_rmse"] == pytest.approx(rmse(run), rel=1e-5)
    assert [row["metrics"] for row in rs.runs()] == [run.metrics]

    as_of = run.at(step)
    assert as_of.metrics["test_rmse"] == pytest.approx(rmse(run), rel=1e-5)
    assert as_of.record.step == step

    keep_run(folder)
    kept: Any = rs.load(folder)
    assert kept.outcome == "stopped"
    assert kept.metrics == run.metrics
    said = [warning for warning in kept.warnings if warning.startswith("The process ended before")]
    of_weights = "weights and metrics are those of" if run.metrics else "the weights are those of"
    assert len(said) == 1
    assert f"{of_weights} update {step}" in said[0]
    assert said[0].endswith("." if run.metrics else "which were not evaluated.")
