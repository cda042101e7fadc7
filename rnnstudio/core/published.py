"""A run compared with the publication it repeats: the published metrics, and the settings that differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnstudio.core.catalog import RECIPES, Recipe
from rnnstudio.core.differences import Difference, differences
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History

# Settings without influence on the metrics at a given update, and the seed.
_IRRELEVANT = ("seed", "data_seed", "epochs", "updates", "evaluate_every", "patience", "restore_best_weights")


@dataclass(frozen=True)
class Comparison:
    """A published metric and the run's.

    Attributes:
        metric: Flat name of the metric, such as `test_loss`.
        update: Updates done when it was measured.
        published: The published value.
        run: The run's value; None where the run ended earlier or has no evaluation at this update.
    """

    metric: str
    update: int
    published: float
    run: float | None

    def to_dict(self) -> dict[str, str | int | float | None]:
        """Return plain values for JSON and R."""
        return {"metric": self.metric, "update": self.update, "published": self.published, "run": self.run}


def compare_with_publication(recipe: Recipe, history: History) -> list[Comparison]:
    """Return every published metric of a recipe with the run's value at the same update.

    Args:
        recipe: The recipe.
        history: The history of a run of this recipe.
    """
    return [
        Comparison(series.metric, update, value, _value_at(history, series.metric, update))
        for series in recipe.published
        for update, value in series.points
    ]


def differences_from_publication(experiment: Experiment) -> list[Difference]:
    """Return the settings that may give other metrics than the publication's; empty without a recipe.

    Args:
        experiment: The experiment of a run.

    >>> from rnnstudio.core.experiment import compose
    >>> [str(difference) for difference in differences_from_publication(compose("echo", {"window": 3, "seed": 5}))]
    ['window 15 -> 3']
    """
    if experiment.recipe not in RECIPES:
        return []
    return [d for d in differences(experiment, experiment.recipe) if d.name not in _IRRELEVANT]


def _value_at(history: History, metric: str, update: int) -> float | None:
    column = {"train_loss": history.loss, "train_accuracy": history.accuracy}.get(metric)
    if column is not None:
        return float(column.values[update]) if update < len(column) else None
    steps, values = history.evaluated(metric)
    indices = np.flatnonzero(steps == update)
    return float(values[indices[0]]) if len(indices) else None
