"""Synthetic histories of every kind of run, for the tests of plots."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.decision import Decision
from rnnstudio.core.events import Evaluated, Finished, Predicted, Scored, Started, StepsCompared, StepsDone
from rnnstudio.core.experiment import Experiment, compose
from rnnstudio.core.history import History
from rnnstudio.core.metrics import ClassificationMetrics
from rnnstudio.core.operating_points import OperatingPoints, operating_points
from rnnstudio.core.predictions import (
    ClassPredictions,
    LabelPredictions,
    SequencePredictions,
    SeriesPredictions,
    SeveralSeriesPredictions,
    ValuePredictions,
)
from rnnstudio.core.step_errors import StepErrors

WINDOW = 15
HAR_CLASSES = ("WALKING", "WALKING_UPSTAIRS", "WALKING_DOWNSTAIRS", "SITTING", "STANDING", "LAYING")
KINDS = {  # task, classes, unit and step name
    "echo": ("label", ("0", "1"), "", "step"),
    "airline": ("regress", (), "thousand passengers", "month"),
    "toy": ("regress", (), "", "step"),
    "classes": ("classify", ("sit", "stand", "lie"), "", "sample"),
    "two_classes": ("classify", ("sound", "faulty"), "", "sample"),
    "values": ("regress_sequence", (), "hours", "sample"),
    "multi_step": ("forecast", (), "g", "sample"),
}
ARRAYS = {
    "classes": {"task": "classify"},
    "two_classes": {"task": "classify"},
    "values": {"task": "regress_sequence"},
    "multi_step": {"task": "forecast", "horizon": 10},
}


def experiment_of(kind: str) -> Experiment:
    """Return the experiment of a kind of run: a recipe's, or one of arrays."""
    return compose("arrays", ARRAYS[kind]) if kind in ARRAYS else compose(kind, {})


def started_history(kind: str, updates: int, per_epoch: int = 100) -> History:
    """Return a history that has just started."""
    task, classes, unit, step_name = KINDS[kind]
    features = ("acc_x", "acc_y") if kind in ("classes", "two_classes", "values") else ("x",)
    info = DataInfo(
        task,
        features,
        ("passengers",),
        classes,
        max(1, len(classes)),
        WINDOW,
        unit,
        step_name,
        True,
        kind not in ("toy", "classes", "two_classes", "values"),
        {"train": 100, "val": 0, "test": 20},
        rate=50.0 if kind in ARRAYS else 0.0,
        feature_units=("g", "g") if "classes" in kind or kind == "values" else (),
    )
    history = History()
    history.apply(Started(updates, per_epoch, 34, "CPU: test", info))
    return history


def add_steps(history: History, losses, accuracies=()) -> None:
    """Add updates with these losses."""
    history.apply(StepsDone(history.step, np.asarray(losses, np.float32), np.asarray(accuracies, np.float32), 0.1))


def label_predictions(incorrect=(), window: int = WINDOW, classes: int = 2) -> LabelPredictions:
    """Return predictions of five rows; `incorrect` lists the row and step of each incorrect one."""
    rng = np.random.default_rng(7)
    truth = rng.integers(0, classes, (5, window))
    predicted = truth.copy()
    for row, step in incorrect:
        predicted[row, step] = (truth[row, step] + 1) % classes
    return LabelPredictions(np.roll(truth, -3, 1).astype(np.float32), truth, predicted)


def series_predictions(length: int = 140, first: int = 0) -> SeriesPredictions:
    """Return one-step predictions with a gap of ten steps, and a free-running forecast of the last 25 steps."""
    truth = (100 + 50 * np.sin(np.arange(length))).astype(np.float32)
    train, test = first + np.arange(5, length - 30), first + np.arange(length - 20, length)
    positions = np.concatenate([train, test])
    free_at = first + np.arange(length - 25, length)
    return SeriesPredictions(
        first=first,
        truth=truth,
        val_begin=first + length - 25,
        test_begin=first + length - 25,
        one_step_at=positions,
        one_step=truth[positions - first] + 3,
        naive=truth[positions - first - 1],
        free_at=free_at,
        free=np.full(len(free_at), 120.0, np.float32),
    )


def sequence_predictions() -> SequencePredictions:
    """Return predictions of two sequences of four steps."""
    truth = np.array([[1, 3, 5, 7], [4, 9, 11, 13]], np.float32)
    return SequencePredictions(truth / 2, truth, truth + 0.5)


def class_predictions(count: int = 60, features: int = 2) -> ClassPredictions:
    """Return predictions of `count` sequences of three classes; every fifth is predicted as the next class."""
    rng = np.random.default_rng(11)
    truth = (np.arange(count) % 3).astype(np.int32)
    predicted = np.where(np.arange(count) % 5 == 4, (truth + 1) % 3, truth).astype(np.int32)
    probabilities = np.full((count, 3), 0.1, np.float32)
    probabilities[np.arange(count), predicted] = 0.8
    shown = np.arange(0, count, 2, dtype=np.int32)
    lengths = np.full(len(shown), 20, np.int32)
    lengths[0] = 12
    signals = rng.normal(size=(len(shown), 20, features)).astype(np.float32)
    return ClassPredictions(truth, predicted, probabilities, shown, signals, lengths)


def two_class_predictions() -> ClassPredictions:
    """Return predictions of 60 sequences of two classes."""
    three = class_predictions()
    truth, predicted = three.truth // 2, three.predicted // 2
    probabilities = np.full((len(truth), 2), 0.2, np.float32)
    probabilities[np.arange(len(truth)), predicted] = 0.8
    return replace(three, truth=truth, predicted=predicted, probabilities=probabilities)


def two_class_points(threshold: float | None = 0.31, count: int = 300) -> OperatingPoints:
    """Return the operating points of two overlapping classes, of which the second is rare."""
    rng = np.random.default_rng(5)
    truth = (rng.random(count) < 0.2).astype(np.int32)
    logits = np.zeros((count, 2), np.float32)
    logits[:, 1] = rng.normal(size=count) + 1.5 * truth - 1.0
    metrics = ClassificationMetrics(2, Decision(1, threshold))
    metrics.add(logits, truth)
    points = operating_points("test", metrics)
    assert points is not None
    return points


def value_predictions(count: int = 60) -> ValuePredictions:
    """Return predictions of the values of `count` sequences, one in two with its inputs; the true mean is 50."""
    rng = np.random.default_rng(11)
    truth = np.linspace(0, 100, count)
    classes = class_predictions(count)
    return ValuePredictions(
        np.arange(101, 101 + count, dtype=np.int32),
        truth,
        (truth + rng.normal(0, 5, count)).astype(np.float32),
        np.full(count, 50.0),
        classes.shown,
        classes.inputs,
        classes.lengths,
    )


def multi_step_predictions() -> SeriesPredictions:
    """Return a forecast of 10 steps at once and a free-running forecast of 100 steps from the same step."""
    predictions = series_predictions(400, first=100)
    return replace(
        predictions,
        multi_step_at=np.arange(475, 485),
        multi_step=predictions.truth[375:385] + 2,
        free_at=np.arange(475, 575),
        free=np.full(100, 100.0, np.float32),
    )


def step_errors(steps: int = 10) -> StepErrors:
    """Return errors that grow with the steps ahead, with those of three baselines, one of which is much worse."""
    run = np.stack([np.sqrt(np.arange(1.0, steps + 1)), 0.8 * np.sqrt(np.arange(1.0, steps + 1))])
    baselines = {"last_value": 2 * run, "seasonal_last_value": run + 2, "training_mean": np.full_like(run, 90.0)}
    return StepErrors("test", False, np.full(steps, 120), run, baselines)


def dated(history: History, frequency: str = "MS", first: str = "1949-01-01") -> History:
    """Return the history with a stamp for each step of its predictions."""
    predictions, info = history.predictions, history.info
    assert predictions is not None
    assert info is not None
    values = (
        predictions.truth if predictions.kind not in ("classify", "regress_sequence") else predictions.inputs[..., 0]
    )
    stamps = pd.date_range(first, periods=values.size, freq=frequency).to_numpy("datetime64[ns]")
    history.predictions = replace(predictions, times=stamps.reshape(values.shape))
    history.info = replace(info, frequency=frequency)
    return history


PREDICTIONS = {
    "echo": label_predictions,
    "airline": series_predictions,
    "toy": sequence_predictions,
    "classes": class_predictions,
    "two_classes": two_class_predictions,
    "values": value_predictions,
    "multi_step": multi_step_predictions,
}


def finished_history(kind: str, updates: int) -> History:
    """Return a finished history of `updates` updates with five evaluations and predictions."""
    has_classes = bool(KINDS[kind][1])
    history = started_history(kind, updates)
    add_steps(history, np.geomspace(1, 0.01, updates), np.linspace(0.5, 1, updates) if has_classes else ())
    for step in np.linspace(0, updates, 5).astype(int):
        metrics = {"test_accuracy": 0.9} if has_classes else {"test_rmse": 30.0 + step, "test_mae": 20.0}
        history.apply(Evaluated(int(step), {"test_loss": 0.5 + 1 / (1 + step), **metrics}))
    history.apply(Predicted(updates, PREDICTIONS[kind]()))
    if len(KINDS[kind][1]) == 2:
        history.apply(Scored(updates, two_class_points()))
    if kind == "multi_step":
        history.apply(StepsCompared(updates, step_errors()))
    history.apply(Finished("completed"))
    return history


def classified_history(classes: tuple[str, ...], truth, predicted, features: int = 1, length: int = 20) -> History:
    """Return a history with these true and predicted classes that keeps the signals of all sequences."""
    history = started_history("classes", 100)
    names = tuple(f"pixel{i}" for i in range(features))
    history.info = replace(history.info, classes=classes, features=names, feature_units=())
    add_steps(history, [1.0])
    truth, predicted = np.asarray(truth, np.int32), np.asarray(predicted, np.int32)
    probabilities = np.full((len(truth), len(classes)), 0.01, np.float32)
    probabilities[np.arange(len(truth)), predicted] = 1 - 0.01 * (len(classes) - 1)
    signals = np.random.default_rng(2).random((len(truth), length, features), np.float32)
    shown, lengths = np.arange(len(truth), dtype=np.int32), np.full(len(truth), length, np.int32)
    history.apply(Predicted(50, ClassPredictions(truth, predicted, probabilities, shown, signals, lengths)))
    return history


def several_series_history(kind: str, names: tuple[str, ...]) -> History:
    """Return a finished history of several series, of which each is higher than the one before."""
    history = finished_history(kind, 100)
    one, info = history.predictions, history.info
    assert isinstance(one, SeriesPredictions)
    assert info is not None
    count, steps, indices = len(names), len(one.truth), np.arange(len(names))
    one_step, naive = np.full((2, steps), np.nan, np.float32)
    one_step[one.one_step_at - one.first], naive[one.one_step_at - one.first] = one.one_step, one.naive

    def raised(values):
        return (values + 10 * indices[:, None]).astype(np.float32)

    history.predictions = SeveralSeriesPredictions(
        series=np.repeat(indices, steps).astype(np.int32),
        step=np.tile(one.first + np.arange(steps), count),
        truth=raised(one.truth).ravel(),
        one_step=raised(one_step).ravel(),
        val_begin=np.full(count, one.val_begin),
        test_begin=np.full(count, one.test_begin),
        naive=raised(naive).ravel(),
        free_series=np.repeat(indices, len(one.free)).astype(np.int32),
        free_at=np.tile(one.free_at, count),
        free=raised(one.free).ravel(),
        multi_step=None if one.multi_step is None else raised(one.multi_step),
    )
    history.info = replace(info, series=names, one_series=False)
    return history
