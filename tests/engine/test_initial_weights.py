"""First weights are those of the works."""

import numpy as np
import pytest

from rnnstudio.core.experiment import compose
from rnnstudio.engine.network import Network, Shape


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
