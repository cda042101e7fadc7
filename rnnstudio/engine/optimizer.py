"""The optimizers of Keras, by the names users know."""

from __future__ import annotations

from typing import Any

from rnnstudio.core.optimizers import OPTIMIZERS
from rnnstudio.engine.runtime import keras


def make_optimizer(name: str, learning_rate: float, momentum: float) -> Any:
    """Return a Keras optimizer.

    Args:
        name: A name of `core.optimizers`.
        learning_rate: Learning rate.
        momentum: Momentum, for optimizers that have one.
    """
    known = OPTIMIZERS[name]
    options: dict[str, Any] = {"name": name}  # else Keras numbers it, and no two programs have the same name
    if name in ("momentum", "nesterov"):
        options |= {"momentum": momentum or 0.9, "nesterov": name == "nesterov"}
    elif known.momentum:
        options |= {"momentum": momentum}
    return getattr(keras.optimizers, known.keras_class)(learning_rate=learning_rate, **options)
