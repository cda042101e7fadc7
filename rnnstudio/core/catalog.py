"""The registries of data sets, cells and recipes, and the decorators that fill them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from rnnstudio.core.registry import Registry
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import DataSettings, ModelSettings

D = TypeVar("D", bound=DataSettings)
M = TypeVar("M", bound=ModelSettings)


@dataclass(frozen=True)
class DataSet:
    """A data set: its settings, and the function that turns settings and seed into sequences in the data's units.

    `usual` holds what its experiments start with where that differs from the usual settings of model and training.
    `fetch` makes sure that its files are on this computer and returns where; None where it needs none.
    """

    name: str
    title: str
    description: str
    settings: type[DataSettings]
    load: Callable[[Any, int], SequenceData]
    usual: Mapping[str, Any]
    fetch: Callable[[], Path] | None = None


@dataclass(frozen=True)
class Cell:
    """A recurrent cell: its settings, and the function that builds one Keras layer of it."""

    name: str
    title: str
    description: str
    settings: type[ModelSettings]
    build: Callable[..., Any]


@dataclass(frozen=True)
class PublishedSeries:
    """Numbers a work printed, at the updates it printed them.

    Attributes:
        metric: The run's figure they stand beside: train_loss, test_loss, train_accuracy or test_accuracy.
        points: Pairs of updates done and value.
        note: Where the work printed them.
    """

    metric: str
    points: tuple[tuple[int, float], ...]
    note: str = ""


@dataclass(frozen=True)
class Recipe:
    """A published work as a named experiment: the work's own values, and the numbers it printed.

    Attributes:
        name: What users type.
        title: What a card says.
        work: Author, title, year.
        sentence: One sentence for somebody who has not read the work.
        defaults: Settings by their flat names.
        published: The work's numbers along the training.
        published_outputs: What the work's trained network gave for each test sequence.
        remarks: What is worth knowing when comparing.
        picture: The picture that shows it best.
        place: Where it stands in lists; the simplest first.
        model_of: For a further model of a work: the recipe of its first one, which has the card.
    """

    name: str
    title: str
    publication: str
    summary: str
    defaults: Mapping[str, Any]
    published: tuple[PublishedSeries, ...] = ()
    published_outputs: tuple[tuple[float, ...], ...] = ()
    remarks: tuple[str, ...] = ()
    plot: str = "loss"
    order: int = 100
    model_of: str = ""


DATASETS: Registry[DataSet] = Registry("data set", "rnnstudio.library.datasets")
CELLS: Registry[Cell] = Registry("cell", "rnnstudio.library.cells")
RECIPES: Registry[Recipe] = Registry("recipe", "rnnstudio.library.recipes")


def sorted_recipes() -> list[Recipe]:
    """Return all recipes in the order of lists and cards."""
    return sorted(RECIPES, key=lambda r: (r.order, r.name))


def models(name: str) -> list[str]:
    """Return the recipes of all models of a work, in the order of lists, by the name of any of them."""
    first = RECIPES.get(name).model_of or name
    return [r.name for r in sorted_recipes() if first in (r.name, r.model_of)]


def _first_sentence(thing: object) -> str:
    return " ".join((thing.__doc__ or "").strip().split("\n\n")[0].split())


def dataset(
    settings: type[D],
    title: str,
    usual: Mapping[str, Any] | None = None,
    fetch: Callable[[], Path] | None = None,
) -> Callable[[Callable[[D, int], SequenceData]], Callable[[D, int], SequenceData]]:
    """File the function below as a data set with these settings."""

    def keep(load: Callable[[D, int], SequenceData]) -> Callable[[D, int], SequenceData]:
        name = str(settings.model_fields["dataset"].default)
        about = _first_sentence(settings)
        DATASETS.register(name)(DataSet(name, title, about, settings, load, dict(usual or {}), fetch))
        return load

    return keep


def cell(settings: type[M], title: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """File the function below as a cell with these settings."""

    def keep(build: Callable[..., Any]) -> Callable[..., Any]:
        name = str(settings.model_fields["cell"].default)
        CELLS.register(name)(Cell(name, title, _first_sentence(settings), settings, build))
        return build

    return keep


def recipe(found: Recipe) -> Recipe:
    """File a recipe."""
    return RECIPES.register(found.name)(found)
