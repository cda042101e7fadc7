"""Functions that tests share: training on arrays, with all events collected."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.events import Event, StepsDone
from rnnstudio.core.experiment import Experiment, compose
from rnnstudio.core.sequence import SequenceData
from rnnstudio.engine.network import Network
from rnnstudio.engine.shape import Shape
from rnnstudio.engine.train import TrainingResult, train
from rnnstudio.library.datasets.arrays import from_arrays


def experiment(**settings: Any) -> Experiment:
    """An experiment on arrays; unscaled and without a test set by default."""
    defaults = {"scale": "none", "test_fraction": 0.0, "sampling": "sequential", "batch_size": 0}
    return compose("arrays", {**defaults, **settings})


def prepared(x: Any, y: Any, **settings: Any) -> tuple[Experiment, SequenceData]:
    """An experiment and its data."""
    composed = experiment(**settings)
    return composed, from_arrays(x, y, composed.data, composed.seed)


def run(composed: Experiment, data: SequenceData | None = None) -> tuple[TrainingResult, list[Event]]:
    """The result of a training and its events."""
    events: list[Event] = []
    return train(composed, events.append, data=data), events


def losses(events: list[Event]) -> NDArray[np.float32]:
    return np.concatenate([e.losses for e in events if isinstance(e, StepsDone)])


def initial_weights(composed: Experiment, data: SequenceData) -> dict[str, NDArray[np.float64]]:
    """The initial weights of a training, in double precision."""
    shape = Shape(data.inputs.shape[-1], data.outputs, data.return_sequences)
    return as_doubles(Network(composed.model, shape, composed.seed).weights())


def as_doubles(weights: dict[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float64]]:
    return {name: w.astype(np.float64) for name, w in weights.items()}
