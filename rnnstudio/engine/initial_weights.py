"""The initial weights of a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.kernel import Weight
from rnnstudio.core.settings import ModelSettings
from rnnstudio.engine.runtime import keras

Floats = NDArray[np.float32]


class InitialWeights:
    """Draws the weights of one layer after the other; the same seed gives the same weights.

    Args:
        settings: Initializers and sizes of the network.
        seed: Seed of the random numbers.
    """

    def __init__(self, settings: ModelSettings, seed: int) -> None:
        self._settings = settings
        count = 6 * settings.layers + 2 * len(settings.dense_units) + settings.conv_layers + 8
        self._seeds = iter(np.random.SeedSequence([seed, 2]).generate_state(count))
        # NumPy's old generator: the publication that starts from uniform weights draws them with np.random.rand
        self._rand = np.random.RandomState(seed).rand

    def next_seed(self) -> int:
        """Return the next seed."""
        return int(next(self._seeds)) & 0x7FFFFFFF

    def cell(self, weights: Mapping[str, Weight]) -> dict[str, Any]:
        """Return the initial values of a cell's weights by name.

        A weight without initial values of its own starts at zero where it is a vector. The matrices `kernel` and
        `recurrent_kernel` are drawn as `cell_initializer` says. Any other matrix, `(rows, H)`, is drawn by the Glorot
        rule for each row alone, as TensorFlow 1 draws peepholes.

        Args:
            weights: Shape and initial values of each weight.
        """
        names = ("kernel", "recurrent_kernel")
        matrices = {name: weights[name] for name in names if name in weights and len(weights[name].shape) > 1}
        seeds = {name: self.next_seed() for name in names}
        match self._settings.cell_initializer:
            case "keras":
                values = {name: self._keras(name, weight.shape, seeds[name]) for name, weight in matrices.items()}
            case "uniform_0_1":
                values = self._uniform(matrices)
            case _:
                fan_in = sum(weight.shape[0] for weight in matrices.values())
                values = {name: self._glorot_joint(weight, fan_in, seeds[name]) for name, weight in matrices.items()}
        for name, weight in weights.items():
            if weight.initial is not None:
                values[name] = weight.initial
            elif len(weight.shape) == 1:
                values[name] = np.zeros(weight.shape, np.float32)
            elif name not in values:
                values[name] = self._glorot_rows(weight.shape)
        return values

    def _keras(self, name: str, shape: tuple[int, ...], seed: int) -> Any:
        """Draw as Keras' recurrent layers do."""
        initializers = keras.initializers
        draw = initializers.Orthogonal(seed=seed) if name == "recurrent_kernel" else initializers.GlorotUniform(seed)
        return draw(shape)

    def _uniform(self, matrices: Mapping[str, Weight]) -> dict[str, Any]:
        """Draw the joint matrix of inputs and state uniformly between 0 and 1."""
        rows = [weight.shape[0] for weight in matrices.values()]
        joint = self._rand(sum(rows), next(iter(matrices.values())).shape[1]) if matrices else np.empty((0, 0))
        return dict(zip(matrices, np.split(joint, np.cumsum(rows)[:-1]), strict=True)) if matrices else {}

    def _glorot_joint(self, weight: Weight, fan_in: int, seed: int) -> Any:
        """Draw by the Glorot rule over each joint matrix of inputs and state, as TensorFlow 1's cells do."""
        rows, columns = weight.shape
        blocks = []
        for number, width in enumerate(weight.blocks or (columns,)):
            limit = float(np.sqrt(6.0 / (fan_in + width)))
            blocks.append(keras.initializers.RandomUniform(-limit, limit, seed + number)((rows, width)).numpy())
        return np.concatenate(blocks, axis=1)

    def _glorot_rows(self, shape: tuple[int, ...]) -> Any:
        """Draw by the Glorot rule for each row alone; uniformly between 0 and 1 where all weights are drawn so."""
        if self._settings.cell_initializer == "uniform_0_1":
            return self._rand(*shape)
        limit = float(np.sqrt(3.0 / shape[-1]))
        return keras.initializers.RandomUniform(-limit, limit, self.next_seed())(shape)

    def dense(self, width: int, units: int) -> dict[str, Any]:
        """Return the initializers of a dense layer's kernel, `(width, units)`, and bias."""
        initializers, std = keras.initializers, self._settings.head_initializer_std
        first, second = self.next_seed(), self.next_seed()
        kernel: Any = initializers.GlorotUniform(first)
        bias: Any = "zeros"
        match self._settings.head_initializer:
            case "normal":
                kernel, bias = initializers.RandomNormal(0.0, std, first), initializers.RandomNormal(0.0, std, second)
            case "truncated_normal":
                kernel = initializers.TruncatedNormal(0.0, std, first)
                bias = initializers.RandomNormal(0.0, std, second)
            case "uniform_0_1":
                kernel = initializers.Constant(self._rand(width, units))
        return {"kernel_initializer": kernel, "bias_initializer": bias}
