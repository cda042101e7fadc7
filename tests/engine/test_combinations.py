"""Every cell learns every task, in every layout and state that the settings allow."""

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
from rnnstudio.engine import evaluator
from rnnstudio.engine.runtime import tf
from rnnstudio.library.datasets.arrays import from_arrays
from rnnstudio.results.run import Run

TASKS = ("classify", "label", "forecast", "regress")
RNG = np.random.default_rng(0)
SERIES = RNG.normal(size=(30, 2))


def chosen(cell: str, task: str, stateful: bool, layers: int, *, bidirectional: bool) -> Experiment | None:
    settings = {
        "cell": cell,
        "task": task,
        "stateful": stateful,
        "layers": layers,
        "bidirectional": bidirectional,
        "units": 3,
        "batch_size": 2,
        "updates": 3,
        "dropout": 0.1,
    }
    if task != "classify":  # whose sequences are read whole
        settings["window"] = 4
    try:
        return compose("arrays", settings)
    except SettingError:
        return None


def train(experiment: Experiment) -> Run:
    task = experiment.data.task
    if task == "classify":
        x, y = RNG.normal(size=(10, 4, 2)), np.arange(10) % 3
    else:
        x, y = SERIES, {"label": np.arange(30) % 3, "regress": RNG.normal(size=30), "forecast": None}[task]
    data = from_arrays(x, y, experiment.data, experiment.seed)
    return train_experiment(experiment, lambda event: None, lambda: False, data=data, save=False)


def check(run: Run) -> None:
    assert run.outcome == "completed"
    assert run.record.step == 3
    assert np.isfinite(run.record.loss.values).all()
    assert np.isfinite(run.metrics["test_loss"])
    told = run.predict(SERIES)
    shapes: dict[str, Any] = {"classify": (), "label": (30,), "regress": (30,), "forecast": (27, 2)}
    assert np.shape(told) == shapes[run.experiment.data.task]
    if run.experiment.data.task == "forecast":
        assert np.isfinite(run.forecast(5)).all()


ALL = [
    pytest.param(e, id=f"{c.name}-{task}-{'stateful' if stateful else 'stateless'}-{layers}{'-both' if both else ''}")
    for c, task, stateful, layers, both in product(CELLS, TASKS, (False, True), (1, 2), (False, True))
    if (e := chosen(c.name, task, stateful, layers, bidirectional=both))
]
BOTH_STATES = [
    pytest.param(e, id=f"{c.name}-{task}")
    for c, (task, stateful, both) in product(CELLS, (("classify", False, True), ("label", True, False)))
    if (e := chosen(c.name, task, stateful, 1, bidirectional=both))
]


@pytest.fixture
def in_python(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Runs everything as Python, nothing traced or compiled: a tenth of the time where little is computed."""
    monkeypatch.setattr(evaluator, "FREE_STEPS", 2)
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.mark.usefixtures("in_python")
@pytest.mark.parametrize("experiment", ALL)
def test_every_combination_trains(experiment: Experiment) -> None:
    check(train(experiment))


@pytest.mark.parametrize("experiment", BOTH_STATES)
def test_every_cell_compiles_in_both_directions_and_with_a_carried_state(experiment: Experiment) -> None:
    check(train(experiment))


def test_what_does_not_go_together_is_refused_with_the_setting_named() -> None:
    with pytest.raises(SettingError, match="stateful") as caught:
        compose("arrays", {"task": "classify", "stateful": True})
    assert caught.value.field == "stateful"
    with pytest.raises(SettingError, match="stateful must be false"):
        compose("arrays", {"task": "label", "stateful": True, "bidirectional": True})
    with pytest.raises(SettingError, match="stride"):
        compose("arrays", {"task": "label", "stateful": True, "window": 3, "stride": 4})
    with pytest.raises(SettingError, match="batch_size"):
        compose("arrays", {"task": "label", "stateful": True, "batch_size": 0})


def test_a_carried_state_is_refused_for_separate_sequences() -> None:
    experiment = compose("arrays", {"task": "label", "stateful": True, "batch_size": 2})
    data = from_arrays(RNG.normal(size=(10, 6, 2)), np.arange(60).reshape(10, 6) % 2, experiment.data, 0)
    with pytest.raises(SettingError, match="one long series") as caught:
        train_experiment(experiment, lambda event: None, lambda: False, data=data, save=False)
    assert caught.value.field == "stateful"
