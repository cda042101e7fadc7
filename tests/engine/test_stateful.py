"""Truncated back-propagation: the state passes from window to window, the gradient stops between them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.engine import reference
from tests.engine.training import as_doubles, initial_weights, losses, prepared, run

RNG = np.random.default_rng(8)
X = RNG.normal(size=(48, 2)).astype(np.float32)
Y = RNG.normal(size=48).astype(np.float32)
ROWS_X, ROWS_Y = X.reshape(2, 24, 2), Y.reshape(2, 24, 1)  # the series as a batch of 2 rows


def stateful(**settings: Any) -> Any:
    defaults = {"task": "regress", "stateful": True, "units": 3, "batch_size": 2, "optimizer": "sgd"}
    return prepared(X, Y, **{**defaults, **settings})


@pytest.mark.parametrize(("cell", "stride", "layers"), [("lstm", 5, 2), ("rnn", 2, 1)])
def test_stateful_windows_are_one_pass_over_the_series(cell: str, stride: int, layers: int) -> None:
    check_losses_of_one_pass(cell, stride, layers)


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize(("cell", "stride", "layers"), [("gru", 3, 1), ("mingru", 2, 2)])
def test_stateful_windows_of_other_cells_are_one_pass_over_the_series(cell: str, stride: int, layers: int) -> None:
    check_losses_of_one_pass(cell, stride, layers)


def check_losses_of_one_pass(cell: str, stride: int, layers: int) -> None:
    """Each window starts from the state that one pass has at its first step, also where windows overlap."""
    composed, data = stateful(cell=cell, window=5, stride=stride, layers=layers, learning_rate=1e-30, epochs=2)
    weights = initial_weights(composed, data)
    outputs, _ = reference.forward(composed.model, weights, ROWS_X, return_sequences=True)
    squares = (outputs - ROWS_Y) ** 2
    expected = [squares[:, t : t + 5].mean() for t in range(0, 24 - 5 + 1, stride)]
    trained, events = run(composed, data)
    assert trained.history.updates_per_epoch == len(expected)
    np.testing.assert_allclose(losses(events), expected * 2, rtol=1e-5)  # each epoch starts from zeros


def test_the_gradient_stops_between_windows() -> None:
    composed, data = stateful(cell="rnn", window=4, stride=4, learning_rate=0.5, updates=2)
    weights = initial_weights(composed, data)
    states = None
    for begin in (0, 4):
        x, y = ROWS_X[:, begin : begin + 4], ROWS_Y[:, begin : begin + 4]

        def loss(w: reference.Weights, x: Any = x, y: Any = y, states: Any = states) -> Any:
            outputs, _ = reference.forward(composed.model, w, x, return_sequences=True, states=states)
            return reference.squared_error(outputs, y)

        gradient = reference.gradient(loss, weights)
        _, states = reference.forward(composed.model, weights, x, return_sequences=True, states=states)
        weights = {name: w - 0.5 * gradient[name] for name, w in weights.items()}
    trained, _ = run(composed, data)
    for name, weight in as_doubles(trained.weights).items():
        np.testing.assert_allclose(weight, weights[name], atol=2e-6, err_msg=name)


@pytest.mark.usefixtures("uncompiled")
def test_the_gradient_passes_through_the_whole_window_where_windows_overlap() -> None:
    composed, data = stateful(cell="gru", window=5, stride=2, learning_rate=1.0, updates=1)
    before = initial_weights(composed, data)

    def loss(w: reference.Weights) -> Any:
        outputs, _ = reference.forward(composed.model, w, ROWS_X[:, :5], return_sequences=True)
        return reference.squared_error(outputs, ROWS_Y[:, :5])

    expected = reference.gradient(loss, before)
    trained, _ = run(composed, data)
    for name, weight in as_doubles(trained.weights).items():
        np.testing.assert_allclose(before[name] - weight, expected[name], atol=2e-6, err_msg=name)
