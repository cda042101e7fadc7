"""The compiled loop: many updates per call, in one XLA program, on data that stay on the device.

A call receives a block of window indices, the row to start from and the number of updates. Windows are gathered inside
the program and never stored. Compared with one call per update, this saves Python, transfers and kernel launches, which
take nearly all of the time of small recurrent networks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.class_counts import balanced_weights, class_counts
from rnnstudio.core.errors import StoreError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.scaling import Scalers, targets_are_inputs
from rnnstudio.core.sequence import SequenceData, flat_steps
from rnnstudio.engine import disk_cache
from rnnstudio.engine.layout import Layout
from rnnstudio.engine.network import Network, Weights
from rnnstudio.engine.optimizer import make_optimizer
from rnnstudio.engine.plan import Block, Plan
from rnnstudio.engine.program_memory import brief_stacks, gradients_forgotten
from rnnstudio.engine.runtime import tf
from rnnstudio.engine.update import DeviceData, RunConstants, Update

_NO_VALUES = np.empty(0, np.float32)
_NO_LENGTHS = np.zeros(1, np.int32)


class DeviceBlock(NamedTuple):
    """The indices of a block on the device; fields as in `Block`."""

    starts: Any
    windows: Any
    resets: Any


@dataclass(frozen=True)
class DeviceState:
    """The variables, the state of a stateful network, and the data that updates read or change."""

    variables: list[Any]
    state: list[Any]
    data: DeviceData | None


@dataclass(frozen=True)
class ChunkResult:
    """The result of a chunk of k updates.

    Attributes:
        losses: Loss of each batch, before its update, `(k,)`.
        accuracies: Accuracy on each batch, before its update, `(k,)`; empty unless the task has classes.
        outputs: Outputs for the last batch, before its update.
    """

    losses: NDArray[np.float32]
    accuracies: NDArray[np.float32]
    outputs: Any


class Chunk:
    """Runs updates of one network, its optimizer and its state.

    One chunk serves many runs, one after the other: `begin` sets a run's data and constants, `end` releases them.

    Args:
        experiment: Its model and training settings set loss, optimizer, clipping and dropout.
        layout: The shapes it is compiled for.
        network: The network that is trained.
        name: A text that identifies everything that is compiled in.
    """

    def __init__(self, experiment: Experiment, layout: Layout, network: Network, name: str) -> None:
        training = experiment.training
        self.network = network
        self.optimizer = make_optimizer(training.optimizer, training.learning_rate, training.momentum)
        self.optimizer.build(network.trainable_variables)
        self._initial_optimizer = [v.numpy() for v in self.optimizer.variables]
        self._layout, self._name, self._has_run = layout, name, False
        self._update = Update(layout, training, experiment.model.dropout, network, self.optimizer)
        self._compiled = self._to_compile()
        self._state: list[Any] = []
        self._data: DeviceData | None = None
        self._constants: RunConstants | None = None

    def begin(self, experiment: Experiment, data: SequenceData, plan: Plan, scalers: Scalers) -> None:
        """Start a run: reset the optimizer, and set the run's data (in original units), learning rate and seeds."""
        for variable, value in zip(self.optimizer.variables, self._initial_optimizer, strict=True):
            variable.assign(value)
        self.optimizer.learning_rate.assign(experiment.training.learning_rate)
        layers = experiment.model.layers
        seeds = np.random.SeedSequence([experiment.seed, 3]).generate_state(layers + 1).astype(np.int64) & 0x7FFFFFFF
        self._constants = RunConstants(
            tf.constant(seeds.astype(np.int32)),
            tf.constant(experiment.training.learning_rate),
            tf.constant(float(plan.updates)),
            tf.constant(scalers.inputs.of_series(0).mean, tf.float32),
            tf.constant(scalers.inputs.of_series(0).scale, tf.float32),
            tf.constant(_class_weights(experiment, data), tf.float32),
        )
        self._state = self.network.zero_state(self._layout.batch) if self._layout.stateful else []
        self.load(data, scalers)

    def end(self) -> None:
        """Release the run's data."""
        self._data, self._constants, self._state = None, None, []

    def load(self, data: SequenceData, scalers: Scalers) -> None:
        """Put data of the same shapes, such as those of a new epoch, on the device.

        Only the copy on the device is scaled: another scaled copy of a long series would double the memory.
        """
        data = scalers.apply(data)
        inputs = tf.constant(flat_steps(data.inputs))
        targets = inputs
        if not targets_are_inputs(data):
            targets = tf.constant(data.targets if data.target_per_sequence else flat_steps(data.targets))
        windows = np.arange(len(data.starts) if self._layout.is_padded else 0, dtype=np.int32)
        lengths = data.window_lengths(windows)
        self._data = DeviceData(inputs, targets, tf.constant(_NO_LENGTHS if lengths is None else lengths))

    def put(self, block: Block) -> DeviceBlock:
        """Put the indices of a block on the device, for `run`."""
        return DeviceBlock(tf.constant(block.starts), tf.constant(block.windows), tf.constant(block.resets))

    def run(self, block: DeviceBlock, first: int, count: int, step: int) -> ChunkResult:
        """Run updates of a block.

        Args:
            block: Indices of the windows.
            first: Row of the block to start from.
            count: Number of updates.
            step: Number of updates of the run before this chunk.
        """
        # Of Python's own numbers TensorFlow keeps each different one on the device for good: 0.1 GB in a long training.
        position = tuple(tf.constant(np.int32(number)) for number in (first, count, step))
        call = self._compiled if self._has_run else self._first_call
        losses, accuracies, outputs, self._state = call(self._data, block, position, self._constants, self._state)
        accuracies = accuracies.numpy()[:count] if self._layout.class_count else _NO_VALUES
        return ChunkResult(losses.numpy()[:count], accuracies, outputs)

    def _first_call(self, *arguments: Any) -> Any:
        """Compile and run, or read the program from the disk; compile again if the file is damaged."""
        with disk_cache.reproducible_names(self._name), gradients_forgotten(), brief_stacks():
            try:
                result = self._compiled(*arguments)
            except tf.errors.OpError:
                if not disk_cache.clear():
                    raise
                self._compiled = self._to_compile()
                result = self._compiled(*arguments)
        self._has_run = True
        return result

    def _to_compile(self) -> Any:
        return tf.function(self._updates, jit_compile=True, autograph=False)

    def snapshot(self) -> DeviceState:
        """Return a copy of everything that an update changes."""
        return DeviceState([tf.identity(v.value) for v in self._changing()], list(self._state), self._data)

    def restore(self, snapshot: DeviceState) -> None:
        """Restore a snapshot."""
        for variable, value in zip(self._changing(), snapshot.variables, strict=True):
            variable.assign(value)
        self._state, self._data = snapshot.state, snapshot.data

    def set_optimizer(self, values: Sequence[NDArray[Any]], carried: Sequence[NDArray[Any]]) -> None:
        """Set the variables of the optimizer, and the state of a stateful network, to those of a training before.

        Raises:
            StoreError: They are those of another network.
        """
        expected = [(tuple(v.shape), np.dtype(v.dtype)) for v in self.optimizer.variables]
        expected += [(tuple(state.shape), np.dtype(state.dtype.as_numpy_dtype)) for state in self._state]
        if [(value.shape, value.dtype) for value in (*values, *carried)] != expected:
            raise StoreError("The stored state of the training does not fit its network and optimizer; it is damaged.")
        for variable, value in zip(self.optimizer.variables, values, strict=True):
            variable.assign(value)
        self._state = [tf.constant(value) for value in carried]

    def arrays_of(self, snapshot: DeviceState) -> tuple[Weights, tuple[NDArray[Any], ...], tuple[NDArray[Any], ...]]:
        """Return the weights, the variables of the optimizer and the carried state of a snapshot."""
        values = [value.numpy() for value in snapshot.variables]
        names = self.network.names
        return (
            dict(zip(names, values[: len(names)], strict=True)),
            tuple(values[len(names) :]),
            tuple(value.numpy() for value in snapshot.state),
        )

    def weights_of(self, snapshot: DeviceState) -> Weights:
        """Return the weights of a snapshot."""
        names = self.network.names
        values = snapshot.variables[: len(names)]
        return {name: value.numpy().copy() for name, value in zip(names, values, strict=True)}

    def _changing(self) -> list[Any]:
        return [*self.network.variables, *self.optimizer.variables]

    def _updates(self, data: DeviceData, block: DeviceBlock, position: Any, constants: Any, state: Any) -> Any:
        """Return losses and accuracies, `(rows,)` each, the last outputs, and the state: the function to compile."""
        layout, (first, count, step) = self._layout, position
        steps = (layout.window,) if layout.return_sequences else ()

        def body(i: Any, losses: Any, accuracies: Any, _: Any, *state: Any) -> tuple[Any, ...]:
            # tf.gather, not [row]: XLA needs the bounds of a slice at compile time, and would compile for each `first`
            starts, windows, reset = (tf.gather(column, first + i) for column in block)
            keep = 1.0 - tf.cast(reset, tf.float32)
            result = self._update(data, starts, windows, step + i, constants, [s * keep for s in state])
            index = tf.reshape(i, (1, 1))
            losses = tf.tensor_scatter_nd_update(losses, index, [result.loss])
            if layout.class_count:
                accuracies = tf.tensor_scatter_nd_update(accuracies, index, [result.accuracy])
            return (i + 1, losses, accuracies, result.outputs, *result.state)

        zeros, outputs = tf.zeros(layout.rows), tf.zeros((layout.batch, *steps, layout.outputs))
        loop = (tf.constant(0), zeros, zeros, outputs, *state)
        _, losses, accuracies, outputs, *last = tf.while_loop(lambda i, *_: i < count, body, loop)
        return losses, accuracies, outputs, last


def _class_weights(experiment: Experiment, data: SequenceData) -> NDArray[np.float64]:
    """Return the weight of each class in the loss, `(C,)`; those of the first epoch where each has new data."""
    if experiment.training.class_weight == "none":
        return np.ones(len(data.classes))
    return balanced_weights(class_counts(data, data.train))
