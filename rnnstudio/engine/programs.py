"""Compiled programs, kept for the next run of the same shapes: compiling takes longer than many a training."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData
from rnnstudio.engine.chunk import Chunk, Layout
from rnnstudio.engine.network import Network, Shape, Weights
from rnnstudio.engine.plan import Plan
from rnnstudio.engine.predict import Predictor

_MOST_KEPT = 8
# Of these settings the compiled program knows nothing, or gets them anew with every run.
_NOT_COMPILED = {
    "learning_rate",
    "batch_size",
    "epochs",
    "updates",
    "sampling",
    "evaluate_every",
    "patience",
    "restore_best_weights",
}


@dataclass
class Program:
    """A network with what is compiled for it.

    Attributes:
        whole: False after an interrupt or an error in its midst: TensorFlow may never get it to work again.
    """

    network: Network
    chunk: Chunk
    predictor: Predictor
    whole: bool = True


_kept: list[tuple[str, Program]] = []  # the latest used last; none of them is in use
_lock = threading.Lock()


@contextmanager
def program(
    experiment: Experiment,
    data: SequenceData,
    plan: Plan,
    scalers: Scalers,
    initial_weights: Weights | None = None,
) -> Iterator[Program]:
    """Lend a program for a run, with the first weights of the run's seed; the next run of these shapes gets it again.

    Weights must be copied before it is given back.
    """
    layout = Layout.of(data, plan)
    key = f"{experiment.model.model_dump_json()} {experiment.training.model_dump_json(exclude=_NOT_COMPILED)} {layout}"
    network = Network(experiment.model, Shape(data.width, data.outputs, data.return_sequences), experiment.seed)
    if initial_weights is not None:
        if problem := network.weights_problem(initial_weights):
            raise SettingError(
                f"initial_weights must have the names and shapes of this network; {problem}", "initial_weights"
            )
        network.set_weights(initial_weights)
    found = _take(key)
    if found is None:
        found = Program(network, Chunk(experiment, layout, network, key), Predictor(network))
    else:
        found.network.set_weights(network.weights())
    found.chunk.begin(experiment, data, plan, scalers)
    try:
        yield found
    except BaseException:
        found.whole = False
        raise
    finally:
        found.chunk.end()
        with _lock:
            if found.whole:
                _kept.append((key, found))
            del _kept[:-_MOST_KEPT]


def _take(key: str) -> Program | None:
    with _lock:
        for i, (kept, found) in enumerate(_kept):
            if kept == key:
                del _kept[i]
                return found
    return None
