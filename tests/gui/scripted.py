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
from rnnstudio.results.recorded_classes import recorded_class_rows
from rnnstudio.results.run import Run
from rnnstudio.results.seed_plan import SeedPlan
from tests.gui.histories import class_predictions

_DIVERGED = "The loss became NaN at update 50; the weights before were kept."


def sequences_of_classes() -> SequenceData:
    """Return 120 sequences of three classes, 60 of them the test set; `class_predictions` holds predictions for it."""
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
    """Emits `chunks` chunks of ten updates, then ends.

    Attributes:
        chunks: Number of chunks; a large number trains until stopped.
        pace: Seconds per chunk.
        error: Raised after the first chunk.
        diverges: Whether the last loss is NaN.
        saves: Whether the run is saved in the run list.
        experiments: The experiments that were trained, in order.
        emitted: Number of chunks emitted so far.
    """

    chunks: int = 5
    pace: float = 0.002
    error: Exception | None = None
    diverges: bool = False
    saves: bool = True
    experiments: list[Experiment] = field(default_factory=list)
    emitted: int = 0

    def __call__(
        self,
        experiment: Experiment,
        emit: Callable[[Event], None],
        should_stop: Callable[[], bool],
        group: SeedPlan | None = None,
    ) -> Run:
        self.experiments.append(experiment)
        data = _data(experiment)
        history = History()

        def report(event: Event) -> None:
            history.apply(event)
            emit(event)

        report(Started(10 * self.chunks, 10, 34, "CPU: scripted", DataInfo.of(data)))
        outcome = "completed"
        for i in range(self.chunks):
            if should_stop():
                outcome = "stopped"
                break
            time.sleep(self.pace)
            self.emitted += 1
            losses = np.full(10, 0.7 / (1 + i), np.float32)
            if self.diverges and i == self.chunks - 1:
                losses[-1] = np.nan
                outcome = "diverged"
            accuracies = np.full(10 if data.classes else 0, 0.5, np.float32)
            report(StepsDone(10 * i, losses, accuracies, self.pace))
            if self.error is not None:
                report(Finished("failed", str(self.error), 1.0))
                raise self.error
            for event in _evaluation(data, i):
                report(event)
        error = _DIVERGED if outcome == "diverged" else ""
        report(Finished(outcome, error, 1.5))  # type: ignore[arg-type]
        metrics, baseline = _final_metrics(data)
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
        run.class_rows = recorded_class_rows(history)
        run.kept_predictions = {"columns": np.array([], np.str_)}  # there is no network that could predict
        if self.saves:
            run.save()
        else:
            run.save_problem = "The run could not be saved in /somewhere: No space left on device."
            run.warnings.append(run.save_problem)
        return run


def _data(experiment: Experiment) -> SequenceData:
    if experiment.data.task == "classify":
        return sequences_of_classes()
    return DATASETS.get(experiment.data.dataset).load(experiment.data, experiment.seed_of_data)


def _evaluation(data: SequenceData, chunk: int) -> list[Event]:
    """Return the events of the evaluation after a chunk."""
    step = 10 * (chunk + 1)
    if data.task == "classify":
        metrics = {"test_loss": 1.0 / (1 + chunk), "test_accuracy": 0.8}
        return [Predicted(step, class_predictions()), Evaluated(step, metrics)]
    if data.autoregressive:
        metrics = {"test_loss": 1.0 / (1 + chunk), "test_rmse": 50.0 / (1 + chunk), "test_mae": 40.0}
        return [Predicted(step, _series_predictions()), Evaluated(step, metrics)]
    bits = np.random.default_rng(step).integers(0, 2, (5, 15))
    return [Predicted(step, LabelPredictions(bits.astype(np.float32), np.roll(bits, 3, 1), bits))]


def _final_metrics(data: SequenceData) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Return the metrics and the baselines of a run on these data."""
    if data.task == "classify":
        metrics = {"train_loss": 0.1, "test_accuracy": 0.8, "test_macro_f1": 0.8, "skill": 0.7}
        return metrics, {"majority_class": {"test_accuracy": 1 / 3}}
    if data.autoregressive:
        return {"train_loss": 0.1, "test_rmse": 50.0}, {"last_value": {"test_rmse": 45.0}}
    return {"train_loss": 0.1, "train_accuracy": 0.5}, {"majority_class": {"train_accuracy": 0.5}}


def _series_predictions() -> SeriesPredictions:
    truth = np.linspace(100, 600, 144, dtype=np.float32)
    one_step_at = np.arange(5, 144)
    return SeriesPredictions(
        first=0,
        truth=truth,
        val_begin=116,
        test_begin=116,
        one_step_at=one_step_at,
        one_step=truth[one_step_at] + 9,
        naive=truth[one_step_at - 1],
        free_at=np.arange(116, 144),
        free=truth[116:] - 30,
    )
