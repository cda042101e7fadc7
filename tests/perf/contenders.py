"""One contender doing one job in a process of its own: `python -m tests.perf.contenders keras echo 2.0 2`.

The arguments are contender, job, seconds to measure and threads. Prints updates per second in steady state: compiling
and the first updates are not counted for anybody.
"""

from __future__ import annotations

import itertools
import sys
import time

import numpy as np

from tests.perf.jobs import JOBS, Job

_WARM = 50  # updates before the clock starts


def ours(job: Job, seconds: float, threads: int) -> float:
    """The engine's own `train`, with all its events and the pictures of the batch; only nobody draws them."""
    from rnnstudio.api import experiment
    from rnnstudio.core.events import Event, StepsDone
    from rnnstudio.engine.train import train

    _limit_tensorflow(threads)
    marks: list[tuple[float, int]] = []  # time, and updates done by then

    def emit(event: Event) -> None:
        if isinstance(event, StepsDone):
            marks.append((time.perf_counter(), event.first_step + len(event.losses)))

    def warm() -> int:
        return next((i for i, (at, _) in enumerate(marks) if at > marks[0][0] + 1.0), len(marks))

    train(
        experiment(job.recipe, **job.settings),
        emit,
        lambda: len(marks) > 1 and marks[-1][0] - marks[0][0] > 1.0 + seconds,
    )
    (begin, before), (end, after) = marks[warm()], marks[-1]
    return (after - before) / (end - begin)


def keras(job: Job, seconds: float, threads: int) -> float:
    """`model.fit` as it comes, only silent, and spared what an epoch costs: many updates are one epoch."""
    _limit_tensorflow(threads)
    import keras as k

    x, y = job.batches()
    batch = x.shape[1]
    layer = {"rnn": k.layers.SimpleRNN, "lstm": k.layers.LSTM}[job.cell]
    model = k.Sequential(
        [
            k.Input(batch_shape=(batch, *x.shape[2:])),
            layer(job.units, return_sequences=True, stateful=job.carried),
            k.layers.Dense(job.outputs),
        ]
    )
    optimizer = {"adagrad": k.optimizers.Adagrad, "adam": k.optimizers.Adam}[job.optimizer]
    loss = k.losses.SparseCategoricalCrossentropy(from_logits=True) if job.classes else "mse"
    model.compile(optimizer(learning_rate=job.learning_rate), loss)

    def fit(updates: int) -> float:
        rows = np.arange(updates) % len(x)
        inputs, targets = x[rows].reshape(-1, *x.shape[2:]), y[rows].reshape(-1, *y.shape[2:])
        began = time.perf_counter()
        model.fit(inputs, targets, batch_size=batch, shuffle=False, verbose=0)
        return time.perf_counter() - began

    fit(_WARM)
    rate = 200 / fit(200)
    updates = int(rate * seconds)
    return updates / fit(updates)


def torch(job: Job, seconds: float, threads: int) -> float:
    """PyTorch's fused recurrent module in the loop everybody writes."""
    import torch as t

    t.set_num_threads(threads)
    x, y = (t.from_numpy(np.ascontiguousarray(a)) for a in job.batches())
    y = y.long() if job.classes else y
    layer = {"rnn": t.nn.RNN, "lstm": t.nn.LSTM}[job.cell](x.shape[-1], job.units, batch_first=True)
    head = t.nn.Linear(job.units, job.outputs)
    weights = [*layer.parameters(), *head.parameters()]
    optimizer = {"adagrad": t.optim.Adagrad, "adam": t.optim.Adam}[job.optimizer](weights, lr=job.learning_rate)
    criterion = t.nn.CrossEntropyLoss() if job.classes else t.nn.MSELoss()
    state, losses = None, []
    began = 0.0
    for update in itertools.count():
        if update == _WARM:
            began = time.perf_counter()
        if update > _WARM and time.perf_counter() - began > seconds:
            return (update - _WARM) / (time.perf_counter() - began)
        optimizer.zero_grad()
        hidden, after = layer(x[update % len(x)], state)
        outputs = head(hidden)
        target = y[update % len(x)]
        loss = criterion(outputs.flatten(0, 1), target.flatten()) if job.classes else criterion(outputs, target)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if job.carried:
            state = tuple(s.detach() for s in after) if isinstance(after, tuple) else after.detach()
    raise AssertionError("counting has no end")


def _limit_tensorflow(threads: int) -> None:
    from rnnstudio.engine.runtime import tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)


CONTENDERS = {"ours": ours, "keras": keras, "torch": torch}

if __name__ == "__main__":
    who, what, how_long, on = sys.argv[1:]
    job = next(j for j in JOBS if j.recipe == what)
    sys.stdout.write(f"{CONTENDERS[who](job, float(how_long), int(on))}\n")
