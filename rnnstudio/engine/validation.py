"""Checks of data, and that settings and data go together, before anything is compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.class_counts import class_counts
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.known_targets import windows_have_targets
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import ModelSettings
from rnnstudio.core.wording import enumeration
from rnnstudio.engine.past import Past, uses_past
from rnnstudio.engine.recursive import check_recursive


def validate(experiment: Experiment, data: SequenceData) -> None:
    """Refuse settings that do not go with these data.

    Raises:
        SettingError: A bidirectional network would read its own target; there are no series to learn vectors of;
            sensors are to be rotated, and there are none; label smoothing or class weights are set without classes; or
            early stopping or the best weights are wanted without a held-out set; or a threshold is to be chosen without
            two classes in the validation set.
        DataError: Inputs or targets are not finite, or all targets of a set are missing.
    """
    _check_finite("inputs", data.inputs)
    if data.missing_targets:
        _check_known_targets(data)
    else:
        _check_finite("targets", data.targets)
    training = experiment.training
    columns = {name.partition("=")[0] for name in data.features} | set(data.features)  # a text has an input per value
    same_values = data.autoregressive or not columns.isdisjoint(data.target_names)
    target_is_input = data.return_sequences and data.target_offset > 0 and same_values
    if experiment.model.bidirectional and target_is_input:
        raise SettingError(
            f"bidirectional true would let the network read its target: with task {data.task}, the target of each step "
            f"is an input of a later step. Choose task forecast, which predicts what follows the "
            "window, or bidirectional false.",
            "bidirectional",
        )
    if experiment.model.conv_filters and data.return_sequences:
        raise SettingError(
            f"conv_filters is for one prediction from each window; with task {data.task} there is one at each step. "
            "Set it to 0.",
            "conv_filters",
        )
    _check_relative(experiment.model, data)
    check_recursive(experiment.model, data)
    _check_embedding(experiment.model, data)
    if training.rotation_std and not data.sensors:
        raise SettingError(
            "rotation_std rotates three-axis sensors: three features whose names differ only in a final x, y and z. "
            f"These data have none: {', '.join(data.features[:9])}. Set rotation_std 0.",
            "rotation_std",
        )
    if training.rotation_std and data.series and getattr(experiment.data, "scale_each", False):
        raise SettingError(
            "rotation_std must be 0 where each series is scaled on its own: the rotation is that of original units, "
            "which one scaler for all gives. Set rotation_std 0, or scale_each false.",
            "rotation_std",
        )
    if training.loss != "mse" and data.classes:
        raise SettingError(
            f"loss {training.loss} is for values; task {data.task} predicts classes, whose loss is the cross-entropy. "
            "Set loss mse, which has no meaning here.",
            "loss",
        )
    if training.loss == "pinball":
        _check_pinball(experiment, data)
    if training.levels and (data.task != "forecast" or data.refresh is not None):
        what = "data that stay the same" if data.task == "forecast" else "task forecast"
        raise SettingError(
            f"levels are for {what}, whose errors set the width of bands; received "
            f"{enumeration(training.levels)} % with task {data.task}. Set levels to none.",
            "levels",
        )
    if training.label_smoothing and not data.classes:
        raise SettingError(
            f"label_smoothing needs classes; task {data.task} predicts values here. Set label_smoothing 0.",
            "label_smoothing",
        )
    if training.class_weight != "none" and not data.classes:
        raise SettingError(
            f"class_weight needs classes; task {data.task} predicts values here. Set class_weight none.", "class_weight"
        )
    if training.decision_threshold != "argmax":
        _check_threshold(data)
    if (training.patience or training.restore_best_weights) and not len(data.val) + len(data.test):
        field = "patience" if training.patience else "restore_best_weights"
        raise SettingError(
            f"{field} needs a validation or test set to evaluate on, and these data have none. Set test_fraction "
            "above 0, or patience 0 and restore_best_weights false.",
            field,
        )


def _check_pinball(experiment: Experiment, data: SequenceData) -> None:
    """Refuse quantiles where there is no band, or where each prediction is fed back, which gives the median alone."""
    training, model = experiment.training, experiment.model
    if data.task != "forecast" or not training.levels:
        received = f"task {data.task}" if data.task != "forecast" else "levels none"
        raise SettingError(
            "loss pinball is that of the quantiles of bands, which need task forecast and levels; received "
            f"{received}. Choose another loss, or levels 80, 95.",
            "loss",
        )
    if model.multi_step == "recursive" and data.target_steps > 1:
        raise SettingError(
            "loss pinball needs multi_step direct, because predictions that are fed back have no quantiles; received "
            "recursive.",
            "loss",
        )


def _check_threshold(data: SequenceData) -> None:
    """Refuse a threshold chosen on the validation set where there are not two classes, or it does not have both."""
    if len(data.classes) != 2:
        received = f"{len(data.classes):,} classes" if data.classes else "values to predict"
        raise SettingError(
            f"decision_threshold validation needs two classes; these data have {received}. Set decision_threshold to "
            "argmax.",
            "decision_threshold",
        )
    counts = class_counts(data, data.val)
    if not counts.all():
        missing = data.classes[int(counts.argmin())]
        received = f"the validation set has no {missing!r}" if counts.any() else "there is no validation set"
        raise SettingError(
            f"decision_threshold validation needs a validation set with both classes; {received}. Set val_fraction to "
            "0.2, say, or decision_threshold argmax.",
            "decision_threshold",
        )


def _check_relative(model: ModelSettings, data: SequenceData) -> None:
    """Refuse windows relative to the past of what is predicted where the inputs do not hold it."""
    if not uses_past(model):
        return
    uses = {"predict_change": "none", "scale_windows": "none", "linear_skip": False}
    name = next(name for name, unused in uses.items() if getattr(model, name) != unused)
    value, unused = (str(v).lower() for v in (getattr(model, name), uses[name]))
    if data.task != "forecast" and not (data.task == "regress" and data.target_offset):
        raise SettingError(
            f"{name} is for forecasts; task {data.task} has none. Set it to {unused}; received {value}.", name
        )
    if Past.of(data, model) is None:
        remedy = "Set use_past true" if data.task == "forecast" else "Add it to the input columns"
        raise SettingError(
            f"{name} needs the past of {', '.join(data.predicted_names[:9])} among the inputs, which are "
            f"{', '.join(data.features[:9])}. {remedy}, or set {name} to {unused}; received "
            f"{value}.",
            name,
        )
    of_windows = {
        "predict_change": model.predict_change == "season",
        "scale_windows": model.scale_windows != "none",
        "linear_skip": model.linear_skip,
    }
    if data.return_sequences and any(of_windows.values()):
        name = next(name for name, is_set in of_windows.items() if is_set)
        raise SettingError(
            f"{name} {str(getattr(model, name)).lower()} is for task forecast: with task {data.task} it would use "
            "values after the step that is predicted. Choose task forecast, or leave it out.",
            name,
        )
    if model.predict_change == "season" and not 0 < data.period <= data.window_samples:
        season = f"the season has {data.period} steps" if data.period else "no season is known (period)"
        raise SettingError(
            f"predict_change season needs a window of at least a season: {season}, and a window {data.window_samples}. "
            "Choose a larger window, or predict_change last_value.",
            "predict_change",
        )


def _check_finite(name: str, values: NDArray[Any]) -> None:
    """Refuse NaN and infinite values, with which every loss is NaN; values of users are checked where they are read."""
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(values.sum()):  # needs no memory, unlike a mask of a long series
            return
    missing, infinite = int(np.isnan(values).sum()), int(np.isinf(values).sum())
    if missing or infinite:
        raise DataError(
            f"The {name} of a data set must be finite numbers; received {missing:,} NaN and {infinite:,} infinite of "
            f"{values.size:,} values. Remove or impute them in its load."
        )


def _check_known_targets(data: SequenceData) -> None:
    """Refuse infinite targets, and a set without any target."""
    if np.isinf(data.targets).any():
        raise DataError(
            f"The targets of a data set must be numbers; received {np.isinf(data.targets).sum():,} infinite."
        )
    for name, windows in (("training", data.train), ("validation", data.val), ("test", data.test)):
        known = np.atleast_1d(windows_have_targets(data, windows).any(axis=0))
        if len(windows) and not (known.all() if name == "training" else known.any()):
            column = "" if len(known) == 1 else f" of {data.target_names[int(known.argmin())]}"
            raise DataError(
                f"The {name} set has no value to predict{column}: all are missing. Change test_fraction or "
                "val_fraction, or choose another target."
            )


def _check_embedding(settings: ModelSettings, data: SequenceData) -> None:
    """Refuse vectors of series where the data are not several series.

    Raises:
        SettingError: They are one series, or separate sequences.
    """
    if settings.series_embedding and not data.series:
        kind = "one series" if data.one_series else "separate sequences"
        raise SettingError(
            f"series_embedding learns a vector of each of several series: rows whose series a column names (series), "
            f"or columns as series (columns_as_series); these data are {kind}. Set it to 0; received "
            f"{settings.series_embedding}.",
            "series_embedding",
        )
