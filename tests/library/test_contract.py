"""What every data set, cell and recipe owes its users; a newcomer is tested by being there."""

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
from rnnstudio.core.errors import DataError, RnnStudioError
from rnnstudio.core.experiment import Experiment, compose, schema
from rnnstudio.core.optimizers import OPTIMIZERS
from rnnstudio.core.schema import Field, fields_of
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import TrainingSettings

PACKAGE = Path(api.__file__).parent
NEEDS_NUMBERS = {"arrays"}  # the caller's own, which no file holds


def every(things: Any) -> Any:
    return [pytest.param(thing, id=thing.name) for thing in things]


def all_fields() -> list[Any]:
    found: dict[tuple[str, str], Field] = {}
    for dataset in DATASETS:
        found |= {(dataset.name, name): f for name, f in fields_of(dataset.settings, "data").items()}
    for cell in CELLS:
        found |= {(cell.name, name): f for name, f in fields_of(cell.settings, "model").items()}
    found |= {("training", name): f for name, f in fields_of(TrainingSettings, "training").items()}
    return [pytest.param(field, id=f"{owner}-{name}") for (owner, name), field in found.items()]


def is_one_sentence(text: str) -> bool:
    return text.endswith(".") and text[0].isupper() and not re.search(r"[a-z)]\. [A-Z]", text) and len(text) < 200


@pytest.mark.parametrize("field", all_fields())
def test_every_setting_says_what_it_is_and_what_it_may_be(field: Field) -> None:
    assert is_one_sentence(field.description), field.description
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
def test_defaults_are_valid_names_are_unique_and_json_gives_the_experiment_back(dataset: DataSet, cell: Cell) -> None:
    chosen = compose(dataset.name, {"dataset": dataset.name, "cell": cell.name})
    assert Experiment.from_json(chosen.to_json()) == chosen
    sections = [set(dataset.settings.model_fields), set(cell.settings.model_fields), set(TrainingSettings.model_fields)]
    assert len(set.union(*sections, {"seed"})) == sum(map(len, sections)) + 1
    assert compose(dataset.name, chosen.flat()).model_copy(update={"recipe": ""}) == chosen.model_copy(
        update={"recipe": ""}
    )
    assert list(schema(dataset.name, cell.name))[-1] == "seed"


@pytest.mark.parametrize("name", sorted({p.values[0].name for p in all_fields()} | {"seed"}))
def test_every_setting_is_used(name: str) -> None:
    sources = [p for room in ("core", "library", "engine") for p in (PACKAGE / room).rglob("*.py")]
    assert any(re.search(rf"\.{name}\b", p.read_text(encoding="utf-8")) for p in sources)


@pytest.mark.parametrize("thing", [*every(DATASETS), *every(CELLS)])
def test_data_sets_and_cells_say_what_they_are(thing: DataSet | Cell) -> None:
    assert thing.title
    assert thing.description.endswith(".")
    assert len(thing.description) < 250
    assert thing.settings.__doc__
    kind = "dataset" if isinstance(thing, DataSet) else "cell"
    about = api.describe(kind, thing.name)
    assert json.loads(json.dumps(about)) == about


@pytest.mark.parametrize("recipe", every(RECIPES))
def test_recipes_say_what_they_are_and_their_defaults_are_valid(recipe: Recipe) -> None:
    chosen = compose(recipe.name, {})
    assert chosen.recipe == recipe.name
    assert Experiment.from_json(chosen.to_json()) == chosen
    values = chosen.flat()
    for name, value in recipe.defaults.items():
        assert values[name] == value, f"{recipe.name} does not heed its own {name}"
    assert is_one_sentence(recipe.summary)
    assert recipe.title
    assert recipe.publication
    assert all(remark.endswith(".") for remark in recipe.remarks)
    for series in recipe.published:
        assert series.metric in ("train_loss", "test_loss", "train_accuracy", "test_accuracy")
        assert [u for u, _ in series.points] == sorted({u for u, _ in series.points})
        assert all(np.isfinite(v) for _, v in series.points)
    assert json.loads(json.dumps(api.describe("recipe", recipe.name))) == api.describe("recipe", recipe.name)


def loaded(dataset: DataSet, real_data: Path, folder: Path) -> SequenceData:
    table = folder / "table.csv"
    table.write_text("t,v\n" + "\n".join(f"{i},{i % 7}" for i in range(200)))
    ucr = folder / "Rise_TRAIN.ts"
    ucr.write_text("@classLabel true up down\n@data\n" + "1,2,3:up\n3,2:down\n" * 8)
    settings = {"file": {"file": str(table)}, "sequences": {"file": str(ucr)}}.get(dataset.name, {})
    chosen = compose(dataset.name, {"dataset": dataset.name, **settings})
    return dataset.load(chosen.data, 0)


@pytest.mark.parametrize("dataset", every(DATASETS))
def test_every_data_set_loads_as_its_contract_says(
    dataset: DataSet, real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNNSTUDIO_DATA", str(real_data))
    if dataset.name in NEEDS_NUMBERS:
        with pytest.raises(DataError, match="again"):
            loaded(dataset, real_data, tmp_path)
        return
    data = loaded(dataset, real_data, tmp_path)
    sequences, steps, features = data.inputs.shape
    assert data.inputs.dtype == np.float32
    assert data.inputs.flags.c_contiguous
    assert np.isfinite(data.inputs).all()
    assert len(data.features) == features
    assert data.starts.dtype == np.int32
    assert data.starts.min() >= 0
    assert ((data.starts % steps) + data.span <= steps).all()
    assert len(data.train)
    parts = [set(p.tolist()) for p in (data.train, data.val, data.test)]
    assert sum(map(len, parts)) == len(set.union(*parts))
    if data.classes:
        assert data.targets.dtype == np.int32
        assert data.targets.min() >= 0
        assert data.targets.max() < len(data.classes)
    else:
        assert data.targets.dtype == np.float32
        assert np.isfinite(data.targets).all()
        assert data.targets.shape[-1] == len(data.target_names)
    if data.lengths is not None:
        assert data.lengths.shape == (sequences,)
        assert 1 <= data.lengths.min() <= data.lengths.max() <= steps
        assert not data.inputs[~data.mask()].any()
    assert all(is_one_sentence(note) for note in data.notes)
    assert len(data.targets) == (len(data.starts) if data.target_per_sequence else sequences)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_say_what_they_are(name: str) -> None:
    assert OPTIMIZERS[name].description.endswith(".")
    assert api.describe("optimizer", name)["description"] == OPTIMIZERS[name].description


def test_lists_for_front_ends_are_plain() -> None:
    for listed in (api.recipes(), api.datasets(), api.cells()):
        assert json.loads(json.dumps(listed)) == listed
    assert CELLS.names() == sorted(CELLS.names())  # whichever was imported first
    assert {"airline", "echo", "toy"} <= {r["name"] for r in api.recipes()}


@pytest.mark.parametrize(
    ("kind", "name"), [("recipe", "airlin"), ("dataset", "ech"), ("cell", "lstn"), ("optimizer", "adm"), ("rcipe", "x")]
)
def test_unknown_names_offer_the_nearest(kind: str, name: str) -> None:
    with pytest.raises(RnnStudioError, match="Did you mean"):
        api.describe(kind, name)
