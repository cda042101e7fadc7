"""Initial weights: drawn as in the publications, or given."""

from typing import Any

import numpy as np
import pytest

from rnnstudio.core.catalog import CELLS
from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import compose
from rnnstudio.core.kernel import Weight
from rnnstudio.engine.initial_weights import InitialWeights
from rnnstudio.engine.network import Network
from rnnstudio.engine.shape import Shape
from rnnstudio.engine.train import train
from tests.engine.training import initial_weights, losses, prepared, run


def weights(seed: int = 5, **settings: Any) -> dict[str, Any]:
    return Network(compose("echo", settings).model, Shape(1, 2, return_sequences=True), seed).weights()


def wide_weights(**settings: Any) -> dict[str, Any]:
    """The initial weights of a network with 20 inputs."""
    composed, data = prepared(np.zeros((4, 3, 20)), [0, 1, 0, 1], task="classify", **settings)
    return initial_weights(composed, data)


def test_the_echo_starts_from_the_random_numbers_of_its_publication() -> None:
    drawn = np.random.RandomState(5)  # the publication: np.random.rand for the joint matrix, then for the softmax
    joint, head = drawn.rand(5, 4), drawn.rand(4, 2)
    echo = weights()
    np.testing.assert_allclose(np.vstack([echo["rnn1/kernel"], echo["rnn1/recurrent_kernel"]]), joint, rtol=1e-6)
    np.testing.assert_allclose(echo["head/kernel"], head, rtol=1e-6)
    assert not echo["rnn1/bias"].any()
    assert not echo["head/bias"].any()


@pytest.mark.parametrize(("cell", "gates"), [("rnn", 1), ("lstm", 4)])
def test_glorot_joint_is_bounded_by_the_size_of_the_joint_matrix(cell: str, gates: int) -> None:
    recurrent = weights(cell=cell, units=50, cell_initializer="glorot_joint")[f"{cell}1/recurrent_kernel"]
    limit = np.sqrt(6 / (1 + 50 + gates * 50))
    assert 0.98 * limit < abs(recurrent).max() <= limit


def test_glorot_joint_draws_from_the_joint_matrix_of_inputs_and_state() -> None:
    wide = wide_weights(cell="lstm", units=30, cell_initializer="glorot_joint")
    limit = np.sqrt(6 / (20 + 30 + 4 * 30))
    for name in ("lstm1/kernel", "lstm1/recurrent_kernel"):
        assert 0.95 * limit < np.abs(wide[name]).max() <= limit
        assert wide[name].std() == pytest.approx(limit / np.sqrt(3), rel=0.05)


def test_glorot_joint_of_a_cell_without_recurrent_weights_uses_its_inputs_alone() -> None:
    kernel = wide_weights(cell="mingru", units=50, cell_initializer="glorot_joint")["mingru1/kernel"]
    limit = np.sqrt(6 / (20 + 2 * 50))
    assert 0.98 * limit < abs(kernel).max() <= limit


def test_gates_and_candidate_of_the_gru_are_joint_matrices_of_their_own() -> None:
    gru = weights(cell="gru", units=50, cell_initializer="glorot_joint", gate_bias=1.0, reset_after=False)
    recurrent = gru["gru1/recurrent_kernel"]
    for matrix, gates in ((recurrent[:, :100], 2), (recurrent[:, 100:], 1)):
        limit = np.sqrt(6 / (1 + 50 + gates * 50))
        assert 0.98 * limit < abs(matrix).max() <= limit
    np.testing.assert_array_equal(gru["gru1/bias"], np.repeat([1, 1, 0], 50))


def test_forget_bias_is_the_initial_bias_of_the_forget_gate_alone() -> None:
    bias = weights(cell="lstm", forget_bias=1.5)["lstm1/bias"]
    np.testing.assert_array_equal(bias, np.repeat([0, 1.5, 0, 0], 4))


@pytest.mark.parametrize("cell", CELLS.names())
def test_keras_weights_are_glorot_and_orthogonal(cell: str) -> None:
    wide = wide_weights(cell=cell, units=30, cell_initializer="keras")
    kernel = wide[f"{cell}1/kernel"]
    limit = np.sqrt(6 / sum(kernel.shape))
    assert 0.95 * limit < np.abs(kernel).max() <= limit
    if f"{cell}1/recurrent_kernel" in wide:
        recurrent = wide[f"{cell}1/recurrent_kernel"]
        np.testing.assert_allclose(recurrent @ recurrent.T, np.eye(30), atol=1e-5)


@pytest.mark.parametrize("cell", CELLS.names())
def test_uniform_weights_are_between_0_and_1(cell: str) -> None:
    wide = wide_weights(cell=cell, units=30, cell_initializer="uniform_0_1", head_initializer="uniform_0_1")
    for name, weight in wide.items():
        if name.endswith("kernel"):
            assert weight.min() >= 0, name
            assert 0.9 < weight.max() < 1, name


@pytest.mark.parametrize("initializer", ["keras", "glorot_joint", "uniform_0_1"])
@pytest.mark.parametrize("name", ["bias", "time_constant", "recurrent_kernel"])
def test_a_vector_starts_at_zero_and_a_matrix_is_drawn(name: str, initializer: str) -> None:
    def drawn(vector: dict[str, Weight]) -> dict[str, Any]:
        settings = compose("toy", {"cell_initializer": initializer}).model
        return InitialWeights(settings, 3).cell({**vector, "kernel": Weight((2, 6)), "rows": Weight((2, 6))})

    values = drawn({name: Weight((6,))})
    np.testing.assert_array_equal(values[name], np.zeros(6, np.float32))
    for matrix in ("kernel", "rows"):
        assert np.all(np.asarray(values[matrix]) != 0)
        np.testing.assert_array_equal(values[matrix], drawn({})[matrix])  # the vector takes no random number
    np.testing.assert_array_equal(drawn({name: Weight((6,), np.ones(6, np.float32))})[name], np.ones(6))


def test_normal_heads_draw_weights_and_biases_with_the_given_standard_deviation() -> None:
    settings = {"cell": "rnn", "units": 100, "head_initializer": "normal", "head_initializer_std": 0.01}
    composed, data = prepared(np.zeros((40, 3, 2)), np.arange(40), task="classify", **settings)
    head = initial_weights(composed, data)
    assert head["head/kernel"].std() == pytest.approx(0.01, rel=0.05)
    assert head["head/bias"].std() == pytest.approx(0.01, rel=0.4)


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
        ({"lstm1/kernel": np.zeros(5)}, "received lstm1/kernel as well"),
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
