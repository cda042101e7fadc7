"""Descriptions of recipes, data sets, cells and optimizers as plain dicts, for every front end."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rnnstudio.core.catalog import CELLS, DATASETS, RECIPES, Cell, DataSet, Recipe, models, sorted_recipes
from rnnstudio.core.errors import UnknownNameError
from rnnstudio.core.experiment import compose, schema
from rnnstudio.core.given_settings import AUTO
from rnnstudio.core.optimizers import OPTIMIZERS
from rnnstudio.core.schema import Section, fields_of


def recipes() -> list[dict[str, Any]]:
    """Return the recipes as plain dicts: names, titles, publications and published metrics.

    >>> [recipe["name"] for recipe in recipes()][:3]
    ['echo', 'toy', 'airline']
    """
    return [
        {
            "name": r.name,
            "title": r.title,
            "publication": r.publication,
            "summary": r.summary,
            "dataset": r.defaults["dataset"],
            "task": compose(r.name, {}).data.task,
            "model_of": r.model_of,
            "reached": _best_published(r),
            "published": [{"metric": s.metric, "update": u, "value": v} for s in r.published for u, v in s.points],
            "published_results": [
                {**asdict(result), "settings": dict(result.settings)} for result in r.published_results
            ],
        }
        for r in sorted_recipes()
    ]


def _best_published(recipe: Recipe) -> str:
    """Return the best published value of the most informative metric with its update, else the first result."""
    for metric in ("test_accuracy", "test_loss", "train_accuracy", "train_loss"):
        points = [point for s in recipe.published if s.metric == metric for point in s.points]
        if points:
            is_share = metric.endswith("accuracy")
            update, value = (max if is_share else min)(points, key=lambda point: point[1])
            text = f"{100 * value:.2f} %" if is_share else f"{value:.4g}"
            return f"{metric.replace('_', ' ')} {text} after {update:,} updates"
    if recipe.published_results:
        result = recipe.published_results[0]
        return f"{result.metric.replace('_', ' ')} {result.value:.4g} of {result.model}"
    return ""


def datasets() -> list[dict[str, Any]]:
    """Return the data sets, as plain dicts."""
    return [{"name": d.name, "title": d.title, "description": d.description} for d in DATASETS]


def cells() -> list[dict[str, Any]]:
    """Return the recurrent cells, as plain dicts."""
    return [{"name": c.name, "title": c.title, "description": c.description} for c in CELLS]


def optimizers() -> list[dict[str, Any]]:
    """Return the optimizers, as plain dicts."""
    return [{"name": o.name, "description": o.description} for o in OPTIMIZERS.values()]


def describe(kind: str, name: str) -> dict[str, Any]:
    """Return the description of a recipe, data set, cell or optimizer and of its settings, as plain values.

    Args:
        kind: recipe, dataset, cell or optimizer.
        name: Its name.

    Raises:
        UnknownNameError: There is no such kind or name.

    >>> [setting["name"] for setting in describe("cell", "rnn")["settings"]][:3]
    ['units', 'layers', 'bidirectional']
    """
    match kind:
        case "recipe":
            recipe = RECIPES.get(name)
            experiment = compose(name, {})
            values, fields = experiment.flat(), schema(experiment.data.dataset, experiment.model.cell)
            settings = [{**f.to_dict(), "default": values[f.name]} for f in fields.values()]
            summary = next(r for r in recipes() if r["name"] == recipe.name)
            return {
                "kind": kind,
                **summary,
                "published_outputs": [list(outputs) for outputs in recipe.published_outputs],
                "remarks": list(recipe.remarks),
                "models": models(name),
                "cell": experiment.model.cell,
                "settings": settings,
            }
        case "dataset":
            return _described(kind, DATASETS.get(name), "data")
        case "cell":
            return _described(kind, CELLS.get(name), "model")
        case "optimizer":
            if name not in OPTIMIZERS:
                raise UnknownNameError("optimizer", name, OPTIMIZERS)
            return {"kind": kind, "name": name, "description": OPTIMIZERS[name].description, "settings": []}
    raise UnknownNameError("kind", kind, ("recipe", "dataset", "cell", "optimizer"))


def _described(kind: str, entry: DataSet | Cell, section: Section) -> dict[str, Any]:
    """Return the description of a data set or cell; without a recipe, the settings of a data set are automatic."""
    is_automatic = isinstance(entry, DataSet) and entry.name not in RECIPES
    return {
        "kind": kind,
        "name": entry.name,
        "title": entry.title,
        "description": entry.description,
        "settings": [
            f.to_dict() | ({"default": AUTO} if is_automatic and f.automatic else {})
            for f in fields_of(entry.settings, section).values()
        ],
    }
