"""A work's other models: its first recipe with another network."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rnnstudio.core.catalog import Recipe, recipe

BACKWARD = (
    "The backward network is read where it has seen every step. TensorFlow 1 gives its outputs in the order of the "
    "steps, so that the last one has seen a single step."
)


def other_models(
    first: Recipe, sentence: str, models: Mapping[str, tuple[str, Mapping[str, Any], tuple[str, ...]]]
) -> None:
    """Register a recipe for each model of a work besides the first; numbers the work printed stay with that one.

    Args:
        first: The work's first recipe.
        sentence: What each does, to be followed by what the work calls it.
        models: By name: what the work calls it, the settings that make it, and remarks of its own.
    """
    for order, (name, (title, changes, remarks)) in enumerate(models.items(), start=first.order + 1):
        recipe(
            replace(
                first,
                name=f"{first.name}_{name}",
                title=f"{first.title}: {title}",
                summary=f"{sentence} {title}.",
                defaults={**first.defaults, **changes},
                published=(),
                remarks=(*remarks, *first.remarks),
                order=order,
                model_of=first.name,
            )
        )
