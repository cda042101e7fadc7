"""The settings that all data sets, all cells and all trainings have."""

from __future__ import annotations

from typing import Any, Literal

from rnnstudio.core.model_settings import ModelSettings
from rnnstudio.core.setting_types import (
    FilePath,
    Percents,
    Real,
    Scale,
    Settings,
    Task,
    TestContext,
    Whole,
    Wholes,
    setting,
)

__all__ = [  # with the types and `setting`, so that a new data set or cell needs one import
    "DataSettings",
    "FilePath",
    "ModelSettings",
    "Real",
    "Scale",
    "Settings",
    "Task",
    "TrainingSettings",
    "Whole",
    "Wholes",
    "WindowSettings",
    "setting",
]


def scale_setting(default: Scale = "none") -> Any:
    """Declare the setting `scale` of a data set."""
    return setting(
        default,
        "Scale each feature to mean 0 and standard deviation 1 (standard), the predicted values by their logarithms "
        "(log), or leave all in their units (none).",
        label="Scaling",
        automatic=True,
    )


class DataSettings(Settings):
    """Settings of every data set; the settings of a data set derive from this class."""

    dataset: str
    task: Task
    scale: Scale = scale_setting()
    fit_scaler_on: Literal["train", "all"] = setting(
        "train",
        "Data that mean and standard deviation are computed from: the training windows (train), or all data (all), "
        "which leaks the test set.",
        advanced=True,
    )


class WindowSettings(DataSettings):
    """Settings of a data set that is one long series, read through sliding windows."""

    window: Whole = setting(24, "Steps in each window.", unit="steps", ge=1, le=1_000_000, automatic=True)
    stride: Whole = setting(1, "Steps from one window to the next.", unit="steps", ge=1, le=1_000_000)
    test_fraction: Real = setting(
        0.2, "Share of the series, at its end, for the test set; it is never trained on.", ge=0.0, lt=1.0
    )
    val_fraction: Real = setting(
        0.0,
        "Share of the series, just before the test set, for the validation set, which early stopping monitors.",
        label="Validation fraction",
        ge=0.0,
        lt=1.0,
        advanced=True,
        automatic=True,
    )
    test_context: TestContext = setting(
        "reach_back",
        "Windows of the validation and test set may read rows before the set, so that the same rows are predicted "
        "whatever the window (reach_back), or lie inside the set (inside).",
        advanced=True,
    )


class TrainingSettings(Settings):
    """Settings of every training."""

    optimizer: str = setting("adam", "Algorithm that computes updates of the weights from gradients.")
    learning_rate: Real = setting(0.001, "Step size of the updates.", gt=0.0, le=1000.0, automatic=True)
    loss: Literal["mse", "mae", "huber", "pinball"] = setting(
        "mse",
        "Loss of values in scaled units: squared error (mse), absolute error (mae), squared up to an error of 1 and "
        "absolute beyond (huber), or that of the quantiles of the bands (pinball).",
        label="Loss of values",
        advanced=True,
    )
    levels: Percents = setting(
        [],
        "Levels of the bands around a forecast, which hold the true value with about these probabilities, as errors of "
        "predictions without a part in the training show; none for no bands.",
        label="Levels of bands",
        unit="%",
        automatic=True,
    )
    schedule: Literal["constant", "cosine"] = setting(
        "constant",
        "Learning rate over the run: constant, or cosine decay to zero (Loshchilov & Hutter 2017).",
        label="Learning rate schedule",
        advanced=True,
        automatic=True,
    )
    momentum: Real = setting(
        0.0,
        "Share of the previous update added to the next, for the optimizers sgd, rmsprop, momentum and nesterov; 0 "
        "means 0.9 for the last two.",
        ge=0.0,
        lt=1.0,
    )
    batch_size: Whole = setting(
        32,
        "Sequences or windows in each update; 0 uses the whole training set.",
        unit="sequences",
        ge=0,
        le=1_000_000,
        automatic=True,
    )
    epochs: Whole = setting(10, "Passes over the training set.", ge=1, le=10_000_000, automatic=True)
    updates: Whole = setting(
        0, "Number of updates, in place of epochs; 0 trains for the given epochs.", ge=0, le=2_000_000_000
    )
    sampling: Literal["shuffle", "sequential", "random", "shuffle_once"] = setting(
        "shuffle",
        "How batches are drawn from the training set: shuffled each epoch, in sequential order, at random with "
        "replacement, or shuffled once.",
        advanced=True,
    )
    l2: Real = setting(
        0.0, "Weight of the L2 penalty: half the sum of all squared weights and biases.", label="L2", ge=0.0, le=1000.0
    )
    clip_norm: Real = setting(
        0.0, "Maximum norm of the whole gradient; 0 does not clip.", ge=0.0, le=1e6, automatic=True
    )
    label_smoothing: Real = setting(
        0.0,
        "Share of the target probability spread evenly over all classes (Szegedy et al. 2016).",
        ge=0.0,
        lt=1.0,
        advanced=True,
        automatic=True,
    )
    class_weight: Literal["none", "balanced"] = setting(
        "none",
        "Weight of each class in the training loss: 1 (none), or n / (k n_c) (balanced), with n targets in the "
        "training set, n_c of them of class c, and k classes; held-out losses are not weighted.",
        advanced=True,
    )
    decision_threshold: Literal["argmax", "validation"] = setting(
        "argmax",
        "Which of two classes is predicted: the more probable one (argmax), or the rarer one from the probability on "
        "at which the balanced accuracy on the validation set is highest (validation).",
        advanced=True,
    )
    rotation_std: Real = setting(
        0.0,
        "Data augmentation for three-axis sensors: standard deviation of the angle by which each training sequence is "
        "rotated at random.",
        label="Random rotation",
        unit="degrees",
        ge=0.0,
        le=180.0,
        advanced=True,
        automatic=True,
    )
    evaluate_every: Whole = setting(
        0,
        "Updates between evaluations on the validation and test sets; 0 evaluates once an epoch, at most 100 times.",
        unit="updates",
        ge=0,
        le=1_000_000_000,
        automatic=True,
    )
    patience: Whole = setting(
        0,
        "Early stopping: evaluations in a row without improvement before training stops, counted once the network is "
        "better than its initial weights and constant predictions; 0 never stops early.",
        unit="evaluations",
        ge=0,
        le=1_000_000,
        automatic=True,
    )
    refit: bool = setting(
        False,
        "After the training, train again with the same settings and number of updates on all rows, those of the test "
        "set included; forecasts of the future use these weights, which are not tested.",
        label="Refit on all rows",
        advanced=True,
    )
    restore_best_weights: bool = setting(
        False,
        "Weights at the end: those of the best evaluation on the validation set (else the test set), never random "
        "initial ones, or those of the last update.",
        label="Final weights",
        advanced=True,
        automatic=True,
    )
