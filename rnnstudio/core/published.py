"""A work's printed numbers beside the run's own, at the same updates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnstudio.core.catalog import Recipe
from rnnstudio.core.history import History


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


def _at(history: History, metric: str, update: int) -> float | None:
    column = {"train_loss": history.loss, "train_accuracy": history.accuracy}.get(metric)
    if column is not None:
        return float(column.values[update]) if update < len(column) else None
    steps, values = history.evaluated(metric)
    found = np.flatnonzero(steps == update)
    return float(values[found[0]]) if len(found) else None
