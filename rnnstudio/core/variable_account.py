"""What a file holds side by side, of which a training reads one: arrays, data frames or sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_MAX_LISTED = 12


@dataclass(frozen=True)
class VariableAccount:
    """An array, data frame or sheet that can be read.

    Attributes:
        name: Its name, the value of the setting `variable`.
        type: What it holds, such as "float64" or "sheet".
        shape: Its shape; empty where it is not known before it is read.

    >>> str(VariableAccount("X099_DE_time", "float64", (121265, 1)))
    'X099_DE_time (121,265 x 1, float64)'
    """

    name: str
    type: str
    shape: tuple[int, ...] = ()

    def __str__(self) -> str:
        """Return name, shape and type."""
        shape = " x ".join(f"{n:,}" for n in self.shape)
        return f"{self.name} ({shape}, {self.type})" if shape else f"{self.name} ({self.type})"


def variables_text(variables: Sequence[VariableAccount], current: str) -> str:
    """Return a sentence about what a file holds and what is read of it.

    Args:
        variables: What it holds.
        current: Name of the one that is read.
    """
    listed = [str(variable) for variable in variables[:_MAX_LISTED]]
    more = f" and {len(variables) - _MAX_LISTED} more" if len(variables) > _MAX_LISTED else ""
    return f"{current} is read, of {', '.join(listed)}{more}; set variable to read another one"
