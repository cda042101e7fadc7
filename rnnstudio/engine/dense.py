"""A dense layer with the initial weights that the settings name."""

from __future__ import annotations

from typing import Any

from rnnstudio.engine.initial_weights import InitialWeights
from rnnstudio.engine.runtime import keras


def dense_layer(initial: InitialWeights, width: int, units: int, activation: str | None, name: str) -> Any:
    """Return a built layer, from `(..., width)` to `(..., units)`.

    Args:
        initial: Draws the initial weights.
        width: Inputs.
        units: Outputs.
        activation: Name of its activation; None for a linear layer.
        name: Its name.
    """
    layer = keras.layers.Dense(units, activation=activation, name=name, **initial.dense(width, units))
    layer.build((None, width))
    return layer
