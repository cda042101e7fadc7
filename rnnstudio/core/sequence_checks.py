"""Checks of the parts of `SequenceData`: shapes of targets and times, splits and names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError


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
