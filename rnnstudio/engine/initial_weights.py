"""The weights a network begins with."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnstudio.core.settings import ModelSettings
from rnnstudio.engine.runtime import keras


class InitialWeights:
    """Initializers for one layer after the other; the same seed gives the same weights.

    Args:
        settings: How they are drawn.
        seed: Start of the random numbers.
    """

    def __init__(self, settings: ModelSettings, seed: int) -> None:
        self._settings = settings
        count = 6 * settings.layers + 2 * len(settings.dense_units) + 8
        self._seeds = iter(np.random.SeedSequence([seed, 2]).generate_state(count))
        # NumPy's old generator, because the work that starts from uniform weights draws them with np.random.rand
        self._rand = np.random.RandomState(seed).rand

    def _next_seed(self) -> int:
        return int(next(self._seeds)) & 0x7FFFFFFF

    def cell(self, width: int) -> dict[str, Any]:
        """Return the initializers of a cell that reads `width` values: of kernel, recurrent kernel and peepholes."""
        initializers, units = keras.initializers, self._settings.units
        first, second = self._next_seed(), self._next_seed()
        match self._settings.cell_initializer:
            case "keras":
                kernel: Any = initializers.GlorotUniform(first)
                recurrent: Any = initializers.Orthogonal(seed=second)
            case "uniform_0_1":
                joint = self._rand(width + units, sum(self._settings.joined) * units)
                kernel, recurrent = initializers.Constant(joint[:width]), initializers.Constant(joint[width:])
            case _:
                kernel = self._glorot_joint(width, width, first)
                recurrent = self._glorot_joint(units, width, second)
        found = {"kernel_initializer": kernel, "recurrent_initializer": recurrent}
        if getattr(self._settings, "peephole", False):
            found["peephole_initializer"] = self._peepholes()
        return found

    def _peepholes(self) -> Any:
        """Glorot over each gate's vector, as TensorFlow 1 draws them, or uniform where all weights are."""
        units = self._settings.units
        if self._settings.cell_initializer == "uniform_0_1":
            return keras.initializers.Constant(self._rand(3, units))
        most = float(np.sqrt(3.0 / units))
        return keras.initializers.RandomUniform(-most, most, self._next_seed())

    def _glorot_joint(self, rows: int, width: int, seed: int) -> Any:
        """Glorot over each joint matrix [x, h] -> gates, as TensorFlow 1's cells are made; `rows` of them."""
        units, parts = self._settings.units, []
        for number, wide in enumerate(self._settings.joined):
            most = float(np.sqrt(6.0 / (width + units + wide * units)))
            draw = keras.initializers.RandomUniform(-most, most, seed + number)
            parts.append(draw((rows, wide * units)).numpy())
        return keras.initializers.Constant(np.concatenate(parts, axis=1))

    def dense(self, width: int, units: int) -> dict[str, Any]:
        """Return the initializers of a dense layer's kernel and bias."""
        initializers, std = keras.initializers, self._settings.head_initializer_std
        first, second = self._next_seed(), self._next_seed()
        kernel: Any = initializers.GlorotUniform(first)
        bias: Any = "zeros"
        match self._settings.head_initializer:
            case "normal":
                kernel, bias = initializers.RandomNormal(0.0, std, first), initializers.RandomNormal(0.0, std, second)
            case "truncated_normal":
                kernel, bias = (
                    initializers.TruncatedNormal(0.0, std, first),
                    initializers.RandomNormal(0.0, std, second),
                )
            case "uniform_0_1":
                kernel = initializers.Constant(self._rand(width, units))
        return {"kernel_initializer": kernel, "bias_initializer": bias}
