"""A work's printed numbers beside the run's own, at the same updates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnstudio.core.catalog import RECIPES, Recipe
from rnnstudio.core.experiment import Experiment, compose
from rnnstudio.core.history import History

# what decides how long a run goes on and when it looks, but not its figures at an update; and chance
_NO_MATTER = ("seed", "epochs", "updates", "evaluate_every", "patience", "restore_best_weights")


@dataclass(frozen=True)
class Comparison:
    """One printed number and the run's own; `run` is None where the run did not get there or did not look."""

    metric: str
    update: int
    published: float
    run: float | None

    def to_dict(self) -> dict[str, str | int | float | None]:
        """Return plain values for JSON and R."""
        return {"metric": self.metric, "update": self.update, "published": self.published, "run": self.run}


def compare(recipe: Recipe, history: History) -> list[Comparison]:
    """Return all of a recipe's published numbers, each beside the run's at the same update."""
    rows = []
    for series in recipe.published:
        for update, value in series.points:
            rows.append(Comparison(series.metric, update, value, _at(history, series.metric, update)))
    return rows


def differences(experiment: Experiment) -> list[str]:
    """Return the settings that make a run another experiment than its recipe's work, such as "window 15 -> 3".

    Seed, length of the training and looks do not count; a run without a recipe has no differences.
    """
    if experiment.recipe not in RECIPES:
        return []
    run, work = experiment.flat(), compose(experiment.recipe, {}).flat()
    return [
        f"{name} {_text(value)} -> {_text(run[name])}"
        for name, value in work.items()
        if name in run and name not in _NO_MATTER and run[name] != value
    ]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        return ",".join(map(str, value)) or "none"
    return str(value) or "none"


def _at(history: History, metric: str, update: int) -> float | None:
    column = {"train_loss": history.loss, "train_accuracy": history.accuracy}.get(metric)
    if column is not None:
        return float(column.values[update]) if update < len(column) else None
    steps, values = history.evaluated(metric)
    found = np.flatnonzero(steps == update)
    return float(values[found[0]]) if len(found) else None
