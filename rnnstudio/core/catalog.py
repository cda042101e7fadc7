"""The registries of data sets, cells and recipes, and the decorators that register them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from rnnstudio.core.declarations import registered_name
from rnnstudio.core.errors import DataError
from rnnstudio.core.kernel import Kernel
from rnnstudio.core.registry import Registry
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import DataSettings, ModelSettings

D = TypeVar("D", bound=DataSettings)
M = TypeVar("M", bound=ModelSettings)
K = TypeVar("K", bound=Callable[[Any], Kernel])
B = TypeVar("B", bound=Callable[..., Any])


@dataclass(frozen=True)
class DataSet:
    """A data set.

    Attributes:
        name: Name in flags, Python and R.
        title: Title in lists and forms.
        description: One sentence.
        settings: Class of its settings.
        load: Function from settings and seed to sequences in original units.
        fetch: Function that downloads its files where they are missing, and returns their path; None without files.
    """

    name: str
    title: str
    description: str
    settings: type[DataSettings]
    load: Callable[[Any, int], SequenceData]
    fetch: Callable[[], Path] | None = None


@dataclass(frozen=True)
class Cell:
    """A recurrent cell: its settings, and its kernel or else its Keras layer.

    Attributes:
        name: Name in flags, Python and R.
        title: Name in the form.
        description: One sentence.
        settings: Its settings.
        kernel: Returns the kernel for some settings; None for a cell that trains as a Keras layer.
        keras_layer: Returns a Keras layer for some settings; None for a cell that has a kernel.
    """

    name: str
    title: str
    description: str
    settings: type[ModelSettings]
    kernel: Callable[[Any], Kernel] | None = None
    keras_layer: Callable[..., Any] | None = None


@dataclass(frozen=True)
class PublishedSeries:
    """Published values of a metric.

    Attributes:
        metric: Flat name of the metric: train_loss, test_loss, train_accuracy or test_accuracy.
        points: Pairs of update and value.
        note: How the publication reports them.
    """

    metric: str
    points: tuple[tuple[int, float], ...]
    note: str = ""


@dataclass(frozen=True)
class PublishedResult:
    """A result of another model on the same test set.

    Attributes:
        model: Its name.
        metric: Flat name of the metric of a run that measures the same, such as test_scaled_mse.
        value: The published value.
        settings: The settings of an experiment that it belongs to, by flat name, such as the horizon.
        note: What is to be known of the model, such as "reads 96 hours".
        source: Author, title and year of the publication.
    """

    model: str
    metric: str
    value: float
    settings: Mapping[str, Any]
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class Recipe:
    """The experiment of a publication (paper, tutorial or book): its settings and the metrics it printed.

    Attributes:
        name: Name in flags, Python and R.
        title: Title of the card.
        publication: Author, title and year.
        summary: One sentence for a reader who does not know the publication.
        defaults: Settings by flat name.
        published: Published metrics during training.
        published_outputs: Published predictions of the trained network for each test sequence.
        published_results: Published results of other models on the same test set.
        protocol: Settings that must be those of the recipe for its published results to be comparable.
        remarks: Sentences to read before comparing a run with the publication.
        plot: Name of the plot that shows its result best.
        order: Position in lists; the simplest recipes come first.
        model_of: For a further model of a publication: the recipe of its first model, which has the card.
    """

    name: str
    title: str
    publication: str
    summary: str
    defaults: Mapping[str, Any]
    published: tuple[PublishedSeries, ...] = ()
    published_outputs: tuple[tuple[float, ...], ...] = ()
    published_results: tuple[PublishedResult, ...] = ()
    protocol: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    plot: str = "loss"
    order: int = 100
    model_of: str = ""


DATASETS: Registry[DataSet] = Registry("data set", "rnnstudio.library.datasets")
CELLS: Registry[Cell] = Registry("cell", "rnnstudio.library.cells")
RECIPES: Registry[Recipe] = Registry("recipe", "rnnstudio.library.recipes")


def load_data(settings: DataSettings, seed: int) -> SequenceData:
    """Return the data of settings, which may be downloaded.

    Args:
        settings: Settings of a data set.
        seed: Decides how it is split, and what is generated.

    Raises:
        RnnStudioError: They cannot be loaded.
    """
    return DATASETS.get(settings.dataset).load(settings, seed)


def sorted_recipes() -> list[Recipe]:
    """Return all recipes in the order of lists and cards."""
    return sorted(RECIPES, key=lambda r: (r.order, r.name))


def models(name: str) -> list[str]:
    """Return the recipes of all models of a publication, in the order of lists.

    Args:
        name: The recipe of any of its models.
    """
    first = RECIPES.get(name).model_of or name
    return [r.name for r in sorted_recipes() if first in (r.name, r.model_of)]


def _first_paragraph(settings: type) -> str:
    return " ".join((settings.__doc__ or "").strip().split("\n\n")[0].split())


def dataset(
    settings: type[D],
    title: str,
    fetch: Callable[[], Path] | None = None,
) -> Callable[[Callable[[D, int], SequenceData]], Callable[[D, int], SequenceData]]:
    """Return a decorator that registers a function as the `load` of a data set.

    The registered `load` raises DataError where the data have another task than the settings.

    Args:
        settings: Class of the settings; the default of its field `dataset` is the name of the data set.
        title: Title in lists and forms.
        fetch: Function that downloads the files where they are missing, and returns their path.
    """

    def register(load: Callable[[D, int], SequenceData]) -> Callable[[D, int], SequenceData]:
        name = registered_name(settings, "data")
        description = _first_paragraph(settings)

        @wraps(load)
        def checked_load(values: D, seed: int) -> SequenceData:
            data = load(values, seed)
            if data.task != values.task:
                raise DataError(
                    f"The data set {name} must return data of task {values.task}, as its settings say; its load "
                    f"returned data of task {data.task}."
                )
            return data

        DATASETS.register(name)(DataSet(name, title, description, settings, checked_load, fetch))
        return load

    return register


def cell(settings: type[M], title: str) -> Callable[[K], K]:
    """Register the class or function below as the kernel of a cell.

    Args:
        settings: The settings of the cell; the default of their field `cell` is its name.
        title: Name in the form.
    """

    def register(kernel: K) -> K:
        _register_cell(settings, title, kernel=kernel)
        return kernel

    return register


def keras_cell(settings: type[M], title: str) -> Callable[[B], B]:
    """Register the function below as a cell without a kernel, which trains as a Keras layer, slower.

    The function returns a recurrent Keras layer. Its arguments are the settings, and keywords that it passes on to the
    layer's constructor: `return_sequences`, `return_state` and `name`.

    Args:
        settings: The settings of the cell; the default of their field `cell` is its name.
        title: Name in the form.
    """

    def register(build: B) -> B:
        _register_cell(settings, title, keras_layer=build)
        return build

    return register


def _register_cell(settings: type[ModelSettings], title: str, **implementation: Any) -> None:
    name = registered_name(settings, "model")
    CELLS.register(name)(Cell(name, title, _first_paragraph(settings), settings, **implementation))


def recipe(entry: Recipe) -> Recipe:
    """Register a recipe."""
    return RECIPES.register(entry.name)(entry)
