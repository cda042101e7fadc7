"""First weights are those of the works."""

from typing import Any

import numpy as np
import pytest

from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import compose
from rnnstudio.engine.network import Network, Shape
from rnnstudio.engine.train import train
from tests.engine.training import losses, prepared, run


def weights(seed=5, **settings):
    return Network(compose("echo", settings).model, Shape(1, 2, return_sequences=True), seed).weights()


def test_the_echo_starts_from_the_numbers_its_source_would_draw() -> None:
    drawn = np.random.RandomState(5)  # the source: np.random.rand for the joint matrix, then for the softmax
    joint, head = drawn.rand(5, 4), drawn.rand(4, 2)
    found = weights()
    np.testing.assert_allclose(np.vstack([found["rnn1/kernel"], found["rnn1/recurrent_kernel"]]), joint, rtol=1e-6)
    np.testing.assert_allclose(found["head/kernel"], head, rtol=1e-6)
    assert not found["rnn1/bias"].any()
    assert not found["head/bias"].any()


@pytest.mark.parametrize(("cell", "gates"), [("rnn", 1), ("lstm", 4)])
def test_glorot_joint_is_bounded_by_the_joint_matrix(cell, gates) -> None:
    found = weights(cell=cell, units=50, cell_initializer="glorot_joint")
    most = np.sqrt(6 / (1 + 50 + gates * 50))
    largest = abs(found[f"{cell}1/recurrent_kernel"]).max()
    assert 0.98 * most < largest <= most


def test_the_grus_gates_and_candidate_are_joint_matrices_of_their_own() -> None:
    found = weights(cell="gru", units=50, cell_initializer="glorot_joint", gate_bias=1.0, reset_after=False)
    recurrent = found["gru1/recurrent_kernel"]
    for part, wide in ((recurrent[:, :100], 2), (recurrent[:, 100:], 1)):
        most = np.sqrt(6 / (1 + 50 + wide * 50))
        assert 0.98 * most < abs(part).max() <= most
    np.testing.assert_array_equal(found["gru1/bias"], np.repeat([1, 1, 0], 50))


def test_the_forget_gate_starts_open() -> None:
    bias = weights(cell="lstm", forget_bias=1.5)["lstm1/bias"]
    np.testing.assert_array_equal(bias, np.repeat([0, 1.5, 0, 0], 4))


def small_problem(**settings: Any) -> Any:
    x = np.random.default_rng(0).normal(size=(6, 5, 2))
    plain = {"task": "classify", "cell": "gru", "units": 3, "optimizer": "sgd", "learning_rate": 0.1, "updates": 3}
    return prepared(x, np.arange(6) % 2, **{**plain, **settings})


@pytest.mark.usefixtures("uncompiled")
def test_training_continues_from_given_weights() -> None:
    once, _ = run(*small_problem(updates=6))
    first, first_events = run(*small_problem())
    experiment, data = small_problem(seed=9)
    events: list[Any] = []
    second = train(experiment, events.append, data=data, initial_weights=first.weights)
    for name, weight in once.weights.items():
        np.testing.assert_array_equal(second.weights[name], weight)
    assert losses(events)[0] < losses(first_events)[-1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"head/bias": None}, "expected head/bias with the shape .2,., received none"),
        ({"head/bias": np.zeros(5)}, "expected head/bias with the shape .2,., received .5,."),
        ({"lstm1/kernel": np.zeros(5)}, "received lstm1/kernel, which it does not have"),
    ],
)
def test_initial_weights_of_another_network_are_refused(change: dict[str, Any], message: str) -> None:
    experiment, data = small_problem()
    weights = Network(experiment.model, Shape(2, 2, return_sequences=False), 0).weights() | change
    with pytest.raises(SettingError, match=message) as caught:
        train(
            experiment,
            lambda event: None,
            data=data,
            initial_weights={k: w for k, w in weights.items() if w is not None},
        )
    assert caught.value.field == "initial_weights"
