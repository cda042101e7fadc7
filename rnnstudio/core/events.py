"""The events that a training emits: frozen, without any framework, fit for a file or another process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.growing_column import Column
from rnnstudio.core.operating_points import OperatingPoints
from rnnstudio.core.predictions import Predictions
from rnnstudio.core.step_errors import StepErrors

Outcome = Literal["completed", "early_stopped", "stopped", "diverged", "failed"]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Fetching:
    """Data are being downloaded before training starts.

    Attributes:
        name: The data set.
        done: Bytes downloaded.
        total: Size in bytes; 0 where unknown.
        note: Sentence about a problem that was resolved; else empty.
    """

    name: str
    done: int = 0
    total: int = 0
    note: str = ""

    @property
    def text(self) -> str:
        """Progress in a few words."""
        if not self.done and not self.total:
            return f"fetching {self.name}: waiting for the server"
        total = f" of {self.total / 1e6:,.1f}" if self.total else ""
        return f"fetching {self.name}: {self.done / 1e6:,.1f}{total} MB"


@dataclass(frozen=True)
class Started:
    """Training begins.

    Attributes:
        updates: Number of planned updates.
        updates_per_epoch: Updates in one pass over the training set.
        parameters: Number of trainable weights.
        device: Device of the updates, such as "CPU", and the reason for it.
        info: Names, units and sizes of the data.
        columns: The losses and accuracies of the training, to which those of each later event are appended before it
            comes; a history of these events shares them. None where each event is the only place of its values.
    """

    updates: int
    updates_per_epoch: int
    parameters: int
    device: str
    info: DataInfo
    columns: tuple[Column, Column] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Continued:
    """The training goes on where it ended before; follows `Started`.

    Attributes:
        losses: Loss of each update before, `(k,)`.
        accuracies: Accuracy on each batch, `(k,)`; empty unless the task has classes.
        evaluations: Metrics of each evaluation before by flat name, with its `step`.
        seconds: Time spent in those updates.
    """

    losses: Floats
    accuracies: Floats
    evaluations: tuple[Mapping[str, float], ...]
    seconds: float = 0.0


@dataclass(frozen=True)
class StepsDone:
    """A chunk of updates is done.

    Attributes:
        first_step: Number of updates before this chunk.
        losses: Loss of each update's batch before the update, `(k,)`.
        accuracies: Accuracy on each batch, `(k,)`; empty unless the task has classes.
        seconds: Duration of the chunk.
    """

    first_step: int
    losses: Floats
    accuracies: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    seconds: float = 0.0


@dataclass(frozen=True)
class Evaluated:
    """An evaluation on the validation and test sets.

    Attributes:
        step: Number of updates before it.
        metrics: Values by flat name, such as `test_loss`.
    """

    step: int
    metrics: Mapping[str, float]


@dataclass(frozen=True)
class Predicted:
    """Predictions of the network during training.

    Attributes:
        step: Number of updates before them.
        predictions: The predictions.
    """

    step: int
    predictions: Predictions


@dataclass(frozen=True)
class Scored:
    """The probabilities of two classes on the held-out set were compared with the truth.

    Attributes:
        step: Number of updates before it.
        points: What each threshold predicts correctly.
    """

    step: int
    points: OperatingPoints


@dataclass(frozen=True)
class StepsCompared:
    """Forecasts of several steps were compared with the truth, step by step.

    Attributes:
        step: Number of updates before it.
        errors: The errors at each step ahead.
    """

    step: int
    errors: StepErrors


@dataclass(frozen=True)
class Finished:
    """Training has ended; the last event of every run, emitted once.

    Attributes:
        outcome: completed, early_stopped, stopped, diverged or failed.
        error: Sentence about the reason where it diverged or failed; else empty.
        seconds: Time from `Started` to the end.
        weights_step: Number of updates of the final weights; None where they are those of the last update.
    """

    outcome: Outcome
    error: str = ""
    seconds: float = 0.0
    weights_step: int | None = None


@dataclass(frozen=True)
class FollowUp:
    """What is done with a trained network before its run is complete, such as the calibration of its bands.

    Attributes:
        text: What is done, in a few words; empty at the end.
    """

    text: str


@dataclass(frozen=True)
class NotSaved:
    """The states of a training cannot be saved, or can be again.

    Attributes:
        reason: Why they cannot; empty where they are saved again.
        remedy: What to do about it, without an end of the sentence; empty where that is not known.
    """

    reason: str
    remedy: str = ""

    @property
    def text(self) -> str:
        """What is to be said, a sentence or two.

        >>> NotSaved("No space left on device").text.partition(". ")[0]
        'The run cannot be saved at the moment: No space left on device'
        >>> NotSaved("").text
        'The run is saved again.'
        """
        if not self.reason:
            return "The run is saved again."
        return (
            f"The run cannot be saved at the moment: {self.reason}. {self.remedy and f'{self.remedy}. '}"
            "The training goes on in memory, and the run is saved as soon as possible."
        )


Event = (
    Fetching
    | Started
    | Continued
    | StepsDone
    | Evaluated
    | Predicted
    | Scored
    | StepsCompared
    | Finished
    | FollowUp
    | NotSaved
)
