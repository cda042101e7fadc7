"""The one fake of the window's tests: a `train` that follows a script, on the real thread, with real events."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.events import Evaluated, Event, Finished, Predicted, Started, StepsDone
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.predictions import LabelPredictions, SeriesPredictions
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData
from rnnstudio.results.run import Run
from tests.gui.histories import class_predictions


def a_few_classes() -> SequenceData:
    """Return sequences of three classes, sixty of them to test on, as `class_predictions` answers them."""
    numbers = np.arange(120, dtype=np.int32)
    return SequenceData(
        task="classify",
        inputs=np.zeros((120, 20, 2), np.float32),
        targets=numbers % 3,
        starts=numbers * 20,
        window=20,
        train=numbers[:60],
        test=numbers[60:],
        classes=("sit", "stand", "lie"),
        features=("acc_x", "acc_y"),
        feature_units=("g", "g"),
        step_name="sample",
    )


@dataclass
class ScriptedTrain:
    """Tells `chunks` chunks of ten updates, then ends.

    Attributes:
        chunks: How many; a large number trains until stopped.
        pace: Seconds per chunk.
        error: Raised after the first chunk.
        diverges: Ends with a NaN.
        saves: Whether the run is kept in the run list.
        experiments: What was asked for, in order.
        told: Chunks told so far.
    """

    chunks: int = 5
    pace: float = 0.002
    error: Exception | None = None
    diverges: bool = False
    saves: bool = True
    experiments: list[Experiment] = field(default_factory=list)
    told: int = 0

    def __call__(self, experiment: Experiment, emit: Callable[[Event], None], should_stop: Callable[[], bool]) -> Run:
        self.experiments.append(experiment)
        classes = experiment.data.task == "classify"
        load = DATASETS.get(experiment.data.dataset).load
        data = a_few_classes() if classes else load(experiment.data, experiment.seed)
        history = History()

        def tell(event: Event) -> None:
            history.apply(event)
            emit(event)

        tell(Started(10 * self.chunks, 10, 34, "CPU: scripted", DataInfo.of(data)))
        outcome = "completed"
        for i in range(self.chunks):
            if should_stop():
                outcome = "stopped"
                break
            time.sleep(self.pace)
            self.told += 1
            losses = np.full(10, 0.7 / (1 + i), np.float32)
            if self.diverges and i == self.chunks - 1:
                losses[-1] = np.nan
                outcome = "diverged"
            right = np.full(10 if data.classes else 0, 0.5, np.float32)
            tell(StepsDone(10 * i, losses, right, self.pace))
            if self.error is not None:
                tell(Finished("failed", str(self.error), 1.0))
                raise self.error
            tell(
                Predicted(10 * (i + 1), class_predictions())
                if classes
                else self._predicted(10 * (i + 1), data.autoregressive)
            )
            if classes:
                tell(Evaluated(10 * (i + 1), {"test_loss": 1.0 / (1 + i), "test_accuracy": 0.8}))
            if data.autoregressive:
                figures = {"test_loss": 1.0 / (1 + i), "test_rmse": 50.0 / (1 + i), "test_mae": 40.0}
                tell(Evaluated(10 * (i + 1), figures))
        error = "The loss became NaN at update 50; the weights before were kept." if outcome == "diverged" else ""
        tell(Finished(outcome, error, 1.5))  # type: ignore[arg-type]
        if classes:
            metrics = {"train_loss": 0.1, "test_accuracy": 0.8, "test_macro_f1": 0.8, "skill": 0.7}
            baseline = {"majority_class": {"test_accuracy": 1 / 3}}
        elif data.autoregressive:
            metrics, baseline = {"train_loss": 0.1, "test_rmse": 50.0}, {"last_value": {"test_rmse": 45.0}}
        else:
            metrics = {"train_loss": 0.1, "train_accuracy": 0.5}
            baseline = {"majority_class": {"train_accuracy": 0.5}}
        run = Run(
            experiment,
            history,
            metrics,
            baseline,
            Scalers.fit(data, experiment.data),
            DataInfo.of(data),
            {},
            data.inputs[0, -data.window :] if data.autoregressive else data.inputs[0, :0],
            warnings=[error] if error else [],
            data=data,
        )
        if self.saves:
            run.save()
        else:
            run.warnings.append("The run could not be saved in /somewhere: No space left on device.")
        return run

    @staticmethod
    def _predicted(step: int, series: bool) -> Predicted:
        if series:
            truth = np.linspace(100, 600, 144, dtype=np.float32)
            at = np.arange(5, 144)
            return Predicted(
                step,
                SeriesPredictions(
                    first=0,
                    truth=truth,
                    val_begin=116,
                    test_begin=116,
                    one_step_at=at,
                    one_step=truth[at] + 9,
                    naive=truth[at - 1],
                    free_at=np.arange(116, 144),
                    free=truth[116:] - 30,
                ),
            )
        bits = np.random.default_rng(step).integers(0, 2, (5, 15))
        return Predicted(step, LabelPredictions(bits.astype(np.float32), np.roll(bits, 3, 1), bits))
