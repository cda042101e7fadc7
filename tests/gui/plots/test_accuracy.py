"""The plot of accuracy or error."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.gui.histories import add_steps, experiment_of, finished_history, started_history


def test_accuracy_for_classes_and_error_with_unit_for_values(draw_plot):
    plot = draw_plot("accuracy", "echo", finished_history("echo", 100))
    assert {"Training accuracy", "Test accuracy"} <= set(plot.legend.texts)
    assert not plot.controls.log_scale.isChecked()
    plot = draw_plot("accuracy", "airline", finished_history("airline", 100))
    assert {"Test RMSE", "Test MAE"} <= set(plot.legend.texts)
    assert plot.controls.log_scale.isChecked()
    assert "thousand passengers" in plot.axes.getAxis("left").labelText


def test_the_best_baseline_is_a_line_until_the_next_run(draw_plot):
    plot = draw_plot("accuracy", "airline", finished_history("airline", 100))
    plot.show_baseline({"last_value": {"test_rmse": 42.0}, "seasonal_last_value": {"test_rmse": 40.0}})
    assert "Best baseline: seasonal naive 40" in plot.legend.texts
    assert 10 ** plot.curves.baseline_line.value() == pytest.approx(40)
    plot.begin(experiment_of("airline"))
    plot.show_history(finished_history("airline", 50))
    assert not any("baseline" in text for text in plot.legend.texts)


def test_errors_of_targets_with_different_units_are_scaled(draw_plot):
    history = finished_history("airline", 100)
    scaled = {"test_rmse": "test_scaled_mse", "test_mae": "test_scaled_mae"}
    history.evaluations = [{scaled.get(key, key): v for key, v in each.items()} for each in history.evaluations]
    plot = draw_plot("accuracy", "airline", history)
    assert {"Test scaled MSE", "Test scaled MAE"} <= set(plot.legend.texts)
    assert plot.axes.getAxis("left").labelText == "error (scaled)"
    plot.show_baseline({"last_value": {"test_scaled_mse": 4.0}, "drift": {"test_scaled_mse": 5.0}})
    assert "Best baseline: naive last value 4" in plot.legend.texts


def test_the_best_baseline_of_classes_has_the_highest_accuracy(draw_plot):
    plot = draw_plot("accuracy", "classes", finished_history("classes", 100))
    plot.show_baseline({"majority_class": {"test_accuracy": 0.4}})
    assert "Best baseline: majority class 0.4" in plot.legend.texts


def test_without_a_test_set_a_message_explains_the_missing_error(draw_plot):
    history = started_history("airline", 10)
    history.info = replace(history.info, windows={"train": 100, "val": 0, "test": 0})
    add_steps(history, np.ones(10))
    assert "This run has no test set" in draw_plot("accuracy", "airline", history).message


def test_before_the_first_evaluation_a_message_says_what_is_awaited(draw_plot):
    history = started_history("airline", 10)
    add_steps(history, np.ones(10))
    assert draw_plot("accuracy", "airline", history).message.startswith("No evaluation yet")


def test_smoothing_is_offered_only_where_there_is_a_value_per_update(draw_plot):
    for kind, offered in (("airline", False), ("echo", True)):
        plot = draw_plot("accuracy", kind, finished_history(kind, 100))
        assert plot.controls.smoothing.isHidden() is not offered
