"""Long short-term memory (Hochreiter & Schmidhuber 1997, with forget gate: Gers et al. 2000)."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np

from rnnstudio.core.catalog import cell
from rnnstudio.core.settings import ModelSettings, Real, setting


class LstmSettings(ModelSettings):
    """Long short-term memory: gates decide what a cell keeps, takes in and shows (Hochreiter & Schmidhuber 1997)."""

    joined: ClassVar[tuple[int, ...]] = (4,)
    cell: Literal["lstm"] = "lstm"
    forget_bias: Real = setting(
        1.0, "First bias of the forget gate; 1 lets the cell remember from the start.", ge=-10.0, le=10.0
    )
    peephole: bool = setting(False, "Let the gates see the cell's value (Gers et al. 2002).", advanced=True)
    cell_clip: Real = setting(
        0.0, "Largest size of a cell's value (Sak et al. 2014); 0 does not clip.", ge=0.0, le=1e6, advanced=True
    )


@cell(LstmSettings, "LSTM")
def build(settings: LstmSettings, units: int, **options: Any) -> Any:
    """Return one recurrent Keras layer; its gates are in the order input, forget, candidate, output."""
    import keras

    # An initializer of Keras' own, because a bidirectional layer and a model file are made anew from its configuration.
    bias = keras.initializers.Constant(np.repeat([0.0, settings.forget_bias, 0.0, 0.0], units))
    if not settings.peephole and not settings.cell_clip:
        return keras.layers.LSTM(units, unit_forget_bias=False, bias_initializer=bias, use_cudnn=False, **options)
    from rnnstudio.library.cells._peephole import PeepholeCell

    first = {name: options.pop(name) for name in PeepholeCell.FIRST if name in options}
    made = PeepholeCell(units, peephole=settings.peephole, clip=settings.cell_clip, bias_initializer=bias, **first)
    return keras.layers.RNN(made, **options)
