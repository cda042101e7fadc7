"""Made-up histories of every kind of run, for the tests of pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnstudio.core.events import Evaluated, Finished, Predicted, Started, StepsDone
from rnnstudio.core.experiment import Experiment, compose
from rnnstudio.core.history import History
from rnnstudio.core.predictions import ClassPredictions, LabelPredictions, SequencePredictions, SeriesPredictions
from rnnstudio.core.sequence import DataInfo

WINDOW = 15
KINDS = {
    "echo": ("label", ("0", "1"), "", "step"),
    "airline": ("regress", (), "thousand passengers", "month"),
    "toy": ("regress", (), "", "step"),
    "classes": ("classify", ("sit", "stand", "lie"), "", "sample"),
    "multi_step": ("forecast", (), "g", "sample"),
}
ARRAYS = {"classes": {"task": "classify"}, "multi_step": {"task": "forecast", "horizon": 10}}


def chosen(recipe: str) -> Experiment:
    """Return a recipe's experiment, or one of arrays whose pictures are those of `recipe`."""
    return compose("arrays", ARRAYS[recipe]) if recipe in ARRAYS else compose(recipe, {})


def started(recipe: str, updates: int, per_epoch: int = 100) -> History:
    task, classes, unit, step = KINDS[recipe]
    series = recipe not in ("toy", "classes")
    windows = {"train": 100, "val": 0, "test": 20}
    features = ("acc_x", "acc_y") if recipe == "classes" else ("x",)
    info = DataInfo(
        task,
        features,
        ("passengers",),
        classes,
        max(1, len(classes)),
        WINDOW,
        unit,
        step,
        True,
        series,
        windows,
        rate=50.0 if recipe in ARRAYS else 0.0,
        feature_units=("g", "g") if recipe == "classes" else (),
    )
    history = History()
    history.apply(Started(updates, per_epoch, 34, "CPU: test", info))
    return history


def steps(history: History, losses, accuracies=()) -> None:
    history.apply(StepsDone(history.step, np.asarray(losses, np.float32), np.asarray(accuracies, np.float32), 0.1))


def labels(wrong=(), window: int = WINDOW, classes: int = 2) -> LabelPredictions:
    rng = np.random.default_rng(7)
    truth = rng.integers(0, classes, (5, window))
    predicted = truth.copy()
    for row, step in wrong:
        predicted[row, step] = (truth[row, step] + 1) % classes
    return LabelPredictions(np.roll(truth, -3, 1).astype(np.float32), truth, predicted)


def series(length: int = 140, first: int = 0) -> SeriesPredictions:
    truth = (100 + 50 * np.sin(np.arange(length))).astype(np.float32)
    train, test = first + np.arange(5, length - 30), first + np.arange(length - 20, length)
    at = np.concatenate([train, test])
    free_at = first + np.arange(length - 25, length)
    return SeriesPredictions(
        first=first,
        truth=truth,
        val_begin=first + length - 25,
        test_begin=first + length - 25,
        one_step_at=at,
        one_step=truth[at - first] + 3,
        naive=truth[at - first - 1],
        free_at=free_at,
        free=np.full(len(free_at), 120.0, np.float32),
    )


def sequences() -> SequencePredictions:
    truth = np.array([[1, 3, 5, 7], [4, 9, 11, 13]], np.float32)
    return SequencePredictions(truth / 2, truth, truth + 0.5)


def predicted_classes(count: int = 60, features: int = 2) -> ClassPredictions:
    """Return the answers for `count` sequences of three classes: every fifth is told to be the next class."""
    rng = np.random.default_rng(11)
    truth = (np.arange(count) % 3).astype(np.int32)
    told = np.where(np.arange(count) % 5 == 4, (truth + 1) % 3, truth).astype(np.int32)
    shares = np.full((count, 3), 0.1, np.float32)
    shares[np.arange(count), told] = 0.8
    shown = np.arange(0, count, 2, dtype=np.int32)
    lengths = np.full(len(shown), 20, np.int32)
    lengths[0] = 12
    signals = rng.normal(size=(len(shown), 20, features)).astype(np.float32)
    return ClassPredictions(truth, told, shares, shown, signals, lengths)


def multi_step() -> SeriesPredictions:
    one_step = series(400, first=100)
    return replace(
        one_step,
        multi_step_at=np.arange(475, 485),
        multi_step=one_step.truth[375:385] + 2,
        free_at=np.arange(475, 575),
        free=np.full(100, 100.0, np.float32),
    )


PREDICTIONS = {
    "echo": labels,
    "airline": series,
    "toy": sequences,
    "classes": predicted_classes,
    "multi_step": multi_step,
}


def a_run(recipe: str, updates: int) -> History:
    """Return a finished history of `updates` updates, with looks and predictions."""
    history = started(recipe, updates)
    losses = np.geomspace(1, 0.01, updates)
    steps(history, losses, np.linspace(0.5, 1, updates) if KINDS[recipe][1] else ())
    for step in np.linspace(0, updates, 5).astype(int):
        held_out = {"test_accuracy": 0.9} if KINDS[recipe][1] else {"test_rmse": 30.0 + step, "test_mae": 20.0}
        history.apply(Evaluated(int(step), {"test_loss": 0.5 + 1 / (1 + step), **held_out}))
    history.apply(Predicted(updates, PREDICTIONS[recipe]()))
    history.apply(Finished("completed"))
    return history
