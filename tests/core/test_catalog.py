"""Registration of data sets and cells: mistakes in their settings are refused in one sentence."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest
from pydantic import Field, create_model

from rnnstudio.core.catalog import CELLS, DATASETS, cell, dataset, keras_cell
from rnnstudio.core.errors import DataError, RegistrationError
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import DataSettings, ModelSettings, Real, Settings, Whole, WindowSettings, setting
from rnnstudio.core.windows import sliding_windows


class OtherTaskSettings(WindowSettings):
    """A data set that a test registers."""

    dataset: Literal["other_task"] = "other_task"
    task: Literal["forecast", "regress"] = "forecast"


def load(settings: OtherTaskSettings, seed: int) -> SequenceData:
    series = np.zeros((50, 1), np.float32)
    return sliding_windows(series, series, task="regress", window=4, stride=1)


def test_data_of_another_task_than_the_settings_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    DATASETS.names()
    monkeypatch.setattr(DATASETS, "_entries", dict(DATASETS._entries))
    assert dataset(OtherTaskSettings, "Other task")(load) is load
    registered = DATASETS.get("other_task")
    assert registered.load(OtherTaskSettings(task="regress"), 0).task == "regress"
    with pytest.raises(DataError, match=r"^The data set other_task must return data of task forecast, .* task regress"):
        registered.load(OtherTaskSettings(), 0)


CELL: dict[str, Any] = {"cell": (Literal["new"], "new")}
DATA: dict[str, Any] = {"dataset": (Literal["new"], "new"), "task": (Literal["forecast"], "forecast")}
REFUSED: list[tuple[type[Settings], dict[str, Any], str]] = [
    (ModelSettings, {}, r'must declare its name as a field .*: cell: Literal\["name"\] = "name"\.'),
    (ModelSettings, {"cell": (str, "new")}, r'must declare its name .*: cell: Literal\["name"\] = "name"\.'),
    (ModelSettings, {"cell": (Literal["a", "b"], "a")}, "must declare its name as a field with one value"),
    (ModelSettings, {"cell": (Literal["new"], ...)}, "and this value as its default"),
    (WindowSettings, {"task": DATA["task"]}, r'must declare its name .*: dataset: Literal\["name"\] = "name"\.'),
    (
        DataSettings,
        {"dataset": DATA["dataset"]},
        r"the tasks of its data \(classify, label, forecast, regress, regress_sequence\)",
    ),
    (WindowSettings, {**DATA, "task": (Literal["forecast"], ...)}, "must declare the tasks of its data"),
    (WindowSettings, {**DATA, "task": (Literal["forcast"], "forcast")}, "must declare the tasks of its data"),
    (WindowSettings, {**DATA, "task": (str, "forecast")}, "must declare the tasks of its data"),
    (ModelSettings, {**CELL, "forget_bias": (Real, ...)}, "must give the setting forget_bias a default"),
    (ModelSettings, {**CELL, "sizes": (list, Field(default_factory=list))}, "must give the setting sizes a default"),
    (WindowSettings, {**DATA, "noise": (Real, ...)}, "must give the setting noise a default"),
    (ModelSettings, {**CELL, "learning_rate": (Real, 0.1)}, "must not declare the setting learning_rate of the train"),
    (ModelSettings, {**CELL, "window": (Whole, 3)}, "must not declare the setting window of the data"),
    (
        ModelSettings,
        {**CELL, "epochs": (Whole, 3), "updates": (Whole, 3)},
        "must not declare the settings epochs and updates of the training",
    ),
    (ModelSettings, {**CELL, "seed": (Whole, 3)}, "must not declare the setting seed of the experiment"),
    (WindowSettings, {**DATA, "units": (Whole, 3)}, "must not declare the setting units of the model"),
    (WindowSettings, {**DATA, "batch_size": (Whole, 3)}, "must not declare the setting batch_size of the training"),
    (
        ModelSettings,
        {**CELL, "depth": (Whole, setting(0, "Depth.", ge=1, le=9))},
        "must be allowed values: depth must be a whole number from 1 to 9; received 0",
    ),
]


@pytest.mark.parametrize(("base", "fields", "message"), REFUSED)
def test_wrong_settings_are_refused_when_they_are_registered(
    base: type[Settings], fields: dict[str, Any], message: str
) -> None:
    settings: Any = create_model("NewSettings", __base__=base, **fields)
    ways = [cell, keras_cell] if base is ModelSettings else [dataset]
    for register in ways:
        with pytest.raises(RegistrationError, match=f"^(The defaults of )?NewSettings .*{message}") as caught:
            register(settings, "New")(load)  # type: ignore[operator]
        assert str(caught.value).endswith(".")
    assert "new" not in CELLS
    assert "new" not in DATASETS


def test_settings_of_a_cell_are_not_those_of_a_data_set() -> None:
    with pytest.raises(RegistrationError, match=r"^OtherTaskSettings must derive from ModelSettings\.$"):
        cell(OtherTaskSettings, "New")(load)  # type: ignore[type-var]


@pytest.mark.parametrize(("registry", "kind", "name"), [(CELLS, "cell", "gru"), (DATASETS, "data set", "echo")])
def test_a_name_is_registered_once(registry: Any, kind: str, name: str) -> None:
    assert name in registry
    with pytest.raises(RegistrationError, match=f"^The name of a {kind} must be unique; '{name}' is registered twice"):
        registry.register(name)(object())
