"""A run whose process ended before its training: what it says is true of the weights it has."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

import rnnstudio as rs
from rnnstudio.core.events import Event, StepsDone
from rnnstudio.results.run import Run
from rnnstudio.results.source import experiment_and_data
from rnnstudio.results.store_entries import run_folders
from rnnstudio.results.training import train_experiment
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


@pytest.mark.parametrize(
    "settings", [{}, {"optimizer": "sgd", "momentum": 0.9}, {"stateful": True, "layers": 1, "batch_size": 2}]
)
def test_a_training_from_given_weights_goes_on_with_them_before_its_first_checkpoint(
    home, settings: dict[str, Any]
) -> None:
    settings = {"units": 3, "window": 10, "updates": 40, "sampling": "sequential", **settings}
    before = rs.train("airline", seed=5, verbose=0, **settings)
    whole = rs.train("airline", initial_weights=before, seed=6, verbose=0, **settings)

    def emit(event: Event) -> None:
        if isinstance(event, StepsDone):
            time.sleep(0.5)  # until the folder is there
            raise SystemExit

    experiment = experiment_and_data("airline", None, (), {**settings, "seed": 6})
    with pytest.raises(SystemExit):
        train_experiment(experiment, emit, lambda: False, save=True, initial_weights=before, checkpoint_seconds=3600)
    folder = next(folder for folder in run_folders() if rs.load(folder).outcome == "interrupted")
    interrupted = rs.load(folder)
    assert (interrupted.record.step, interrupted.record.weights_step, interrupted.metrics) == (0, 0, {})
    for name, values in before.weights.items():
        np.testing.assert_array_equal(interrupted.weights[name], values)
    assert interrupted.at(0).metrics["test_rmse"] == pytest.approx(before.metrics["test_rmse"], rel=1e-6)

    resumed = rs.resume(folder, verbose=0)
    for name, values in whole.weights.items():
        assert resumed.weights[name].tobytes() == values.tobytes()
    assert resumed.record.loss.values.tobytes() == whole.record.loss.values.tobytes()
    assert resumed.record.evaluations == whole.record.evaluations
    assert resumed.metrics == whole.metrics
    assert resumed.kept_updates == whole.kept_updates
