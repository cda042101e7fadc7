"""What a training run tells while it goes on: frozen, free of any framework, fit for a file or another process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.predictions import Predictions

Outcome = Literal["completed", "early_stopped", "stopped", "diverged", "failed"]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Fetching:
    """Data are being downloaded, before anything can start.

    Attributes:
        name: The data set.
        done: Bytes that are there.
        total: Bytes in all; 0 where the server does not say.
        note: A sentence on what went wrong and is mended; else empty.
    """

    name: str
    done: int = 0
    total: int = 0
    note: str = ""

    @property
    def text(self) -> str:
        """How far it is, in a few words."""
        if not self.done and not self.total:
            return f"fetching {self.name}: waiting for the server"
        whole = f" of {self.total / 1e6:,.1f}" if self.total else ""
        return f"fetching {self.name}: {self.done / 1e6:,.1f}{whole} MB"


@dataclass(frozen=True)
class Started:
    """Training is about to begin.

    Attributes:
        updates: Updates planned in all.
        updates_per_epoch: Updates in one pass over the training part.
        parameters: Number of trained values in the network.
        device: What the updates run on, such as "CPU", and why where that may surprise.
        info: Names, units and sizes of the data.
    """

    updates: int
    updates_per_epoch: int
    parameters: int
    device: str
    info: DataInfo


@dataclass(frozen=True)
class StepsDone:
    """A chunk of updates.

    Attributes:
        first_step: Number of updates done before the first of these.
        losses: Loss of each update's batch, before that update, shape `(k,)`.
        accuracies: Share of right classes in each batch, shape `(k,)`; empty unless the task has classes.
        seconds: Time the chunk took.
    """

    first_step: int
    losses: Floats
    accuracies: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    seconds: float = 0.0


@dataclass(frozen=True)
class Evaluated:
    """A look at the held-out parts after `step` updates; names as in `core.metrics`."""

    step: int
    metrics: Mapping[str, float]


@dataclass(frozen=True)
class Predicted:
    """Predictions after `step` updates."""

    step: int
    predictions: Predictions


@dataclass(frozen=True)
class Finished:
    """The last event of every run, exactly once.

    Attributes:
        outcome: How it ended.
        error: One sentence where it ended in diverged or failed; else empty.
        seconds: Time from `Started` to the end.
    """

    outcome: Outcome
    error: str = ""
    seconds: float = 0.0


Event = Fetching | Started | StepsDone | Evaluated | Predicted | Finished
