"""What there is by name, as plain dicts: recipes, data sets, cells, optimizers, and what of each can be set."""

from __future__ import annotations

from typing import Any

from rnnstudio.core.catalog import CELLS, DATASETS, RECIPES, Cell, DataSet, Recipe, models, sorted_recipes
from rnnstudio.core.errors import UnknownNameError
from rnnstudio.core.experiment import compose, schema
from rnnstudio.core.optimizers import OPTIMIZERS
from rnnstudio.core.schema import Section, fields_of


def recipes() -> list[dict[str, Any]]:
    """Return the published works that can be run by name, as plain dicts."""
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
        }
        for r in sorted_recipes()
    ]


def _best_published(recipe: Recipe) -> str:
    """Return the best number a work printed, of the most telling figure it has, and when it stood there."""
    for metric in ("test_accuracy", "test_loss", "train_accuracy", "train_loss"):
        found = [point for s in recipe.published if s.metric == metric for point in s.points]
        if found:
            share = metric.endswith("accuracy")
            update, value = (max if share else min)(found, key=lambda point: point[1])
            shown = f"{100 * value:.2f} %" if share else f"{value:.4g}"
            return f"{metric.replace('_', ' ')} {shown} after {update:,} updates"
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
    """Return what a recipe, dataset, cell or optimizer is and what can be set, as plain values.

    Args:
        kind: recipe, dataset, cell or optimizer.
        name: Its name.

    Raises:
        UnknownNameError: No such kind or name.
    """
    match kind:
        case "recipe":
            recipe = RECIPES.get(name)
            experiment = compose(name, {})
            values, fields = experiment.flat(), schema(experiment.data.dataset, experiment.model.cell)
            settings = [{**f.to_dict(), "default": values[f.name]} for f in fields.values()]
            about = next(r for r in recipes() if r["name"] == recipe.name)
            return {
                "kind": kind,
                **about,
                "published_outputs": [list(outputs) for outputs in recipe.published_outputs],
                "remarks": list(recipe.remarks),
                "models": models(name),
                "cell": experiment.model.cell,
                "settings": settings,
            }
        case "dataset":
            return _about(kind, DATASETS.get(name), "data")
        case "cell":
            return _about(kind, CELLS.get(name), "model")
        case "optimizer":
            if name not in OPTIMIZERS:
                raise UnknownNameError("optimizer", name, OPTIMIZERS)
            return {"kind": kind, "name": name, "description": OPTIMIZERS[name].description, "settings": []}
    raise UnknownNameError("kind", kind, ("recipe", "dataset", "cell", "optimizer"))


def _about(kind: str, thing: DataSet | Cell, section: Section) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": thing.name,
        "title": thing.title,
        "description": thing.description,
        "settings": [f.to_dict() for f in fields_of(thing.settings, section).values()],
    }
