"""Gated recurrent unit (Cho et al. 2014)."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from rnnstudio.core.catalog import cell
from rnnstudio.core.settings import ModelSettings, setting


class GruSettings(ModelSettings):
    """Gated recurrent unit: an update and a reset gate in place of the LSTM's three (Cho et al. 2014)."""

    gates: ClassVar[int] = 3
    cell: Literal["gru"] = "gru"
    reset_after: bool = setting(
        True,
        "Apply the reset gate after the matrix product, with a second bias, as cuDNN does; else before, as in "
        "the paper.",
        minor=True,
    )


@cell(GruSettings, "GRU")
def build(settings: GruSettings, units: int, **options: Any) -> Any:
    """Return one `keras.layers.GRU`; its gates are in the order update, reset, candidate."""
    import keras

    return keras.layers.GRU(units, reset_after=settings.reset_after, use_cudnn=False, **options)
