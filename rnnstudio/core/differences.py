"""The settings in which an experiment differs from the recipe or data set it started from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rnnstudio.core.catalog import RECIPES
from rnnstudio.core.experiment import Experiment, compose


@dataclass(frozen=True)
class Difference:
    """A setting with another value than at the start.

    Attributes:
        name: Flat name of the setting.
        start: Its value in the recipe or data set.
        value: Its value in the experiment.
    """

    name: str
    start: Any
    value: Any

    def __str__(self) -> str:
        """Return a text such as "window 15 -> 3"."""
        return f"{self.name} {value_text(self.start)} -> {value_text(self.value)}"


def value_text(value: Any) -> str:
    """Return the value of a setting as it would be typed.

    >>> value_text(True), value_text(0.5), value_text([64, 32]), value_text("")
    ('true', '0.5', '64,32', 'none')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value)) or "none"
    return str(value) or "none"


def differences(experiment: Experiment, start: str) -> list[Difference]:
    """Return the settings in which an experiment differs from its start, the cell first.

    Another cell counts as one difference; the settings of the new cell are compared with its own defaults.

    Args:
        experiment: The experiment.
        start: Name of the recipe or data set to compare with.

    >>> experiment = compose("airline", {"cell": "gru", "window": 7})
    >>> [str(difference) for difference in differences(experiment, "airline")]
    ['cell lstm -> gru', 'window 5 -> 7']
    """
    free = {"recipe": "none"} if not experiment.recipe and start in RECIPES else {}
    reference = compose(start, {"cell": experiment.model.cell, **free})
    return differences_from(experiment, reference, compose(start, free).model.cell)


def differences_from(experiment: Experiment, reference: Experiment, default_cell: str) -> list[Difference]:
    """Return the settings in which an experiment differs from a reference experiment, the cell first.

    Args:
        experiment: The experiment.
        reference: The recipe or data set with its own settings and the cell of the experiment.
        default_cell: The cell of the recipe or data set.
    """
    cell, defaults = experiment.model.cell, reference.flat()
    changed = [] if cell == default_cell else [Difference("cell", default_cell, cell)]
    return changed + [
        Difference(name, defaults[name], value)
        for name, value in experiment.flat().items()
        if name in defaults and defaults[name] != value
    ]
