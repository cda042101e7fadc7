"""The recipes reproduce their publications, with the settings of the publications."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnstudio.api import train_experiment
from rnnstudio.core.catalog import RECIPES, models
from rnnstudio.core.experiment import compose
from rnnstudio.core.scaling import Scalers
from rnnstudio.engine.plan import make_plan
from rnnstudio.library.datasets import airline, echo
from rnnstudio.reading.text.text_table import read_table
from rnnstudio.results.run import Run

WINDOWS = 666


def train(recipe: str, **settings: Any) -> Run:
    return train_experiment(compose(recipe, settings), lambda event: None, lambda: False, save=False)


@pytest.fixture(scope="module")
def echo_run() -> Run:
    return train("echo", epochs=11)


def test_the_loss_of_echo_has_a_plateau_then_drops_then_peaks_at_the_start_of_each_epoch(echo_run: Run) -> None:
    losses = echo_run.record.loss.values.reshape(11, WINDOWS)
    medians = np.median(losses, axis=1)
    drop = int(np.flatnonzero(medians < 0.1)[0])
    assert 2 <= drop <= 8
    np.testing.assert_allclose(medians[: drop - 1], np.log(2), atol=0.02)  # the loss may drop in the epoch before
    for epoch in losses[drop + 2 :]:
        later = np.median(epoch[WINDOWS // 2 :])
        assert epoch[0] > 0.1
        assert epoch[0] > 20 * later
        assert np.quantile(epoch[5:], 0.98) < 0.05  # a rare pattern of bits may still occur for the first time
    assert echo_run.metrics["train_accuracy"] > 0.999


def test_echo_labels_a_new_series_after_some_steps(echo_run: Run) -> None:
    bits = np.random.default_rng(99).integers(0, 2, 300)
    predicted = echo_run.predict(bits).astype(int)
    np.testing.assert_array_equal(predicted[10:], bits[7:-3])


def test_a_window_as_short_as_the_delay_of_the_echo_cannot_learn(echo_run: Run) -> None:
    assert echo_run.experiment.data.window == 15
    assert echo_run.record.loss.values[-100:].mean() < 0.1
    assert train("echo", epochs=11, window=3).record.loss.values[-100:].mean() > 0.6


def test_echo_has_batches_of_five_sequences_of_ten_thousand_steps_in_windows_of_fifteen() -> None:
    experiment = compose("echo", {})
    data = echo.load(experiment.data, experiment.seed)
    plan = make_plan(experiment, data)
    assert (plan.updates_per_epoch, plan.updates, plan.batch) == (WINDOWS, 100 * WINDOWS, 5)
    block = next(plan.blocks())
    assert block.count == WINDOWS
    np.testing.assert_array_equal(block.starts, 15 * np.arange(666)[:, None] + 10_000 * np.arange(5))
    assert block.resets.tolist() == [True] + [False] * 665
    bits, target = data.inputs[0, :, 0], data.targets[0]
    assert set(np.unique(bits)) == {0, 1}
    np.testing.assert_array_equal(target[3:], bits[:-3])
    np.testing.assert_array_equal(target[:3], 0)


def test_echo_has_a_new_series_in_every_epoch_and_the_same_ones_for_the_same_seed() -> None:
    experiment = compose("echo", {})
    refresh = echo.load(experiment.data, 4).refresh
    assert refresh is not None
    np.testing.assert_array_equal(refresh(1).inputs, refresh(1).inputs)
    assert 0.4 < np.mean(refresh(1).inputs != refresh(2).inputs) < 0.6
    np.testing.assert_array_equal(refresh(0).inputs, echo.load(experiment.data, 4).inputs)


def test_toy_learns_the_sums_of_the_published_sequences() -> None:
    run = train("toy")
    assert run.record.updates == 1000
    assert run.metrics["train_loss"] < 3
    predicted = run.predict([[1, 2, 3, 4], [4, 5, 6, 7]])
    assert predicted.shape == (2, 4)
    np.testing.assert_allclose(predicted, [[1, 3, 5, 7], [4, 9, 11, 13]], atol=2)
    assert [(p["update"], p["published"]) for p in run.published][:2] == [(0, 103.46), (100, 63.42)]
    assert all(p["run"] is not None for p in run.published)


MODELS = {
    "har": ("rnn", 1, False),
    "har_lstm": ("lstm", 1, False),
    "har_gru": ("gru", 1, False),
    "har_bidirectional_lstm": ("lstm", 1, True),
    "har_two_layer_lstm": ("lstm", 2, False),
    "har_multi_layer_lstm": ("lstm", 4, False),
    "mnist_rows": ("rnn", 1, False),
    "mnist_rows_bidirectional_rnn": ("rnn", 1, True),
    "mnist_rows_three_layer_gru": ("gru", 3, False),
    "mnist_rows_lstm": ("lstm", 1, False),
}


@pytest.mark.parametrize("name", MODELS)
def test_all_models_of_a_publication_are_recipes_with_its_settings(name: str) -> None:
    first = "har" if name.startswith("har") else "mnist_rows"
    experiment, main = compose(name, {}), compose(first, {})
    model = experiment.model
    assert (model.cell, model.layers, model.bidirectional) == MODELS[name]
    assert (experiment.data, experiment.training) == (main.data, main.training)
    for setting in ("units", "cell_initializer", "head_initializer", "head_initializer_std"):
        assert getattr(model, setting) == getattr(main.model, setting)
    if model.cell == "lstm":
        assert experiment.flat()["forget_bias"] == 1
    if model.cell == "gru":
        assert experiment.flat()["reset_after"] is False  # as in TensorFlow 1
    assert models(name)[0] == first
    assert name in models(first)


def test_only_the_published_model_has_published_metrics() -> None:
    assert [r.name for r in RECIPES if r.published and r.defaults["dataset"] == "har"] == ["har"]
    test, train = RECIPES.get("har").published
    assert test.metric == "test_accuracy"
    assert [update for update, _ in test.points] == list(range(0, 5000, 500))
    assert (train.metric, train.points) == ("train_accuracy", ((3500, 0.79),))


def test_mnist_rows_learns_most_digits_in_a_hundred_updates(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RNNSTUDIO_DATA", str(real_data))
    run = train("mnist_rows")
    assert run.record.step == 100
    assert run.metrics["test_accuracy"] > 0.8
    assert run.baseline["majority_class"]["test_accuracy"] == pytest.approx(0.1135)


def test_har_is_compared_with_the_publication_at_the_published_updates(
    real_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNNSTUDIO_DATA", str(real_data))
    run = train("har", updates=500)
    rows = {(row["metric"], row["update"]): row for row in run.published}
    assert rows["test_accuracy", 0]["run"] < 0.45  # initial weights
    assert rows["test_accuracy", 500]["published"] == 0.6067
    assert rows["test_accuracy", 500]["run"] == pytest.approx(0.6067, abs=0.12)
    assert rows["test_accuracy", 1000]["run"] is None
    assert run.baseline["majority_class"]["test_accuracy"] == pytest.approx(
        537 / 2947
    )  # LAYING, as in the training set


def passengers() -> np.ndarray[Any, Any]:
    return read_table(Path(__file__).parents[2] / "resources" / "data" / "airline.csv").numbers(["Passengers"])[:, 0]


def test_airline_has_the_published_windows_and_scaling() -> None:
    experiment = compose("airline", {})
    data = airline.load(experiment.data, 0)
    assert (len(data.train), len(data.val), len(data.test)) == (110, 0, 22)
    np.testing.assert_array_equal(data.inputs[0, :, 0], passengers())
    scaled = Scalers.fit(data, experiment.data).apply(data)
    values = passengers().astype(np.float64)
    np.testing.assert_allclose(scaled.inputs[0, :, 0], (values - values.mean()) / values.std(), rtol=1e-6)
    first_test = int(data.starts[data.test[0]])
    assert first_test == 116
    np.testing.assert_array_equal(data.window_inputs(data.test)[0, :, 0], passengers()[116:121])
    np.testing.assert_array_equal(data.window_targets(data.test)[0, :, 0], passengers()[117:122])
    assert int(data.target_positions(data.train).max()) < 116


def test_the_baselines_of_airline_are_correct(airline_run: Run) -> None:
    values = passengers().astype(np.float64)
    steps = [t for start in range(116, 138) for t in range(start + 1, start + 6)]
    last = [values[t] - values[t - 1] for t in steps]
    season = [values[t] - values[t - 12] for t in steps]
    baselines = airline_run.baseline
    assert baselines["last_value"]["test_rmse"] == pytest.approx(np.sqrt(np.mean(np.square(last))))
    assert baselines["last_value"]["test_mae"] == pytest.approx(np.mean(np.abs(last)))
    assert baselines["seasonal_last_value"]["test_rmse"] == pytest.approx(np.sqrt(np.mean(np.square(season))))
    best = min(b["test_rmse"] for b in baselines.values())
    assert airline_run.metrics["skill"] == pytest.approx(1 - airline_run.metrics["test_rmse"] / best)


def test_airline_reads_the_published_versions_of_its_file(real_data: Path) -> None:
    files = sorted((real_data / "airline").glob("*.csv"))
    assert len(files) >= 5
    for file in files:
        data = airline.load(compose("airline", {"file": str(file)}).data, 0)
        np.testing.assert_array_equal(data.inputs[0, :, 0], passengers(), err_msg=file.name)


def test_airline_stops_after_three_evaluations_without_a_better_test_error() -> None:
    run = train("airline", units=6, learning_rate=0.05, evaluate_every=5, patience=3)
    _, losses = run.record.evaluated("test_loss")
    assert run.outcome == "early_stopped"
    best = int(np.argmin(losses))
    assert len(losses) == best + 4
    assert any("Early stopping used the test set" in w for w in run.warnings)
