"""Checks of arguments that are not settings of an experiment."""

from __future__ import annotations

import os
from numbers import Real
from typing import Any

import numpy as np

from rnnstudio.core.errors import SettingError


def whole_number(value: Any, name: str, low: int, high: int) -> int:
    """Return a whole number, which R may send as 20.0.

    Args:
        value: The argument.
        name: Its name, for the message.
        low: Smallest value allowed.
        high: Largest value allowed.

    Raises:
        SettingError: It is not a whole number in this range.

    >>> whole_number(20.0, "steps", 1, 100)
    20
    """
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float, np.integer, np.floating))
        or not low <= value <= high
        or value != int(value)
    ):
        raise SettingError(f"{name} must be a whole number from {low} to {high}; received {value!r}.", name)
    return int(value)


def check_training_arguments(callback: object, max_seconds: Any, save: object, checkpoint_seconds: Any = 30.0) -> None:
    """Check the arguments of `train` before anything is computed.

    Raises:
        SettingError: One of them cannot be used.
    """
    if callback is not None and not callable(callback):
        raise SettingError(f"callback must be a function or None; received {callback!r}.", "callback")

    def is_positive(value: Any) -> bool:
        return not isinstance(value, bool) and isinstance(value, Real) and float(value) > 0

    if not is_positive(checkpoint_seconds):
        raise SettingError(
            f"checkpoint_seconds must be a number above 0; received {checkpoint_seconds!r}.", "checkpoint_seconds"
        )
    if max_seconds is not None and not is_positive(max_seconds):
        raise SettingError(f"max_seconds must be a number above 0 or None; received {max_seconds!r}.", "max_seconds")
    if not isinstance(save, (bool, str, os.PathLike)) or save == "":
        raise SettingError(f"save must be True, False or the path of a folder; received {save!r}.", "save")
