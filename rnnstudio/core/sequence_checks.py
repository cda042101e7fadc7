"""Checks of the parts of `SequenceData`: shapes of targets and times, windows, splits and names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError


def check_data(data: Any) -> None:
    """Refuse a `SequenceData` whose parts do not go together.

    Raises:
        DataError: See there.
    """
    is_fed_back = data.autoregressive and data.return_sequences
    check_offset(data.task, data.target_offset, data.window, data.frame, is_fed_back)
    check_sizes(window=data.window, frame=data.frame, target_steps=data.target_steps)
    if data.target_per_sequence:
        check_targets(data.task, "window", data.starts.shape[:1], data.targets.shape[:1])
    else:
        check_targets(data.task, "sample", data.inputs.shape[:2], data.targets.shape[:2])
    splits = {"train": data.train, "val": data.val, "test": data.test, "calibration": data.calibration}
    check_splits(splits, len(data.starts))
    check_times(data.times, data.inputs.shape[:2])
    check_names("features", data.features, "input", data.inputs.shape[-1])
    if not data.classes and data.targets.ndim > 1:
        check_names("target_names", data.target_names, "target", data.targets.shape[-1])
    check_known(data)
    check_series(data.series, len(data.inputs))
    count, length = data.inputs.shape[:2]
    check_windows(
        data.starts,
        length,
        np.full(count, length) if data.lengths is None else data.lengths,
        data.total_samples,
        target_offset=data.target_offset,
        frame=data.frame,
        may_reach_padding=data.lengths is None or not (data.task == "forecast" or data.series),
    )
    if data.test_context == "reach_back" and (data.set_begins is None or (data.train >= len(data.train)).any()):
        raise DataError("test_context reach_back needs set_begins, and the training windows first.")
    sets = {name: (data.starts[split], data.counted_targets(split)) for name, split in splits.items()}
    check_sets(data.set_begins, length, sets, data.target_offset + data.target_steps, data.window_samples)


def check_known(data: Any) -> None:
    """Refuse features that cannot be known ahead, and a plan that does not hold their values.

    Raises:
        DataError: The task is no forecast, a name is no feature or is predicted, or the plan has another shape.
    """
    if not data.known:
        return
    if data.task != "forecast":
        raise DataError(f"known is for task forecast; received {', '.join(data.known)} with task {data.task}.")
    wrong = [name for name in data.known if name not in data.features or name in data.target_names]
    if wrong:
        raise DataError(f"known must name features that are not predicted; received {', '.join(wrong)}.")
    expected = (len(data.inputs), len(data.known))
    if data.plan is not None and (data.plan.ndim != 3 or data.plan.shape[::2] != expected):
        raise DataError(
            f"plan must have the shape ({expected[0]}, steps, {expected[1]}), a value of each known feature for each "
            f"step; received {data.plan.shape}."
        )


def check_series(names: tuple[str, ...], sequences: int) -> None:
    """Refuse names of several series that are not one per sequence.

    Raises:
        DataError: The numbers differ.
    """
    if names and len(names) != sequences:
        raise DataError(f"series must name each of the {sequences:,} sequences; received {len(names):,} names.")


def check_offset(task: str, target_offset: int, window: int, frame: int, is_fed_back: bool) -> None:
    """Refuse targets that the network could read before it predicts them.

    Args:
        task: The task.
        target_offset: Samples from the start of a window to its first target.
        window: Steps in a window.
        frame: Samples in a step.
        is_fed_back: Whether each step has a target, and the targets are later inputs.

    Raises:
        DataError: A forecast has a target inside its window, or a target is not later than its input.
    """
    if task == "forecast" and target_offset < window * frame:
        raise DataError(
            "The targets of a forecast must come after the window: target_offset must be at least "
            f"{window * frame} (window {window} x frame {frame}); received {target_offset}. Use forecast_windows."
        )
    if is_fed_back and target_offset < 1:
        raise DataError(
            "Autoregressive targets must be later than the inputs: target_offset must be at least 1; received "
            f"{target_offset}. Set target_offset 1, or autoregressive False for targets that are other values."
        )


def check_sizes(**sizes: int) -> None:
    """Refuse sizes below 1.

    Raises:
        DataError: One is.
    """
    for name, value in sizes.items():
        if value < 1:
            raise DataError(f"{name} must be at least 1; received {value}.")


def check_targets(task: str, owner: str, expected: tuple[int, ...], received: tuple[int, ...]) -> None:
    """Refuse targets that do not belong to the windows or samples one by one.

    Args:
        task: The task.
        owner: What has a target each: window or sample.
        expected: Shape of the owners.
        received: Shape of the targets before any values.

    Raises:
        DataError: The shapes differ.
    """
    if expected != received:
        raise DataError(
            f"Task {task} needs a target for each {owner}: targets must have the shape {expected} before any "
            f"values; received {received}."
        )


def check_times(times: NDArray[np.datetime64] | None, expected: tuple[int, ...]) -> None:
    """Refuse stamps that are not those of the samples.

    Args:
        times: The stamps; None where unknown.
        expected: Sequences and samples, `(N, T)`.

    Raises:
        DataError: Shape or type is another.
    """
    if times is None:
        return
    if times.shape != expected or times.dtype != np.dtype("datetime64[ns]"):
        raise DataError(
            f"times must hold a datetime64[ns] stamp for each sample, shape {expected}; received "
            f"{times.dtype} of the shape {times.shape}."
        )


def check_splits(splits: Mapping[str, NDArray[Any]], windows: int) -> None:
    """Refuse indices that are not those of windows, and windows in two splits.

    Args:
        splits: Indices of the windows by name of the split.
        windows: Number of windows.

    Raises:
        DataError: An index is out of range, or in two splits.
    """
    used = np.zeros(windows, np.bool_)
    for name, split in splits.items():
        if not len(split):
            continue
        first, last = int(split.min()), int(split.max())
        if first < 0 or last >= windows:
            raise DataError(f"{name} must hold indices of the {windows} windows, from 0; received {first} to {last}.")
        if bool(used[split].any()):
            raise DataError(
                f"Training, validation and test set must not share windows; received {name} with a window of "
                "another set."
            )
        used[split] = True


def check_windows(
    starts: NDArray[Any],
    length: int,
    lengths: NDArray[Any],
    total_samples: int,
    *,
    target_offset: int,
    frame: int,
    may_reach_padding: bool,
) -> None:
    """Refuse windows that do not lie in one sequence with their targets, and sequences shorter than a step.

    Args:
        starts: Positions of the windows, `(W,)`.
        length: Samples of each sequence with its padding.
        lengths: Samples of each sequence, `(N,)`.
        total_samples: Samples of a window with its targets.
        target_offset: Samples from the start of a window to its first target.
        frame: Samples in a step.
        may_reach_padding: Whether windows may reach into the padding.

    Raises:
        DataError: A window or a target lies outside, or a sequence is shorter than a frame.
    """
    if int(lengths.min(initial=frame)) < frame:
        raise DataError(
            f"Each sequence must have at least frame {frame} samples; received one of {int(lengths.min())}. Leave out "
            "shorter ones, or set a smaller frame."
        )
    if not len(starts):
        return
    count = len(lengths)
    within = starts if count == 1 else starts % length
    outside = int(starts.min()) < 0 or int(starts.max()) >= count * length
    if outside or target_offset < 0 or int(within.max()) + total_samples > length:
        raise DataError(
            f"Each window must lie in one sequence of {length} samples with its targets; received windows that "
            f"start at {int(starts.min())} to {int(starts.max())} and take {total_samples} samples."
        )
    if may_reach_padding:
        return
    ends = lengths if count == 1 else lengths[starts // length]
    if bool((within + total_samples > ends).any()):
        raise DataError(
            "Windows and the targets of a forecast must lie before the padding; received a window that ends "
            "after the length of its sequence. Leave these windows out."
        )


def check_sets(
    begins: NDArray[Any] | None,
    length: int,
    sets: Mapping[str, tuple[NDArray[Any], int]],
    target_end: int,
    window_samples: int,
) -> None:
    """Refuse windows whose targets lie in another set, and training windows that read another set.

    Args:
        begins: First sample of the validation and of the test set of each series, `(N, 2)`; None where unknown.
        length: Samples of each series with its padding.
        sets: Of train, val, test and calibration the positions of the windows, and how many of the last targets of
            each count.
        target_end: Samples from the start of a window to the end of its targets.
        window_samples: Samples in the inputs of a window.

    Raises:
        DataError: A sample of a later set is read in the training, or a target lies outside its set.
    """
    if begins is None:
        return
    for name, (positions, counted) in sets.items():
        within, series = positions % length, positions // length
        val, test, last = begins[series, 0], begins[series, 1], within + (target_end - 1)
        first = last - (counted - 1)
        if name == "train":
            is_outside = (np.maximum(last, within + (window_samples - 1)) >= val).any()
        else:
            begin, end = (test, length) if name == "test" else (val, test)  # the validation set calibrates, too
            is_outside = bool(((first < begin) | (last >= end)).any())
        if is_outside:
            raise DataError(
                "Targets must lie in the set of their window, and training windows in the training set; received "
                f"{name} with a window that does not. Move the window, or set_begins."
            )


def check_names(field_name: str, names: tuple[str, ...], column: str, columns: int) -> None:
    """Refuse names that are not one per column.

    Args:
        field_name: The field that holds the names.
        names: The names.
        column: What the columns are: input or target.
        columns: Number of columns.

    Raises:
        DataError: The numbers differ.
    """
    if len(names) != columns:
        received = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
        raise DataError(
            f"{field_name} must hold a name for each {column} column, {columns} in all; received {len(names)} "
            f"({received or 'none'})."
        )
