"""A run that ends worse than it was at its best evaluation says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rnnstudio.core.better_before import BetterBefore, better_before
from rnnstudio.core.conclusions import conclusions
from rnnstudio.core.data_info import DataInfo

VALUES = DataInfo(
    task="forecast", features=("v",), target_names=("v",), classes=(), outputs=1, window=5, unit="kWh",
    step_name="step", autoregressive=True, one_series=True, windows={"train": 80, "val": 10, "test": 20},
)  # fmt: skip
CLASSES = replace(VALUES, task="classify", classes=("a", "b"), unit="")
EVALUATIONS = [
    {"step": 0.0, "val_loss": 0.9, "val_accuracy": 0.5, "val_rmse": 30.0, "test_rmse": 31.0},
    {"step": 3500.0, "val_loss": 0.4, "val_accuracy": 0.839, "val_rmse": 10.0, "test_rmse": 11.0},
    {"step": 5000.0, "val_loss": 0.8, "val_accuracy": 0.696, "val_rmse": 12.5, "test_rmse": 12.0},
]
BEST = {"best_val_loss": 0.4, "best_update": 3500.0}


def test_the_accuracy_on_the_validation_set_is_named() -> None:
    before = better_before({"val_accuracy": 0.696, "val_loss": 0.8, **BEST}, EVALUATIONS, CLASSES)
    assert before is not None
    assert before.sentence() == "Validation accuracy 69.6%; it was 83.9% at update 3,500."
    assert not before.on_test


def test_of_values_the_error_in_their_unit_is_named() -> None:
    before = better_before({"val_rmse": 12.5, "val_loss": 0.8, **BEST}, EVALUATIONS, VALUES)
    assert before is not None
    assert before.sentence() == "Validation RMSE 12.5 kWh; it was 10 at update 3,500."


def test_of_several_targets_whose_units_differ_the_loss_is_named() -> None:
    info = replace(VALUES, target_names=("v", "w"))
    before = better_before({"val_rmse": 12.5, "val_loss": 0.8, **BEST}, EVALUATIONS, info)
    assert before is not None
    assert before.sentence() == "Validation loss 0.8; it was 0.4 at update 3,500."


def test_without_a_validation_set_it_is_said_that_a_choice_would_be_one_on_the_test_set() -> None:
    metrics = {"test_rmse": 12.0, "best_test_loss": 0.4, "best_update": 3500.0}
    before = better_before(metrics, EVALUATIONS, VALUES)
    assert before is not None
    assert before.on_test
    assert before.sentence(chosen_on_test=True) == (
        "Test RMSE* 12 kWh; it was 11 at update 3,500, but to keep the weights of that update would be a choice on the "
        "test set."
    )


@pytest.mark.parametrize("accuracy", [0.839, 0.8392, 0.9])
def test_where_the_end_is_as_good_nothing_is_said(accuracy: float) -> None:
    assert better_before({"val_accuracy": accuracy, "val_loss": 0.8, **BEST}, EVALUATIONS, CLASSES) is None


def test_a_run_without_evaluations_says_nothing() -> None:
    assert better_before({"train_loss": 0.1}, [], CLASSES) is None
    assert better_before({"val_accuracy": 0.5, **BEST}, [], CLASSES) is None


def test_the_sentence_takes_the_place_of_that_on_the_best_loss() -> None:
    metrics = {"val_accuracy": 0.696, **BEST}
    before = BetterBefore("val_accuracy", 0.696, 0.839, 3500)
    assert conclusions(metrics, {}, CLASSES, updates=5000, before=before) == [before.sentence()]
    assert conclusions(metrics, {}, CLASSES, updates=5000) == ["Best validation loss: 0.4, at update 3,500."]
