"""What pictures are drawn from stands at the right places and is what the run itself tells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnstudio.api import train_experiment
from rnnstudio.core.errors import SettingError
from rnnstudio.core.events import Predicted
from rnnstudio.core.experiment import compose
from rnnstudio.core.predictions import ClassPredictions, SeriesPredictions
from rnnstudio.engine import train as engine
from rnnstudio.library.datasets.arrays import from_arrays
from rnnstudio.results.run import Run

RNG = np.random.default_rng(1)
SERIES = np.column_stack([np.sin(np.arange(90) / 5), RNG.normal(size=90)])
PLAIN = {"units": 3, "batch_size": 4, "updates": 5, "cell": "rnn", "test_fraction": 0.3, "seed": 1}


def train(x: Any, y: Any = None, **settings: Any) -> Run:
    chosen = compose("arrays", {**PLAIN, **settings})
    data = from_arrays(x, y, chosen.data, chosen.seed)
    return train_experiment(chosen, lambda event: None, lambda: False, data=data, save=False)


@pytest.fixture(scope="module")
def forecast_run() -> Run:
    return train(SERIES, task="forecast", window=6, horizon=3)


def test_one_step_predictions_of_a_forecast_stand_just_after_their_window(forecast_run: Run) -> None:
    a = forecast_run.record.predictions
    assert isinstance(a, SeriesPredictions)
    told = forecast_run.predict(SERIES)  # one answer per place of the window: 3 steps of 2 features
    assert told.shape == (85, 6)
    assert a.one_step_at[0] == 6
    np.testing.assert_allclose(a.one_step, told[a.one_step_at - 6, 0], atol=1e-6)
    np.testing.assert_allclose(a.truth, SERIES[a.first :, 0], atol=1e-6)
    np.testing.assert_allclose(a.naive, SERIES[a.one_step_at - 1, 0], atol=1e-6)
    test_begin = 90 - 27
    assert (a.val_begin, a.test_begin) == (test_begin, test_begin)
    assert a.free_at[0] == test_begin
    np.testing.assert_allclose(a.free, forecast_run.forecast(len(a.free), start=test_begin)[:, 0], atol=1e-6)


def test_a_free_run_feeds_each_prediction_back(forecast_run: Run) -> None:
    seen = SERIES.astype(np.float32)
    told = np.empty((0, 2))
    for _ in range(3):
        next_three = forecast_run.predict(seen[-6:]).reshape(3, 2)
        told, seen = np.concatenate([told, next_three]), np.concatenate([seen, next_three])
    np.testing.assert_allclose(forecast_run.forecast(8), told[:8], atol=1e-5)


def test_test_figures_of_a_forecast_are_those_of_its_predictions(forecast_run: Run) -> None:
    told = forecast_run.predict(SERIES).reshape(-1, 3, 2)
    starts = np.arange(63, 90 - 9 + 1)
    gaps = np.concatenate([told[s] - SERIES[s + 6 : s + 9] for s in starts])
    assert forecast_run.metrics["test_rmse"] == pytest.approx(np.sqrt(np.mean(gaps**2)), rel=1e-5)
    assert forecast_run.metrics["test_mae"] == pytest.approx(np.mean(np.abs(gaps)), rel=1e-5)


def test_one_step_predictions_at_every_step_are_those_on_the_whole_window(airline_run: Run) -> None:
    a = airline_run.record.predictions
    values = airline_run.data().inputs[0, :, 0]
    told = airline_run.predict(values)  # step t tells month t + 1
    np.testing.assert_allclose(a.one_step, told[a.one_step_at - 1], rtol=1e-5)
    assert a.one_step_at[0] == 5
    assert a.free_at[0] == 116


@pytest.mark.usefixtures("uncompiled")
def test_a_carried_network_is_drawn_with_its_state_running_on() -> None:
    x = SERIES[:, :1]
    run = train(x, np.roll(x[:, 0], 1), task="regress", stateful=True, window=5, stride=5, batch_size=2)
    a = run.record.predictions
    np.testing.assert_array_equal(a.one_step_at, np.arange(90))
    np.testing.assert_allclose(a.one_step, run.predict(x), atol=1e-5)


@pytest.mark.usefixtures("uncompiled")
def test_regress_of_own_targets_compares_with_the_training_mean() -> None:
    y = SERIES[:, 0] * 2
    run = train(SERIES[:, 1], y, task="regress", window=5)
    positions = np.arange(5)
    train_targets = np.concatenate([y[s + positions] for s in range(63 - 5 + 1)])
    test_targets = np.concatenate([y[s + positions] for s in range(63, 90 - 5 + 1)])
    expected = np.sqrt(np.mean((test_targets - train_targets.mean()) ** 2))
    assert run.baseline["training_mean"]["test_rmse"] == pytest.approx(expected, rel=1e-5)
    with pytest.raises(SettingError, match="predicts its own series"):
        run.forecast(3)


@pytest.mark.usefixtures("uncompiled")
def test_classes_compare_with_the_majority_of_the_training_part() -> None:
    y = np.array([0] * 30 + [1] * 10)
    chosen = compose("arrays", {**PLAIN, "task": "classify"})
    data = from_arrays(RNG.normal(size=(40, 3)), y, chosen.data, chosen.seed)
    run = train_experiment(chosen, lambda event: None, lambda: False, data=data, save=False)
    assert run.baseline["majority_class"]["test_accuracy"] == np.mean(data.targets[data.test] == 0)


@pytest.mark.usefixtures("uncompiled")
def test_looks_come_at_the_asked_updates_and_at_the_end() -> None:
    run = train(SERIES, task="forecast", window=6, updates=23, epochs=99, evaluate_every=10)
    assert run.record.evaluated("test_loss")[0].tolist() == [0, 10, 20, 23]


@pytest.mark.usefixtures("uncompiled")
def test_pictures_come_at_least_at_the_start_and_at_the_end() -> None:
    chosen = compose("arrays", {**PLAIN, "task": "forecast", "window": 6, "updates": 9, "evaluate_every": 1})
    data = from_arrays(SERIES, None, chosen.data, chosen.seed)
    events: list[Any] = []
    train_experiment(chosen, events.append, lambda: False, data=data, save=False)
    steps = [e.step for e in events if isinstance(e, Predicted)]
    assert steps[0] == 0
    assert steps[-1] == 9


@pytest.mark.parametrize("setting", [{"patience": 2}, {"restore_best_weights": True}])
def test_what_needs_a_held_out_part_is_refused_without_one(setting: dict[str, Any]) -> None:
    with pytest.raises(SettingError, match="needs a validation or test part") as caught:
        train(SERIES, task="forecast", window=6, **{**setting, "test_fraction": 0.0})
    assert caught.value.field in setting


@pytest.mark.usefixtures("uncompiled")
def test_keep_best_ends_with_the_weights_of_the_best_look() -> None:
    run = train(
        SERIES,
        task="forecast",
        window=6,
        updates=20,
        epochs=99,
        evaluate_every=5,
        restore_best_weights=True,
        learning_rate=0.3,
    )
    _, looks = run.record.evaluated("test_loss")
    assert looks.argmin() < len(looks) - 1
    assert run.metrics["test_loss"] == pytest.approx(looks.min(), rel=1e-6)
    assert run.metrics["best_test_loss"] == pytest.approx(looks.min(), rel=1e-6)


def test_the_last_picture_of_classes_shows_what_the_kept_weights_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_PICTURE_SHARE", 1e9)  # no picture but the first and the last has its turn
    x, y = RNG.normal(size=(40, 6, 2)), np.arange(40) % 3
    settings = {"restore_best_weights": True, "learning_rate": 0.5, "updates": 20, "evaluate_every": 1}
    run = train(x, y, task="classify", **settings)
    assert run.metrics["best_update"] < 20  # the weights of the last look are not those that were kept
    predictions = run.record.predictions
    assert isinstance(predictions, ClassPredictions)
    test = from_arrays(x, y, run.experiment.data, 1).test
    np.testing.assert_allclose(predictions.probabilities, run.predict(x[test], probabilities=True), atol=1e-5)
