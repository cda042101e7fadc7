"""Automatic settings: chosen from the training set alone, kept with the run, and never in place of a given value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import rnnstudio as rs
from rnnstudio.core.automatic import Resolved, resolve
from rnnstudio.core.automatic_rules import choices_for
from rnnstudio.core.catalog import DATASETS, RECIPES, load_data
from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import Experiment, compose, schema
from rnnstudio.core.training_facts import TrainingFacts
from rnnstudio.library.datasets.arrays import from_arrays

BRIEF: dict[str, Any] = {"verbose": 0, "save": False, "updates": 2}


def seasonal(length: int, season: int, seed: int = 0, drift: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    steps = np.arange(length)
    return 10 + drift * steps + np.sin(2 * np.pi * steps / season) + 0.1 * rng.standard_normal(length)


def resolved(x: Any, y: Any = None, **given_settings: Any) -> Resolved:
    experiment = compose("arrays", {"task": "forecast", **given_settings})
    return resolve(experiment, lambda chosen, seed: from_arrays(x, y, chosen, seed))  # type: ignore[arg-type]


def values(result: Resolved) -> dict[str, Any]:
    return {choice.setting: choice.value for choice in result.choices}


@given(
    length=st.integers(30, 400),
    season=st.sampled_from([5, 12, 24]),
    horizon=st.integers(1, 6),
    test_fraction=st.sampled_from([0.1, 0.2, 0.4]),
    seed=st.integers(0, 5),
)
@settings(max_examples=30, deadline=None)
def test_what_is_chosen_depends_on_the_training_set_alone(
    length: int, season: int, horizon: int, test_fraction: float, seed: int
) -> None:
    assume(int(length * test_fraction) >= horizon)
    series = seasonal(length, season, seed, drift=0.05)
    other = series.copy()
    other[length - int(length * test_fraction) :] = np.random.default_rng(seed).normal(
        -500, 90, int(length * test_fraction)
    )
    one, two = (resolved(x, horizon=horizon, test_fraction=test_fraction) for x in (series, other))
    assert one.choices == two.choices
    assert not one.experiment.automatic
    assert set(values(one)) == set(one.requested.automatic)


@given(length=st.integers(16, 900), season=st.sampled_from([0, 7, 12, 96]), horizon=st.integers(1, 30))
@settings(max_examples=25, deadline=None)
def test_every_series_that_holds_a_few_horizons_can_be_trained_with_automatic_settings(
    length: int, season: int, horizon: int
) -> None:
    assume(length >= 8 * horizon)
    result = resolved(seasonal(length, season or 10_000), horizon=horizon)
    assert len(result.data.train)
    assert len(result.data.test)
    val = len(result.data.val)
    assert val >= 8 or (val == 0 and values(result)["restore_best_weights"] is False)


@pytest.mark.parametrize(
    ("name", "value"),
    [("window", 9), ("val_fraction", 0.0), ("frame", 2), ("epochs", 3), ("batch_size", 5), ("predict_change", "none"),
     ("patience", 4), ("restore_best_weights", False), ("learning_rate", 0.5), ("dropout", 0.25)],
)  # fmt: skip
def test_a_given_value_is_never_replaced(name: str, value: Any) -> None:
    result = resolved(seasonal(400, 12), **{name: value})
    assert result.experiment.flat()[name] == value
    assert name not in values(result)


def test_auto_asks_for_an_automatic_setting_of_a_recipe_too() -> None:
    experiment = compose("airline", {"window": "auto"})
    assert experiment.automatic == ("window",)
    assert experiment.flat()["window"] == "auto"
    assert experiment.recipe == "airline"


@pytest.mark.parametrize("name", ["horizon", "layers", "seed"])
def test_a_setting_without_a_rule_cannot_be_automatic(name: str) -> None:
    with pytest.raises(SettingError, match=f"{name} must be a whole number"):
        compose("file", {name: "auto"})


@pytest.mark.parametrize("dataset", ["file", "arrays", "sequences"])
def test_settings_of_own_data_are_automatic_unless_they_are_given(dataset: str) -> None:
    experiment = compose(dataset, {"scale": "none", "epochs": 7, "batch_size": 16.0})
    automatic = {name for name, field in schema(dataset, "lstm").items() if field.automatic}
    assert set(experiment.automatic) == automatic - {"scale", "epochs", "batch_size"}
    assert {name: experiment.flat()[name] for name in ("scale", "epochs", "batch_size")} == {
        "scale": "none", "epochs": 7, "batch_size": 16,
    }  # fmt: skip
    assert compose(dataset, {"recipe": "none"}) == compose(dataset, {})
    described = {row["name"]: row["default"] for row in rs.describe("dataset", dataset)["settings"]}
    of_reading = {name for name, field in schema(dataset, "lstm").items() if field.default == "auto"}
    assert {name for name, default in described.items() if default == "auto"} - of_reading == automatic & {*described}


def test_a_recipe_trains_another_data_set_with_its_network_and_automatic_windows() -> None:
    experiment = compose("airline", {"dataset": "file", "file": "sales.csv", "val_fraction": 0.2})
    assert set(experiment.automatic) == {"window", "frame", "scale", "calendar"}
    assert experiment.recipe == ""
    assert experiment.model == compose("airline", {}).model
    assert experiment.training == compose("airline", {}).training


def test_a_training_from_the_weights_of_a_run_has_its_values_in_place_of_automatic_ones() -> None:
    first = rs.train(seasonal(90, 12), task="forecast", units=4, **BRIEF)
    again = rs.train(seasonal(2000, 12), task="forecast", units=4, initial_weights=first, learning_rate=0.5, **BRIEF)
    assert again.experiment.training.learning_rate == 0.5
    assert again.experiment.with_values({"learning_rate": first.experiment.training.learning_rate}) == first.experiment
    assert not again.choices


def test_the_weights_of_a_run_with_another_task_are_refused_by_their_own_name() -> None:
    sequences = np.random.default_rng(0).normal(size=(40, 12, 1))
    classifier = rs.train(sequences, [0, 1] * 20, task="classify", **BRIEF)
    with pytest.raises(SettingError, match=r"^initial_weights do not fit"):
        rs.train(seasonal(90, 12), task="forecast", initial_weights=classifier, **BRIEF)


def test_recipes_have_no_automatic_settings_of_their_own() -> None:
    assert all(not compose(recipe.name, {}).automatic for recipe in RECIPES)


@pytest.mark.parametrize(
    "recipe", sorted({str(r.defaults["dataset"]) for r in RECIPES} - {"har", "mnist_rows", "etth2"})
)
def test_the_data_of_every_recipe_can_be_trained_with_automatic_settings(recipe: str) -> None:
    experiment = compose(recipe, {"recipe": "none"})
    automatic = {
        name for name, field in schema(experiment.data.dataset, experiment.model.cell).items() if field.automatic
    }
    assert set(experiment.automatic) == automatic
    assert not experiment.recipe
    result = resolve(experiment, load_data)
    assert len(result.data.train)
    assert not result.experiment.automatic


def test_another_recipe_cannot_be_taken_from_a_recipe() -> None:
    with pytest.raises(SettingError, match="recipe must be none"):
        compose("airline", {"recipe": "echo"})


@pytest.mark.parametrize("dataset", [d.name for d in DATASETS])
def test_an_experiment_with_automatic_settings_survives_a_file(dataset: str) -> None:
    experiment = compose(dataset, {"recipe": "none"})
    assert Experiment.from_json(experiment.to_json()) == experiment


def test_a_run_keeps_what_was_asked_for_and_what_was_chosen(tmp_path: Path) -> None:
    run = rs.train(seasonal(200, 12), task="forecast", units=4, **BRIEF)
    run.save(tmp_path / "run")
    loaded = rs.load(tmp_path / "run")
    assert loaded.choices == run.choices
    assert loaded.requested == run.requested
    assert loaded.experiment == run.experiment
    assert "window" in loaded.requested.automatic
    assert run.summary()["automatic"][0].keys() == {"setting", "value", "reason"}


def test_a_script_trains_with_the_values_that_were_chosen(tmp_path: Path) -> None:
    frame = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=150), "sales": seasonal(150, 7)})
    frame.to_csv(tmp_path / "sales.csv", index=False)
    run = rs.train(tmp_path / "sales.csv", target="sales", units=4, **BRIEF)
    script = Path(run.export(tmp_path / "again.py")).read_text()
    assert "auto" not in script.lower().replace("automatic", "")
    again: dict[str, Any] = {}
    exec(script.replace("run.plot", "(lambda *a: None)").replace('"file",', '"file", verbose=0, save=False,', 1), again)
    assert again["run"].metrics == run.metrics


def test_without_a_validation_set_the_last_weights_are_kept_and_it_is_said() -> None:
    result = resolved(seasonal(40, 12))
    assert not len(result.data.val)
    reasons = {choice.setting: choice.reason for choice in result.choices}
    assert "the last weights are kept" in reasons["val_fraction"]
    assert result.experiment.training.restore_best_weights is False
    assert result.experiment.training.patience == 0


def test_the_window_is_the_one_from_which_a_linear_model_forecasts_best() -> None:
    rng = np.random.default_rng(1)
    strong = np.tile(rng.normal(0, 10, 48), 20) + 0.1 * rng.standard_normal(960)
    assert values(resolved(strong))["window"] >= 48
    walk = np.cumsum(rng.standard_normal(960))
    assert values(resolved(walk))["window"] == 24


def test_the_linear_part_of_direct_forecasts_stays_a_ridge_regression() -> None:
    for horizon, multi_step, freezes in ((1, "direct", True), (6, "direct", True), (6, "recursive", False)):
        chosen = values(resolved(seasonal(200, 12), horizon=horizon, multi_step=multi_step))
        assert chosen["linear_skip"] is True
        assert chosen["freeze_linear_skip"] is freezes
    other = values(resolved(seasonal(200, 12), 2 * seasonal(200, 12), task="regress"))
    assert not other.get("linear_skip")
    assert not other.get("freeze_linear_skip")


def test_logarithms_are_chosen_where_the_season_grows_with_the_level() -> None:
    steps = np.arange(160)
    noise = np.random.default_rng(2).standard_normal(160)
    growing = np.exp(0.03 * steps + 0.5 * np.sin(2 * np.pi * steps / 12) + 0.02 * noise)
    assert values(resolved(growing))["scale"] == "log"
    assert values(resolved(growing - growing.mean()))["scale"] == "standard"
    assert "scale" not in values(resolved(growing, scale="standard"))


def test_a_validation_set_of_sequences_has_several_of_each_class() -> None:
    x, y = np.random.default_rng(0).normal(size=(40, 20, 2)), np.arange(40) % 2
    experiment = compose("arrays", {"task": "classify"})
    result = resolve(experiment, lambda chosen, seed: from_arrays(x, y, chosen, seed))  # type: ignore[arg-type]
    counts = np.bincount(result.data.targets[result.data.val], minlength=2)
    assert len(result.data.val) == 0 or counts.min() >= 4


@pytest.mark.parametrize(("length", "steps"), [(40, 40), (150, 38), (900, 57), (1460, 92)])
def test_convolutional_layers_make_few_steps_of_long_sequences(length: int, steps: int) -> None:
    x, y = np.random.default_rng(0).normal(size=(30, length, 1)), np.arange(30) % 2
    experiment = compose("arrays", {"task": "classify"})
    result = resolve(experiment, lambda chosen, seed: from_arrays(x, y, chosen, seed))  # type: ignore[arg-type]
    model = result.experiment.model
    for _ in range(model.conv_layers if model.conv_filters else 0):
        length = -(-length // model.conv_stride)
    assert length == steps


@pytest.mark.usefixtures("automatic_bands")
def test_forecasts_have_bands_and_other_tasks_have_none() -> None:
    series = seasonal(200, 7)
    assert values(resolved(series[:, None]))["levels"] == [80, 95]
    frame = np.stack([series, series**2], axis=1)
    of_rows = compose("arrays", {"task": "regress"})
    chosen = resolve(of_rows, lambda settings, seed: from_arrays(frame, series, settings, seed))  # type: ignore[arg-type]
    assert values(chosen)["levels"] == []
    assert compose("airline", {}).training.levels == []


@pytest.mark.parametrize(
    ("columns", "group", "rotation"),
    [
        (["acc_x", "acc_y", "acc_z"], "person", 23.0),
        (["acc_x", "acc_y", "acc_z"], "", 0.0),  # who wore it is not known
        (["heat", "noise", "light"], "person", 0.0),
    ],
)
def test_sensors_that_persons_wear_are_rotated(columns: list[str], group: str, rotation: float) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(40 * 8, 3)), columns=columns)
    frame["walk"], frame["person"] = np.repeat(np.arange(40), 8), np.repeat(np.arange(10), 32)
    frame["activity"] = np.where(frame["walk"] % 2, "up", "down")
    named = {"group": group} if group else {"features": ",".join(columns)}
    experiment = compose("arrays", {"task": "classify", "sequence": "walk", "target": "activity", **named})
    result = resolve(experiment, lambda chosen, seed: from_arrays(frame, None, chosen, seed))  # type: ignore[arg-type]
    assert values(result)["rotation_std"] == result.experiment.training.rotation_std == rotation
    assert values(result)["patience"] == (0 if group or not values(result)["restore_best_weights"] else 12)


@pytest.mark.parametrize(("sequences", "units"), [(300, 32), (6_600, 32), (60_000, 64)])
def test_very_many_sequences_are_learned_by_more_units(sequences: int, units: int) -> None:
    facts = TrainingFacts(
        "classify", False, 20, 20, 20, sequences=sequences, smallest_class=sequences // 10, classes=10
    )
    assert choices_for(compose("arrays", {"task": "classify"}), facts)["units"][0] == units
