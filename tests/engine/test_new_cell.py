"""A new cell: with a kernel, as a Keras layer, or with a mistake, which is reported as one sentence."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest

from rnnstudio.api import train_experiment
from rnnstudio.core.catalog import CELLS, Cell
from rnnstudio.core.errors import SettingError
from rnnstudio.core.kernel import StepGradients, Weight
from rnnstudio.core.settings import ModelSettings
from rnnstudio.engine.runtime import keras, tf
from rnnstudio.engine.train import train
from rnnstudio.library.cells.mingru import MinGruKernel
from tests.engine.training import initial_weights, losses, prepared, run

RNG = np.random.default_rng(3)
X = RNG.normal(size=(12, 5, 2)).astype(np.float32)
Y = (X[:, :, 0].sum(1) > 0).astype(int)
WARNING = "The cell new has no kernel: it trains as a Keras layer, slower."


class NewSettings(ModelSettings):
    """A cell that a test registers."""

    cell: Literal["new"] = "new"


def keras_rnn(settings: NewSettings, **options: Any) -> Any:
    return keras.layers.SimpleRNN(settings.units, **options)


def register(monkeypatch: pytest.MonkeyPatch, **how: Any) -> None:
    CELLS.names()
    monkeypatch.setitem(CELLS._entries, "new", Cell("new", "New", "A cell.", NewSettings, **how))


def problem(**settings: Any) -> Any:
    defaults = {"task": "classify", "cell": "new", "units": 3, "optimizer": "adam", "learning_rate": 0.03}
    return prepared(X, Y, **{**defaults, "updates": 20, **settings})


class VectorCell(keras.layers.Layer):
    """A Keras cell whose recurrent weights are a vector that the cell itself sets to one half."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.units = self.state_size = self.output_size = units

    def build(self, shape: Any) -> None:
        self.kernel = self.add_weight(shape=(shape[-1], self.units), name="kernel")
        half = keras.initializers.Constant(0.5)
        self.recurrent_kernel = self.add_weight(shape=(self.units,), name="recurrent_kernel", initializer=half)

    def call(self, x: Any, states: Any, training: bool = False) -> Any:
        h = tf.nn.relu(x @ self.kernel + states[0] * self.recurrent_kernel)
        return h, [h]


@pytest.mark.parametrize("initializer", ["keras", "glorot_joint", "uniform_0_1"])
def test_a_vector_of_a_keras_layer_keeps_its_own_initial_values(
    initializer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(
        monkeypatch, keras_layer=lambda settings, **options: keras.layers.RNN(VectorCell(settings.units), **options)
    )
    weights = initial_weights(*problem(cell_initializer=initializer))
    np.testing.assert_array_equal(weights["new1/recurrent_kernel"], [0.5, 0.5, 0.5])


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("initializer", ["keras", "glorot_joint", "uniform_0_1"])
def test_a_cell_without_a_kernel_trains_as_a_keras_layer(initializer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch, keras_layer=keras_rnn)
    first, events = run(*problem(cell_initializer=initializer, layers=2, updates=5))
    second, _ = run(*problem(cell_initializer=initializer, layers=2, updates=5))
    other, _ = run(*problem(cell_initializer=initializer, layers=2, updates=5, seed=1))
    assert losses(events)[-1] < losses(events)[0]
    assert first.warnings == (WARNING,)
    for name, weight in first.weights.items():
        assert weight.tobytes() == second.weights[name].tobytes()
        assert weight.tobytes() != other.weights[name].tobytes()


@pytest.mark.usefixtures("uncompiled")
def test_a_run_warns_once_of_a_cell_without_a_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch, keras_layer=keras_rnn)
    composed, data = problem(updates=1)
    trained = train_experiment(composed, lambda event: None, lambda: False, data=data, save=False)
    assert trained.warnings.count(WARNING) == 1


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("settings", [{"bidirectional": True, "layers": 2}, {"pooling": "mean"}])
def test_a_keras_layer_trains_like_the_kernel_with_the_same_equations(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    register(monkeypatch, keras_layer=keras_rnn)
    composed, data = problem(cell="rnn", updates=1, **settings)
    start, _ = run(composed, data)
    trained, events = train_from(start.weights, cell="rnn", **settings)
    weights = {name.replace("rnn", "new"): w for name, w in start.weights.items()}
    as_keras, keras_events = train_from(weights, **settings)
    np.testing.assert_allclose(losses(keras_events), losses(events), rtol=1e-5)
    for name, weight in trained.weights.items():
        np.testing.assert_allclose(as_keras.weights[name.replace("rnn", "new")], weight, atol=1e-5)


def train_from(weights: dict[str, Any], **settings: Any) -> Any:
    composed, data = problem(updates=5, **settings)
    events: list[Any] = []
    return train(composed, events.append, data=data, initial_weights=weights), events


class ExtraState(MinGruKernel):
    def step(self, packed: Any, x1: Any, state: Any) -> Any:
        new_state, saved = super().step(packed, x1, state)
        return (*new_state, new_state[0]), saved


class WideState(MinGruKernel):
    def step(self, packed: Any, x1: Any, state: Any) -> Any:
        new_state, saved = super().step(packed, x1, state)
        return [tf.concat([new_state[0], new_state[0]], 1)], saved


class NoPair(MinGruKernel):
    def step(self, packed: Any, x1: Any, state: Any) -> Any:
        return super().step(packed, x1, state)[0]


class WrongProduct(MinGruKernel):
    def step(self, packed: Any, x1: Any, state: Any) -> Any:
        return super().step(packed, x1 @ tf.ones((7, 7)), state)


class PlainGradients(MinGruKernel):
    def backward(self, packed: Any, x1: Any, saved: Any, gradients: Any) -> Any:
        return tuple(super().backward(packed, x1, saved, gradients))


class Unwrapped(MinGruKernel):
    """Returns tensors or factors where a method must return a list of them."""

    method, field = "", ""

    def _unwrap(self, method: str, field: str, values: Any) -> Any:
        return values[0] if (method, field) == (self.method, self.field) else values

    def pack(self, weights: Any) -> Any:
        return self._unwrap("pack", "", super().pack(weights))

    def step(self, packed: Any, x1: Any, state: Any) -> Any:
        new_state, saved = super().step(packed, x1, state)
        new_state, saved = self._unwrap("step", "state", new_state), self._unwrap("step", "saved", saved)
        return new_state if (self.method, self.field) == ("step", "") else (new_state, saved)

    def backward(self, packed: Any, x1: Any, saved: Any, gradients: Any) -> StepGradients:
        state, matrices, _ = super().backward(packed, x1, saved, gradients)
        others = state[0] if self.field == "others" else ()
        return StepGradients(
            self._unwrap("backward", "state", state), self._unwrap("backward", "matrices", matrices), others
        )

    def weight_gradients(self, matrices: Any, others: Any) -> Any:
        return self._unwrap("weight_gradients", "", super().weight_gradients(matrices, others))


def unwrapped(method: str, field: str = "") -> type[MinGruKernel]:
    return type("Unwrapped", (Unwrapped,), {"method": method, "field": field})


class TensorStep(MinGruKernel):
    def step(self, packed: Any, x1: Any, state: Any) -> Any:
        return super().step(packed, x1, state)[0][0]


class PlainFactors(MinGruKernel):
    def backward(self, packed: Any, x1: Any, saved: Any, gradients: Any) -> StepGradients:
        state, matrices, _ = super().backward(packed, x1, saved, gradients)
        return StepGradients(state, [matrices[0].gradient])  # type: ignore[list-item]


class Condition(MinGruKernel):
    def step(self, packed: Any, x1: Any, state: Any) -> Any:
        return super().step(packed, x1, state) if tf.reduce_sum(x1) > 0 else None


class ListOfWeights(MinGruKernel):
    def weights(self, features: int) -> Any:
        return list(super().weights(features).values())


class NoStateGradient(MinGruKernel):
    def backward(self, packed: Any, x1: Any, saved: Any, gradients: Any) -> StepGradients:
        return super().backward(packed, x1, saved, gradients)._replace(state=())


class MissingWeightGradient(MinGruKernel):
    def weight_gradients(self, matrices: Any, others: Any) -> Any:
        return super().weight_gradients(matrices, others)[:1]


class TransposedWeightGradient(MinGruKernel):
    def weight_gradients(self, matrices: Any, others: Any) -> Any:
        kernel, bias = super().weight_gradients(matrices, others)
        return tf.transpose(kernel), bias


class WrongInputGradient(MinGruKernel):
    def input_gradient(self, packed: Any, gradients: Any) -> Any:
        return gradients[0]


class WrongStateSize(MinGruKernel):
    state_sizes = property(lambda self: (self.units + 1,))


class StateSizeAttribute(MinGruKernel):
    state_sizes = (7,)


class WrongInitial(MinGruKernel):
    def weights(self, features: int) -> Any:
        return super().weights(features) | {"bias": Weight((6,), "zeros")}  # type: ignore[arg-type]


class NoWeights(MinGruKernel):
    def weights(self, features: int) -> Any:
        raise RuntimeError("not written yet")


def no_layer(settings: NewSettings, **options: Any) -> Any:
    raise RuntimeError("not written yet")


def without_options(settings: NewSettings, **options: Any) -> Any:
    return keras.layers.SimpleRNN(settings.units)


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize(
    ("how", "message"),
    [
        (
            {"kernel": ExtraState},
            r"step \(test_new_cell.py, line \d+\) must return the new state with .*\(12, 3\); received \(12, 3\), \(12",
        ),
        (
            {"kernel": WideState},
            r"step \(test_new_cell.py, line \d+\) must return the new state with .*\(12, 3\); received \(12, 6\)",
        ),
        (
            {"kernel": NoPair},
            r"step \(.*\) must return two things, the new state and what backward needs; received a tuple",
        ),
        ({"kernel": WrongProduct}, r"failed in step \(test_new_cell.py, line \d+\): InvalidArgumentError"),
        ({"kernel": PlainGradients}, r"backward \(.*\) must return StepGradients; received a tuple"),
        ({"kernel": TensorStep}, r"step \(.*\) must return two things, .*; received a tensor"),
        (
            {"kernel": unwrapped("pack")},
            r"pack \(.*\) must return the matrices as a tuple or list .*; received a tensor",
        ),
        ({"kernel": unwrapped("step", "state")}, r"step \(.*\) must return the new state as a .*; received a tensor"),
        ({"kernel": unwrapped("step", "saved")}, r"step \(.*\) must return what backward .*; received a tensor"),
        ({"kernel": unwrapped("backward", "state")}, r"backward \(.*\) must return the state's .*; received a tensor"),
        ({"kernel": unwrapped("backward", "matrices")}, r"backward \(.*\) must return a list.*; received a Factors"),
        ({"kernel": unwrapped("", "others")}, r"backward \(.*\) must return the field others .*; received a tensor"),
        ({"kernel": PlainFactors}, r"backward \(.*\) must return a list of Factors .*received a list that holds a ten"),
        ({"kernel": unwrapped("weight_gradients")}, r"weight_gradients \(.*\) must return .*; received a tensor"),
        ({"kernel": ListOfWeights}, r"weights \(.*\) must return a dict of Weight by name; received a list"),
        ({"kernel": NoStateGradient}, r"backward \(.*\) must return the state's gradients .* received none"),
        ({"kernel": MissingWeightGradient}, r"weight_gradients \(.*\) must return the gradients of kernel, bias with"),
        (
            {"kernel": TransposedWeightGradient},
            r"weight_gradients \(.*\) must return .*\(3, 6\), \(6,\); received \(6, 3\)",
        ),
        ({"kernel": WrongInputGradient}, r"input_gradient \(.*\) must return the gradient of x"),
        ({"kernel": WrongStateSize}, r"state_sizes \(.*\) must return a tuple that begins with 3"),
        (
            {"kernel": StateSizeAttribute},
            r"state_sizes must return a tuple that begins with 3, .*; received \(7",
        ),
        ({"kernel": WrongInitial}, r"failed in weights"),
        ({"kernel": NoWeights}, r"failed in weights \(test_new_cell.py, line \d+\): RuntimeError: not written yet"),
        ({"kernel": lambda settings: None}, r"must return a Kernel; received None"),
        (
            {"keras_layer": no_layer},
            r"failed in no_layer \(test_new_cell.py, line \d+\): RuntimeError: not written yet",
        ),
        ({"keras_layer": without_options}, r"must pass its keyword arguments on to the Keras layer"),
        ({"keras_layer": lambda settings, **options: None}, r"must return a recurrent Keras layer; received None"),
    ],
)
def test_a_wrong_cell_ends_in_one_sentence(how: Any, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch, **how)
    with pytest.raises(SettingError, match=message) as caught:
        run(*problem(layers=2, updates=1))
    assert caught.value.field == "cell"
    assert str(caught.value).startswith("The cell new")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 900
    assert "AutoGraph" not in str(caught.value)


def test_a_condition_on_a_tensor_is_reported_without_advice_of_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch, kernel=Condition)
    with pytest.raises(SettingError, match=r"failed in step \(test_new_cell.py, line \d+\): .* not allowed\.$"):
        run(*problem(updates=1))
