"""One contender doing one job in a process of its own: `python -m tests.perf.contenders keras har lstm 2.0 1`.

The arguments are contender, recipe, cell, seconds to measure and threads. Prints updates per second and CPU time per
update in steady state: loading, compiling and the first second are not counted for anybody.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from rnnstudio.core.experiment import Experiment
from rnnstudio.core.optimizers import OPTIMIZERS
from rnnstudio.core.sequence import SequenceData
from tests.perf.jobs import Job, batches, load

_WARM_SECONDS = 1.0


class Speed(NamedTuple):
    """How fast updates are.

    Attributes:
        rate: Updates per second.
        cpu_ms: Milliseconds of CPU time per update, which other work on the machine spoils less.
    """

    rate: float
    cpu_ms: float


class Mark(NamedTuple):
    """A moment."""

    wall: float
    cpu: float
    updates: int

    @classmethod
    def now(cls, updates: int) -> Mark:
        """Return this moment, so many updates having been done."""
        return cls(time.perf_counter(), time.process_time(), updates)

    def until(self, end: Mark) -> Speed:
        """Return the speed from here to `end`."""
        updates = end.updates - self.updates
        return Speed(updates / (end.wall - self.wall), 1000 * (end.cpu - self.cpu) / updates)


class Watch:
    """Takes the time of updates, once those that compile and warm up are over."""

    def __init__(self, seconds: float) -> None:
        self.speed: Speed | None = None
        self._seconds = seconds
        self._first: Mark | None = None
        self._begin: Mark | None = None

    def done(self, updates: int) -> None:
        """Take note that so many updates have been done in all."""
        now = Mark.now(updates)
        if self._first is None:
            self._first = now
        elif self._begin is None:
            if now.wall - self._first.wall >= min(_WARM_SECONDS, self._seconds):
                self._begin = now
        elif self.speed is None and now.wall - self._begin.wall >= self._seconds:
            self.speed = self._begin.until(now)


def ours(experiment: Experiment, data: SequenceData, seconds: float) -> Speed:
    """The engine's own `train`, with all its events and the pictures of the batch; only nobody draws them."""
    from rnnstudio.core.events import Event, StepsDone
    from rnnstudio.engine.train import train

    watch = Watch(seconds)

    def emit(event: Event) -> None:
        if isinstance(event, StepsDone):
            watch.done(event.first_step + len(event.losses))

    train(experiment, emit, lambda: watch.speed is not None, data)
    assert watch.speed is not None
    return watch.speed


def keras(experiment: Experiment, data: SequenceData, seconds: float) -> Speed:
    """`model.fit` as it comes, only silent, and spared what an epoch costs: many updates are one epoch."""
    x, y = batches(experiment, data)
    model = keras_model(experiment, data, x.shape[1])

    def fit(updates: int) -> Speed:
        rows = np.arange(updates) % len(x)
        inputs, targets = x[rows].reshape(-1, *x.shape[2:]), y[rows].reshape(-1, *y.shape[2:])
        began = Mark.now(0)
        model.fit(inputs, targets, batch_size=x.shape[1], shuffle=False, verbose=0)
        return began.until(Mark.now(updates))

    fit(1)
    warm = 1
    while warm / (speed := fit(warm)).rate < min(_WARM_SECONDS, seconds):
        warm *= 2
    return fit(max(1, round(speed.rate * seconds)))


def keras_model(experiment: Experiment, data: SequenceData, batch: int) -> Any:
    """Return the experiment's network, compiled, as Keras' users write it."""
    import keras as k

    chosen, training = experiment.model, experiment.training
    layer = {"rnn": k.layers.SimpleRNN, "lstm": k.layers.LSTM, "gru": k.layers.GRU}[chosen.cell]
    carried = chosen.stateful
    # Keras' L2 is the plain sum of squares; ours, as in the works, half of it
    decay = k.regularizers.L2(training.l2 / 2) if training.l2 else None
    decays = {"kernel_regularizer": decay, "bias_regularizer": decay}
    model = k.Sequential([k.Input(batch_shape=(batch if carried else None, data.window, data.width))])
    for i in range(chosen.layers):
        return_sequences = data.return_sequences or i < chosen.layers - 1
        options = {"return_sequences": return_sequences, "stateful": carried, "recurrent_regularizer": decay}
        model.add(layer(chosen.units, **options, **decays))
    for units in chosen.dense_units:
        model.add(k.layers.Dense(units, "relu", **decays))
    model.add(k.layers.Dense(data.outputs, **decays))
    optimizer = getattr(k.optimizers, OPTIMIZERS[training.optimizer].keras_class)
    loss = k.losses.SparseCategoricalCrossentropy(from_logits=True) if data.classes else "mse"
    model.compile(optimizer(learning_rate=training.learning_rate), loss)
    return model


def torch(experiment: Experiment, data: SequenceData, seconds: float) -> Speed:
    """PyTorch's fused recurrent module in the loop everybody writes."""
    import torch as t

    x, y = (t.from_numpy(np.ascontiguousarray(a)) for a in batches(experiment, data))
    y = y.long() if data.classes else y
    layer, head = torch_model(experiment, data)
    training, carried = experiment.training, experiment.model.stateful
    rule = {"adagrad": t.optim.Adagrad, "adam": t.optim.Adam}[training.optimizer]
    weights = [*layer.parameters(), *head.parameters()]
    optimizer = rule(weights, lr=training.learning_rate, weight_decay=training.l2)
    criterion = t.nn.CrossEntropyLoss() if data.classes else t.nn.MSELoss()
    state, losses, watch = None, [], Watch(seconds)
    for update in itertools.count():
        target = y[update % len(y)]
        optimizer.zero_grad()
        hidden, after = layer(x[update % len(x)], state)
        outputs = head(hidden if data.return_sequences else hidden[:, -1])
        if data.classes:
            loss = criterion(outputs.reshape(-1, data.outputs), target.reshape(-1))
        else:
            loss = criterion(outputs, target)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if carried:
            state = tuple(s.detach() for s in after) if isinstance(after, tuple) else after.detach()
        watch.done(update + 1)
        if watch.speed is not None:
            return watch.speed
    raise AssertionError("counting has no end")


def torch_model(experiment: Experiment, data: SequenceData) -> tuple[Any, Any]:
    """Return the experiment's recurrent layers, and what stands on them."""
    import torch as t

    chosen = experiment.model
    layer = {"rnn": t.nn.RNN, "lstm": t.nn.LSTM, "gru": t.nn.GRU}[chosen.cell]
    widths = [chosen.units, *chosen.dense_units]
    dense = [part for pair in itertools.pairwise(widths) for part in (t.nn.Linear(*pair), t.nn.ReLU())]
    head = t.nn.Sequential(*dense, t.nn.Linear(widths[-1], data.outputs))
    return layer(data.width, chosen.units, chosen.layers, batch_first=True), head


def limit_threads(who: str, threads: int) -> None:
    """Let a contender use so many threads; 0 leaves it to the contender."""
    if not threads:
        return
    if who == "torch":
        import torch as t

        t.set_num_threads(threads)
        return
    from rnnstudio.engine.runtime import tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)


CONTENDERS: dict[str, Callable[[Experiment, SequenceData, float], Speed]] = {
    "ours": ours,
    "keras": keras,
    "torch": torch,
}
NAMES = {"ours": "rnnstudio", "keras": "Keras model.fit", "torch": "PyTorch"}

if __name__ == "__main__":
    who, recipe, cell, how_long, on = sys.argv[1:]
    limit_threads(who, int(on))
    chosen = Job(recipe, cell, {}).experiment
    sys.stdout.write(json.dumps(CONTENDERS[who](chosen, load(chosen), float(how_long))) + "\n")
