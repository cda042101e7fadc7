"""The caller's own arrays, data frames and lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.catalog import dataset
from rnnstudio.core.columns import as_frame, has_columns
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.missing import Sequences, impute_sequences, impute_series
from rnnstudio.core.names import names_in
from rnnstudio.core.ragged import is_ragged, one_sequence, padded
from rnnstudio.core.sequence import SequenceData, as_floats, as_matrix
from rnnstudio.core.settings import Task, setting
from rnnstudio.core.splitting import split_sequences
from rnnstudio.core.windows import sliding_windows, whole_sequences
from rnnstudio.library.datasets._frames import check_frame
from rnnstudio.library.datasets._series import SeriesSettings, from_table
from rnnstudio.library.datasets._targets import targets_of
from rnnstudio.library.datasets._whole import from_labelled, remarks
from rnnstudio.reading.labelled import LabelledSequences, trim_missing_end
from rnnstudio.reading.labelled_table import labelled_from_table
from rnnstudio.reading.table import Table


class ArraySettings(SeriesSettings):
    """Arrays handed over in Python or R; the experiment's file holds their settings, not their numbers."""

    dataset: Literal["arrays"] = "arrays"
    task: Task = setting(
        "forecast", "What is told: a class or the next values of each sequence, or a class or value at each step."
    )
    sequence: str = setting("", "Data frames: the column that says which sequence a row belongs to.", advanced=True)
    group: str = setting(
        "", "Data frames: the column that says who a sequence comes from; nobody is in two parts.", advanced=True
    )


@dataset(ArraySettings, "Arrays")
def load(settings: ArraySettings, seed: int) -> SequenceData:
    """Refuse: the numbers of such a run are not in its file."""
    raise DataError(
        "This experiment was made from arrays, whose numbers are not stored with it. Call train(x, y, ...) "
        "with them again."
    )


def from_arrays(x: Any, y: Any | None, settings: ArraySettings, seed: int, classes: Sequence[str] = ()) -> SequenceData:
    """Return the sequences of the caller's arrays.

    Args:
        x: `(N, T, F)` or `(N, T)` sequences for classify, or a list of N arrays of unequal length; for the other
            tasks also one series, `(T,)` or `(T, F)`. A data frame may hold targets and sequences as columns, which
            the settings `target` and `sequence` name.
        y: Classes `(N,)` for classify; one per step for label and regress; None where a series predicts itself
            (forecast) or the target is a column of `x`.
        settings: Windows, parts and task.
        seed: Decides which sequences are tested on; a series is always parted in time.
        classes: Names of the classes in the order wanted; sorted when empty.

    Raises:
        DataError: Wrong shapes, text or NaN; the message names x or y.
        SettingError: A setting of windows was given for separate sequences, which are read whole.
    """
    check_frame(settings.frame, settings.task)
    if settings.sequence or settings.target:
        return _from_frame(x, y, settings, seed, classes)
    if is_ragged(x):
        return _sequences(
            [one_sequence(part, f"x[{i}]", allow_missing=True) for i, part in enumerate(x)],
            (),
            y,
            settings,
            seed,
            classes,
        )
    features = tuple(str(c) for c in (x if isinstance(x, dict) else getattr(x, "columns", ())))
    inputs = as_floats(x, "x", allow_missing=True)
    if not inputs.size:
        raise DataError(f"x must hold at least one sequence of one step; received the shape {inputs.shape}.")
    if inputs.ndim == 0:
        raise DataError("x must be a series or sequences; received a single number.")
    if settings.task == "forecast":
        return _self_series(inputs, y, settings, features)
    if y is None:
        raise DataError(
            f"y is needed for task {settings.task}: one target per "
            f"{'sequence' if settings.task == 'classify' else 'step'}."
        )
    if settings.task != "classify" and inputs.ndim <= 2:
        targets, names = targets_of(y, settings.task, classes, column=True)
        if targets.shape[0] == inputs.shape[0] and targets.ndim - (not names) == 1:
            return _series(inputs.reshape(len(inputs), -1), targets, names, settings, features)
        if inputs.ndim == 1:
            raise DataError(
                f"x and y must have the same length; received {len(inputs)} steps in x and {len(targets)} targets in y."
            )
    inputs = inputs[..., None] if inputs.ndim == 2 else inputs
    if inputs.ndim != 3:
        raise DataError(f"x must have the shape (sequences, steps, features); received {tuple(inputs.shape)}.")
    return _sequences(inputs, features, y, settings, seed, classes)


def _from_frame(x: Any, y: Any | None, settings: ArraySettings, seed: int, classes: Sequence[str]) -> SequenceData:
    """Return what the named columns of a data frame hold."""
    field = "sequence" if settings.sequence else "target"
    if not has_columns(x):
        raise SettingError(
            f"{field} names a column of a data frame; x is {type(x).__name__}. Leave it out, or pass a data frame.",
            field,
        )
    if y is not None:
        raise DataError(f"y must be left out where {field} names a column of x.")
    frame = as_frame(x)
    if not len(frame):
        raise DataError("x must have at least one row.")
    table = Table("x", frame, range(1, len(frame) + 1))
    if not settings.sequence:
        if settings.task == "classify":
            raise SettingError("sequence must name the column that says which sequence a row belongs to.", "sequence")
        return from_table(table, settings, settings.task, classes)
    if settings.task != "classify":
        raise SettingError(f"task must be classify where sequence names a column; received {settings.task}.", "task")
    features = names_in(settings.features)
    found = labelled_from_table(table, settings.sequence, settings.target, features, settings.group, settings.missing)
    _refuse_windows(settings, [len(s) for s in found.sequences])
    return from_labelled(found, settings, seed, tuple(classes))


def _sequences(
    inputs: Sequences, features: tuple[str, ...], y: Any, settings: ArraySettings, seed: int, classes: Sequence[str]
) -> SequenceData:
    """Return separate sequences, read whole."""
    n, widths = len(inputs), sorted({s.shape[1] for s in inputs})
    if settings.task == "forecast" or y is None:
        raise DataError(
            f"x holds {n} sequences of unequal length, so task must be classify, label or regress, and y their targets."
        )
    if len(widths) > 1:
        raise DataError(f"all sequences of x must have the same features; received {widths[0]} and {widths[-1]}.")
    if settings.task == "classify":
        labels, names = targets_of(y, "classify", classes, column=True)
        if len(labels) != n:
            raise DataError(
                f"x and y must have the same length; received {n} sequences in x and {len(labels)} targets in y."
            )
        _refuse_windows(settings, [len(s) for s in inputs])
        found = LabelledSequences(
            name="x",
            sequences=trim_missing_end(inputs),
            labels=np.array(names)[labels],
            features=_names(features, widths[0]),
            where=lambda i, step, j: f"index [{i}, {step}, {j}]",
        )
        return from_labelled(found, settings, seed, names)
    return _per_step(inputs, _names(features, widths[0]), y, settings, seed, classes)


def _per_step(
    inputs: Sequences, features: tuple[str, ...], y: Any, settings: ArraySettings, seed: int, classes: Sequence[str]
) -> SequenceData:
    """Return separate sequences with a class or value at every step."""
    n, names = len(inputs), tuple[str, ...]()
    if isinstance(inputs, np.ndarray):
        targets, names = targets_of(y, settings.task, classes, column=False)
        given = np.shape(as_matrix(y, "y"))
        if given[:2] != inputs.shape[:2]:
            if len(targets) != n:
                raise DataError(
                    f"x and y must have the same length; received {n} sequences in x and {len(targets)} targets in y."
                )
            raise DataError(
                f"y must have one target per step, shape {inputs.shape[:2]}, for task {settings.task}; received "
                f"{given}. For one class per sequence use task classify; one value per sequence must be repeated "
                "at each of its steps."
            )
        targets = targets[..., None] if targets.ndim == 2 and not names else targets
    else:
        parts = list(y) if isinstance(y, (list, tuple, np.ndarray)) else []
        if [np.shape(part)[:1] for part in parts] != [(len(s),) for s in inputs]:
            raise DataError(f"y must be a list of {n} arrays, each as long as its sequence in x.")
        flat, names = targets_of(np.concatenate([np.asarray(p) for p in parts]), settings.task, classes, column=True)
        targets = padded(np.split(flat, np.cumsum([len(s) for s in inputs])[:-1]))[0]
    _refuse_windows(settings, [len(s) for s in inputs])
    sequences, kept, notes = impute_sequences(
        inputs, settings.missing, lambda i, step, j: f"index [{i}, {step}, {j}]", "x"
    )
    filled, lengths = padded(sequences)
    train, val, test = split_sequences(
        len(filled), seed, test_fraction=settings.test_fraction, val_fraction=settings.val_fraction
    )
    data = SequenceData(
        task=settings.task,
        inputs=filled,
        targets=np.ascontiguousarray(targets[kept][:, : filled.shape[1]]),
        train=train,
        val=val,
        test=test,
        lengths=lengths,
        target_steps=filled.shape[1],
        classes=names,
        features=features,
        target_names=_target_names(targets, names),
        **whole_sequences(filled),
    )
    return replace(data, notes=(*notes, *remarks(data, settings.scale)))


def _refuse_windows(settings: ArraySettings, lengths: list[int]) -> None:
    steps = f"{lengths[0]}" if len(set(lengths)) == 1 else f"{min(lengths)} to {max(lengths)}"
    for name in ("window", "stride"):
        if getattr(settings, name) != type(settings).model_fields[name].default:
            raise SettingError(
                f"{name} cuts one long series; x holds {len(lengths)} sequences of {steps} steps, which are read "
                f"whole. Leave {name} out.",
                name,
            )


def _series(
    inputs: NDArray[np.float32],
    targets: NDArray[Any],
    names: tuple[str, ...],
    settings: ArraySettings,
    features: tuple[str, ...],
) -> SequenceData:
    """Return one series with a class or value of its own at every step."""
    found = impute_series(inputs, settings.missing, lambda i, j: f"index [{i}, {j}]", "x")
    data = sliding_windows(
        found.values,
        targets[found.kept],
        task=settings.task,
        window=settings.window,
        stride=settings.stride,
        test_fraction=settings.test_fraction,
        val_fraction=settings.val_fraction,
        features=_names(features, inputs.shape[1]),
        target_names=_target_names(targets, names),
        classes=names,
    )
    return replace(data, notes=(*found.notes, *remarks(data, settings.scale)))


def _self_series(
    inputs: NDArray[np.float32], y: Any | None, settings: ArraySettings, features: tuple[str, ...]
) -> SequenceData:
    """Return one series whose own next values are told."""
    if y is not None:
        raise DataError(
            "task forecast tells the next values of x itself, so y must be left out. For targets of their own "
            "use task regress."
        )
    if inputs.ndim not in (1, 2):
        raise DataError(
            "x must be one series, shape (steps,) or (steps, features), for task forecast; received "
            f"{tuple(inputs.shape)}."
        )
    found = impute_series(inputs.reshape(len(inputs), -1), settings.missing, lambda i, j: f"index [{i}, {j}]", "x")
    names = _names(features, found.values.shape[1])
    data = sliding_windows(
        found.values,
        found.values,
        task="forecast",
        window=settings.window,
        stride=settings.stride,
        frame=settings.frame,
        target_offset=settings.window * settings.frame,
        target_steps=settings.horizon,
        test_fraction=settings.test_fraction,
        val_fraction=settings.val_fraction,
        features=names,
        target_names=names,
        period=settings.period,
        autoregressive=True,
    )
    return replace(data, notes=(*found.notes, *remarks(data, settings.scale)))


def _names(found: tuple[str, ...], width: int) -> tuple[str, ...]:
    return found if len(found) == width else tuple(f"feature{i}" for i in range(1, width + 1))


def _target_names(targets: NDArray[Any], classes: tuple[str, ...]) -> tuple[str, ...]:
    return ("class",) if classes else tuple(f"target{i}" for i in range(1, targets.shape[-1] + 1))
