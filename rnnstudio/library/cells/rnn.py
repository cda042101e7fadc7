"""The simple recurrent cell: h_t = tanh(x_t W + h_{t-1} U + b) (Elman 1990)."""

from __future__ import annotations

from typing import Any, Literal

from rnnstudio.core.catalog import cell
from rnnstudio.core.settings import ModelSettings, setting


class RnnSettings(ModelSettings):
    """Simple recurrent cell: the new state is a squashed sum of input and last state (Elman 1990)."""

    cell: Literal["rnn"] = "rnn"
    activation: Literal["tanh", "relu", "sigmoid"] = setting(
        "tanh", "How the sum of input and state is squashed.", advanced=True
    )


@cell(RnnSettings, "Simple RNN")
def build(settings: RnnSettings, units: int, **options: Any) -> Any:
    """Return one `keras.layers.SimpleRNN`."""
    import keras

    return keras.layers.SimpleRNN(units, activation=settings.activation, **options)
