"""A run is compared with its best baseline in one sentence, with the ratio and in the words of its data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rnnstudio.core.conclusions import conclusions
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.lag import LagErrors

INFO = DataInfo(
    task="forecast", features=("v",), target_names=("v",), classes=(), outputs=1, window=5, unit="", step_name="step",
    autoregressive=True, one_series=True, windows={"train": 80, "val": 0, "test": 20},
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "baseline", "sentence"),
    [
        (12.3, 5.6, "Test RMSE 12.3 is 2.2 times the error of repeating the last value (5.6)."),
        (7.5, 5.0, "Test RMSE 7.5 is 1.5 times the error of repeating the last value (5)."),
        (5.4, 5.0, "Test RMSE 5.4 is 8% worse than repeating the last value (5)."),
        (5.01, 5.0, "Test RMSE 5.01 is 0.2% worse than repeating the last value (5)."),
        (5.0, 5.0, "Test RMSE 5 is no better than repeating the last value (5)."),
        (5.00001, 5.0, "Test RMSE 5 is no better than repeating the last value (5)."),
        (4.6, 5.0, "Test RMSE 4.6 is 8% better than repeating the last value (5)."),
        (0.01, 5.0, "Test RMSE 0.01 is 99.8% better than repeating the last value (5)."),
        (1e-9, 5.0, "Test RMSE 1e-09 is >99.9% better than repeating the last value (5)."),
        (0.0, 5.0, "Test RMSE 0 is 100% better than repeating the last value (5)."),
        (1.0, 0.0, "Test RMSE 1 is worse than repeating the last value (0)."),
        (12345.6, 100.0, "Test RMSE 12,346 is 123 times the error of repeating the last value (100)."),
        (60.0, 1.0, "Test RMSE 60 is 60 times the error of repeating the last value (1)."),
    ],
)
def test_an_error_is_compared_by_its_ratio(value: float, baseline: float, sentence: str) -> None:
    assert conclusions({"test_rmse": value}, {"last_value": {"test_rmse": baseline}}, INFO) == [sentence]


@pytest.mark.parametrize(
    ("period", "frequency", "step_name", "words"),
    [
        (7, "D", "step", "a week"), (365, "D", "step", "a year"), (30, "D", "step", "30 days"),
        (24, "h", "step", "a day"),
        (168, "h", "step", "a week"), (8766, "h", "step", "a year"), (12, "5min", "step", "an hour"),
        (288, "5min", "step", "a day"), (48, "30min", "step", "a day"), (336, "30min", "step", "a week"),
        (45, "2min", "step", "90 minutes"), (36, "h", "step", "36 hours"), (12, "MS", "step", "a year"),
        (12, "ME", "step", "a year"), (6, "MS", "step", "6 months"), (24, "MS", "step", "2 years"),
        (4, "QS-OCT", "step", "a year"), (10, "YS-JAN", "step", "10 years"), (52, "W-SUN", "step", "a year"),
        (4, "W-SUN", "step", "4 weeks"), (5, "B", "step", "a week"), (10, "B", "step", "10 working days"),
        (12, "", "month", "a year"), (100, "", "sample", "100 samples"), (24, "", "step", "24 steps"),
        (3, "ms", "step", "0.003 seconds"), (60, "s", "step", "a minute"),
    ],
)  # fmt: skip
def test_the_season_is_named_in_the_words_of_the_data(period: int, frequency: str, step_name: str, words: str) -> None:
    info = replace(INFO, period=period, frequency=frequency, step_name=step_name)
    baselines = {"last_value": {"test_rmse": 9.0}, "seasonal_last_value": {"test_rmse": 5.0}}
    sentence = f"Test RMSE 4 is 20% better than repeating the value {words} before (5)."
    assert conclusions({"test_rmse": 4.0}, baselines, info) == [sentence]


def test_the_unit_stands_behind_the_error() -> None:
    info = replace(INFO, unit="thousand passengers")
    (sentence,) = conclusions({"val_rmse": 80.0}, {"training_mean": {"val_rmse": 50.0}}, info)
    assert sentence == (
        "Validation RMSE 80 thousand passengers is 1.6 times the error of predicting the training mean (50)."
    )


@pytest.mark.parametrize(
    ("value", "baseline", "ending"),
    [
        (0.8, 0.5, "80.0% is better than always predicting the most frequent class (50.0%): 60% fewer errors."),
        (1.0, 0.5, "100% is better than always predicting the most frequent class (50.0%): 100% fewer errors."),
        (0.5, 0.5, "50.0% is no better than always predicting the most frequent class (50.0%)."),
        (0.4, 0.5, "40.0% is worse than always predicting the most frequent class (50.0%): 20% more errors."),
        (0.1, 0.9, "10.0% is worse than always predicting the most frequent class (90.0%): 9 times as many errors."),
        (0.9, 1.0, "90.0% is worse than always predicting the most frequent class (100%)."),
    ],
)
def test_an_accuracy_is_compared_by_its_errors(value: float, baseline: float, ending: str) -> None:
    found = conclusions({"test_accuracy": value}, {"majority_class": {"test_accuracy": baseline}})
    assert found == [f"Test accuracy {ending}"]


def test_where_accuracy_is_no_better_balanced_accuracies_are_compared() -> None:
    metrics = {"test_accuracy": 0.8, "test_balanced_accuracy": 0.7}
    baselines = {"majority_class": {"test_accuracy": 0.9, "test_balanced_accuracy": 0.5}}
    assert conclusions(metrics, baselines)[1] == (
        "Test balanced accuracy 70.0% is better than that of always predicting the most frequent class (50.0%)."
    )
    assert len(conclusions({**metrics, "test_accuracy": 0.95}, baselines)) == 1


LATE = (
    "The predictions follow the values one step late: they are close to the last value, and no better than "
    "repeating it."
)


@pytest.mark.parametrize(
    ("lag", "is_late"),
    [
        (LagErrors(1.0, 0.0, 1.0), True),
        (LagErrors(1.2, 0.4, 1.0), True),
        (LagErrors(0.9, 0.3, 1.0), False),  # better than the last value
        (LagErrors(3.0, 2.9, 1.0), False),  # far from both
        (LagErrors(1.6, 0.95, 1.0), False),  # as far from the last value as that is from the next
        (None, False),
    ],
)
def test_predictions_that_repeat_the_last_value_are_called_late(lag: LagErrors | None, is_late: bool) -> None:
    assert (LATE in conclusions({}, {}, INFO, lag)) is is_late


def test_a_best_evaluation_that_is_not_the_last_is_named() -> None:
    metrics: dict[str, Any] = {"best_test_loss": 0.18, "best_update": 40.0}
    assert conclusions(metrics, {}, updates=60) == ["Best test loss: 0.18, at update 40."]
    assert conclusions(metrics, {}, updates=40) == conclusions(metrics, {}) == []


def test_without_a_metric_in_common_nothing_is_said() -> None:
    assert conclusions({"test_loss": 1.0}, {"last_value": {"test_rmse": 1.0}}) == []


def test_what_was_chosen_on_the_test_set_is_marked() -> None:
    metrics = {"test_rmse": 4.0, "best_test_loss": 0.18, "best_update": 40.0}
    found = conclusions(
        metrics, {"last_value": {"test_rmse": 5.0}}, INFO, updates=60, chosen_on_test=True, restores_best=True
    )
    assert found == [
        "Test RMSE* 4 is 20% better than repeating the last value (5).",
        "The weights after update 40 were kept, because their test loss*, 0.18, is the lowest.",
    ]
