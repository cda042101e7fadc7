"""A run beside the results that publications report for other models on the same test set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rnnstudio.core.catalog import RECIPES, Recipe
from rnnstudio.core.differences import Difference, differences
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.wording import enumeration


def published_results(experiment: Experiment, metrics: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return the published results that are comparable with a run, with the run's value of the same metric.

    Args:
        experiment: The experiment of the run.
        metrics: Its metrics.

    Returns:
        A dict for each model and metric: `model`, `metric`, `published`, `run` (None where the run ended without it),
        `note` and `source`; empty without published results, or where the run's test set or scale is another.

    >>> from rnnstudio.core.experiment import compose
    >>> rows = published_results(compose("etth2", {"horizon": 336}), {"test_scaled_mse": 0.38})
    >>> {name: rows[0][name] for name in ("model", "metric", "published", "run")}
    {'model': 'SegRNN', 'metric': 'test_scaled_mse', 'published': 0.421, 'run': 0.38}
    """
    recipe = _recipe_of(experiment)
    if recipe is None or _protocol_differences(experiment, recipe):
        return []
    values = experiment.flat()
    return [
        {
            "model": result.model,
            "metric": result.metric,
            "published": result.value,
            "run": metrics.get(result.metric),
            "note": result.note,
            "source": result.source,
        }
        for result in recipe.published_results
        if all(values.get(name) == value for name, value in result.settings.items())
    ]


def why_not_comparable(experiment: Experiment) -> str:
    """Return why the published results of a recipe are not comparable with a run, as a sentence; empty where they are.

    >>> from rnnstudio.core.experiment import compose
    >>> why_not_comparable(compose("etth2", {"target": "OT"}))
    'Published results are not comparable, because another test set or scale follows from target none -> OT.'
    >>> why_not_comparable(compose("etth2", {"horizon": 24}))
    'There are published results for horizon 96, 192, 336 and 720; this run has horizon 24.'
    """
    recipe = _recipe_of(experiment)
    if recipe is None:
        return ""
    if different := _protocol_differences(experiment, recipe):
        return (
            "Published results are not comparable, because another test set or scale follows from "
            f"{enumeration(list(map(str, different)))}."
        )
    if published_results(experiment, {}):
        return ""
    values = experiment.flat()
    names = dict.fromkeys(name for result in recipe.published_results for name in result.settings)
    known = {name: dict.fromkeys(r.settings[name] for r in recipe.published_results) for name in names}
    there = enumeration([f"{name} {enumeration(list(those))}" for name, those in known.items()])
    own = enumeration([f"{name} {values.get(name)}" for name in names])
    return f"There are published results for {there}; this run has {own}."


def result_rows(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str, dict[str, float]]]:
    """Return a row for each model and one for the run, the best first.

    Args:
        rows: Those of `published_results`.

    Returns:
        Model, note, source and the values by metric; the model "this run" is the run. The first metric decides.

    >>> common = {"metric": "test_loss", "run": 0.3, "note": "", "source": ""}
    >>> rows = [{**common, "model": "A", "published": 0.4}, {**common, "model": "B", "published": 0.2}]
    >>> [(model, values["test_loss"]) for model, _, _, values in result_rows(rows)]
    [('B', 0.2), ('this run', 0.3), ('A', 0.4)]
    """
    models: dict[tuple[str, str, str], dict[str, float]] = {}
    own: dict[str, float] = {}
    for row in rows:
        models.setdefault((row["model"], row["note"], row["source"]), {})[row["metric"]] = row["published"]
        if row["run"] is not None:
            own[row["metric"]] = row["run"]
    if not rows:
        return []
    first = rows[0]["metric"]
    lines = [("this run", "", "", own), *((*model, values) for model, values in models.items())]
    return sorted(lines, key=lambda line: line[3].get(first, float("inf")))


def _recipe_of(experiment: Experiment) -> Recipe | None:
    """Return the recipe of an experiment where it has published results of other models."""
    recipe = RECIPES.get(experiment.recipe) if experiment.recipe in RECIPES else None
    return recipe if recipe is not None and recipe.published_results else None


def _protocol_differences(experiment: Experiment, recipe: Recipe) -> list[Difference]:
    """Return the settings of the recipe's protocol that have another value."""
    return [d for d in differences(experiment, recipe.name) if d.name in (*recipe.protocol, "dataset")]
