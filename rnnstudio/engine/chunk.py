"""The compiled loop: K updates per call, in one XLA program, on data that stays on the device.

A call gets a block of window numbers, where to begin in it and how many updates to run; windows are gathered inside
and never materialised. Compared with one call per update this saves Python, transfers and kernel launches, which for
small recurrent networks are nearly all of the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.experiment import Experiment
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData, flat_steps
from rnnstudio.engine import compiled
from rnnstudio.engine.augment import turned
from rnnstudio.engine.network import Network, make_optimizer
from rnnstudio.engine.plan import Block, Plan
from rnnstudio.engine.runtime import tf

Placed = tuple[Any, Any, Any]  # a block's indices on the device


@dataclass(frozen=True)
class Layout:
    """What of data and plan is compiled in: shapes and places, no numbers. Fields as in `SequenceData` and `Plan`."""

    window: int
    frame: int
    width: int
    outputs: int
    return_sequences: bool
    target_per_sequence: bool
    classes: int
    target_offset: int
    target_steps: int
    autoregressive: bool
    lengths: bool
    sensors: tuple[int, ...]
    inputs: tuple[int, ...]
    batch: int
    rows: int
    stateful: bool
    split: int

    @classmethod
    def of(cls, data: SequenceData, plan: Plan) -> Layout:
        """Return the layout of these data under this plan."""
        starts = data.starts[data.train[:2]]
        stride = int(starts[1] - starts[0]) if plan.stateful and len(starts) > 1 else data.window
        return cls(
            window=data.window,
            frame=data.frame,
            width=data.width,
            outputs=data.outputs,
            return_sequences=data.return_sequences,
            target_per_sequence=data.target_per_sequence,
            classes=len(data.classes),
            target_offset=data.target_offset,
            target_steps=data.target_steps,
            autoregressive=data.autoregressive,
            lengths=data.lengths is not None,
            sensors=data.sensors,
            inputs=data.inputs.shape,
            batch=plan.batch,
            rows=plan.rows,
            stateful=plan.stateful,
            split=stride if stride < data.window else 0,
        )


class Numbers(NamedTuple):
    """What differs from run to run of one program, on the device.

    Attributes:
        seeds: Of the random numbers: one per layer, and one for turning sensors.
        rate: Learning rate.
        updates: Updates planned.
        mean: Of the scaler of the inputs, `(F,)`.
        scale: Of the scaler of the inputs, `(F,)`.
    """

    seeds: Any
    rate: Any
    updates: Any
    mean: Any
    scale: Any


@dataclass(frozen=True)
class DeviceState:
    """All that updates change or read: variables, carried state and data."""

    variables: list[Any]
    state: list[Any]
    data: tuple[Any, ...]


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

    One may serve many runs, one after the other: `begin` gives it a run's numbers, `end` lets go of them.

    Args:
        experiment: Its model and training settings decide loss, optimizer, clipping and dropout.
        layout: What is compiled in.
        network: The network that learns.
        name: Says all that is compiled in.
    """

    def __init__(self, experiment: Experiment, layout: Layout, network: Network, name: str) -> None:
        training = experiment.training
        self.network = network
        self.optimizer = make_optimizer(training.optimizer, training.learning_rate, training.momentum)
        self.optimizer.build(network.variables)
        self._fresh = [v.numpy() for v in self.optimizer.variables]
        self._training, self._layout, self._dropout = training, layout, experiment.model.dropout
        self._compiled, self._name, self._ran = self._to_compile(), name, False
        self._state: list[Any] = []
        self._data: tuple[Any, ...] = ()
        self._numbers: Numbers | tuple[()] = ()

    def begin(self, experiment: Experiment, data: SequenceData, plan: Plan, scalers: Scalers) -> None:
        """Start a run: the optimizer as new, the run's data, in their own units, learning rate and random numbers."""
        for variable, value in zip(self.optimizer.variables, self._fresh, strict=True):
            variable.assign(value)
        self.optimizer.learning_rate.assign(experiment.training.learning_rate)
        layers = experiment.model.layers
        seeds = np.random.SeedSequence([experiment.seed, 3]).generate_state(layers + 1).astype(np.int64) & 0x7FFFFFFF
        self._numbers = Numbers(
            tf.constant(seeds.astype(np.int32)),
            tf.constant(experiment.training.learning_rate),
            tf.constant(float(plan.updates)),
            tf.constant(scalers.inputs.mean, tf.float32),
            tf.constant(scalers.inputs.scale, tf.float32),
        )
        self._state = self.network.zero_state(self._layout.batch) if self._layout.stateful else []
        self.load(data, scalers)

    def end(self) -> None:
        """Let go of the run's numbers."""
        self._data, self._numbers, self._state = (), (), []

    def load(self, data: SequenceData, scalers: Scalers) -> None:
        """Put other numbers of the same shapes on the device, such as a new epoch's, in the network's units.

        Only there are they all scaled: of a long series one copy more would cost as much memory as the series.
        """
        data = scalers.apply(data)
        inputs = tf.constant(flat_steps(data.inputs))
        targets = inputs
        if not data.autoregressive:
            targets = tf.constant(data.targets if data.target_per_sequence else flat_steps(data.targets))
        every = np.arange(len(data.starts) if self._layout.lengths else 0, dtype=np.int32)
        lengths = data.window_lengths(every)
        self._data = (inputs, targets, tf.constant(_NO_LENGTHS if lengths is None else lengths))

    def put(self, block: Block) -> Placed:
        """Put a block's indices on the device, to be passed to `run`."""
        return tf.constant(block.starts), tf.constant(block.which), tf.constant(block.resets)

    def run(self, block: Placed, first: int, count: int, step: int) -> ChunkResult:
        """Run `count` updates of `block`, beginning with its row `first`, `step` updates having been done before."""
        place = (tf.constant(first), tf.constant(count), tf.constant(step))
        given = (self._data, block, place, self._numbers, self._state)
        called = self._compiled if self._ran else self._first
        losses, accuracies, outputs, self._state = called(*given)
        right = accuracies.numpy()[:count] if self._layout.classes else _NONE
        return ChunkResult(losses.numpy()[:count], right, outputs)

    def _first(self, *given: Any) -> Any:
        """Compile and run, or read the program from the disk; one that is damaged there is compiled anew."""
        with compiled.steady_names(self._name):
            try:
                told = self._compiled(*given)
            except tf.errors.OpError:
                if not compiled.forget():
                    raise
                self._compiled = self._to_compile()
                told = self._compiled(*given)
        self._ran = True
        return told

    def _to_compile(self) -> Any:
        return tf.function(self._run, jit_compile=True, autograph=False)

    def snapshot(self) -> DeviceState:
        """Return a copy of all that an update changes."""
        return DeviceState([tf.identity(v.value) for v in self._changing()], list(self._state), self._data)

    def restore(self, snapshot: DeviceState) -> None:
        """Go back to a snapshot."""
        for variable, value in zip(self._changing(), snapshot.variables, strict=True):
            variable.assign(value)
        self._state, self._data = snapshot.state, snapshot.data

    def _changing(self) -> list[Any]:
        return [*self.network.variables, *self.optimizer.variables]

    def _run(self, data: Any, block: Any, place: Any, numbers: Any, state: Any) -> Any:
        layout, (first, count, step) = self._layout, place
        steps = (layout.window,) if layout.return_sequences else ()

        def body(i: Any, losses: Any, accuracies: Any, _: Any, *state: Any) -> tuple[Any, ...]:
            # tf.gather, not [row]: XLA wants a slice's bounds at compile time and would compile anew for each `first`
            at, number, reset = (tf.gather(column, first + i) for column in block)
            kept = 1.0 - tf.cast(reset, tf.float32)
            loss, right, outputs, after = self._update(data, at, number, step + i, numbers, [s * kept for s in state])
            here = tf.reshape(i, (1, 1))
            losses = tf.tensor_scatter_nd_update(losses, here, [loss])
            if layout.classes:
                accuracies = tf.tensor_scatter_nd_update(accuracies, here, [right])
            return (i + 1, losses, accuracies, outputs, *after)

        room, answer = tf.zeros(layout.rows), tf.zeros((layout.batch, *steps, layout.outputs))
        loop = (tf.constant(0), room, room, answer, *state)
        _, losses, accuracies, outputs, *after = tf.while_loop(lambda i, *_: i < count, body, loop)
        return losses, accuracies, outputs, after

    def _update(self, data: Any, starts: Any, which: Any, step: Any, numbers: Any, state: list[Any]) -> tuple[Any, ...]:
        layout, training, network = self._layout, self._training, self.network
        inputs, targets, all_lengths = data
        x = tf.gather(inputs, starts[:, None] + tf.range(layout.window * layout.frame))
        if training.rotation_std:
            x = turned(x, layout.sensors, training.rotation_std, (numbers.seeds[-1], step), numbers.mean, numbers.scale)
        x = tf.reshape(x, (layout.batch, layout.window, layout.width))
        if layout.target_per_sequence:
            y = tf.gather(targets, which)
        else:
            y = tf.gather(targets, starts[:, None] + layout.target_offset + tf.range(layout.target_steps))
        lengths = tf.gather(all_lengths, which) if layout.lengths else None
        values = [v.value for v in network.variables]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(values)
            outputs, after = network(
                x,
                state if layout.stateful else network.zero_state(layout.batch),
                split=layout.split,
                drop=self._drop(step, numbers.seeds),
                lengths=lengths,
                training=True,
            )
            loss, right = self._judge(outputs, y, lengths)
            total = loss
            if training.l2:
                total += training.l2 * tf.add_n([tf.nn.l2_loss(v) for v in values])
        gradients = tape.gradient(total, values)
        if training.clip_norm:
            gradients, _ = tf.clip_by_global_norm(gradients, training.clip_norm)
        if training.schedule == "cosine":
            done = tf.cast(step, tf.float32) / numbers.updates
            self.optimizer.learning_rate.assign(numbers.rate * 0.5 * (1.0 + tf.cos(np.pi * done)))
        self.optimizer.apply(gradients, network.variables)
        return total, right, outputs, after if layout.stateful else []

    def _judge(self, outputs: Any, y: Any, lengths: Any) -> tuple[Any, Any]:
        """Return mean loss and share of right classes over the answers that count."""
        layout, right = self._layout, tf.zeros(())
        if layout.classes:
            each = tf.nn.sparse_softmax_cross_entropy_with_logits(y, outputs)
            if smoothing := self._training.label_smoothing:
                of_all = tf.reduce_logsumexp(outputs, -1) - tf.reduce_mean(outputs, -1)
                each = (1.0 - smoothing) * each + smoothing * of_all
            right = tf.cast(tf.equal(tf.argmax(outputs, -1, output_type=tf.int32), y), tf.float32)
        else:
            each = tf.square(outputs - tf.reshape(y, tf.shape(outputs)))
        if lengths is None or not layout.return_sequences:
            return tf.reduce_mean(each), tf.reduce_mean(right)
        counts = tf.sequence_mask(lengths, layout.window, tf.float32)
        share = counts / tf.reduce_sum(counts)
        if not layout.classes:
            each = tf.reduce_mean(each, -1)
        return tf.reduce_sum(each * share), tf.reduce_sum(right * share)

    def _drop(self, step: Any, seeds: Any) -> Any:
        """Return a function that drops inputs `(steps, batch, features)` with one mask per sequence, or None."""
        if not self._dropout:
            return None

        def drop(number: int, x: Any) -> Any:
            shape = (1, x.shape[1], x.shape[2])
            kept = tf.random.stateless_uniform(shape, seed=tf.stack([seeds[number], step])) >= self._dropout
            return x * tf.cast(kept, tf.float32) / (1.0 - self._dropout)

        return drop


_NONE = np.empty(0, np.float32)
_NO_LENGTHS = np.zeros(1, np.int32)
