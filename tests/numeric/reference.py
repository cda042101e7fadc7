"""The networks in plain NumPy, written from the equations, in float64 and, for exact gradients, in complex numbers.

Gradients come from the complex step: `imag(loss(w + i h)) / h` has no cancellation however tiny h is, so it is exact to
rounding.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.settings import ModelSettings

Array = NDArray[Any]
Weights = dict[str, Array]
State = list[Array]


def sigmoid(z: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-z))


def relu(z: Array) -> Array:
    return np.where(z.real > 0, z, 0)


ACTIVATIONS = {"tanh": np.tanh, "relu": relu, "sigmoid": sigmoid}


def step(model: ModelSettings, w: Weights, x: Array, state: State) -> State:
    """One time step of one cell; the first array of the state is the output h."""
    kernel, recurrent, bias = w["kernel"], w["recurrent_kernel"], w["bias"]
    h = state[0]
    if model.cell == "rnn":
        return [ACTIVATIONS[model.activation](x @ kernel + h @ recurrent + bias)]
    if model.cell == "lstm":
        i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4, axis=1)
        c = sigmoid(f) * state[1] + sigmoid(i) * np.tanh(g)
        return [sigmoid(o) * np.tanh(c), c]
    if model.cell == "gru":
        wz, wr, wh = np.split(kernel, 3, axis=1)
        uz, ur, uh = np.split(recurrent, 3, axis=1)
        if model.reset_after:
            (bz, br, bh), (cz, cr, ch) = np.split(bias[0], 3), np.split(bias[1], 3)
            z, r = sigmoid(x @ wz + bz + h @ uz + cz), sigmoid(x @ wr + br + h @ ur + cr)
            new = np.tanh(x @ wh + bh + r * (h @ uh + ch))
        else:
            bz, br, bh = np.split(bias, 3)
            z, r = sigmoid(x @ wz + bz + h @ uz), sigmoid(x @ wr + br + h @ ur)
            new = np.tanh(x @ wh + bh + (r * h) @ uh)
        return [z * h + (1 - z) * new]
    raise NotImplementedError(model.cell)


def zeros(model: ModelSettings, batch: int) -> State:
    return [np.zeros((batch, model.units)) for _ in range(2 if model.cell == "lstm" else 1)]


def layer(model: ModelSettings, w: Weights, x: Array, state: State) -> tuple[Array, State]:
    """All outputs `(batch, steps, units)` of one layer, and its last state."""
    outputs = []
    for t in range(x.shape[1]):
        state = step(model, w, x[:, t], state)
        outputs.append(state[0])
    return np.stack(outputs, axis=1), state


def forward(
    model: ModelSettings, weights: Weights, x: Array, *, every_step: bool, states: list[State] | None = None
) -> tuple[Array, list[State]]:
    """Outputs, `(batch, steps, outputs)` or `(batch, outputs)`, and each layer's last state."""

    def part(prefix: str) -> Weights:
        return {k.removeprefix(prefix): v for k, v in weights.items() if k.startswith(prefix)}

    after = []
    for number in range(1, model.layers + 1):
        name = f"{model.cell}{number}/"
        if model.bidirectional:
            there, _ = layer(model, part(f"{name}forward/"), x, zeros(model, len(x)))
            back, _ = layer(model, part(f"{name}backward/"), x[:, ::-1], zeros(model, len(x)))
            last = np.concatenate([there[:, -1], back[:, -1]], axis=1)  # each after all it has read
            x = np.concatenate([there, back[:, ::-1]], axis=2)
        else:
            x, state = layer(model, part(name), x, states[number - 1] if states else zeros(model, len(x)))
            after.append(state)
            last = x[:, -1]
    x = x if every_step else last
    for number in range(1, len(model.dense_units) + 1):
        x = relu(x @ weights[f"dense{number}/kernel"] + weights[f"dense{number}/bias"])
    return x @ weights["head/kernel"] + weights["head/bias"], after


def cross_entropy(logits: Array, classes: Array) -> Any:
    chosen = np.take_along_axis(logits, classes[..., None], axis=-1)[..., 0]
    return np.mean(np.log(np.sum(np.exp(logits), axis=-1)) - chosen)


def squared_error(outputs: Array, targets: Array) -> Any:
    return np.mean((outputs - targets.reshape(outputs.shape)) ** 2)


def gradient(loss: Any, weights: Weights) -> Weights:
    """The exact gradient of `loss(weights)`."""
    tiny = 1e-30
    found = {name: np.zeros(w.shape) for name, w in weights.items()}
    for name, w in weights.items():
        for place in np.ndindex(w.shape):
            moved = w.astype(complex)
            moved[place] += 1j * tiny
            found[name][place] = loss({**weights, name: moved}).imag / tiny
    return found


def l2(weights: Weights, weight: float) -> Any:
    return weight * sum(np.sum(w * w) / 2 for w in weights.values())


def clipped(gradients: Weights, norm: float) -> Weights:
    length = np.sqrt(sum(np.sum(g**2) for g in gradients.values()))
    return {name: g * min(1.0, norm / length) for name, g in gradients.items()}
