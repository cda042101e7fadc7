"""The trainings to measure: a recipe with a cell, and the target speed relative to Keras and PyTorch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.experiment import Experiment, compose
from rnnstudio.core.paths import data_folders
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData, flat_steps
from rnnstudio.engine.plan import make_plan
from rnnstudio.reading.formats.har import find_recordings
from rnnstudio.reading.formats.mnist import find_images

# More updates than a measurement needs, and no evaluation, which the other contenders do not do.
ENDLESS = {"updates": 2_000_000_000, "evaluate_every": 1_000_000_000, "patience": 0, "seed": 1}
CELLS = ("rnn", "lstm", "gru")
_FILES = {"har": ("har", find_recordings), "mnist_rows": ("mnist", find_images)}
_MAX_BATCHES = 128


@dataclass(frozen=True)
class Job:
    """One training for each contender.

    Attributes:
        recipe: Recipe with data, units, layers, batch size, optimizer and so on.
        cell: rnn, lstm or gru.
        target_ratios: By contender, the target of rnnstudio's speed relative to the contender's.
    """

    recipe: str
    cell: str
    target_ratios: dict[str, float]

    @property
    def name(self) -> str:
        """Name in tables."""
        return f"{self.recipe} {self.cell}"

    @property
    def experiment(self) -> Experiment:
        """The experiment of the recipe without an end."""
        return compose(self.recipe, {"cell": self.cell, **ENDLESS})


def _target_ratios(recipe: str, cell: str) -> dict[str, float]:
    match recipe, cell:
        case "echo", "rnn":
            return {"keras": 10.0, "torch": 4.0}
        case "har", "lstm":  # PyTorch's LSTM is optimized for long sequences
            return {"keras": 2.5, "torch": 1.0}
    return {"keras": 2.5, "torch": 1.5}


RECIPES = ("echo", "toy", "airline", "machinery", "har", "mnist_rows")
JOBS = tuple(Job(recipe, cell, _target_ratios(recipe, cell)) for recipe in RECIPES for cell in CELLS)


def load(experiment: Experiment) -> SequenceData:
    """Return the data of an experiment in original units."""
    return DATASETS.get(experiment.data.dataset).load(experiment.data, experiment.seed)


def has_data(recipe: str) -> bool:
    """Return whether the data of a recipe are generated or on this computer; measurements download nothing."""
    name, find = _FILES.get(compose(recipe, {}).data.dataset, ("", None))
    return find is None or any(find(folder) is not None for folder in data_folders(name))


def batches(experiment: Experiment, raw: SequenceData) -> tuple[NDArray[np.float32], NDArray[Any]]:
    """Return the first batches that rnnstudio trains on, scaled.

    Args:
        experiment: The experiment.
        raw: Its data in original units.

    Returns:
        Inputs `(updates, B, T, F)`, and targets: classes `(updates, B)` or `(updates, B, T)`, or values
        `(updates, B, outputs)` or `(updates, B, T, D)`.
    """
    data = Scalers.fit(raw, experiment.data).apply(raw)
    plan = make_plan(experiment, data)
    block = next(plan.blocks())
    rows = slice(min(block.count, plan.updates_per_epoch, _MAX_BATCHES))
    starts, windows = block.starts[rows], block.windows[rows]
    x = flat_steps(data.inputs)[starts[..., None] + np.arange(data.window_samples)]
    x = x.reshape(*starts.shape, data.window, data.width)
    if data.target_per_sequence:
        return x, data.targets[windows]
    y = flat_steps(data.targets)[starts[..., None] + data.target_offset + np.arange(data.target_steps)]
    return x, y if data.return_sequences else y.reshape(*starts.shape, data.outputs)
