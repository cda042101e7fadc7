"""The best weights and early stopping, from a script of evaluated losses."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnstudio.core.class_counts import prior_loss
from rnnstudio.core.events import Evaluated
from rnnstudio.core.experiment import compose
from rnnstudio.core.sequence import SequenceData
from rnnstudio.engine.monitor import Monitor
from tests.engine.training import prepared

LOSSES = st.lists(st.sampled_from([0.25, 0.5, 0.5, 0.75, 1.0, math.nan, math.inf]), min_size=1, max_size=12)


class Script:
    """An evaluator of a validation set that reports scripted losses, and a network whose weights are its updates."""

    def __init__(self, losses: list[float]) -> None:
        self.data: Any = SimpleNamespace(val=np.arange(5), test=np.arange(9), classes=())
        self.covers_all_windows = True
        self.updates = 0
        self._losses = losses

    def evaluate(self, *, all_windows: bool = False) -> dict[str, float]:
        return {"val_loss": self._losses[self.updates], "test_loss": -float(self.updates)}

    def weights_changed(self) -> None:
        pass

    def weights(self) -> dict[str, int]:
        return {"w": self.updates}

    def set_weights(self, weights: dict[str, int]) -> None:
        self.updates = weights["w"]


def trained(
    losses: list[float], patience: int = 0, *, restore: bool = True, data: Any = None, class_weight: str = "none"
) -> tuple[Monitor, Script, list[Any]]:
    """A monitor after a training with one evaluation for each update, which ends where it is out of patience."""
    script, events = Script(losses), list[Any]()
    script.data = data or script.data
    settings = {"patience": patience, "restore_best_weights": restore, "class_weight": class_weight}
    training = compose("arrays", {"task": "classify", **settings}).training
    monitor = Monitor(script, script, training, events.append)  # type: ignore[arg-type]
    for update in range(len(losses)):
        script.updates = update
        monitor.evaluate(update)
        if monitor.is_out_of_patience:
            break
    return monitor, script, events


def kept_and_last(losses: list[float], patience: int) -> tuple[int, int]:
    """The update whose weights are to be kept, and the last update, of a network that predicts values."""
    last = len(losses) - 1
    for update in range(1, len(losses)):
        own = np.where(np.isfinite(losses[1 : update + 1]), losses[1 : update + 1], np.inf)
        since = update - (1 + int(own.argmin())) if own.min() < np.inf else update
        if patience and since >= patience:
            last = update
            break
    own = np.where(np.isfinite(losses[1 : last + 1]), losses[1 : last + 1], np.inf)
    return (1 + int(own.argmin()) if len(own) and own.min() < np.inf else last), last


@settings(deadline=None)
@given(losses=LOSSES, patience=st.integers(0, 4))
def test_the_lowest_loss_after_the_initial_weights_is_kept(losses, patience):
    monitor, script, events = trained(losses, patience)
    kept, last = kept_and_last(losses, patience)
    assert script.updates == last
    assert [event.step for event in events] == list(range(last + 1))
    assert monitor.final_step(last) == kept
    assert monitor.finish(last)["test_loss"] == -kept
    assert script.updates == kept


def test_initial_weights_are_not_kept_even_where_nothing_is_better():
    monitor, script, _ = trained([0.1, 0.9, 0.5, 0.8])
    monitor.finish(3)
    assert script.updates == 2


def test_of_equal_losses_the_earliest_is_kept_and_does_not_renew_patience():
    monitor, script, _ = trained([1.0, 0.5, 0.5, 0.5, 0.1], patience=2)
    assert script.updates == 3
    monitor.finish(3)
    assert script.updates == 1


def test_the_last_weights_are_kept_where_the_best_are_not_wanted():
    monitor, script, events = trained([1.0, 0.5, 0.6, 0.7], restore=False)
    assert monitor.final_step(3) == 3
    assert monitor.finish(3)["val_loss"] == 0.7
    assert isinstance(events[0], Evaluated)
    assert script.updates == 3


CLASSES = ["a"] * 14 + ["b"] * 6  # the training set has other frequencies than the validation set


@pytest.fixture(scope="module")
def two_classes() -> SequenceData:
    """Data of two classes, of which the validation set has one sequence in four."""
    x = np.random.default_rng(0).normal(size=(20, 3, 1))
    return prepared(x, CLASSES, task="classify", val_fraction=0.25, test_fraction=0.2)[1]


def constant_loss(data: SequenceData, class_weight: str = "none") -> float:
    """The cross-entropy of constant predictions on the validation set."""
    truth, training = (data.window_targets(windows).ravel() for windows in (data.val, data.train))
    frequencies = [np.mean(training == c) for c in (0, 1)]
    probability = np.array(frequencies if class_weight == "none" else [0.5, 0.5])
    return float(-np.mean(np.log(probability[truth])))


def test_patience_begins_with_the_first_evaluation_that_is_better_than_the_initial_weights(two_classes):
    plateau = constant_loss(two_classes)
    losses = [plateau * factor for factor in (0.69, 0.80, 0.90, 0.85, 0.88, 0.60, 0.61, 0.62, 0.10)]
    monitor, script, _ = trained(losses, patience=2, data=two_classes)
    assert script.updates == 7  # at 0.62, not at 0.85
    monitor.finish(7)
    assert script.updates == 5


@pytest.mark.parametrize("initial", [math.nan, math.inf])
def test_initial_weights_without_a_finite_loss_hold_up_no_early_stopping(initial, two_classes):
    _, script, _ = trained([initial, 0.1, 0.2, 0.3], patience=1, data=two_classes)
    assert script.updates == 2


@pytest.mark.parametrize("class_weight", ["none", "balanced"])
def test_with_classes_patience_begins_clearly_below_the_loss_of_constant_predictions(class_weight, two_classes):
    plateau = constant_loss(two_classes, class_weight)
    for factor, last in ((0.96, 6), (0.94, 3)):  # a loss a little below the plateau is no improvement that has ended
        losses = [2 * plateau, factor * plateau, *[plateau] * 5]
        _, script, _ = trained(losses, patience=2, data=two_classes, class_weight=class_weight)
        assert script.updates == last


def test_a_class_that_the_training_set_lacks_leaves_the_initial_weights_as_the_bar(two_classes):
    only_a = [i for i in two_classes.train if two_classes.window_targets(np.array([i]))[0] == 0]
    assert prior_loss(replace(two_classes, train=np.array(only_a)), two_classes.train) == math.inf
