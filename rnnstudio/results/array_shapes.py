"""The shapes of a caller's arrays for a prediction: columns go by position, as many as the run has features."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import DataError
from rnnstudio.core.precision import Floats
from rnnstudio.core.wording import listed

_MAX_LISTED = 6  # names of features in a message
_NO_NAME = re.compile(r"feature\d+")  # the names that arrays get


def as_sequences(array: Floats, info: DataInfo) -> tuple[Floats, bool, str]:
    """Return inputs as `(N, T, F)`, whether they are a single sequence, and a sentence about how they are read.

    A matrix with as many columns as the run has features is one sequence, `(T, F)`. For a run of one feature any other
    matrix is N sequences, `(N, T)`; where windows slide along a series, each must be as long as a window.

    Args:
        array: `(T,)`, `(T, F)`, `(N, T)` or `(N, T, F)`.
        info: The data of the run.

    Raises:
        DataError: The number of columns is not that of the features.
    """
    width, names = len(info.input_names), info.input_names
    shape = tuple(array.shape)
    if array.ndim == 1 and width == 1:
        return array[None, :, None], True, ""
    if array.ndim == 2 and shape[1] == width and array.size:
        return array[None], True, _by_position(info)
    if array.ndim == 2 and width == 1 and array.size:
        _check_windows(shape, info)
        note = (
            f"x, shape {shape}, is read as {shape[0]:,} sequences of {shape[1]:,} steps, because the run has one "
            f"feature, {names[0]!r}. Pass one column, shape ({shape[0]}, 1), for one series of {shape[0]:,} steps."
        )
        return array[..., None], False, note if info.is_windowed else ""
    if array.ndim != 3:
        _refuse(shape, info, "x")
    check_columns(array, info, "x")
    return array, False, _by_position(info)


def check_columns(array: Floats, info: DataInfo, name: str) -> None:
    """Refuse an array `(..., F)` without values, or with another number of columns than the run has features.

    Raises:
        DataError: It is such an array; the message says what is expected and received.
    """
    if array.shape[-1] != len(info.input_names) or not array.size:
        _refuse(tuple(array.shape), info, name)


def _refuse(shape: tuple[int, ...], info: DataInfo, name: str) -> NoReturn:
    width = len(info.input_names)
    if info.calendar:
        raise DataError(
            f"{name} must have a column of dates or times, from which the calendar inputs of this run are computed; "
            f"received {_received(shape)}. Pass a data frame or a file, or train with calendar false."
        )
    columns = f"1 column ({_listed(info.input_names)})"
    if width > 1:
        columns = f"{width:,} columns, in the order of the training ({_listed(info.input_names)})"
    raise DataError(
        f"{name} must have {columns}: shape (steps, {width}) or (sequences, steps, {width}); received "
        f"{_received(shape)}."
    )


def _check_windows(shape: tuple[int, ...], info: DataInfo) -> None:
    """Refuse a matrix with too few columns to be windows of one feature: it is a series with other columns."""
    window = info.window * info.frame
    if info.is_windowed and shape[1] < window:
        raise DataError(
            f"x must have 1 column ({_listed(info.input_names)}), shape ({shape[0]}, 1), for a series of {shape[0]:,} "
            f"steps; received {shape[1]:,} columns. Sequences in the rows of a matrix must have at least {window:,} "
            "steps, the window of this run."
        )


def _by_position(info: DataInfo) -> str:
    """Return the sentence about columns of a file or data frame that are read by position; empty for other runs."""
    names = info.input_names
    if len(names) == 1 or not info.account or all(map(_NO_NAME.fullmatch, names)):
        return ""
    return f"The columns of x have no names and are read by their position: {_listed(names)}."


def _listed(names: Sequence[str]) -> str:
    return listed([repr(name) for name in names], _MAX_LISTED)


def _received(shape: tuple[int, ...]) -> str:
    if len(shape) in (2, 3) and all(shape):
        return f"{shape[-1]:,} {'column' if shape[-1] == 1 else 'columns'}, shape {shape}"
    return f"the shape {shape}"


def check_lengths(lengths: Sequence[int], info: DataInfo, names: Sequence[Any] = ()) -> None:
    """Check that each sequence has a prediction.

    Args:
        lengths: Steps of each sequence.
        info: The description of the data of the run.
        names: What messages call them; `x[i]` when empty.

    Raises:
        DataError: One is shorter than a frame, or than the window of a forecast.
    """
    index = int(np.argmin(lengths))
    name = f"Sequence {names[index]}" if names else "x" if len(lengths) == 1 else f"x[{index}]"
    least = info.frame * (info.window if info.is_windowed and info.task == "forecast" else 1)
    if lengths[index] < least:
        what = "window" if info.is_windowed else "frame"
        raise DataError(f"{name} must have at least {least} steps, the {what} of this run; received {min(lengths)}.")
