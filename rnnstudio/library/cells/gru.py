"""Gated recurrent unit (Cho et al. 2014)."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np

from rnnstudio.core.catalog import cell
from rnnstudio.core.settings import ModelSettings, Real, setting


class GruSettings(ModelSettings):
    """Gated recurrent unit: an update and a reset gate in place of the LSTM's three (Cho et al. 2014)."""

    joined: ClassVar[tuple[int, ...]] = (2, 1)
    cell: Literal["gru"] = "gru"
    reset_after: bool = setting(
        True,
        "Apply the reset gate after the matrix product, with a second bias, as cuDNN does; else before, as in "
        "the paper.",
        advanced=True,
    )
    gate_bias: Real = setting(
        0.0,
        "First bias of both gates; 1 lets the cell remember from the start, as TensorFlow 1 does.",
        ge=-10.0,
        le=10.0,
        advanced=True,
    )


@cell(GruSettings, "GRU")
def build(settings: GruSettings, units: int, **options: Any) -> Any:
    """Return one `keras.layers.GRU`; its gates are in the order update, reset, candidate."""
    import keras

    # Keras' update gate is the share that is kept, as in TensorFlow 1 and PyTorch.
    bias = np.repeat([settings.gate_bias, settings.gate_bias, 0.0], units)
    first = keras.initializers.Constant(np.stack([bias, 0.0 * bias]) if settings.reset_after else bias)
    return keras.layers.GRU(units, reset_after=settings.reset_after, bias_initializer=first, use_cudnn=False, **options)
