"""One contender with one job in its own process: `python -m tests.perf.contenders keras har lstm 2.0 1`.

The arguments are contender, recipe, cell, seconds to measure, and threads. Prints the updates per second and the CPU
time per update. Loading, compilation and the first second are not measured.
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

_WARM_UP_SECONDS = 1.0


class Speed(NamedTuple):
    """Speed of a training.

    Attributes:
        rate: Updates per second.
        cpu_ms: Milliseconds of CPU time per update, which other work on the machine affects less.
    """

    rate: float
    cpu_ms: float


class Mark(NamedTuple):
    """Wall time and CPU time in seconds, and the number of updates so far."""

    wall: float
    cpu: float
    updates: int

    @classmethod
    def now(cls, updates: int) -> Mark:
        """Return the current times with the number of updates so far."""
        return cls(time.perf_counter(), time.process_time(), updates)

    def speed_until(self, end: Mark) -> Speed:
        """Return the speed between two marks."""
        updates = end.updates - self.updates
        return Speed(updates / (end.wall - self.wall), 1000 * (end.cpu - self.cpu) / updates)


class Stopwatch:
    """Measures the speed of updates after compilation and warm-up.

    Args:
        seconds: Duration of the measurement.
    """

    def __init__(self, seconds: float) -> None:
        self.speed: Speed | None = None
        self._seconds = seconds
        self._first: Mark | None = None
        self._begin: Mark | None = None

    def record(self, updates: int) -> None:
        """Record the number of updates so far; sets `speed` at the end of the measurement."""
        now = Mark.now(updates)
        if self._first is None:
            self._first = now
        elif self._begin is None:
            if now.wall - self._first.wall >= min(_WARM_UP_SECONDS, self._seconds):
                self._begin = now
        elif self.speed is None and now.wall - self._begin.wall >= self._seconds:
            self.speed = self._begin.speed_until(now)


def measure_rnnstudio(experiment: Experiment, data: SequenceData, seconds: float) -> Speed:
    """Measure the engine's `train` with all its events, but without plots."""
    from rnnstudio.core.events import Event, StepsDone
    from rnnstudio.engine.train import train

    stopwatch = Stopwatch(seconds)

    def emit(event: Event) -> None:
        if isinstance(event, StepsDone):
            stopwatch.record(event.first_step + len(event.losses))

    train(experiment, emit, lambda: stopwatch.speed is not None, data)
    assert stopwatch.speed is not None
    return stopwatch.speed


def measure_keras(experiment: Experiment, data: SequenceData, seconds: float) -> Speed:
    """Measure `model.fit` without output, and with one long epoch, so that the cost of an epoch does not matter."""
    x, y = batches(experiment, data)
    model = keras_model(experiment, data, x.shape[1])

    def fit(updates: int) -> Speed:
        rows = np.arange(updates) % len(x)
        inputs, targets = x[rows].reshape(-1, *x.shape[2:]), y[rows].reshape(-1, *y.shape[2:])
        begin = Mark.now(0)
        model.fit(inputs, targets, batch_size=x.shape[1], shuffle=False, verbose=0)
        return begin.speed_until(Mark.now(updates))

    fit(1)
    updates = 1
    while updates / (speed := fit(updates)).rate < min(_WARM_UP_SECONDS, seconds):
        updates *= 2
    return fit(max(1, round(speed.rate * seconds)))


def keras_model(experiment: Experiment, data: SequenceData, batch_size: int) -> Any:
    """Return the compiled Keras model of an experiment, written as a Keras user would."""
    import keras as k

    settings, training = experiment.model, experiment.training
    layer = {"rnn": k.layers.SimpleRNN, "lstm": k.layers.LSTM, "gru": k.layers.GRU}[settings.cell]
    # Keras' L2 penalty is the sum of squares; ours, as in the publications, is half of it
    regularizer = k.regularizers.L2(training.l2 / 2) if training.l2 else None
    regularizers = {"kernel_regularizer": regularizer, "bias_regularizer": regularizer}
    fixed_batch = batch_size if settings.stateful else None
    model = k.Sequential([k.Input(batch_shape=(fixed_batch, data.window, data.width))])
    for i in range(settings.layers):
        return_sequences = data.return_sequences or i < settings.layers - 1
        options = {"return_sequences": return_sequences, "stateful": settings.stateful}
        model.add(layer(settings.units, recurrent_regularizer=regularizer, **options, **regularizers))
    for units in settings.dense_units:
        model.add(k.layers.Dense(units, "relu", **regularizers))
    model.add(k.layers.Dense(data.outputs, **regularizers))
    optimizer = getattr(k.optimizers, OPTIMIZERS[training.optimizer].keras_class)
    loss = k.losses.SparseCategoricalCrossentropy(from_logits=True) if data.classes else "mse"
    model.compile(optimizer(learning_rate=training.learning_rate), loss)
    return model


def measure_torch(experiment: Experiment, data: SequenceData, seconds: float) -> Speed:
    """Measure PyTorch's fused recurrent module in a standard training loop."""
    import torch as t

    x, y = (t.from_numpy(np.ascontiguousarray(array)) for array in batches(experiment, data))
    y = y.long() if data.classes else y
    layer, head = torch_model(experiment, data)
    training = experiment.training
    optimizer_class = {"adagrad": t.optim.Adagrad, "adam": t.optim.Adam}[training.optimizer]
    weights = [*layer.parameters(), *head.parameters()]
    optimizer = optimizer_class(weights, lr=training.learning_rate, weight_decay=training.l2)
    criterion = t.nn.CrossEntropyLoss() if data.classes else t.nn.MSELoss()
    state, losses, stopwatch = None, [], Stopwatch(seconds)
    for update in itertools.count():
        target = y[update % len(y)]
        optimizer.zero_grad()
        hidden, final_state = layer(x[update % len(x)], state)
        outputs = head(hidden if data.return_sequences else hidden[:, -1])
        if data.classes:
            loss = criterion(outputs.reshape(-1, data.outputs), target.reshape(-1))
        else:
            loss = criterion(outputs, target)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if experiment.model.stateful:
            is_lstm = isinstance(final_state, tuple)
            state = tuple(part.detach() for part in final_state) if is_lstm else final_state.detach()
        stopwatch.record(update + 1)
        if stopwatch.speed is not None:
            return stopwatch.speed
    raise AssertionError("the loop ends only with a speed")


def torch_model(experiment: Experiment, data: SequenceData) -> tuple[Any, Any]:
    """Return the recurrent layers of an experiment, and the dense layers after them."""
    import torch as t

    settings = experiment.model
    layer = {"rnn": t.nn.RNN, "lstm": t.nn.LSTM, "gru": t.nn.GRU}[settings.cell]
    widths = [settings.units, *settings.dense_units]
    dense = [module for pair in itertools.pairwise(widths) for module in (t.nn.Linear(*pair), t.nn.ReLU())]
    head = t.nn.Sequential(*dense, t.nn.Linear(widths[-1], data.outputs))
    return layer(data.width, settings.units, settings.layers, batch_first=True), head


def limit_threads(contender: str, threads: int) -> None:
    """Set the number of threads of a contender; with 0 the contender decides."""
    if not threads:
        return
    if contender == "torch":
        import torch as t

        t.set_num_threads(threads)
        return
    from rnnstudio.engine.runtime import tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)


CONTENDERS: dict[str, Callable[[Experiment, SequenceData, float], Speed]] = {
    "rnnstudio": measure_rnnstudio,
    "keras": measure_keras,
    "torch": measure_torch,
}
NAMES = {"rnnstudio": "rnnstudio", "keras": "Keras model.fit", "torch": "PyTorch"}

if __name__ == "__main__":
    contender, recipe, cell, seconds, threads = sys.argv[1:]
    limit_threads(contender, int(threads))
    experiment = Job(recipe, cell, {}).experiment
    speed = CONTENDERS[contender](experiment, load(experiment), float(seconds))
    sys.stdout.write(json.dumps(speed) + "\n")
