"""The networks in plain NumPy, written from the equations, in float64 and, for exact gradients, in complex numbers.

Gradients come from the complex step: `imag(loss(w + i h)) / h` has no cancellation however small h is, so it is exact
to rounding.
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
    kernel, bias, h = w["kernel"], w["bias"], state[0]
    if model.cell == "mingru":
        z, new = np.split(x @ kernel + bias, 2, axis=1)
        return [(1 - sigmoid(z)) * h + sigmoid(z) * new]
    if model.cell == "minlstm":
        f, i, new = np.split(x @ kernel + bias, 3, axis=1)
        forget, take = sigmoid(f), sigmoid(i)
        return [forget / (forget + take) * h + take / (forget + take) * new]
    recurrent = w["recurrent_kernel"]
    if model.cell == "rnn":
        return [ACTIVATIONS[model.activation](x @ kernel + h @ recurrent + bias)]
    if model.cell == "lstm":
        i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4, axis=1)
        peephole_i, peephole_f, peephole_o = w["peepholes"] if model.peephole else np.zeros((3, model.units))
        c = sigmoid(f + peephole_f * state[1]) * state[1] + sigmoid(i + peephole_i * state[1]) * np.tanh(g)
        if model.cell_clip:
            c = np.where(
                c.real > model.cell_clip, model.cell_clip, np.where(c.real < -model.cell_clip, -model.cell_clip, c)
            )
        return [sigmoid(o + peephole_o * c) * np.tanh(c), c]
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


def layer(
    model: ModelSettings, w: Weights, x: Array, state: State, lengths: Array | None = None
) -> tuple[Array, State]:
    """All outputs `(batch, steps, units)` of one layer, and its last state, which does not change at padding."""
    outputs = []
    for t in range(x.shape[1]):
        new_state = step(model, w, x[:, t], state)
        if lengths is not None:
            is_step = (t < lengths)[:, None]
            new_state = [np.where(is_step, new, old) for new, old in zip(new_state, state, strict=True)]
        state = new_state
        outputs.append(state[0])
    return np.stack(outputs, axis=1), state


def reverse(x: Array, lengths: Array | None) -> Array:
    """Each sequence with its steps in reverse, padding left at its end."""
    if lengths is None:
        return x[:, ::-1]
    return np.stack([np.concatenate([row[:n][::-1], row[n:]]) for row, n in zip(x, lengths, strict=True)])


def pool(model: ModelSettings, outputs: Array, lengths: Array | None) -> Array:
    """The mean or maximum of the outputs over the steps without padding."""
    rows = [row if lengths is None else row[: lengths[i]] for i, row in enumerate(outputs)]
    if model.pooling == "mean":
        return np.stack([row.mean(axis=0) for row in rows])
    highest = [np.argmax(row.real, axis=0) for row in rows]
    return np.stack([row[index, np.arange(row.shape[1])] for row, index in zip(rows, highest, strict=True)])


def forward(
    model: ModelSettings,
    weights: Weights,
    x: Array,
    *,
    return_sequences: bool,
    states: list[State] | None = None,
    lengths: Array | None = None,
) -> tuple[Array, list[State]]:
    """Outputs, `(batch, steps, outputs)` or `(batch, outputs)`, and the last state of each layer."""

    def weights_of(prefix: str) -> Weights:
        return {k.removeprefix(prefix): v for k, v in weights.items() if k.startswith(prefix)}

    last_states = []
    for number in range(1, model.layers + 1):
        name = f"{model.cell}{number}/"
        if model.bidirectional:
            zero = zeros(model, len(x))
            first, _ = layer(model, weights_of(f"{name}forward/"), x, zero, lengths)
            second, _ = layer(model, weights_of(f"{name}backward/"), reverse(x, lengths), zero, lengths)
            last = np.concatenate([first[:, -1], second[:, -1]], axis=1)  # each after its whole sequence
            x = np.concatenate([first, reverse(second, lengths)], axis=2)
        else:
            x, state = layer(
                model, weights_of(name), x, states[number - 1] if states else zeros(model, len(x)), lengths
            )
            last_states.append(state)
            last = x[:, -1]
    if not return_sequences:
        x = last if model.pooling == "last" else pool(model, x, lengths)
    for number in range(1, len(model.dense_units) + 1):
        x = relu(x @ weights[f"dense{number}/kernel"] + weights[f"dense{number}/bias"])
    return x @ weights["head/kernel"] + weights["head/bias"], last_states


def cross_entropy(logits: Array, classes: Array, smoothing: float = 0.0) -> Any:
    logit_of_class = np.take_along_axis(logits, classes[..., None], axis=-1)[..., 0]
    target = (1 - smoothing) * logit_of_class + smoothing * np.mean(logits, axis=-1)
    return np.mean(np.log(np.sum(np.exp(logits), axis=-1)) - target)


def squared_error(outputs: Array, targets: Array) -> Any:
    return np.mean((outputs - targets.reshape(outputs.shape)) ** 2)


def gradient(loss: Any, weights: Weights) -> Weights:
    """The exact gradient of `loss(weights)`."""
    tiny = 1e-30
    gradients = {name: np.zeros(w.shape) for name, w in weights.items()}
    for name, w in weights.items():
        for index in np.ndindex(w.shape):
            moved = w.astype(complex)
            moved[index] += 1j * tiny
            gradients[name][index] = loss({**weights, name: moved}).imag / tiny
    return gradients


def l2(weights: Weights, weight: float) -> Any:
    return weight * sum(np.sum(w * w) / 2 for w in weights.values())


def clipped(gradients: Weights, norm: float) -> Weights:
    length = np.sqrt(sum(np.sum(g**2) for g in gradients.values()))
    return {name: g * min(1.0, norm / length) for name, g in gradients.items()}
