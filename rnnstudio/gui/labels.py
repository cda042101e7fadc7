"""Labels of recipes, data sets, cells and values of settings, as the form and the tables of the window show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rnnstudio.core.catalog import CELLS, DATASETS, RECIPES
from rnnstudio.core.differences import Difference, value_text
from rnnstudio.core.given_settings import is_auto
from rnnstudio.core.schema import Field
from rnnstudio.core.wording import choice_label

AUTOMATIC = "automatic"  # the value of a setting that is chosen from the training set


def start_label(name: str) -> str:
    """Return the title of a recipe or data set; the name itself where none is registered under it."""
    if name in RECIPES:
        return RECIPES.get(name).title
    return DATASETS.get(name).title if name in DATASETS else name


def cell_label(name: str) -> str:
    """Return the title of a cell; the name itself where none is registered under it."""
    return CELLS.get(name).title if name in CELLS else name


def value_label(field: Field, value: Any) -> str:
    """Return the label of a value of a setting.

    >>> value_label(Field("sampling", "training", "choice", "", "", choices=("shuffle_once",)), "shuffle_once")
    'shuffle once'
    """
    if field.name == "cell":
        return cell_label(str(value))
    if field.automatic and is_auto(value):
        return AUTOMATIC
    text = value_text(value)
    label = choice_label(field.name, text)
    return label.replace("_", " ") if field.choices and label == text else label


def labels_of(fields: Mapping[str, Field]) -> dict[str, str]:
    """Return what sentences about settings say in place of flat names, and of values that have several words.

    >>> order = Field("date_order", "data", "choice", "auto", "", label="Date order", choices=("auto", "day_first"))
    >>> labels_of({"date_order": order})
    {'date_order': 'Date order', 'day_first': 'day first'}
    """
    values = {value: value_label(field, value) for field in fields.values() for value in field.choices if "_" in value}
    return {**{name: field.label for name, field in fields.items()}, **values}


def difference_text(difference: Difference, fields: Mapping[str, Field]) -> str:
    """Return a difference such as "Units 4 → 8".

    Args:
        difference: A setting with another value than in the recipe.
        fields: The settings by flat name.
    """
    field = fields[difference.name]
    return f"{field.label} {value_label(field, difference.start)} → {value_label(field, difference.value)}"
