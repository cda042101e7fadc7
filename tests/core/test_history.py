"""A history is its events, reduced."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.events import Evaluated, Event, Finished, Predicted, Started, StepsDone
from rnnstudio.core.history import History
from rnnstudio.core.predictions import LabelPredictions

INFO = DataInfo("label", ("x",), ("y",), ("0", "1"), 2, 5, "", "step", False, True, {"train": 9, "val": 0, "test": 2})


def floats(*values: float) -> Any:
    return np.array(values, np.float32)


def events() -> list[Event]:
    return [
        Started(5, 2, 33, "CPU: because", INFO),
        Evaluated(0, {"test_loss": 2.0, "test_accuracy": 0.5}),
        StepsDone(0, floats(3, 2), floats(0.4, 0.5), 0.5),
        Predicted(2, LabelPredictions(floats(0, 1), np.array([[0, 1]]), np.array([[0, 1]]))),
        Evaluated(2, {"test_loss": 1.5, "test_accuracy": 0.6}),
        StepsDone(2, floats(1, float("nan")), floats(0.6, 0.7), 0.25),
        Evaluated(4, {"test_loss": 1.75}),
        Finished("diverged", "The loss became NaN.", 1.5),
    ]


def history_of(events: list[Event]) -> History:
    history = History()
    for event in events:
        history.apply(event)
    return history


def assert_equal(history: History, other: History) -> None:
    assert history.to_dict() == other.to_dict()
    assert history.evaluations == other.evaluations
    assert history.info == other.info
    arrays, other_arrays = history.to_arrays(), other.to_arrays()
    assert arrays.keys() == other_arrays.keys()
    for name, values in arrays.items():
        np.testing.assert_array_equal(values, other_arrays[name])


def test_replaying_the_events_gives_the_same_history() -> None:
    assert_equal(history_of(events()), history_of(events()))


def test_a_history_is_restored_from_what_is_saved() -> None:
    history = history_of(events())
    assert_equal(History.from_parts(history.to_dict(), history.to_arrays(), INFO), history)


def test_a_history_counts_updates_and_time() -> None:
    history = history_of(events())
    assert (history.step, history.epoch, history.updates_per_second) == (4, 2.0, 4 / 0.75)
    assert (history.outcome, history.error, history.wall_seconds) == ("diverged", "The loss became NaN.", 1.5)
    assert history.predictions_step == 2
    assert history.best("test_loss") == (2, 1.5)
    assert history.best("val_loss") is None
    empty = History()
    assert (empty.step, empty.epoch, empty.updates_per_second, empty.outcome) == (0, 0.0, 0.0, None)


def test_the_data_frame_has_a_row_per_update_and_evaluations_at_their_updates() -> None:
    frame = history_of(events()).frame()
    assert frame.columns.tolist() == [
        "update",
        "epoch",
        "train_loss",
        "train_accuracy",
        "test_loss",
        "test_accuracy",
    ]
    assert frame["update"].tolist() == [0, 1, 2, 3, 4]
    assert frame["epoch"].tolist() == [0, 0.5, 1, 1.5, 2]
    np.testing.assert_array_equal(frame["train_loss"], [3, 2, 1, np.nan, np.nan])
    np.testing.assert_array_equal(frame["test_loss"], [2, np.nan, 1.5, np.nan, 1.75])
    np.testing.assert_array_equal(frame["test_accuracy"], [0.5, np.nan, 0.6, np.nan, np.nan])


def test_columns_grow_and_are_read_only() -> None:
    history = history_of([StepsDone(i, floats(*range(i, i + 100))) for i in range(0, 5000, 100)])
    np.testing.assert_array_equal(history.loss.values, np.arange(5000))
    with pytest.raises(ValueError, match="read-only"):
        history.loss.values[0] = 1


@pytest.mark.parametrize("size", [1, 1024, 5000])
def test_a_history_of_the_events_of_a_training_shares_its_columns(size: int) -> None:
    training, follower = History(), History()

    def emit(event: Event) -> None:
        training.apply(event)
        started = isinstance(event, Started)
        follower.apply(replace(event, columns=(training.loss, training.accuracy)) if started else event)

    emit(Started(5, 2, 33, "CPU", INFO))
    for begin in range(0, 3 * size, size):
        emit(StepsDone(begin, floats(*range(begin, begin + size)), floats(0.5)))
    assert follower.loss.values.tolist() == list(range(3 * size))
    assert follower.accuracy.values.tolist() == [0.5] * 3
    assert np.shares_memory(follower.loss.values, training.loss.values)
    assert follower.until(size, -1).loss.values.tolist() == list(range(size))


def test_a_history_that_shares_columns_has_only_the_values_of_its_events() -> None:
    training = history_of([StepsDone(0, floats(1, 2, 3))])
    follower = history_of([Started(5, 2, 33, "CPU", INFO, (training.loss, training.accuracy))])
    assert follower.step == 0
    follower.apply(StepsDone(0, floats(1, 2)))
    assert follower.loss.values.tolist() == [1, 2]
    copied = pickle.loads(pickle.dumps(follower))  # as in another process, where the training's column does not grow
    copied.apply(StepsDone(2, floats(3, 4)))
    copied.apply(StepsDone(4, floats(5)))
    assert copied.loss.values.tolist() == [1, 2, 3, 4, 5]
    assert follower.loss.values.tolist() == [1, 2]
