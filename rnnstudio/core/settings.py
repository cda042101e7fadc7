"""The settings that all data sets, all cells and all trainings have."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from rnnstudio.core.setting_types import FilePath, Real, Task, TestContext, Whole, Wholes, setting

__all__ = [  # with the types and `setting`, so that a new data set or cell needs one import
    "DataSettings",
    "FilePath",
    "ModelSettings",
    "Real",
    "Settings",
    "Task",
    "TrainingSettings",
    "Whole",
    "Wholes",
    "WindowSettings",
    "setting",
]


class Settings(BaseModel):
    """Base class of all settings: frozen, without unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


def scale_setting(default: Literal["none", "standard"] = "none") -> Any:
    """Declare the setting `scale` of a data set."""
    return setting(
        default,
        "Scale each feature to mean 0 and standard deviation 1 (standard), or leave it in its units (none).",
        label="Scaling",
        automatic=True,
    )


class DataSettings(Settings):
    """Settings of every data set; the settings of a data set derive from this class."""

    dataset: str
    task: Task
    scale: Literal["none", "standard"] = scale_setting()
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


class ModelSettings(Settings):
    """Settings of every cell; the settings of a cell derive from this class."""

    cell: str
    units: Whole = setting(32, "Hidden units of each recurrent layer.", ge=1, le=65536)
    layers: Whole = setting(1, "Number of stacked recurrent layers.", ge=1, le=32)
    bidirectional: bool = setting(
        False,
        "Read each sequence in both directions and concatenate the outputs (Schuster & Paliwal 1997).",
        automatic=True,
    )
    dense_units: Wholes = setting(
        [],
        "Units of each dense ReLU layer between the recurrent layers and the output layer, separated by commas.",
        label="Dense layers",
        advanced=True,
    )
    stateful: bool = setting(
        False,
        "Truncated back-propagation: start each window from the last state of the window before it rather than from "
        "zeros.",
    )
    pooling: Literal["last", "mean", "max"] = setting(
        "last",
        "How outputs at all steps become one vector per sequence: the last step, or the mean or maximum over steps.",
        label="Pooling over steps",
        advanced=True,
        automatic=True,
    )
    multi_step: Literal["direct", "recursive"] = setting(
        "direct",
        "Forecasts of several steps: the network predicts all of them at once (direct), or one, and each prediction is "
        "fed back as the next input (recursive).",
        label="Multi-step forecast",
        advanced=True,
    )
    predict_change: Literal["none", "last_value", "season"] = setting(
        "none",
        "Forecasts: predict the values themselves (none), or their change from the last value of the window, or from "
        "the value a season before.",
        label="Predict the change from",
        advanced=True,
        automatic=True,
    )
    scale_windows: Literal["none", "last_value", "standard"] = setting(
        "none",
        "Forecasts: what is subtracted from the past of the predicted column in each window: nothing, its last value, "
        "or its mean, and it is divided by its standard deviation (Kim et al. 2022).",
        label="Scale each window",
        advanced=True,
        automatic=True,
    )
    linear_skip: bool = setting(
        False,
        "Forecasts: add to the output a linear function of the past of the predicted column in the window, started as "
        "a ridge regression (Lai et al. 2018).",
        label="Linear skip connection",
        advanced=True,
        automatic=True,
    )
    dropout: Real = setting(
        0.0,
        "Share of each layer's inputs set to zero while training, with one mask per sequence (Gal & Ghahramani 2016).",
        ge=0.0,
        lt=1.0,
        automatic=True,
    )
    cell_initializer: Literal["keras", "glorot_joint", "uniform_0_1"] = setting(
        "keras",
        "Initial weights of the cells: Keras' defaults, Glorot uniform over the joint matrix of input and state "
        "(TensorFlow 1), or uniform from 0 to 1.",
        advanced=True,
    )
    head_initializer: Literal["glorot", "normal", "truncated_normal", "uniform_0_1"] = setting(
        "glorot",
        "Initial weights of the dense and output layers; the normal ones also draw the biases.",
        label="Output initializer",
        advanced=True,
    )
    head_initializer_std: Real = setting(
        1.0,
        "Standard deviation of the normal initial weights of the dense and output layers.",
        label="Output initializer: standard deviation",
        gt=0.0,
        le=100.0,
        advanced=True,
    )


class TrainingSettings(Settings):
    """Settings of every training."""

    optimizer: str = setting("adam", "Algorithm that computes updates of the weights from gradients.")
    learning_rate: Real = setting(0.001, "Step size of the updates.", gt=0.0, le=1000.0, automatic=True)
    loss: Literal["mse", "mae", "huber"] = setting(
        "mse",
        "Loss of values that is minimised, in scaled units: squared error (mse), absolute error (mae), or squared up "
        "to an error of 1 and absolute beyond it (huber), which outliers disturb less.",
        label="Loss of values",
        advanced=True,
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
