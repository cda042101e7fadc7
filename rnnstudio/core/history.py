"""The history of a training: its events reduced to columns, for trainer, plots, command line and run files alike.

Replaying the events of a run restores its history.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.events import (
    Continued,
    Evaluated,
    Event,
    Fetching,
    Finished,
    FollowUp,
    NotSaved,
    Outcome,
    Predicted,
    Scored,
    Started,
    StepsCompared,
    StepsDone,
)
from rnnstudio.core.growing_column import Column
from rnnstudio.core.operating_points import OperatingPoints
from rnnstudio.core.predictions import Predictions, predictions_from
from rnnstudio.core.step_errors import StepErrors

if TYPE_CHECKING:
    import pandas as pd


class History:
    """The state of a training so far.

    Attributes:
        activity: Progress of a download, or of what follows the training, in a few words; empty otherwise.
        unsaved: Why the states of the training cannot be saved at the moment; empty where they can.
        unsaved_text: What is to be said about that, in sentences.
        updates: Number of planned updates; 0 before the start.
        updates_per_epoch: Updates in one pass over the training set.
        parameters: Number of trainable weights.
        device: Device of the updates.
        info: Names, units and sizes of the data; None before the start.
        loss: Loss of each update's batch before the update.
        accuracy: Accuracy on each update's batch; empty unless the task has classes.
        evaluations: Metrics of each evaluation by flat name, with its `step`.
        predictions: The newest predictions for the plots, of a large set a part; None before the first. All predictions
            of a run, from its final weights, are `Run.predictions`.
        predictions_step: Number of updates before them.
        points: Of two classes, what each threshold predicts correctly on the held-out set; None for others.
        points_step: Number of updates before them.
        step_errors: Errors of forecasts at each step ahead on the held-out set; None where there is one step.
        step_errors_step: Number of updates before them.
        seconds: Time spent in updates, without compiling, pauses and evaluations.
        wall_seconds: Time from start to end; 0 before the end.
        outcome: How the training ended; None before the end.
        error: Sentence about the reason where it diverged or failed.
        weights_step: Number of updates of the final weights, which `restore_best_weights` chooses; None before the end.
        picked: How these weights were chosen after the training: best (of the evaluations), last (update) or hand;
            empty where the training chose them.

    >>> history = History()
    >>> history.apply(StepsDone(0, np.array([0.7, 0.5], np.float32)))
    >>> history.step, history.loss.values
    (2, array([0.7, 0.5], dtype=float32))
    """

    def __init__(self) -> None:
        self.activity = self.unsaved = self.unsaved_text = ""
        self.updates = 0
        self.updates_per_epoch = 0
        self.parameters = 0
        self.device = ""
        self.info: DataInfo | None = None
        self.loss = Column()
        self.accuracy = Column()
        self.evaluations: list[dict[str, float]] = []
        self.predictions: Predictions | None = None
        self.predictions_step = 0
        self.points: OperatingPoints | None = None
        self.points_step = 0
        self.step_errors: StepErrors | None = None
        self.step_errors_step = 0
        self.seconds = 0.0
        self.wall_seconds = 0.0
        self.outcome: Outcome | None = None
        self.error = ""
        self.weights_step: int | None = None
        self.picked = ""

    def apply(self, event: Event) -> None:
        """Update the history with an event."""
        match event:
            case Fetching():
                self.activity = event.text
            case Started():
                self.activity = ""
                self.updates, self.updates_per_epoch = event.updates, event.updates_per_epoch
                self.parameters, self.device = event.parameters, event.device
                self.info = event.info
                if event.columns is not None:
                    self.loss, self.accuracy = (column.follower() for column in event.columns)
            case Continued():
                self.loss.extend(event.losses)
                self.accuracy.extend(event.accuracies)
                self.evaluations.extend(dict(e) for e in event.evaluations)
                self.seconds += event.seconds
            case StepsDone():
                self.loss.extend(event.losses)
                self.accuracy.extend(event.accuracies)
                self.seconds += event.seconds
            case Evaluated():
                self.evaluations.append({"step": float(event.step), **event.metrics})
            case Predicted():
                self.predictions, self.predictions_step = event.predictions, event.step
            case Scored():
                self.points, self.points_step = event.points, event.step
            case StepsCompared():
                self.step_errors, self.step_errors_step = event.errors, event.step
            case NotSaved():
                self.unsaved, self.unsaved_text = event.reason, event.text if event.reason else ""
            case FollowUp():
                self.activity = event.text
            case Finished():
                self.activity = self.unsaved = self.unsaved_text = ""
                self.outcome, self.error, self.wall_seconds = event.outcome, event.error, event.seconds
                self.weights_step = self.step if event.weights_step is None else event.weights_step

    def until(self, step: int, evaluated: int) -> History:
        """Return the history up to an update; it shares the columns, to which this one is only appended.

        Args:
            step: Number of updates.
            evaluated: The last evaluation that is included, as its number of updates.
        """
        history = copy(self)
        history.loss, history.accuracy = self.loss.until(step), self.accuracy.until(step)
        history.evaluations = [e for e in self.evaluations if e["step"] <= evaluated]
        return history

    @property
    def step(self) -> int:
        """Number of updates so far."""
        return len(self.loss)

    @property
    def epoch(self) -> float:
        """Number of passes over the training set so far, with fraction."""
        return self.step / self.updates_per_epoch if self.updates_per_epoch else 0.0

    @property
    def updates_per_second(self) -> float:
        """Mean speed; 0 before the first update."""
        return self.step / self.seconds if self.seconds > 0 else 0.0

    def evaluated(self, metric: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the updates and values of a metric of the evaluations, two arrays `(n,)`."""
        pairs = np.array([(e["step"], e[metric]) for e in self.evaluations if metric in e], np.float64).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    def best(self, metric: str, *, with_initial: bool = False) -> tuple[int, float] | None:
        """Return update and value of the lowest finite `metric` of trained weights, or None where there is none.

        The initial weights do not count unless they were kept: random ones never are.

        Args:
            metric: Its flat name.
            with_initial: Whether the initial weights count all the same.
        """
        steps, values = self.evaluated(metric)
        finite = np.isfinite(values) & ((steps > 0) | with_initial | (self.weights_step == 0))
        if not finite.any():
            return None
        i = int(np.flatnonzero(finite)[np.argmin(values[finite])])
        return int(steps[i]), float(values[i])

    def frame(self) -> pd.DataFrame:
        """Return a data frame with a row per update; metrics of evaluations are in the row of their update, else NaN.

        `train_loss` in the row of update n is the loss of its batch before the update. The last row has no batch where
        an evaluation followed the last update.
        """
        import pandas as pd

        rows = self.step + (1 if any(e["step"] >= self.step for e in self.evaluations) else 0)
        table: dict[str, NDArray[Any]] = {"update": np.arange(rows)}
        if self.updates_per_epoch:
            table["epoch"] = table["update"] / self.updates_per_epoch
        for name, column in (("train_loss", self.loss), ("train_accuracy", self.accuracy)):
            if len(column):
                table[name] = np.full(rows, np.nan, np.float32)
                table[name][: len(column)] = column.values
        for metric in dict.fromkeys(k for e in self.evaluations for k in e if k != "step"):
            steps, values = self.evaluated(metric)
            table[metric] = np.full(rows, np.nan)
            table[metric][steps.astype(int)] = values
        return pd.DataFrame(table)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return all columns as arrays by name, for a file."""
        arrays: dict[str, NDArray[Any]] = {"loss": self.loss.values, "accuracy": self.accuracy.values}
        for metric in dict.fromkeys(k for e in self.evaluations for k in e if k != "step"):
            steps, values = self.evaluated(metric)
            arrays[f"eval_step/{metric}"], arrays[f"eval/{metric}"] = steps, values
        if self.predictions is not None:
            arrays |= {f"predictions/{name}": values for name, values in self.predictions.to_arrays().items()}
        if self.points is not None:
            arrays |= {f"points/{name}": values for name, values in self.points.to_arrays().items()}
        if self.step_errors is not None:
            arrays |= {f"step_errors/{name}": values for name, values in self.step_errors.to_arrays().items()}
        return arrays

    def to_dict(self) -> dict[str, Any]:
        """Return all values other than the columns, as plain values, for a file."""
        return {
            "updates": self.updates,
            "updates_per_epoch": self.updates_per_epoch,
            "parameters": self.parameters,
            "device": self.device,
            "seconds": self.seconds,
            "wall_seconds": self.wall_seconds,
            "outcome": self.outcome,
            "error": self.error,
            "predictions_kind": self.predictions.kind if self.predictions else "",
            "predictions_step": self.predictions_step,
            "weights_step": self.weights_step,
            "picked": self.picked,
            "points_step": self.points_step,
            "step_errors_step": self.step_errors_step,
        }

    @classmethod
    def from_parts(cls, plain: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], info: DataInfo) -> History:
        """Return the history that `to_dict` and `to_arrays` describe.

        Args:
            plain: From `to_dict`.
            arrays: From `to_arrays`.
            info: Names, units and sizes of the data.
        """
        history = cls()
        history.info = info
        history.updates, history.updates_per_epoch = int(plain["updates"]), int(plain["updates_per_epoch"])
        history.parameters, history.device = int(plain["parameters"]), str(plain["device"])
        history.seconds = float(plain["seconds"])
        history.wall_seconds = float(plain["wall_seconds"])
        history.outcome, history.error = plain["outcome"], str(plain["error"])
        history.weights_step, history.picked = plain.get("weights_step"), str(plain.get("picked", ""))
        history.loss.extend(arrays["loss"])
        history.accuracy.extend(arrays["accuracy"])
        rows: dict[float, dict[str, float]] = {}
        for key in arrays:
            if key.startswith("eval/"):
                metric = key.removeprefix("eval/")
                for step, value in zip(arrays[f"eval_step/{metric}"], arrays[key], strict=True):
                    rows.setdefault(float(step), {"step": float(step)})[metric] = float(value)
        history.evaluations = [rows[step] for step in sorted(rows)]
        if plain["predictions_kind"]:
            fields = _under("predictions/", arrays)
            history.predictions = predictions_from(str(plain["predictions_kind"]), fields)
            history.predictions_step = int(plain["predictions_step"])
        if "step_errors/run" in arrays:
            history.step_errors = StepErrors.from_arrays(_under("step_errors/", arrays))
            history.step_errors_step = int(plain["step_errors_step"])
        if "points/scores" in arrays:
            points = _under("points/", arrays)
            history.points, history.points_step = OperatingPoints.from_arrays(points), int(plain["points_step"])
        return history


def _under(prefix: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return the arrays whose names begin with a prefix, without it."""
    return {name.removeprefix(prefix): values for name, values in arrays.items() if name.startswith(prefix)}
