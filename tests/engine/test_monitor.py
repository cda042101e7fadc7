"""The best weights and early stopping, from a script of evaluated losses."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.events import Evaluated
from rnnstudio.core.experiment import compose
from rnnstudio.engine.monitor import Monitor

LOSSES = st.lists(st.sampled_from([0.25, 0.5, 0.5, 0.75, 1.0, math.nan, math.inf]), min_size=1, max_size=12)


class Script:
    """An evaluator of a validation set that reports scripted losses, and a network whose weights are its updates."""

    def __init__(self, losses: list[float]) -> None:
        self.data = SimpleNamespace(val=np.arange(5), test=np.arange(9))
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


def trained(losses: list[float], patience: int = 0, *, restore: bool = True) -> tuple[Monitor, Script, list[Any]]:
    """A monitor after a training with one evaluation for each update, which ends where it is out of patience."""
    script, events = Script(losses), list[Any]()
    training = compose("toy", {"patience": patience, "restore_best_weights": restore}).training
    monitor = Monitor(script, script, training, events.append)  # type: ignore[arg-type]
    for update in range(len(losses)):
        script.updates = update
        monitor.evaluate(update)
        if monitor.is_out_of_patience:
            break
    return monitor, script, events


def kept_and_last(losses: list[float], patience: int) -> tuple[int, int]:
    """The update whose weights are to be kept, and the last update, from the losses alone."""
    initial = losses[0] if np.isfinite(losses[0]) else np.inf
    last = len(losses) - 1
    for update in range(1, len(losses)):
        own = np.where(np.isfinite(losses[1 : update + 1]), losses[1 : update + 1], np.inf)
        since = update - (1 + int(own.argmin()))
        if patience and own.min() < initial and since >= patience:
            last = update
            break
    own = np.where(np.isfinite(losses[1 : last + 1]), losses[1 : last + 1], np.inf)
    return (1 + int(own.argmin()) if len(own) and own.min() < np.inf else last), last


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


def test_patience_begins_with_the_first_evaluation_that_is_better_than_the_initial_weights():
    losses = [0.69, 0.80, 0.90, 0.85, 0.88, 0.60, 0.61, 0.62, 0.10]
    monitor, script, _ = trained(losses, patience=2)
    assert script.updates == 7  # at 0.62, not at 0.85
    monitor.finish(7)
    assert script.updates == 5


def test_of_equal_losses_the_earliest_is_kept_and_does_not_renew_patience():
    monitor, script, _ = trained([1.0, 0.5, 0.5, 0.5, 0.1], patience=2)
    assert script.updates == 3
    monitor.finish(3)
    assert script.updates == 1


@pytest.mark.parametrize("initial", [math.nan, math.inf])
def test_initial_weights_without_a_finite_loss_hold_up_no_early_stopping(initial):
    _, script, _ = trained([initial, 0.5, 0.6, 0.7], patience=1)
    assert script.updates == 2


def test_the_last_weights_are_kept_where_the_best_are_not_wanted():
    monitor, script, events = trained([1.0, 0.5, 0.6, 0.7], restore=False)
    assert monitor.final_step(3) == 3
    assert monitor.finish(3)["val_loss"] == 0.7
    assert isinstance(events[0], Evaluated)
    assert script.updates == 3
