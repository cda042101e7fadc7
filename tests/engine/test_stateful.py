"""Truncated back-propagation: the state is carried from window to window, the gradient is cut between them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.engine import reference
from tests.engine.training import doubles, first_weights, losses, prepared, run

RNG = np.random.default_rng(8)
X = RNG.normal(size=(48, 2)).astype(np.float32)
Y = RNG.normal(size=48).astype(np.float32)


def carried(**settings: Any) -> Any:
    return prepared(
        X, Y, **{"task": "regress", "stateful": True, "units": 3, "batch_size": 2, "optimizer": "sgd", **settings}
    )


@pytest.mark.parametrize(("cell", "stride", "layers"), [("lstm", 5, 2), ("rnn", 2, 1), ("gru", 3, 1)])
def test_windows_that_carry_the_state_are_one_pass_over_the_series(cell: str, stride: int, layers: int) -> None:
    """Two rows of 24 steps; a window begins with the state one pass has there, also where they overlap."""
    chosen, data = carried(cell=cell, window=5, stride=stride, layers=layers, learning_rate=1e-30, epochs=2)
    weights = first_weights(chosen, data)
    rows_x, rows_y = X.reshape(2, 24, 2), Y.reshape(2, 24, 1)
    outputs, _ = reference.forward(chosen.model, weights, rows_x, return_sequences=True)
    squares = (outputs - rows_y) ** 2
    expected = [squares[:, t : t + 5].mean() for t in range(0, 24 - 5 + 1, stride)]
    trained, events = run(chosen, data)
    assert trained.history.updates_per_epoch == len(expected)
    np.testing.assert_allclose(losses(events), expected * 2, rtol=1e-5)  # the second epoch begins with zeros again


def test_the_gradient_is_cut_between_windows() -> None:
    chosen, data = carried(cell="rnn", window=4, stride=4, learning_rate=0.5, updates=2)
    rows_x, rows_y = X.reshape(2, 24, 2), Y.reshape(2, 24, 1)
    weights = first_weights(chosen, data)
    states = None
    for begin in (0, 4):

        def loss(w: reference.Weights, begin: int = begin, states: Any = states) -> Any:
            outputs, _ = reference.forward(
                chosen.model, w, rows_x[:, begin : begin + 4], return_sequences=True, states=states
            )
            return reference.squared_error(outputs, rows_y[:, begin : begin + 4])

        gradient = reference.gradient(loss, weights)
        _, states = reference.forward(
            chosen.model, weights, rows_x[:, begin : begin + 4], return_sequences=True, states=states
        )
        weights = {name: w - 0.5 * gradient[name] for name, w in weights.items()}
    trained, _ = run(chosen, data)
    for name, found in doubles(trained.weights).items():
        np.testing.assert_allclose(found, weights[name], atol=2e-6, err_msg=name)


def test_overlapping_windows_send_the_gradient_through_the_whole_window() -> None:
    chosen, data = carried(cell="gru", window=5, stride=2, learning_rate=1.0, updates=1)
    before = first_weights(chosen, data)

    def loss(w: reference.Weights) -> Any:
        outputs, _ = reference.forward(chosen.model, w, X.reshape(2, 24, 2)[:, :5], return_sequences=True)
        return reference.squared_error(outputs, Y.reshape(2, 24, 1)[:, :5])

    expected = reference.gradient(loss, before)
    trained, _ = run(chosen, data)
    for name, found in doubles(trained.weights).items():
        np.testing.assert_allclose(before[name] - found, expected[name], atol=2e-6, err_msg=name)
