"""After which update the predictions in a plot were computed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rnnstudio.core.events import Finished, Predicted
from rnnstudio.core.experiment import compose
from rnnstudio.gui.charts.update_note import update_note, use_of_test_set
from rnnstudio.gui.plots import PLOTS
from tests.gui.histories import PREDICTIONS, add_steps, experiment_of, started_history

SHOWN = [
    (plot.name, kind)
    for plot in PLOTS
    for kind in PREDICTIONS
    if plot.name
    not in ("loss", "accuracy", "by_step", "roc", "precision_recall")  # which show no predictions of this event
    and plot.suits(experiment_of(kind))
    and plot.suits_data(started_history(kind, 1).info)
]
OF_HELD_OUT_SET = [(name, kind) for name, kind in SHOWN if name != "echo"]  # the echo shows a training batch


def running(kind: str, step: int, val: int = 0):
    history = started_history(kind, 400)
    history.info = replace(history.info, windows={"train": 100, "val": val, "test": 20})
    add_steps(history, [1.0] * 400)
    history.apply(Predicted(step, PREDICTIONS[kind]()))
    return history


def notes(plot) -> list[str]:
    return [text for text in plot.legend.texts if "update" in text]


@pytest.mark.parametrize(("kind", "of_run"), SHOWN)
def test_every_plot_of_predictions_says_once_after_which_update_they_were_computed(draw_plot, kind, of_run):
    [note] = notes(draw_plot(kind, of_run, running(of_run, 1204)))
    assert note.lower().endswith("after update 1,204")
    [note] = notes(draw_plot(kind, of_run, running(of_run, 0)))
    assert note.lower().endswith("before the first update")


@pytest.mark.parametrize(("kind", "of_run"), OF_HELD_OUT_SET)
def test_the_note_follows_the_run_to_its_end_although_the_predictions_stay_the_same(draw_plot, kind, of_run):
    history = running(of_run, 300)
    plot = draw_plot(kind, of_run, history)
    plot.experiment = compose("toy", {"restore_best_weights": True})
    history.apply(Finished("completed", weights_step=300))
    plot.show_history(history)
    [note] = notes(plot)
    assert note.lower().endswith("after update 300 (best weights, chosen on the test set)")


@pytest.mark.parametrize(
    ("settings", "val", "weights_step", "reason"),
    [
        ({}, 0, 300, ""),
        ({"restore_best_weights": True}, 10, 300, " (best weights)"),
        ({"restore_best_weights": True}, 0, 300, " (best weights, chosen on the test set)"),
        ({"patience": 3}, 0, 300, " (stopped on the test set)"),
        ({"patience": 3}, 10, 300, ""),
        (
            {"restore_best_weights": True, "patience": 3},
            10,
            200,
            "",
        ),  # predictions of other weights than the final ones
    ],
)
def test_the_final_weights_are_named_with_the_choice_that_was_made(settings, val, weights_step, reason):
    history = running("toy", 300, val)
    experiment = compose("toy", settings)
    assert update_note(history, experiment) == "After update 300"
    history.apply(Finished("early_stopped", weights_step=weights_step))
    assert update_note(history, experiment) == f"After update 300{reason}"


@pytest.mark.parametrize(
    ("settings", "val", "use"),
    [
        ({}, 0, ""),
        ({"patience": 3}, 0, "used for early stopping"),
        ({"patience": 3, "restore_best_weights": True}, 0, "used to choose the weights"),
        ({"patience": 3, "restore_best_weights": True}, 10, ""),
    ],
)
def test_the_use_of_the_test_set_is_said(settings, val, use):
    assert use_of_test_set(running("toy", 300, val), compose("toy", settings)) == use
