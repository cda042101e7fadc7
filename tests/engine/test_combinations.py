"""Every cell trains with every number of layers, direction and state that the settings allow, and on every task."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from rnnstudio.api import train_experiment
from rnnstudio.core.catalog import CELLS
from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import Experiment, compose
from rnnstudio.core.setting_types import TASKS_PER_SEQUENCE
from rnnstudio.engine import window_outputs
from rnnstudio.library.datasets.arrays import from_arrays
from rnnstudio.results.run import Run

TASKS = ("classify", "label", "forecast", "regress", "regress_sequence")
RNG = np.random.default_rng(0)
SERIES = np.column_stack([np.sin(np.arange(30) / 2), np.cos(np.arange(30) / 3)])
WINDOW = 4


def combination(
    cell: str, task: str, layers: int, *, stateful: bool = False, bidirectional: bool = False, **settings: Any
) -> Experiment | None:
    """An experiment whose updates see the same windows again and again; None for a combination that is not allowed."""
    defaults = {
        "cell": cell,
        "task": task,
        "stateful": stateful,
        "layers": layers,
        "bidirectional": bidirectional,
        "units": 3,
        "batch_size": 2 if stateful else 0,
        "updates": 4 if stateful else 2,  # the first of the second epoch is the last
        "learning_rate": 0.02,
        "evaluate_every": 100,  # at the start and at the end
    }
    if task not in TASKS_PER_SEQUENCE:  # which read whole sequences
        defaults |= {"window": WINDOW, "stride": WINDOW if stateful else 1}
    try:
        return compose("arrays", {**defaults, **settings})
    except SettingError:
        return None


def train(experiment: Experiment) -> Run:
    task = experiment.data.task
    if task in TASKS_PER_SEQUENCE:
        x = RNG.normal(size=(10, WINDOW, 2))
        y: Any = (x[:, -1, 0] > 0).astype(int) if task == "classify" else 3 * x[:, -1, 0] + 50
    else:
        x = SERIES
        y = {"label": (SERIES[:, 0] > 0).astype(int), "regress": SERIES[:, 1] + 1, "forecast": None}[task]
    data = from_arrays(x, y, experiment.data, experiment.seed)
    return train_experiment(experiment, lambda event: None, lambda: False, data=data, save=False)


def first_and_last_loss(run: Run) -> tuple[float, float]:
    """The losses of the first and of the last update on the same windows, from the same state."""
    losses, epoch = run.record.loss.values, run.record.updates_per_epoch
    assert len(losses) > epoch
    return losses[0], losses[epoch::epoch][-1]


def check_outputs(run: Run) -> None:
    """The run has metrics, and predicts as much as its task says."""
    assert run.outcome == "completed"
    assert np.isfinite(run.metrics["test_loss"])
    shapes: dict[str, Any] = {"label": (30,), "regress": (30,), "forecast": (27, 2)}
    assert np.shape(run.predict(SERIES)) == shapes.get(run.experiment.data.task, ())
    if run.experiment.data.task == "forecast":
        assert np.isfinite(run.forecast(5)).all()


MODES = ({}, {"stateful": True}, {"bidirectional": True})


def one_task_each() -> Iterator[Any]:
    """Every cell with every number of layers and mode: the tasks take turns, so that each meets every cell and mode."""
    for (i, cell), (j, (layers, mode)) in product(enumerate(CELLS), enumerate(product((1, 2), MODES))):
        allowed = [e for task in TASKS if (e := combination(cell.name, task, layers, **mode))]
        experiment = allowed[(i + j) % len(allowed)]
        yield pytest.param(experiment, id="-".join([cell.name, experiment.data.task, str(layers), *mode]))


ALL = list(one_task_each())
# Each cell is compiled in test_gradients.
COMPILED = [
    pytest.param("gru", "classify", MODES[2], id="bidirectional"),
    pytest.param("lstm", "label", MODES[1], id="stateful"),
]


@pytest.mark.usefixtures("in_python")
@pytest.mark.parametrize("experiment", ALL)
def test_the_loss_falls_in_every_mode(experiment: Experiment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window_outputs, "FREE_RUN_STEPS", 2)
    run = train(experiment)
    first, last = first_and_last_loss(run)
    assert last < first
    check_outputs(run)


@pytest.mark.parametrize(("cell", "task", "mode"), COMPILED)
def test_the_loss_falls_in_compiled_training(cell: str, task: str, mode: dict[str, bool]) -> None:
    experiment = combination(cell, task, 1, **mode, updates=40, dropout=0.1)
    assert experiment is not None
    run = train(experiment)
    first, last = first_and_last_loss(run)
    assert last < first
    check_outputs(run)


def test_settings_that_exclude_each_other_are_refused_with_the_name_of_the_setting() -> None:
    with pytest.raises(SettingError, match="stateful") as caught:
        compose("arrays", {"task": "classify", "stateful": True})
    assert caught.value.field == "stateful"
    with pytest.raises(SettingError, match="stateful must be false"):
        compose("arrays", {"task": "label", "stateful": True, "bidirectional": True})
    with pytest.raises(SettingError, match="stride"):
        compose("arrays", {"task": "label", "stateful": True, "window": 3, "stride": 4})
    with pytest.raises(SettingError, match="batch_size"):
        compose("arrays", {"task": "label", "stateful": True, "batch_size": 0})


def test_stateful_training_on_separate_sequences_is_refused() -> None:
    experiment = compose("arrays", {"task": "label", "stateful": True, "batch_size": 2})
    data = from_arrays(RNG.normal(size=(10, 6, 2)), np.arange(60).reshape(10, 6) % 2, experiment.data, 0)
    with pytest.raises(SettingError, match="one long series") as caught:
        train_experiment(experiment, lambda event: None, lambda: False, data=data, save=False)
    assert caught.value.field == "stateful"
