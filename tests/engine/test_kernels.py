"""The kernels of all registered cells: outputs and every gradient, compared with TensorFlow's own in float64.

A new cell is tested without a line here: its variants are all values of its own settings that are switches, and two
values of those that are numbers. Cells without a kernel are not tested here, since TensorFlow computes their gradients.
"""

from __future__ import annotations

import doctest
import importlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any, get_args

import numpy as np
import pytest

from rnnstudio.core.catalog import CELLS
from rnnstudio.core.kernel import Factors, Kernel, StepGradients
from rnnstudio.core.settings import ModelSettings
from rnnstudio.engine import directions, scan
from rnnstudio.engine.initial_weights import InitialWeights
from rnnstudio.engine.layer import Layer
from rnnstudio.engine.network import Network
from rnnstudio.engine.runtime import keras, tf
from rnnstudio.engine.shape import Shape
from tests.engine.keras_layers import KERAS_LAYERS, keras_layer
from tests.engine.training import prepared, run

STEPS, FEATURES, UNITS = 4, 3, 4
FEW, MANY = 2, 13  # sequences: a batch that is smaller, and one that is larger than any of the kernels' matrices
BIASES = ("forget_bias", "gate_bias")  # they set initial weights, which are replaced here
PACKAGE_CELLS = ["gru", "lstm", "mingru", "minlstm", "rnn"]
TOLERANCE = {"rtol": 1e-10, "atol": 1e-12}


def variants(settings: type[ModelSettings]) -> list[dict[str, Any]]:
    """All combinations of values of the settings that a cell adds."""
    own = {name: f for name, f in settings.model_fields.items() if name not in {*ModelSettings.model_fields, *BIASES}}
    values: dict[str, tuple[Any, ...]] = {}
    for name, field in own.items():
        if field.annotation is bool:
            values[name] = (False, True)
        else:
            values[name] = get_args(field.annotation) or tuple({field.default, 0.3})
    return [dict(zip(values, chosen, strict=True)) for chosen in product(*values.values())]


WITH_KERNEL = [cell.name for cell in CELLS if cell.kernel is not None]
VARIANTS = [
    pytest.param(cell.settings(units=UNITS, **options), id="-".join([cell.name, *map(str, options.values())]))
    for cell in map(CELLS.get, WITH_KERNEL)
    for options in variants(cell.settings)
]
ONE_OF_EACH = list({p.values[0].cell: p for p in VARIANTS}.values())  # the last, with all switches on


@pytest.fixture(autouse=True)
def float64() -> Iterator[None]:
    set_dtype("float64")
    yield
    set_dtype("float32")


def set_dtype(dtype: str) -> None:
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)


def random(*shape: int, seed: int = 0) -> Any:
    return tf.constant(np.random.default_rng([seed, *shape]).normal(size=shape))


def lengths_of(batch: int) -> Any:
    return tf.constant(1 + np.arange(batch) * 3 % STEPS, tf.int32)


class Case:
    """A layer with random weights, inputs and state, and the loss of its outputs and last state."""

    def __init__(
        self, settings: ModelSettings, batch: int, *, padded: bool, return_sequences: bool, bidirectional: bool = False
    ) -> None:
        self.settings = settings.model_copy(update={"bidirectional": bidirectional})
        self.lengths = lengths_of(batch) if padded else None
        self.return_sequences = return_sequences
        initial = InitialWeights(self.settings, 0)
        self.layer = Layer(
            self.settings, initial, FEATURES, return_sequences=return_sequences, needs_input_gradient=True
        )
        for number, variable in enumerate(self.layer.trainable_variables):
            variable.assign(0.7 * random(*variable.shape, seed=number))
        self.weights = [tf.convert_to_tensor(v.value) for v in self.layer.trainable_variables]
        self.x = random(STEPS, batch, FEATURES)
        self.state = [0.3 * random(batch, size, seed=n) for n, size in enumerate(self.layer.state_sizes)]

    def loss(self, outputs: Any, state: Any) -> Any:
        """A weighted sum that depends on every value."""
        tensors = [outputs, *state]
        return tf.add_n([tf.reduce_sum(t * random(*t.shape, seed=9 + n)) for n, t in enumerate(tensors)])

    def of_layer(self) -> dict[str, Any]:
        """Outputs, last state and all gradients of the layer, computed by its kernel."""
        values = [v.value for v in self.layer.trainable_variables]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([self.x, *self.state, *values])
            outputs, state = self.layer(self.x, self.state, self.lengths, training=True)
            loss = self.loss(outputs, state)
        return self._results(outputs, state, tape.gradient(loss, [self.x, *self.state, *values]))

    def of_loop(self) -> dict[str, Any]:
        """The same of a plain loop over `step`, with TensorFlow's gradient."""
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([self.x, *self.state, *self.weights])
            outputs, state = self._loop()
            loss = self.loss(outputs, state)
        return self._results(outputs, state, tape.gradient(loss, [self.x, *self.state, *self.weights]))

    def _loop(self) -> tuple[Any, list[Any]]:
        kernel = kernel_of(self.settings)
        if not self.settings.bidirectional:
            outputs, state = plain_loop(kernel, self.x, self.state, self.weights, self.lengths)
            return (outputs if self.return_sequences else outputs[-1]), state
        half, batch = len(self.weights) // 2, self.x.shape[1]
        zeros = [tf.zeros((batch, size), tf.float64) for size in kernel.state_sizes]
        forward, _ = plain_loop(kernel, self.x, zeros, self.weights[:half], self.lengths)
        lengths = tf.fill([batch], STEPS) if self.lengths is None else self.lengths
        reverse = {"seq_axis": 0, "batch_axis": 1}
        backward, _ = plain_loop(
            kernel, tf.reverse_sequence(self.x, lengths, **reverse), zeros, self.weights[half:], self.lengths
        )
        if not self.return_sequences:
            return tf.concat([forward[-1], backward[-1]], -1), []
        return tf.concat([forward, tf.reverse_sequence(backward, lengths, **reverse)], -1), []

    def _results(self, outputs: Any, state: Any, gradients: Any) -> dict[str, Any]:
        names = ["x", *(f"state {n}" for n in range(len(self.state))), *self.layer.names]
        results = {"outputs": outputs} | {f"last state {n}": s for n, s in enumerate(state)}
        return results | {f"gradient of {n}": g for n, g in zip(names, gradients, strict=True)}

    def differences(self) -> str:
        """What the kernel computes otherwise than the plain loop; empty if nothing."""
        return differences(self.of_layer(), self.of_loop())


def kernel_of(settings: ModelSettings) -> Kernel:
    make = CELLS.get(settings.cell).kernel
    assert make is not None
    return make(settings)


def plain_loop(kernel: Kernel, x: Any, state: Any, weights: Any, lengths: Any) -> tuple[Any, Any]:
    """Outputs of all steps and last state: `step` in a loop, with the old state at padding."""
    packed, outputs = kernel.pack(weights), []
    for t in range(x.shape[0]):
        x1 = tf.concat([x[t], tf.ones((x.shape[1], 1), x.dtype)], 1)
        new_state, _ = kernel.step(packed, x1, state)
        if lengths is not None:
            new_state = [tf.where((t < lengths)[:, None], new, old) for new, old in zip(new_state, state, strict=True)]
        state = list(new_state)
        outputs.append(state[0])
    return tf.stack(outputs), state


def differences(results: dict[str, Any], expected: dict[str, Any]) -> str:
    """Compare all results, and return the wrong and the right ones together; empty if none is wrong."""
    assert results.keys() == expected.keys()
    wrong, right = [], []
    for name, value in expected.items():
        assert np.abs(value).max() > 1e-5, f"{name} is zero: the case tests nothing"
        if description := difference(np.asarray(results[name]), np.asarray(value)):
            wrong.append(f"{name}{description}")
        else:
            right.append(name)
    return f"wrong: {', '.join(wrong)}; right: {', '.join(right) or 'none'}" if wrong else ""


def difference(result: Any, expected: Any) -> str:
    """Return which columns of a result are wrong, with their gate blocks where it has several; empty if none is."""
    if result.shape != expected.shape:
        return f" with the shape {result.shape} instead of {expected.shape}"
    close = np.isclose(result, expected, **TOLERANCE)
    if close.all():
        return ""
    width = expected.shape[-1]
    columns = np.flatnonzero(~close.reshape(-1, width).all(axis=0))
    if len(columns) == width:
        return " (all columns)"
    ends = np.flatnonzero(np.diff(columns, append=width + 1) > 1)
    runs = [f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in np.split(columns, ends[:-1] + 1)]
    blocks = ", ".join(map(str, np.unique(columns // UNITS))) if width > UNITS else ""
    return f" columns {', '.join(runs)}" + (f" (gate block {blocks})" if blocks else "")


@pytest.mark.parametrize("settings", VARIANTS)
@pytest.mark.parametrize("padded", [False, True], ids=["whole", "padded"])
def test_outputs_and_gradients_are_those_of_a_plain_loop(settings: ModelSettings, padded: bool) -> None:
    for batch, return_sequences in product((FEW, MANY), (False, True)):
        assert not Case(settings, batch, padded=padded, return_sequences=return_sequences).differences()


@pytest.mark.parametrize("settings", ONE_OF_EACH)
@pytest.mark.parametrize("padded", [False, True], ids=["whole", "padded"])
def test_bidirectional_outputs_and_gradients_are_those_of_two_plain_loops(
    settings: ModelSettings, padded: bool
) -> None:
    for return_sequences in (False, True):
        case = Case(settings, FEW, padded=padded, return_sequences=return_sequences, bidirectional=True)
        assert not case.differences()


@pytest.mark.parametrize("settings", ONE_OF_EACH)
@pytest.mark.parametrize("padded", [False, True], ids=["whole", "padded"])
def test_outputs_without_a_gradient_are_the_same(settings: ModelSettings, padded: bool) -> None:
    for return_sequences in (False, True):
        case = Case(settings, FEW, padded=padded, return_sequences=return_sequences)
        outputs, state = case.layer(case.x, case.state, case.lengths, training=False)
        expected = case.of_layer()
        np.testing.assert_allclose(outputs, expected["outputs"], **TOLERANCE)
        for n, value in enumerate(state):
            np.testing.assert_allclose(value, expected[f"last state {n}"], **TOLERANCE)


@pytest.mark.parametrize("settings", VARIANTS)
@pytest.mark.parametrize("padded", [False, True], ids=["whole", "padded"])
def test_outputs_and_gradients_are_those_of_a_keras_layer(settings: ModelSettings, padded: bool) -> None:
    if settings.cell not in KERAS_LAYERS:
        pytest.skip("no Keras layer has the equations of this cell; it is compared with the plain loop only")
    case = Case(settings, FEW, padded=padded, return_sequences=True)
    layer = keras_layer(settings, return_sequences=True, return_state=True)
    layer.build((None, None, FEATURES))
    assert [v.name for v in layer.trainable_variables] == case.layer.names
    layer.set_weights([w.numpy() for w in case.weights])
    values = [v.value for v in layer.trainable_variables]
    mask = tf.sequence_mask(case.lengths, STEPS) if padded else None
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch([case.x, *case.state, *values])
        outputs, *state = layer(tf.transpose(case.x, (1, 0, 2)), initial_state=case.state, mask=mask)
        outputs = tf.transpose(outputs, (1, 0, 2))
        loss = case.loss(outputs, state)
    gradients = tape.gradient(loss, [case.x, *case.state, *values])
    assert not differences(case.of_layer(), case._results(outputs, state, gradients))


@pytest.mark.parametrize("cell", WITH_KERNEL)
def test_overlapping_stateful_windows_have_the_gradient_of_one_pass(cell: str) -> None:
    """The state for the next window is that at the split; the gradient passes through both halves."""
    settings = CELLS.get(cell).settings(units=UNITS, layers=2, stateful=True)
    network = Network(settings, Shape(FEATURES, 2, return_sequences=True), seed=1)
    x = random(FEW, STEPS, FEATURES)
    state = [random(FEW, UNITS, seed=n) for n, _ in enumerate(network.zero_state(FEW))]
    values = [v.value for v in network.variables]
    results = []
    for split in (0, 2):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([*state, *values])
            outputs, last_state = network(x, state, split=split, training=True)
            loss = tf.reduce_sum(outputs * random(*outputs.shape, seed=3))
        gradients = tape.gradient(loss, [*state, *values])
        results.append({"outputs": outputs} | {str(n): g for n, g in enumerate(gradients)})
    assert not differences(results[1], results[0])
    _, middle_state = network(x[:, :2], state, training=True)
    for at_split, expected in zip(last_state, middle_state, strict=True):
        np.testing.assert_allclose(at_split, expected, **TOLERANCE)


def triple(tensor: Any, columns: slice = slice(None)) -> Any:
    factor = np.ones(tensor.shape[-1])
    factor[columns] = 3
    return tensor * factor


class Mutant(Kernel):
    """A kernel with one of its gradients, or one gate of it, multiplied by 3."""

    def __init__(self, kernel: Kernel, part: str, index: int, columns: slice) -> None:
        super().__init__(kernel.settings)
        self.kernel, self.part, self.index, self.columns = kernel, part, index, columns

    def _mutate(self, part: str, tensors: Any) -> list[Any]:
        wrong = part == self.part
        return [triple(t, self.columns) if wrong and n == self.index else t for n, t in enumerate(tensors)]

    state_sizes = property(lambda self: self.kernel.state_sizes)

    def weights(self, features: int) -> Any:
        return self.kernel.weights(features)

    def pack(self, weights: Any) -> Any:
        return self.kernel.pack(weights)

    def step(self, packed: Any, x1: Any, state: Any) -> Any:
        return self.kernel.step(packed, x1, state)

    def backward(self, packed: Any, x1: Any, saved: Any, gradients: Any) -> StepGradients:
        state, matrices, others = self.kernel.backward(packed, x1, saved, gradients)
        wrong = self._mutate("matrices", [f.gradient for f in matrices])
        factors = [Factors(f.inputs, gradient) for f, gradient in zip(matrices, wrong, strict=True)]
        return StepGradients(self._mutate("state", state), factors, self._mutate("others", others))

    def input_gradient(self, packed: Any, gradients: Any) -> Any:
        return self._mutate("input", [self.kernel.input_gradient(packed, gradients)])[0]

    def weight_gradients(self, matrices: Any, others: Any) -> Any:
        return self._mutate("weights", self.kernel.weight_gradients(matrices, others))


def mutations(settings: ModelSettings) -> Iterator[tuple[str, int, slice]]:
    """Every gradient that a kernel returns, and each gate of those of matrices."""
    kernel = kernel_of(settings)
    weights = [random(*w.shape) for w in kernel.weights(FEATURES).values()]
    packed, x1 = kernel.pack(weights), random(FEW, FEATURES + 1)
    state = [random(FEW, size) for size in kernel.state_sizes]
    _, saved = kernel.step(packed, x1, state)
    gradients = kernel.backward(packed, x1, saved, state)
    yield "input", 0, slice(None)
    yield from (("state", n, slice(None)) for n in range(len(gradients.state)))
    yield from (("others", n, slice(None)) for n in range(len(gradients.others)))
    yield from (("weights", n, slice(None)) for n in range(len(weights)))
    for n, factors in enumerate(gradients.matrices):
        for first in range(0, factors.gradient.shape[1], UNITS):
            yield "matrices", n, slice(first, first + UNITS)


@pytest.mark.parametrize("settings", VARIANTS)
def test_a_gradient_times_3_fails_the_comparison(settings: ModelSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = Case(settings, FEW, padded=False, return_sequences=True).of_loop()
    right = CELLS.get(settings.cell)
    make: Callable[[Any], Kernel] = right.kernel  # type: ignore[assignment]
    for part, index, columns in list(mutations(settings)):
        wrong = replace(right, kernel=lambda s, p=part, i=index, c=columns: Mutant(make(s), p, i, c))
        monkeypatch.setitem(CELLS._entries, settings.cell, wrong)
        results = Case(settings, FEW, padded=False, return_sequences=True).of_layer()
        assert "gradient of" in differences(results, expected)


def test_the_comparison_names_all_wrong_results_with_their_columns() -> None:
    expected = {"outputs": np.ones((2, UNITS)), "kernel": np.ones((3, 3 * UNITS)), "bias": np.ones(3 * UNITS)}
    results = {name: value.copy() for name, value in expected.items()}
    results["kernel"][1, :UNITS] = 2
    results["kernel"][2, 6] = np.nan
    results["bias"][:] = 2
    message = "wrong: kernel columns 0-3, 6 (gate block 0, 1), bias (all columns); right: outputs"
    assert differences(results, expected) == message


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("cell", PACKAGE_CELLS)
def test_training_runs_the_kernel(cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_dtype("float32")
    calls = []
    original = scan.run_with_gradient

    def spy(kernel: Any, *args: Any, **options: Any) -> Any:
        calls.append(kernel._kernel)
        return original(kernel, *args, **options)

    def refuse(*args: Any, **options: Any) -> None:
        raise AssertionError("a registered cell trains as a Keras layer")

    monkeypatch.setattr(scan, "run_with_gradient", spy)
    monkeypatch.setattr(directions, "_KerasDirection", refuse)
    x = np.random.default_rng(0).normal(size=(4, 3, 2))
    trained, _ = run(*prepared(x, [0, 1, 0, 1], task="classify", cell=cell, units=2, updates=1))
    assert calls
    assert all(isinstance(kernel, Kernel) for kernel in calls)
    assert trained.warnings == ()


def test_the_cells_of_the_package_have_a_kernel_and_a_keras_layer_to_compare_with() -> None:
    assert set(PACKAGE_CELLS) <= set(WITH_KERNEL)
    assert set(PACKAGE_CELLS) <= set(KERAS_LAYERS)


@pytest.mark.parametrize("cell", CELLS.names())
def test_the_example_in_the_docstring_runs(cell: str) -> None:
    module = importlib.import_module(f"rnnstudio.library.cells.{cell}")
    results = doctest.testmod(module)
    assert results.attempted > 0
    assert results.failed == 0
