"""The contract of every data set, cell, recipe and optimizer; a new one is tested because it is registered."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnstudio import api
from rnnstudio.core.catalog import CELLS, DATASETS, RECIPES, Cell, DataSet, Recipe
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import DataError, RnnStudioError
from rnnstudio.core.experiment import Experiment, compose, schema
from rnnstudio.core.optimizers import OPTIMIZERS
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.schema import Field, fields_of, fixed_values
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.setting_types import TASKS_PER_SEQUENCE
from rnnstudio.core.settings import TrainingSettings
from tests.library.own_data import arrays, start_settings

SPLIT_SETTINGS = {"test_fraction": 0.3, "val_fraction": 0.25, "val_subjects": 1}


def every(registry: Any) -> Any:
    return [pytest.param(entry, id=entry.name) for entry in registry]


def all_fields() -> list[Any]:
    fields: dict[tuple[str, str], Field] = {}
    for dataset in DATASETS:
        fields |= {(dataset.name, name): f for name, f in fields_of(dataset.settings, "data").items()}
    for cell in CELLS:
        fields |= {(cell.name, name): f for name, f in fields_of(cell.settings, "model").items()}
    fields |= {("training", name): f for name, f in fields_of(TrainingSettings, "training").items()}
    return [pytest.param(field, id=f"{owner}-{name}") for (owner, name), field in fields.items()]


def is_one_sentence(text: str) -> bool:
    return text.endswith(".") and text[0].isalnum() and not re.search(r"[a-z)]\. [A-Z]", text) and len(text) < 200


@pytest.mark.parametrize("field", all_fields())
def test_every_setting_has_a_description_a_label_and_limits(field: Field) -> None:
    assert is_one_sentence(field.description), field.description
    assert field.description[0].isupper()
    assert field.label[0].isupper()
    assert "_" not in field.label
    if field.kind in ("whole", "real"):
        assert field.minimum is not None
        assert field.maximum is not None
        assert field.minimum <= field.default <= field.maximum
    if field.kind == "choice":
        assert len(field.choices) > 1
        assert field.default in field.choices
    assert field.allowed
    assert json.loads(json.dumps(field.to_dict())) == field.to_dict()


@pytest.mark.parametrize(
    ("dataset", "cell"), [pytest.param(d, c, id=f"{d.name}-{c.name}") for d, c in product(DATASETS, CELLS)]
)
def test_defaults_are_valid_names_are_unique_and_json_restores_the_experiment(dataset: DataSet, cell: Cell) -> None:
    experiment = compose(dataset.name, {"dataset": dataset.name, "cell": cell.name})
    assert Experiment.from_json(experiment.to_json()) == experiment
    shared = sorted(dataset.settings.model_fields.keys() & cell.settings.model_fields.keys())
    assert not shared, f"data set {dataset.name} and cell {cell.name} must not share the names of settings: {shared}"
    assert compose(dataset.name, experiment.flat()).model_copy(update={"recipe": ""}) == experiment.model_copy(
        update={"recipe": ""}
    )
    fields = schema(dataset.name, cell.name)
    assert list(fields)[-1] == "seed"
    assert len({field.label for field in fields.values()}) == len(fields), "two settings have one label"


@pytest.mark.parametrize("entry", [*every(DATASETS), *every(CELLS)])
def test_data_sets_and_cells_have_a_title_and_a_description(entry: DataSet | Cell) -> None:
    registry: Any = DATASETS if isinstance(entry, DataSet) else CELLS
    same = [other.name for other in registry if other.title == entry.title]
    assert same == [entry.name], f"a title must be unique; {entry.title!r} is the title of {' and '.join(same)}"
    assert entry.title
    assert entry.description.endswith(".")
    assert len(entry.description) < 250
    assert entry.settings.__doc__
    kind = "dataset" if isinstance(entry, DataSet) else "cell"
    description = api.describe(kind, entry.name)
    assert json.loads(json.dumps(description)) == description


@pytest.mark.parametrize("recipe", every(RECIPES))
def test_recipes_are_described_and_their_defaults_are_valid(recipe: Recipe) -> None:
    experiment = compose(recipe.name, {})
    assert experiment.recipe == recipe.name
    assert Experiment.from_json(experiment.to_json()) == experiment
    values = experiment.flat()
    for name, value in recipe.defaults.items():
        assert values[name] == value, f"{recipe.name} does not use its own {name}"
    assert is_one_sentence(recipe.summary)
    assert recipe.title
    assert recipe.publication
    assert all(remark.endswith(".") for remark in recipe.remarks)
    for series in recipe.published:
        assert series.metric in ("train_loss", "test_loss", "train_accuracy", "test_accuracy")
        assert [u for u, _ in series.points] == sorted({u for u, _ in series.points})
        assert all(np.isfinite(v) for _, v in series.points)
    assert all(result.settings.keys() <= values.keys() for result in recipe.published_results)
    assert values.keys() >= set(recipe.protocol)
    assert json.loads(json.dumps(api.describe("recipe", recipe.name))) == api.describe("recipe", recipe.name)


# -- data sets ---------------------------------------------------------------------------------------------------------


def tasks_of(dataset: DataSet) -> tuple[str, ...]:
    field = fields_of(dataset.settings, "data").get("task")
    return field.choices if field is not None else (str(fixed_values(dataset.settings)["task"]),)


def small(dataset: DataSet, task: str, folder: Path, **settings: Any) -> tuple[SequenceData, Experiment]:
    """Return small data of a data set with a training, validation and test set, and their experiment."""
    known = fields_of(dataset.settings, "data")
    values = {
        **start_settings(dataset.name, folder, task),
        **({"group": "who"} if "group" in known and dataset.name != "arrays" else {}),
        **({"target": "state", "window": 4} if task == "label" and dataset.name == "file" else {}),
        **{name: value for name, value in SPLIT_SETTINGS.items() if name in known},
        **({"scale": "standard"} if "scale" in known else {}),
        **({"task": task} if "task" in known else {}),
        **settings,
    }
    experiment = compose("file", {"dataset": dataset.name, **values})
    if dataset.name != "arrays":
        return dataset.load(experiment.data, 0), experiment
    rng = np.random.default_rng(0)
    x: Any = rng.normal(size=(24, 6, 2)) if task in TASKS_PER_SEQUENCE else rng.normal(size=(80, 2))
    targets = {"classify": np.arange(24) % 3, "regress_sequence": np.arange(24.0) ** 2}
    y: Any = {**targets, "label": np.arange(80) % 2, "regress": np.arange(80.0)}.get(task)
    values |= {"window": 4} if task not in TASKS_PER_SEQUENCE else {}
    return arrays(x, y, **values), compose("arrays", values)


CASES = [pytest.param(d, task, id=f"{d.name}-{task}") for d in DATASETS for task in tasks_of(d)]


@pytest.mark.parametrize(("dataset", "task"), CASES)
def test_the_same_seed_gives_the_same_data(dataset: DataSet, task: str, tmp_path: Path) -> None:
    def values_of(data: SequenceData) -> dict[str, Any]:
        return {name: value for name, value in vars(data).items() if name != "refresh"}

    first, second = (small(dataset, task, tmp_path)[0] for _ in range(2))
    pairs = [(first, second)]
    if first.refresh is not None and second.refresh is not None:
        pairs.append((first.refresh(3), second.refresh(3)))
    for one, other in pairs:
        for name, value in values_of(one).items():
            again = values_of(other)[name]
            same = value.tobytes() == again.tobytes() if isinstance(value, np.ndarray) else value == again
            assert same, f"load must draw all random numbers from its seed; {name} differs with the same seed"


@pytest.mark.parametrize(("dataset", "task"), CASES)
def test_splits_share_no_sample_sequence_or_group(dataset: DataSet, task: str, tmp_path: Path) -> None:
    data, _ = small(dataset, task, tmp_path)
    assert len(data.train)
    splits = [split for split in (data.train, data.val, data.test) if len(split)]
    indices = np.concatenate(splits)
    assert len(np.unique(indices)) == len(indices)
    assert 0 <= indices.min() <= indices.max() < len(data.starts)
    if data.test_context == "inside":
        covered = np.sum([data.covered(split) for split in splits], axis=0)
        assert covered.max() == 1, "a sample is in two splits"
    else:  # inputs of a later set may lie in an earlier one
        predicted = [data.target_positions(split).ravel() for split in splits]
        for n, split in enumerate(predicted[1:], start=1):
            assert not data.covered(data.train)[split].any(), "a sample to predict is read in the training"
            assert not np.isin(split, np.concatenate(predicted[:n])).any(), "a sample is predicted in two splits"
    length = data.inputs.shape[1]
    if not data.one_series and not data.series:
        sequences = [set((data.starts[split] // length).tolist()) for split in splits]
        assert sum(map(len, sequences)) == len(set.union(*sequences)), "a sequence is in two splits"
    if data.groups is not None:
        groups = [set(data.groups[split].tolist()) for split in splits]
        assert sum(map(len, groups)) == len(set.union(*groups)), "a group is in two splits"


@pytest.mark.parametrize(("dataset", "task"), [case for case in CASES if case.values[1] == "forecast"])
@pytest.mark.parametrize("horizon", [1, 3])
def test_no_target_of_a_forecast_lies_in_its_window(dataset: DataSet, task: str, horizon: int, tmp_path: Path) -> None:
    assert "horizon" in fields_of(dataset.settings, "data"), (
        "the setting for the number of values to forecast must be called horizon, the name in plots and messages"
    )
    data, _ = small(dataset, task, tmp_path, horizon=horizon)
    windows = np.arange(len(data.starts), dtype=np.int32)
    targets = data.target_positions(windows)
    assert targets.shape[1] == horizon
    assert (targets.min(axis=1) >= data.starts + data.window * data.frame).all()
    if data.autoregressive:  # so that a target cannot be an input of its window under another position
        np.testing.assert_array_equal(data.targets, data.inputs)


@pytest.mark.parametrize(("dataset", "task"), CASES)
def test_windows_lie_where_the_settings_say(dataset: DataSet, task: str, tmp_path: Path) -> None:
    data, experiment = small(dataset, task, tmp_path)
    if data.is_windowed:
        assert data.test_context == experiment.data.model_dump()["test_context"], "pass test_context to the windows"
        assert data.set_begins is not None


@pytest.mark.parametrize(("dataset", "task"), CASES)
def test_autoregressive_targets_are_later_than_the_inputs(dataset: DataSet, task: str, tmp_path: Path) -> None:
    data, _ = small(dataset, task, tmp_path)
    if data.autoregressive:
        assert data.target_offset >= 1
        np.testing.assert_array_equal(data.targets, data.inputs)


@pytest.mark.parametrize(("dataset", "task"), CASES)
def test_the_scaler_is_that_of_the_training_samples(dataset: DataSet, task: str, tmp_path: Path) -> None:
    data, experiment = small(dataset, task, tmp_path)
    scaler = Scalers.fit(data, experiment.data).inputs
    length = data.inputs.shape[1]
    used: set[int] = set()
    for start in data.starts[data.train].tolist():
        sequence, first = divmod(start, length)
        end = first + data.window * data.frame
        if not data.target_per_sequence:
            end = max(end, first + data.target_offset + data.target_steps)
        if data.lengths is not None:
            end = min(end, first + int(data.lengths[sequence]))
        used.update(range(start, sequence * length + end))
    for n in range(len(data.series) if scaler.mean.ndim == 2 else 1):
        own = [i for i in sorted(used) if scaler.mean.ndim == 1 or i // length == n]
        samples = np.array([data.inputs[i // length, i % length] for i in own], np.float64)
        if experiment.data.scale == "none":
            samples = np.array([[-1.0], [1.0]] * 2).repeat(data.inputs.shape[2], axis=1)
        constant = samples.min(axis=0) == samples.max(axis=0)
        each = scaler.of_series(n)
        np.testing.assert_allclose(each.mean, samples.mean(axis=0), rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(each.scale, np.where(constant, 1.0, samples.std(axis=0)), rtol=1e-6)


@pytest.mark.parametrize(("dataset", "task"), CASES)
def test_small_data_have_the_shapes_and_types_of_the_contract(dataset: DataSet, task: str, tmp_path: Path) -> None:
    data, _ = small(dataset, task, tmp_path)
    assert data.task == task
    assert_contract(data)


@pytest.mark.parametrize("dataset", every(DATASETS))
def test_real_data_have_the_shapes_and_types_of_the_contract(
    dataset: DataSet, real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNNSTUDIO_DATA", str(real_data))
    settings = start_settings(dataset.name, tmp_path) if dataset.name in ("file", "sequences") else {}
    experiment = compose(dataset.name, {"dataset": dataset.name, **settings})
    if dataset.name == "arrays":  # the values of arrays are in no file
        with pytest.raises(DataError, match="again"):
            dataset.load(experiment.data, 0)
        return
    assert_contract(dataset.load(experiment.data, 0))


def assert_contract(data: SequenceData) -> None:
    sequences, steps, features = data.inputs.shape
    assert data.inputs.dtype in (np.float32, np.float64)
    assert data.inputs.flags.c_contiguous
    assert np.isfinite(data.inputs).all()
    assert len(data.features) == features
    assert len(data.feature_units) in (0, features)
    assert data.starts.dtype == data.train.dtype == data.val.dtype == data.test.dtype == np.int32
    assert data.starts.min() >= 0
    assert ((data.starts % steps) + data.window_samples <= steps).all()
    if data.classes:
        assert data.targets.dtype == np.int32
        assert data.targets.min() >= 0
        assert data.targets.max() < len(data.classes)
    else:
        assert data.targets.dtype in (np.float32, np.float64)
        assert np.isfinite(data.targets).all()
        assert data.targets.shape[-1] == len(data.target_names)
    if data.lengths is not None:
        assert data.lengths.shape == (sequences,)
        assert 1 <= data.lengths.min() <= data.lengths.max() <= steps
        assert not data.inputs[~data.mask()].any()
    assert all(is_one_sentence(note) for note in data.notes)
    assert len(data.targets) == (len(data.starts) if data.target_per_sequence else sequences)
    assert DataInfo.of(data).windows == {"train": len(data.train), "val": len(data.val), "test": len(data.test)}


# -- optimizers and lists ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_are_described(name: str) -> None:
    assert OPTIMIZERS[name].description.endswith(".")
    assert api.describe("optimizer", name)["description"] == OPTIMIZERS[name].description


def test_lists_for_front_ends_are_plain_values() -> None:
    for entries in (api.recipes(), api.datasets(), api.cells()):
        assert json.loads(json.dumps(entries)) == entries
    assert CELLS.names() == sorted(CELLS.names())  # whichever was imported first
    assert {"airline", "echo", "toy"} <= {r["name"] for r in api.recipes()}


@pytest.mark.parametrize(
    ("kind", "name"), [("recipe", "airlin"), ("dataset", "ech"), ("cell", "lstn"), ("optimizer", "adm"), ("rcipe", "x")]
)
def test_unknown_names_suggest_the_closest(kind: str, name: str) -> None:
    with pytest.raises(RnnStudioError, match="Did you mean"):
        api.describe(kind, name)
