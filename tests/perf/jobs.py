"""What is measured: the same network, batch, optimizer and loss for every contender."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Job:
    """One training to be done by each contender.

    Attributes:
        recipe: The recipe rnnstudio trains.
        settings: What differs from the recipe: enough updates to go on, and nothing the contenders do not do.
        cell: rnn or lstm.
        units: Hidden units.
        outputs: Values of the head, at every step.
        classes: Whether the outputs are logits of classes, or values.
        optimizer: adagrad or adam.
        learning_rate: Its learning rate.
        carried: Whether the state runs on from batch to batch.
        at_least: How many times as fast as each contender rnnstudio wants to be.
    """

    recipe: str
    settings: dict[str, Any]
    cell: str
    units: int
    outputs: int
    classes: bool
    optimizer: str
    learning_rate: float
    carried: bool
    at_least: dict[str, float]

    def batches(self) -> tuple[NDArray[np.float32], NDArray[Any]]:
        """Return one epoch: inputs `(updates, B, T, 1)`, classes `(updates, B, T)` or values `(updates, B, T, 1)`."""
        from rnnstudio.api import experiment
        from rnnstudio.core.catalog import DATASETS
        from rnnstudio.core.scaling import Scalers
        from rnnstudio.engine.plan import make_plan

        chosen = experiment(self.recipe, **self.settings)
        raw = DATASETS.get(chosen.data.dataset).load(chosen.data, chosen.seed)
        data = Scalers.fit(raw, chosen.data).apply(raw)
        plan = make_plan(chosen, data)
        starts = next(plan.blocks()).starts[: plan.updates_per_epoch]
        at = starts[..., None] + np.arange(data.window)
        return data.inputs[0][at], data.targets[0][at + data.target_offset]


_ENDLESS = {"epochs": 10_000_000, "seed": 1}
JOBS = (
    Job("echo", _ENDLESS, "rnn", 4, 2, True, "adagrad", 0.3, True, {"keras": 10.0, "torch": 4.0}),
    Job(
        "airline",
        {**_ENDLESS, "patience": 0, "evaluate_every": 1_000_000_000},
        "lstm",
        100,
        1,
        False,
        "adam",
        0.01,
        False,
        {},
    ),
)
