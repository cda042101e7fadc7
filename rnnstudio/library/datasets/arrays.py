"""The caller's own arrays, data frames and lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from rnnstudio.core.catalog import dataset
from rnnstudio.core.columns import TIME_INDEXES, NamedMatrix, as_columns, as_frame, has_columns
from rnnstudio.core.conversion import as_floats
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.names import Name, Names
from rnnstudio.core.ragged import is_ragged, one_sequence
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.setting_types import TASKS_PER_SEQUENCE
from rnnstudio.core.settings import Task, setting
from rnnstudio.library.shared.array_marks import array_marks
from rnnstudio.library.shared.array_sequences import refuse_windows, separate_sequences
from rnnstudio.library.shared.array_series import forecast_series, series_with_targets
from rnnstudio.library.shared.reading_settings import TextSettings
from rnnstudio.library.shared.series import SeriesSettings
from rnnstudio.library.shared.settings import check_frame
from rnnstudio.library.shared.table_sequences import sequences_from_table
from rnnstudio.library.shared.table_series import series_from_table
from rnnstudio.library.shared.targets import targets_of


class ArraySettings(SeriesSettings, TextSettings):
    """Arrays passed in Python or R; an experiment file holds their settings but not their values.

    >>> ArraySettings(task="label", window=30).window
    30
    """

    dataset: Literal["arrays"] = "arrays"
    task: Task = setting(
        "forecast",
        "What to predict: one class (task classify) or value (task regress_sequence) per sequence, a class (task "
        "label) or a value (task regress) at each step, or the values after each window (task forecast).",
    )
    sequence: Names = setting(
        "",
        "Data frames: column that identifies the sequence each row belongs to.",
        label="Sequence column",
        advanced=True,
    )
    group: Name = setting(
        "",
        "Data frames: column that identifies the person or device of each sequence; a group is in one split only.",
        label="Group column",
        advanced=True,
    )


@dataset(ArraySettings, "Arrays")
def load(settings: ArraySettings, seed: int) -> SequenceData:
    """Refuse, because an experiment file does not hold the values of the arrays."""
    raise DataError(
        "This experiment was trained on arrays, whose values are not stored with it. Call train(x, y, ...) "
        "with them again."
    )


def from_arrays(x: Any, y: Any | None, settings: ArraySettings, seed: int, classes: Sequence[str] = ()) -> SequenceData:
    """Return the data set of a caller's arrays.

    Args:
        x: `(N, T, F)` or `(N, T)` sequences for classify and regress_sequence, or a list of N arrays of unequal
            length; for the other tasks also one series, `(T,)` or `(T, F)`. A data frame may hold targets and
            sequences as columns, which the settings `target`, `sequence` and `series` name; without `y` it is read
            like a file.
        y: Classes `(N,)` for classify, values `(N,)` for regress_sequence; one per step for label and regress; None
            where a series predicts itself (forecast) or the target is a column of `x`.
        settings: Windows, splits and task.
        seed: Decides which sequences are in which split; a series is always split by time.
        classes: Names of the classes in order; sorted when empty.

    Raises:
        DataError: The shapes do not fit, or there is text or NaN; the message names x or y.
        SettingError: A setting of windows is given for separate sequences, or a number such as -999 can mean a missing
            value, and `missing_values` does not say so.

    >>> import numpy as np
    >>> data = from_arrays(np.arange(40.0), None, ArraySettings(window=4, horizon=2), seed=0)
    >>> data.inputs.shape, data.target_offset, data.target_steps
    ((1, 40, 1), 4, 2)
    """
    check_frame(settings.frame, settings.task)
    x = as_columns(x)
    if settings.columns_as_series and y is None and not has_columns(x):
        x = _named_columns(x)
    is_table = y is None and settings.task in ("forecast", "regress") and _is_table(x)
    if settings.sequence or settings.target or settings.series or settings.columns_as_series or is_table:
        return _from_frame(x, y, settings, seed, classes)
    marks = array_marks(settings.missing_values)
    if is_ragged(x):
        parts = [one_sequence(part, f"x[{i}]", allow_missing=True) for i, part in enumerate(x)]
        return separate_sequences(parts, (), y, settings, seed, classes, marks)
    _check_order(x)
    features = tuple(str(c) for c in (x if isinstance(x, dict) else getattr(x, "columns", ())))
    inputs = as_floats(x, "x", allow_missing=True)
    if not inputs.size:
        raise DataError(f"x must hold at least one sequence of one step; received the shape {inputs.shape}.")
    if inputs.ndim == 0:
        raise DataError("x must be a series or sequences; received a single number.")
    if settings.task == "forecast":
        return forecast_series(inputs, y, settings, features, marks)
    if y is None:
        per = "sequence" if settings.task in TASKS_PER_SEQUENCE else "step"
        raise DataError(f"y is needed for task {settings.task}: one target per {per}.")
    if settings.task in ("label", "regress") and inputs.ndim <= 2:
        targets, names = targets_of(y, settings.task, classes, column=True)
        if targets.shape[0] == inputs.shape[0] and targets.ndim - (not names) == 1:
            series = inputs.reshape(len(inputs), -1)
            return series_with_targets(series, targets, names, settings.task, settings, features, marks)
        if inputs.ndim == 1:
            raise DataError(
                f"x and y must have the same length; received {len(inputs)} steps in x and {len(targets)} targets in y."
            )
    inputs = inputs[..., None] if inputs.ndim == 2 else inputs
    if inputs.ndim != 3:
        raise DataError(f"x must have the shape (sequences, steps, features); received {tuple(inputs.shape)}.")
    return separate_sequences(inputs, features, y, settings, seed, classes, marks)


def _named_columns(x: Any) -> dict[str, Any]:
    """Return the columns of a matrix, feature1, feature2 and so on.

    Raises:
        DataError: It is none.
    """
    values = as_floats(x, "x", allow_missing=True)
    if values.ndim != 2:
        raise DataError(
            "x must have a column for each series where columns_as_series is true, shape (steps, series); received the "
            f"shape {values.shape}."
        )
    return {f"feature{j}": column for j, column in enumerate(values.T, start=1)}


def _is_table(x: Any) -> bool:
    """Return whether `x` is a data frame or a dict with columns of one length, which is read like a file."""
    return (
        has_columns(x)
        and not isinstance(x, NamedMatrix)
        and not (isinstance(x, dict) and len({np.size(column) for column in x.values()}) != 1)
    )


def _check_order(x: Any) -> None:
    """Refuse a data frame whose times fall, where its targets come apart from it, so that it cannot be sorted."""
    if type(getattr(x, "index", None)).__name__ in TIME_INDEXES and not x.index.is_monotonic_increasing:
        raise DataError(
            "The rows of x must be in order of time where y is passed; received an index of times that is not. Sort x "
            "and y by it, or make y a column of x and name it with target, so that both are sorted."
        )


def _from_frame(x: Any, y: Any | None, settings: ArraySettings, seed: int, classes: Sequence[str]) -> SequenceData:
    """Return the data set in the columns of a data frame that the settings name."""
    field = "sequence" if settings.sequence else "target" if settings.target else "series"
    what = "names a column"
    if not getattr(settings, field):
        field, what = "columns_as_series", "is about columns"
    if not has_columns(x):
        raise SettingError(
            f"{field} {what} of a data frame, and x is {type(x).__name__}. Pass a frame or leave {field} out.",
            field,
        )
    if y is not None:
        raise DataError(f"y must be left out where {field} {what} of x.")
    from rnnstudio.reading.value_columns import frame_table

    frame = as_frame(x)
    if not len(frame):
        raise DataError("x must have at least one row.")
    options = settings.read_options()
    table = frame_table("x", frame, replace(options, series=None) if settings.sequence else options)
    if not settings.sequence:
        if settings.task in TASKS_PER_SEQUENCE:
            raise SettingError(
                "sequence must name the column that identifies the sequence each row belongs to.", "sequence"
            )
        return series_from_table(table, settings, settings.task, classes)
    if settings.series:
        raise SettingError(
            "series and sequence exclude each other: series names long series with windows, sequence names sequences "
            "with one class or value each. Set one of them.",
            "series",
        )
    if settings.doubles != "auto":
        raise SettingError(
            "doubles is for series; the times of separate sequences may repeat. Leave it out.", "doubles"
        )
    if settings.task not in TASKS_PER_SEQUENCE:
        raise SettingError(
            f"task must be classify or regress_sequence where sequence names a column; received {settings.task}.",
            "task",
        )
    data = sequences_from_table(table, settings, seed, classes)
    lengths = [data.inputs.shape[1]] * len(data.inputs) if data.lengths is None else data.lengths.tolist()
    refuse_windows(settings, lengths)
    return data
