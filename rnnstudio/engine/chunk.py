"""The compiled loop: K updates per call, in one XLA program, on data that stays on the device.

A call gets a block of window numbers, where to begin in it and how many updates to run; windows are gathered inside
and never materialised. Compared with one call per update this saves Python, transfers and kernel launches, which for
small recurrent networks are nearly all of the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.experiment import Experiment
from rnnstudio.core.sequence import SequenceData, flat_steps
from rnnstudio.engine.network import Network, make_optimizer
from rnnstudio.engine.plan import Block, Plan
from rnnstudio.engine.runtime import tf

Placed = tuple[Any, Any, Any]  # a block's indices on the device


@dataclass(frozen=True)
class OnDevice:
    """All that updates change or read: variables, carried state and data."""

    variables: list[Any]
    state: list[Any]
    inputs: Any
    targets: Any


@dataclass(frozen=True)
class ChunkResult:
    """What a chunk gives back.

    Attributes:
        losses: Loss of each update, before it, `(k,)`.
        accuracies: Share of right classes of each update, `(k,)`; empty unless the task has classes.
        outputs: What the network gave for the last update's batch, before that update.
    """

    losses: NDArray[np.float32]
    accuracies: NDArray[np.float32]
    outputs: Any


class Chunk:
    """Runs updates of one network, its optimizer and its carried state.

    Args:
        experiment: Its training settings decide loss, optimizer, clipping and dropout.
        data: The data in the network's units; its shapes are compiled in, its numbers can be exchanged.
        plan: Its batch and block sizes are compiled in.
        network: The network that learns.
    """

    def __init__(self, experiment: Experiment, data: SequenceData, plan: Plan, network: Network) -> None:
        training = experiment.training
        self.network = network
        self.optimizer = make_optimizer(training.optimizer, training.learning_rate, training.momentum)
        self.optimizer.build(network.variables)
        self._training, self._data, self._plan = training, data, plan
        self._dropout = experiment.model.dropout
        seeds = np.random.SeedSequence([experiment.seed, 3]).generate_state(experiment.model.layers)
        self._drop_seeds = [int(s) & 0x7FFFFFFF for s in seeds]
        starts = data.starts[data.train]
        stride = int(starts[1] - starts[0]) if plan.carried and len(starts) > 1 else data.window
        self._split = stride if stride < data.window else 0
        self._state = network.zero_state(plan.batch) if plan.carried else []
        self._compiled = tf.function(self._run, jit_compile=True, autograph=False)
        self.load(data)

    def load(self, data: SequenceData) -> None:
        """Put other numbers of the same shapes on the device, such as a new epoch's."""
        self._inputs = tf.constant(flat_steps(data.inputs))
        if data.feeds_back:
            self._targets = self._inputs
        else:
            self._targets = tf.constant(data.targets if data.per_window else flat_steps(data.targets))

    def put(self, block: Block) -> Placed:
        """Put a block's indices on the device, to be passed to `run`."""
        return tf.constant(block.starts), tf.constant(block.which), tf.constant(block.resets)

    def run(self, block: Placed, first: int, count: int, step: int) -> ChunkResult:
        """Run `count` updates of `block`, beginning with its row `first`, `step` updates having been done before."""
        numbers = (tf.constant(first), tf.constant(count), tf.constant(step))
        losses, accuracies, outputs, self._state = self._compiled(
            self._inputs, self._targets, *block, *numbers, self._state
        )
        return ChunkResult(losses.numpy()[:count], accuracies.numpy()[:count] if self._data.classes else _NONE, outputs)

    def snapshot(self) -> OnDevice:
        """Return a copy of all that an update changes."""
        return OnDevice(
            [tf.identity(v.value) for v in self._changing()], list(self._state), self._inputs, self._targets
        )

    def restore(self, snapshot: OnDevice) -> None:
        """Go back to a snapshot."""
        for variable, value in zip(self._changing(), snapshot.variables, strict=True):
            variable.assign(value)
        self._state, self._inputs, self._targets = snapshot.state, snapshot.inputs, snapshot.targets

    def _changing(self) -> list[Any]:
        return [*self.network.variables, *self.optimizer.variables]

    def _run(
        self,
        inputs: Any,
        targets: Any,
        starts: Any,
        which: Any,
        resets: Any,
        first: Any,
        count: Any,
        step: Any,
        state: Any,
    ) -> Any:
        rows, data = self._plan.rows, self._data
        answer = (self._plan.batch, data.window, data.outputs) if data.every_step else (self._plan.batch, data.outputs)

        def body(i: Any, losses: Any, accuracies: Any, _: Any, *state: Any) -> tuple[Any, ...]:
            # tf.gather, not [row]: XLA wants a slice's bounds at compile time and would compile anew for each `first`
            at, number, reset = (tf.gather(column, first + i) for column in (starts, which, resets))
            kept = 1.0 - tf.cast(reset, tf.float32)
            loss, right, outputs, after = self._update(inputs, targets, at, number, step + i, [s * kept for s in state])
            place = tf.reshape(i, (1, 1))
            losses = tf.tensor_scatter_nd_update(losses, place, [loss])
            if data.classes:
                accuracies = tf.tensor_scatter_nd_update(accuracies, place, [right])
            return (i + 1, losses, accuracies, outputs, *after)

        loop = (tf.constant(0), tf.zeros(rows), tf.zeros(rows), tf.zeros(answer), *state)
        _, losses, accuracies, outputs, *after = tf.while_loop(lambda i, *_: i < count, body, loop)
        return losses, accuracies, outputs, after

    def _update(
        self, inputs: Any, targets: Any, starts: Any, which: Any, step: Any, state: list[Any]
    ) -> tuple[Any, ...]:
        data, training, network = self._data, self._training, self.network
        x = tf.gather(inputs, starts[:, None] + tf.range(data.span))
        x = tf.reshape(x, (self._plan.batch, data.window, data.width))
        if data.per_window:
            y = tf.gather(targets, which)
        else:
            y = tf.gather(targets, starts[:, None] + data.target_offset + tf.range(data.target_steps))
        values = [v.value for v in network.variables]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(values)
            begin = state if self._plan.carried else network.zero_state(self._plan.batch)
            outputs, after = network(x, begin, self._split, self._drop(step))
            if data.classes:
                loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, outputs))
            else:
                loss = tf.reduce_mean(tf.square(outputs - tf.reshape(y, tf.shape(outputs))))
            total = loss
            if training.l2:
                total += training.l2 * tf.add_n([tf.nn.l2_loss(v) for v in values])
        gradients = tape.gradient(total, values)
        if training.clip_norm:
            gradients, _ = tf.clip_by_global_norm(gradients, training.clip_norm)
        self.optimizer.apply(gradients, network.variables)
        right = tf.zeros(())
        if data.classes:
            right = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(outputs, -1, output_type=tf.int32), y), tf.float32))
        return total, right, outputs, after if self._plan.carried else []

    def _drop(self, step: Any) -> Any:
        """Return a function that drops inputs with one mask per sequence, or None."""
        if not self._dropout:
            return None

        def drop(number: int, x: Any) -> Any:
            shape = (x.shape[0], 1, x.shape[2])
            kept = tf.random.stateless_uniform(shape, seed=tf.stack([self._drop_seeds[number], step])) >= self._dropout
            return x * tf.cast(kept, tf.float32) / (1.0 - self._dropout)

        return drop


_NONE = np.empty(0, np.float32)
