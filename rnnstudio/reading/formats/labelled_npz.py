"""Labelled sequences, and sequences without classes, from .npz files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.byte_budget import ByteBudget
from rnnstudio.core.errors import DataError
from rnnstudio.core.missing import Sequences
from rnnstudio.reading.file_checks import existing_file, join_names, shape_text
from rnnstudio.reading.formats.numpy_files import member_names, read_member
from rnnstudio.reading.series.labelled import LabelledSequences, has_fractions, trim_missing_end

_KIND = "a .npz file of NumPy arrays"


def read_labelled_npz(path: str | Path) -> LabelledSequences:
    """Return the sequences of a .npz file with arrays `x` and `y`, or `x_train`, `y_train`, `x_test` and `y_test`.

    The optional array `lengths` has the number of steps of each sequence, and `groups` has their groups. Steps at the
    end of a sequence at which all features are NaN are removed.

    Args:
        path: The file. `x` has the shape `(N, T)` or `(N, T, F)`, `y` has the shape `(N,)`;
            fractions are values, whole numbers and text classes or values. A missing value is NaN.

    Raises:
        DataError: An array is missing, has the wrong shape or is damaged.
    """
    file = existing_file(path, _KIND)
    names = {name.lower(): name for name in member_names(file)}
    suffixes = _suffixes(file.name, names)

    budget = ByteBudget.of_file(file)

    def read(name: str) -> NDArray[Any]:
        return read_member(file, names[name], budget)

    inputs = [_as_sequences(read(f"x{suffix}"), f"{names[f'x{suffix}']} in {file.name}") for suffix in suffixes]
    if len({x.shape[2] for x in inputs}) > 1:
        raise DataError(
            f"x_train and x_test in {file.name} must have the same number of features; received "
            f"{inputs[0].shape[2]} and {inputs[1].shape[2]}."
        )
    labels = [
        _as_labels(read(f"y{suffix}"), len(x), f"{names[f'y{suffix}']} in {file.name}")
        for x, suffix in zip(inputs, suffixes, strict=True)
    ]
    counts = [len(x) for x in inputs]
    lengths = _per_sequence(read, file.name, names, "lengths", suffixes, sum(counts))
    first_index = np.cumsum([0, *counts])

    def where(n: int, step: int, j: int) -> str:
        k = int(np.searchsorted(first_index, n, side="right")) - 1
        return f"{names[f'x{suffixes[k]}']}[{n - first_index[k]}, {step}, {j}]"

    width = inputs[0].shape[2]
    targets = np.concatenate(labels)
    return LabelledSequences(
        name=file.name,
        sequences=trim_missing_end(_with_lengths(inputs, lengths, file.name)),
        labels=targets,
        has_values=has_fractions(targets),
        features=tuple(f"feature{i + 1}" for i in range(width)) if width > 1 else ("value",),
        where=where,
        groups=_known(_per_sequence(read, file.name, names, "groups", suffixes, sum(counts)), file.name),
        test=np.repeat([suffix == "_test" for suffix in suffixes], counts) if "_test" in suffixes else None,
    )


def read_inputs_npz(path: str | Path) -> list[NDArray[Any]]:
    """Return the sequences in the array `x` (or `x_test`) of a .npz file, each `(T, F)`; classes are not needed.

    As in training, `lengths` (or `lengths_test`) has the number of steps of each.

    Raises:
        DataError: The file has no such array, or an array has the wrong shape.
    """
    file = existing_file(path, _KIND)
    names = {name.lower(): name for name in member_names(file)}
    suffix = next((suffix for suffix in ("", "_test") if f"x{suffix}" in names), None)
    if suffix is None:
        raise DataError(
            f"{file.name} must contain the array x or x_test. Its arrays: {join_names(list(names.values())) or 'none'}."
        )
    name = names[f"x{suffix}"]
    inputs = _as_sequences(read_member(file, name), f"{name} in {file.name}")
    lengths = _per_sequence(
        lambda member: read_member(file, names[member]), file.name, names, "lengths", [suffix], len(inputs)
    )
    return list(trim_missing_end(_with_lengths([inputs], lengths, file.name)))


def _suffixes(name: str, names: dict[str, str]) -> list[str]:
    """Return the name endings of the arrays to read: none, or `_train` and `_test`."""
    if {"x", "y"} <= set(names):
        return [""]
    if {"x_train", "y_train"} <= set(names):
        return ["_train", "_test"] if {"x_test", "y_test"} <= set(names) else ["_train"]
    raise DataError(
        f"{name} must contain the arrays x and y, or x_train, y_train, x_test and y_test. Its arrays: "
        f"{join_names(list(names.values())) or 'none that can be read'}."
    )


def _as_sequences(x: NDArray[Any], name: str) -> NDArray[Any]:
    """Return `(N, T, F)` after checking shape, type and range."""
    if x.dtype.kind not in "biuf" or x.ndim not in (2, 3) or not x.size:
        raise DataError(
            f"{name} must be an array of numbers with the shape (sequences, steps) or (sequences, steps, features); "
            f"received {shape_text(x.shape)} of {x.dtype}."
        )
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isinf(x.astype(np.float32)).any():
            raise DataError(f"{name} must contain finite numbers that fit into float32; received infinite values.")
    return x[..., None] if x.ndim == 2 else x


def _as_labels(y: NDArray[Any], count: int, name: str) -> NDArray[Any]:
    """Return `(count,)` after checking shape and missing values."""
    if y.ndim == 2 and y.shape[1] == 1:
        y = y.reshape(len(y))
    if y.shape != (count,):
        raise DataError(
            f"{name} must have one class or value per sequence, shape ({count},); received {shape_text(y.shape)}."
        )
    return y


def _per_sequence(
    read: Callable[[str], NDArray[Any]], file: str, names: dict[str, str], name: str, suffixes: list[str], count: int
) -> NDArray[Any] | None:
    """Return an optional array with one value per sequence, or None if the file does not have it."""
    if not {f"{name}{suffix}" for suffix in suffixes} <= set(names):
        return None
    values = np.concatenate([read(f"{name}{suffix}").ravel() for suffix in suffixes])
    if len(values) != count:
        raise DataError(f"{name} in {file} must have one value per sequence ({count}); received {len(values)}.")
    return values


def _known(groups: NDArray[Any] | None, file: str) -> NDArray[Any] | None:
    """Return groups; refuse a sequence without one, which could be in the training set beside others of its group."""
    if groups is not None and groups.dtype.kind in "fmM" and (unknown := np.flatnonzero(groups != groups)).size:
        raise DataError(
            f"groups in {file} must name the group of each sequence; received none at index {int(unknown[0])}. Give "
            "these sequences a group, or leave the array out."
        )
    return groups


def _with_lengths(inputs: list[NDArray[Any]], lengths: NDArray[Any] | None, file: str) -> Sequences:
    """Return all sequences, shortened to their lengths if these are known."""
    if lengths is None:
        if len({x.shape[1] for x in inputs}) == 1:
            return np.concatenate(inputs)
        return [sequence for x in inputs for sequence in x]
    sequences = [sequence for x in inputs for sequence in x]
    steps = [len(sequence) for sequence in sequences]
    if lengths.dtype.kind not in "iuf" or (lengths < 1).any() or (lengths > steps).any():
        raise DataError(
            f"lengths in {file} must be integers from 1 to the number of steps of x ({max(steps)}); received others."
        )
    return [sequence[: int(length)] for sequence, length in zip(sequences, lengths, strict=True)]
