"""Recipes of the further models of a publication."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rnnstudio.core.catalog import Recipe, recipe

BACKWARD = (
    "The output of the backward layer is taken after it has read all steps. TensorFlow 1 returns its outputs in the "
    "order of the steps, so the last of them has read one step only."
)


def other_models(
    first: Recipe, summary: str, models: Mapping[str, tuple[str, Mapping[str, Any], tuple[str, ...]]]
) -> None:
    """Register a recipe for each further model of a publication; published numbers belong to the first one only.

    Args:
        first: The recipe of the publication's first model.
        summary: Sentence about each model, to be followed by the model's title.
        models: By name: the model's title, the settings in which it differs, and its own remarks.
    """
    for order, (name, (title, changes, remarks)) in enumerate(models.items(), start=first.order + 1):
        recipe(
            replace(
                first,
                name=f"{first.name}_{name}",
                title=f"{first.title}: {title}",
                summary=f"{summary} {title}.",
                defaults={**first.defaults, **changes},
                published=(),
                remarks=(*remarks, *first.remarks),
                order=order,
                model_of=first.name,
            )
        )
