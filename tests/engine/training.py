"""Ways to train that tests share: on the caller's numbers, all events kept."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.events import Event, StepsDone
from rnnstudio.core.experiment import Experiment, compose
from rnnstudio.core.sequence import SequenceData
from rnnstudio.engine.network import Network, Shape
from rnnstudio.engine.train import TrainingResult, train
from rnnstudio.library.datasets.arrays import from_arrays


def experiment(**settings: Any) -> Experiment:
    """An experiment on arrays, unscaled and without a test part unless told otherwise."""
    plain = {"scale": "none", "test_fraction": 0.0, "sampling": "sequential", "batch_size": 0}
    return compose("arrays", {**plain, **settings})


def prepared(x: Any, y: Any, **settings: Any) -> tuple[Experiment, SequenceData]:
    chosen = experiment(**settings)
    return chosen, from_arrays(x, y, chosen.data, chosen.seed)


def run(chosen: Experiment, data: SequenceData | None = None) -> tuple[TrainingResult, list[Event]]:
    events: list[Event] = []
    return train(chosen, events.append, data=data), events


def losses(events: list[Event]) -> NDArray[np.float32]:
    return np.concatenate([e.losses for e in events if isinstance(e, StepsDone)])


def first_weights(chosen: Experiment, data: SequenceData) -> dict[str, NDArray[np.float64]]:
    """The weights training begins with, in double precision."""
    shape = Shape(data.inputs.shape[-1], data.outputs, data.return_sequences)
    return doubles(Network(chosen.model, shape, chosen.seed).weights())


def doubles(weights: dict[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float64]]:
    return {name: w.astype(np.float64) for name, w in weights.items()}
