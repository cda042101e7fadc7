"""A pool of compiled programs for later runs of the same shapes: compiling often takes longer than training."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rnnstudio.core.bands import quantile_shares
from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData
from rnnstudio.engine import program_memory
from rnnstudio.engine.chunk import Chunk
from rnnstudio.engine.layout import Layout
from rnnstudio.engine.linear_skip import fit_linear_skip
from rnnstudio.engine.network import Network, Weights
from rnnstudio.engine.plan import Plan
from rnnstudio.engine.predict import Predictor
from rnnstudio.engine.shape import Shape

_MAX_PROGRAMS = 8
_MAX_KEPT = 32  # programs that TensorFlow holds before all are released
# Settings that are not compiled in, or that each run sets anew.
_NOT_COMPILED = {
    "learning_rate",
    "batch_size",
    "epochs",
    "updates",
    "sampling",
    "evaluate_every",
    "patience",
    "restore_best_weights",
    "decision_threshold",
    "levels",
    "refit",
}


@dataclass
class Program:
    """A network and everything that is compiled for it.

    Attributes:
        network: The network.
        chunk: Its updates.
        predictor: Its predictions.
        is_usable: False after an interrupt or an error: TensorFlow may not be able to run it again.
    """

    network: Network
    chunk: Chunk
    predictor: Predictor
    is_usable: bool = True


_pool: list[tuple[str, Program]] = []  # programs that are not in use, the last used at the end
_lock = threading.Lock()


class _Counts:
    """How many programs runs use now, and how many were built since all were released."""

    in_use = 0
    built = 0


@contextmanager
def program(
    experiment: Experiment, data: SequenceData, plan: Plan, scalers: Scalers, initial_weights: Weights | None = None
) -> Iterator[Program]:
    """Take a program from the pool for one run, or build one; at the end, return it to the pool.

    Weights must be copied before the end: the next run of the same shapes uses the same program.

    Args:
        experiment: Model and training settings.
        data: In original units.
        plan: The updates of the run.
        scalers: Scalers of the data.
        initial_weights: Initial weights by name; drawn with the seed of the experiment when None.

    Raises:
        SettingError: `initial_weights` has other names or shapes than the network, or the
            cell returns an output of an unexpected type or shape.
    """
    layout = Layout.of(data, plan)
    shape = Shape.of(data, experiment.model, quantile_shares(experiment.training))
    training = experiment.training.model_dump_json(exclude=_NOT_COMPILED)
    key = f"{experiment.model.model_dump_json()} {training} {layout} {shape}"
    network = Network(experiment.model, shape, experiment.seed)
    if initial_weights is not None:
        if problem := network.weights_problem(initial_weights):
            raise SettingError(f"initial_weights do not fit this network; {problem}", "initial_weights")
        network.set_weights(initial_weights)
    elif experiment.model.linear_skip:
        fit_linear_skip(network, data, scalers)
    pooled = _take(key)
    try:
        if pooled is None:
            program_memory.check_room()
            pooled = Program(network, Chunk(experiment, layout, network, key), Predictor(network))
        else:
            pooled.network.set_weights(network.weights())
        pooled.chunk.begin(experiment, data, plan, scalers)
        try:
            yield pooled
        finally:
            pooled.chunk.end()
    except BaseException:
        if pooled is not None:
            pooled.is_usable = False
        raise
    finally:
        with _lock:
            _Counts.in_use -= 1
            if pooled is not None and pooled.is_usable:
                _pool.append((key, pooled))
            del _pool[:-_MAX_PROGRAMS]


def _take(key: str) -> Program | None:
    """Remove the program of this key from the pool and return it; None where there is none.

    A program counts as used from here on. Where many were built and none is used now, all are released before.
    """
    with _lock:
        _Counts.in_use += 1
        for i, (pooled_key, pooled) in enumerate(_pool):
            if pooled_key == key:
                del _pool[i]
                return pooled
        if _Counts.built >= _MAX_KEPT and _Counts.in_use == 1:
            _pool.clear()
            program_memory.release()
            _Counts.built = 0
        _Counts.built += 1
    return None
