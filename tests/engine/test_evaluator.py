"""Evaluations, and the predictions that plots show: their positions, and their agreement with the run's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnstudio.api import train_experiment
from rnnstudio.core.errors import SettingError
from rnnstudio.core.events import Evaluated, Predicted
from rnnstudio.core.experiment import compose
from rnnstudio.core.predictions import ClassPredictions, SeriesPredictions
from rnnstudio.engine import evaluator, plot_schedule
from rnnstudio.engine.predict import Predictor
from rnnstudio.library.datasets.arrays import from_arrays
from rnnstudio.results.run import Run
from tests.engine.training import prepared, run

RNG = np.random.default_rng(1)
SERIES = np.column_stack([np.sin(np.arange(90) / 5), RNG.normal(size=90)])
DEFAULTS = {"units": 3, "batch_size": 4, "updates": 5, "cell": "rnn", "test_fraction": 0.3, "seed": 1}
CLASSES = (RNG.normal(size=(40, 6, 2)), np.arange(40) % 3)


def train(x: Any, y: Any = None, **settings: Any) -> Run:
    experiment = compose("arrays", {**DEFAULTS, **settings})
    data = from_arrays(x, y, experiment.data, experiment.seed)
    return train_experiment(experiment, lambda event: None, lambda: False, data=data, save=False)


@pytest.fixture(scope="module")
def forecast_run() -> Run:
    return train(SERIES, task="forecast", window=6, horizon=3, scale="standard")


def test_the_one_step_prediction_of_a_forecast_is_at_the_step_after_its_window() -> None:
    run = train(SERIES[:, :1], task="forecast", window=6, horizon=3, val_fraction=0.0)
    shown = run.record.predictions
    assert isinstance(shown, SeriesPredictions)
    predicted = run.predict(SERIES[:, 0])  # one per position of the window: 3 steps
    assert predicted.shape == (85, 3)
    assert shown.one_step_at[0] == 6
    np.testing.assert_allclose(shown.one_step, predicted[shown.one_step_at - 6, 0], atol=1e-6)
    np.testing.assert_allclose(shown.truth, SERIES[shown.first :, 0], atol=1e-6)
    np.testing.assert_allclose(shown.naive, SERIES[shown.one_step_at - 1, 0], atol=1e-6)
    test_begin = 90 - 27
    assert (shown.val_begin, shown.test_begin) == (test_begin, test_begin)
    assert shown.free_at[0] == test_begin
    np.testing.assert_allclose(shown.free, run.forecast(len(shown.free), start=test_begin), atol=1e-6)


def test_a_free_run_feeds_each_prediction_back(forecast_run: Run) -> None:
    inputs = SERIES.astype(np.float32)
    predicted = np.empty((0, 2))
    for _ in range(3):
        next_three = forecast_run.predict(inputs[-6:]).reshape(3, 2)
        predicted, inputs = np.concatenate([predicted, next_three]), np.concatenate([inputs, next_three])
    np.testing.assert_allclose(forecast_run.forecast(8), predicted[:8], atol=1e-5)


def test_test_metrics_of_a_forecast_are_those_of_its_predictions(forecast_run: Run) -> None:
    predicted = forecast_run.predict(SERIES).reshape(-1, 3, 2)
    starts = np.arange(63 - 6, 90 - 9 + 1)  # the first target of the first window is the first test row
    errors = np.concatenate([predicted[s] - SERIES[s + 6 : s + 9] for s in starts])
    scaled = errors / SERIES[:63].std(axis=0)  # two targets, whose units may differ
    assert forecast_run.metrics["test_scaled_mse"] == pytest.approx(np.mean(scaled**2), rel=1e-5)
    assert forecast_run.metrics["test_scaled_mae"] == pytest.approx(np.mean(np.abs(scaled)), rel=1e-5)
    assert not {"test_rmse", "test_mae"} & forecast_run.metrics.keys()
    assert not {"test_rmse", "test_mae"} & forecast_run.baseline["last_value"].keys()
    assert all("test_rmse" not in evaluation for evaluation in forecast_run.record.evaluations)


def test_one_step_predictions_at_each_step_are_those_from_the_whole_window(airline_run: Run) -> None:
    shown = airline_run.record.predictions
    predicted = airline_run.predict(airline_run.data().inputs[0, :, 0])  # step t predicts month t + 1
    np.testing.assert_allclose(shown.one_step, predicted[shown.one_step_at - 1], rtol=1e-5)
    assert shown.one_step_at[0] == 5
    assert shown.free_at[0] == 116


@pytest.mark.usefixtures("uncompiled")
def test_predictions_of_a_stateful_network_come_from_one_pass_over_the_series() -> None:
    x = SERIES[:, :1]
    trained = train(x, np.roll(x[:, 0], 1), task="regress", stateful=True, window=5, stride=5, batch_size=2)
    shown = trained.record.predictions
    np.testing.assert_array_equal(shown.one_step_at, np.arange(90))
    np.testing.assert_allclose(shown.one_step, trained.predict(x), atol=1e-5)


@pytest.mark.usefixtures("uncompiled")
def test_the_baseline_of_given_targets_is_the_training_mean() -> None:
    y = SERIES[:, 0] * 2
    trained = train(SERIES[:, 1], y, task="regress", window=5)
    positions = np.arange(5)
    train_targets = np.concatenate([y[s + positions] for s in range(63 - 5 + 1)])
    expected = np.sqrt(np.mean((y[63:] - train_targets.mean()) ** 2))  # each test row once
    assert trained.baseline["training_mean"]["test_rmse"] == pytest.approx(expected, rel=1e-5)
    inside = train(SERIES[:, 1], y, task="regress", window=5, test_context="inside")
    test_targets = np.concatenate([y[s + positions] for s in range(63, 90 - 5 + 1)])
    expected = np.sqrt(np.mean((test_targets - train_targets.mean()) ** 2))
    assert inside.baseline["training_mean"]["test_rmse"] == pytest.approx(expected, rel=1e-5)
    with pytest.raises(SettingError, match="predicts its own input series"):
        trained.forecast(3)


@pytest.mark.usefixtures("uncompiled")
def test_the_baseline_of_classes_is_the_majority_class_of_the_training_set() -> None:
    y = np.array([0] * 30 + [1] * 10)
    experiment = compose("arrays", {**DEFAULTS, "task": "classify"})
    data = from_arrays(RNG.normal(size=(40, 3)), y, experiment.data, experiment.seed)
    trained = train_experiment(experiment, lambda event: None, lambda: False, data=data, save=False)
    assert trained.baseline["majority_class"]["test_accuracy"] == np.mean(data.targets[data.test] == 0)


@pytest.mark.usefixtures("uncompiled")
def test_evaluations_are_at_the_start_at_the_wanted_updates_and_at_the_end() -> None:
    trained = train(SERIES, task="forecast", window=6, updates=23, epochs=99, evaluate_every=10)
    assert trained.record.evaluated("test_loss")[0].tolist() == [0, 10, 20, 23]


@pytest.mark.usefixtures("uncompiled")
def test_predictions_are_emitted_at_the_start_and_at_the_end() -> None:
    settings = {**DEFAULTS, "task": "forecast", "window": 6, "updates": 9, "evaluate_every": 1}
    _, events = run(*prepared(SERIES, None, **settings))
    steps = [e.step for e in events if isinstance(e, Predicted)]
    assert steps[0] == 0
    assert steps[-1] == 9


@pytest.mark.usefixtures("uncompiled")
def test_the_best_weights_are_those_of_the_best_evaluation() -> None:
    settings = {"updates": 20, "epochs": 99, "evaluate_every": 5, "learning_rate": 0.3, "restore_best_weights": True}
    trained = train(SERIES, task="forecast", window=6, **settings)
    _, test_losses = trained.record.evaluated("test_loss")
    assert test_losses.argmin() < len(test_losses) - 1
    assert trained.metrics["test_loss"] == pytest.approx(test_losses.min(), rel=1e-6)
    assert trained.metrics["best_test_loss"] == pytest.approx(test_losses.min(), rel=1e-6)


def test_the_last_class_predictions_are_those_of_the_final_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plot_schedule, "INTERVAL_FACTOR", 1e9)  # no predictions between the first and the last
    settings = {"restore_best_weights": True, "learning_rate": 0.5, "updates": 20, "evaluate_every": 1}
    trained = train(*CLASSES, task="classify", **settings)
    assert trained.metrics["best_update"] < 20  # the last weights are not the best
    shown = trained.record.predictions
    assert isinstance(shown, ClassPredictions)
    x = CLASSES[0][from_arrays(*CLASSES, trained.experiment.data, 1).test]
    np.testing.assert_allclose(shown.probabilities, trained.predict(x, probabilities=True), atol=1e-5)


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("settings", [{}, {"restore_best_weights": True, "learning_rate": 0.5}])
def test_the_test_set_is_evaluated_once_for_each_evaluation(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of a run adds no evaluation of its own, except for predictions of restored weights."""
    calls = []
    outputs = Predictor.outputs
    monkeypatch.setattr(Predictor, "outputs", lambda self, *args: [calls.append(self), outputs(self, *args)][1])
    trained, events = run(
        *prepared(*CLASSES, **{**DEFAULTS, "task": "classify", "updates": 6, "evaluate_every": 2, **settings})
    )
    evaluations = sum(isinstance(e, Evaluated) for e in events)
    restored = bool(settings) and trained.metrics["best_update"] < 6
    assert restored == bool(settings)
    assert len(calls) == evaluations + restored


@pytest.mark.usefixtures("uncompiled")
def test_at_the_end_all_windows_of_a_very_large_test_set_are_evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"task": "forecast", "window": 6}
    complete = train(SERIES, **settings)
    monkeypatch.setattr(evaluator, "_MAX_EVALUATED", 5)
    partial = train(SERIES, **settings)
    assert partial.metrics["test_loss"] == complete.metrics["test_loss"]
    assert partial.record.evaluated("test_loss")[1][-1] != complete.record.evaluated("test_loss")[1][-1]
