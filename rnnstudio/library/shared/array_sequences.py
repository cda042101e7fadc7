"""From a caller's arrays to a data set of separate sequences, each of which is one window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.conversion import as_matrix
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.imputation import impute_sequences
from rnnstudio.core.missing import Missing, Sequences, count_of, mask_names, were
from rnnstudio.core.ragged import padded
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.setting_types import TASKS_PER_SEQUENCE
from rnnstudio.core.splitting import split_sequences
from rnnstudio.core.windows import whole_sequences
from rnnstudio.library.shared.labelled import from_labelled
from rnnstudio.library.shared.notes import data_notes
from rnnstudio.library.shared.series import SeriesSettings
from rnnstudio.library.shared.settings import rule_of
from rnnstudio.library.shared.targets import feature_names, target_names, targets_of
from rnnstudio.reading.series.labelled import LabelledSequences, trim_missing_end
from rnnstudio.reading.series.sequence_marks import marked_sequences


def separate_sequences(
    inputs: Sequences,
    features: tuple[str, ...],
    y: Any,
    settings: SeriesSettings,
    seed: int,
    classes: Sequence[str],
    marks: Sequence[str] = (),
) -> SequenceData:
    """Return separate sequences with one class or value each, or with a class or value at each step.

    Args:
        inputs: `(N, T, F)`, or N arrays `(T, F)` of unequal length; NaN is missing.
        features: The caller's names of the features.
        y: The caller's targets.
        settings: Task, splits and missing values.
        seed: Decides which sequences are in which split.
        classes: Names of the classes in order; sorted when empty.
        marks: Numbers that stand for missing values.

    Raises:
        DataError: Inputs and targets do not go together.
        SettingError: `window` or `stride` is set, the training set would be empty, or a number can mean a missing
            value.
    """
    count, widths = len(inputs), sorted({s.shape[1] for s in inputs})
    if settings.task == "forecast" or y is None:
        raise DataError(
            f"x holds {count} sequences of unequal length, so task must be classify, label, regress or "
            "regress_sequence, and y their targets."
        )
    if len(widths) > 1:
        raise DataError(f"All sequences of x must have the same features; received {widths[0]} and {widths[-1]}.")
    names = feature_names(features, widths[0])
    inputs, about_marks = marked_sequences(inputs, names, marks)
    if settings.task not in TASKS_PER_SEQUENCE:
        data = _target_per_step(inputs, names, y, settings, seed, classes, marks)
        return replace(data, notes=(*about_marks, *data.notes))
    labels, class_names = targets_of(y, settings.task, classes, column=True)
    if not class_names:
        labels = _one_value(labels)
    if len(labels) != count:
        raise DataError(
            f"x and y must have the same length; received {count} sequences in x and {len(labels)} targets in y."
        )
    refuse_windows(settings, [len(s) for s in inputs])
    is_known = labels >= 0 if class_names else ~np.isnan(labels)
    notes, known = (
        _targets_known(is_known, "class" if class_names else "value", settings.missing),
        np.flatnonzero(is_known),
    )
    if notes:
        inputs = inputs[known] if isinstance(inputs, np.ndarray) else [inputs[i] for i in known]
    labelled = LabelledSequences(
        name="x",
        sequences=trim_missing_end(inputs),
        labels=np.array(class_names)[labels[known]] if class_names else labels[known],
        features=names,
        where=lambda n, step, feature: _where(int(known[n]), step, feature),
        notes=(*about_marks, *notes),
    )
    return from_labelled(labelled, settings, seed, class_names or tuple(map(str, classes)))


def _one_value(values: NDArray[Any]) -> NDArray[Any]:
    """Return the value of each sequence, `(N,)`, of values `(N, 1)`."""
    if values.ndim > 2 or values.shape[1] != 1:
        raise DataError(
            f"y must hold one value per sequence for task regress_sequence, shape (sequences,); received "
            f"{values.shape}. For a value at each step use task regress."
        )
    if np.isnan(values).all():
        raise DataError("y must hold values; received missing values only.")
    return values[:, 0]


def refuse_windows(settings: SeriesSettings, lengths: list[int]) -> None:
    """Refuse settings of windows for separate sequences.

    Args:
        settings: The settings.
        lengths: Number of steps of each sequence.

    Raises:
        SettingError: `window` or `stride` is given and differs from its default.
    """
    steps = f"{lengths[0]}" if len(set(lengths)) == 1 else f"{min(lengths)} to {max(lengths)}"
    for name in ("window", "stride"):
        is_given = name in settings.model_fields_set
        if is_given and getattr(settings, name) != type(settings).model_fields[name].default:
            raise SettingError(
                f"{name} is for one long series; x holds {len(lengths)} sequences of {steps} steps, each of which is "
                f"one window. Leave {name} out.",
                name,
            )


def _target_per_step(
    inputs: Sequences,
    features: tuple[str, ...],
    y: Any,
    settings: SeriesSettings,
    seed: int,
    classes: Sequence[str],
    marks: Sequence[str],
) -> SequenceData:
    """Return separate sequences with a class or value at each step."""
    if isinstance(inputs, np.ndarray):
        targets, names = _targets_of_array(inputs, y, settings, classes)
    else:
        targets, names = _targets_of_list(inputs, y, settings, classes)
    refuse_windows(settings, [len(s) for s in inputs])
    about_marks: tuple[str, ...] = ()
    if not names:
        marked, about_marks = marked_sequences(targets, target_names(targets, ()), marks)
        targets = np.asarray(marked)
    ends = [len(s) for s in inputs]
    gaps = targets < 0 if names else np.isnan(targets)
    gaps_of = [g[:end].reshape(end, -1) for g, end in zip(gaps, ends, strict=True)]
    width = inputs[0].shape[1]

    def where(sequence: int, step: int, column: int) -> str:
        if column < width:
            return _where(sequence, step, column)
        return f"{_where(sequence, step, column - width)} of y"

    imputed = impute_sequences(inputs, rule_of(settings), where, "x", gaps_of)
    values, lengths = padded(imputed.sequences)
    rows = np.flatnonzero(imputed.remaining)
    kept, _ = padded([targets[i][part] for i, part in zip(rows, imputed.kept, strict=True)])
    masked = tuple(features[j] for j in imputed.masked)
    train, val, test = split_sequences(
        len(values), seed, test_fraction=settings.test_fraction, val_fraction=settings.val_fraction
    )
    data = SequenceData(
        task=settings.task,
        inputs=values,
        targets=np.ascontiguousarray(kept),
        train=train,
        val=val,
        test=test,
        lengths=lengths,
        target_steps=values.shape[1],
        classes=names,
        features=(*features, *mask_names(masked)),
        target_names=target_names(targets, names),
        missing_targets=bool((kept < 0 if names else np.isnan(kept)).any()),
        masked_features=masked,
        gaps=None if imputed.gaps is None else padded(imputed.gaps)[0],
        **whole_sequences(values),
    )
    return replace(data, notes=(*about_marks, *imputed.notes, *data_notes(data, settings.scale)))


def _targets_of_array(
    inputs: NDArray[Any], y: Any, settings: SeriesSettings, classes: Sequence[str]
) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Return the targets of sequences of one length, `(N, T)` or `(N, T, D)`, and the names of the classes."""
    targets, names = targets_of(y, settings.task, classes, column=False)
    shape = np.shape(as_matrix(y, "y"))
    if shape[:2] != inputs.shape[:2]:
        if len(targets) != len(inputs):
            raise DataError(
                f"x and y must have the same length; received {len(inputs)} sequences in x and {len(targets)} targets "
                "in y."
            )
        raise DataError(
            f"y must have one target per step, shape {inputs.shape[:2]}, for task {settings.task}; received "
            f"{shape}. For one class per sequence use task classify, for one value per sequence task "
            "regress_sequence."
        )
    return (targets[..., None] if targets.ndim == 2 and not names else targets), names


def _targets_of_list(
    inputs: list[NDArray[Any]], y: Any, settings: SeriesSettings, classes: Sequence[str]
) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Return the targets of sequences of unequal length, padded like these, and the names of the classes."""
    parts = list(y) if isinstance(y, (list, tuple, np.ndarray)) else []
    if [np.shape(part)[:1] for part in parts] != [(len(s),) for s in inputs]:
        raise DataError(f"y must be a list of {len(inputs)} arrays, each as long as its sequence in x.")
    flat, names = targets_of(np.concatenate([np.asarray(p) for p in parts]), settings.task, classes, column=True)
    return padded(np.split(flat, np.cumsum([len(s) for s in inputs])[:-1]))[0], names


def _targets_known(known: NDArray[np.bool_], what: str, missing: Missing) -> tuple[str, ...]:
    """Return the note about sequences without a class or value (`what`), which are left out.

    Raises:
        DataError: There are such sequences, and `missing` is error.
    """
    without = np.flatnonzero(~known)
    if not len(without):
        return ()
    if missing == "error":
        raise DataError(
            f"y must have a {what} for each sequence; received {count_of(len(without), 'missing value')}, the first at "
            f"index [{without[0]}]. Set missing to past, mask or drop to leave out such sequences."
        )
    count = count_of(len(without), "sequence")
    return (f"{count} of x without a {what} {were(len(without))} left out, the first at index [{without[0]}] of y.",)


def _where(sequence: int, step: int, feature: int) -> str:
    return f"index [{sequence}, {step}, {feature}]"
