"""Which of the settings that a caller gives can be used: fixed ones, old names of others, automatic ones, no recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rnnstudio.core.catalog import CELLS, DATASETS
from rnnstudio.core.errors import SettingError
from rnnstudio.core.schema import fields_of, fixed_values
from rnnstudio.core.upgrade import RENAMED
from rnnstudio.core.wording import enumeration

AUTO = "auto"  # the value of a setting that is chosen from the training data


def fixed_settings(dataset: str, cell: str) -> dict[str, Any]:
    """Return the settings that have one allowed value only with this data set and cell, by flat name."""
    return {**fixed_values(DATASETS.get(dataset).settings), **fixed_values(CELLS.get(cell).settings)}


def without_fixed(overrides: Mapping[str, Any], dataset: str, cell: str) -> dict[str, Any]:
    """Return the overrides without settings that have one allowed value only, such as `task` of the echo."""
    fixed = fixed_settings(dataset, cell)
    for name in fixed.keys() & overrides.keys() - {"dataset", "cell"}:
        if overrides[name] != fixed[name]:
            raise SettingError(
                f"{name} must be {fixed[name]} for the data set {dataset}; received {overrides[name]!r}.", name
            )
    return {k: v for k, v in overrides.items() if k in ("dataset", "cell") or k not in fixed}


def refuse_old_name_of_another(name: str, dataset: str, cell: str) -> None:
    """Raise a SettingError for the old name of a setting that other data sets or cells have."""
    new = next((renamed.new for renamed in RENAMED if renamed.old == name), None)
    data_sets = [entry.name for entry in DATASETS if new in fields_of(entry.settings, "data")]
    cells = [entry.name for entry in CELLS if new in fields_of(entry.settings, "model")]
    for kind, chosen, owners in (("data set", dataset, data_sets), ("cell", cell, cells)):
        if owners:
            plural = "s" if len(owners) > 1 else ""
            raise SettingError(
                f"{name} is now {new}, a setting of the {kind}{plural} {enumeration(owners)}; the {kind} {chosen} "
                f"does not have it. Leave {name} out."
            )


def is_auto(value: Any) -> bool:
    """Return whether a value asks for an automatic setting."""
    return isinstance(value, str) and value.strip().lower() == AUTO


def is_without_recipe(start: str, recipe: Any) -> bool:
    """Return whether the caller asks for the data set of a recipe without its settings: `recipe` none.

    Raises:
        SettingError: It names another recipe.
    """
    if str(recipe).lower() not in ("none", start.lower()):
        raise SettingError(
            f"recipe must be none, which takes the data set of {start} with automatic settings; received {recipe!r}. "
            "Name another recipe in place of the first argument.",
            "recipe",
        )
    return str(recipe).lower() == "none"
