"""The targets that a caller passes as `y`: classes of any type as numbers, or values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.conversion import as_floats, as_matrix
from rnnstudio.core.errors import DataError
from rnnstudio.core.labels import number_classes
from rnnstudio.core.settings import Task


def targets_of(y: Any, task: Task, classes: Sequence[Any], *, column: bool) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Return targets and the names of the classes; values get an axis for their components.

    Missing values are NaN, and missing classes -1.

    Args:
        y: The caller's targets.
        task: classify, label, regress or regress_sequence.
        classes: Names of the classes in order; sorted when empty.
        column: Whether a matrix of one column is read as a vector of classes.

    Raises:
        DataError: `y` does not hold one class or value per sequence or step, or none is there.

    >>> targets_of(["up", "down", "up"], "classify", (), column=True)
    (array([1, 0, 1], dtype=int32), ('down', 'up'))
    """
    if task in ("regress", "regress_sequence"):
        values = as_floats(y, "y", allow_missing=True)
        if values.ndim == 0:
            per = "step" if task == "regress" else "sequence"
            raise DataError(f"y must hold one value per {per} for task {task}; received the single number {y}.")
        return (values[:, None] if values.ndim == 1 else values), ()
    raw = np.asarray(as_matrix(y, "y"))
    if raw.ndim == 0:
        raise DataError(f"y must name a class for each sequence or step; received a single value, {raw.item()!r}.")
    if raw.ndim == 2 and raw.shape[1] == 1 and column:
        raw = raw[:, 0]
    if raw.ndim > (1 if task == "classify" else 2):
        one_hot = _is_one_hot(raw)
        received = "one row of 0 and 1 per class" if one_hot else "more than one value"
        raise DataError(
            f"y must hold one class per {'sequence' if task == 'classify' else 'step'}; received {received} for each, "
            f"shape {raw.shape}. Pass class numbers or names" + (", such as y.argmax(axis=-1)." if one_hot else ".")
        )
    known = ~_missing(raw if raw.dtype.kind == "f" else np.asarray(as_matrix(y, "y"), object).reshape(raw.shape))
    if not known.any():
        raise DataError("y must name classes; received missing values only.")
    if known.all():
        return number_classes(raw, "y", classes)
    numbers = np.full(raw.shape, -1, np.int32)
    numbers[known], names = number_classes(raw[known], "y", classes)
    return numbers, names


def feature_names(names: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Return the caller's names of `count` features where they fit, else feature1, feature2 ...

    >>> feature_names((), 2)
    ('feature1', 'feature2')
    """
    return names if len(names) == count else tuple(f"feature{i}" for i in range(1, count + 1))


def target_names(targets: NDArray[Any], classes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the name of the class, or target1, target2 ... for values `(..., D)`."""
    return ("class",) if classes else tuple(f"target{i}" for i in range(1, targets.shape[-1] + 1))


def _is_one_hot(values: NDArray[Any]) -> bool:
    numeric = values.dtype.kind in "biuf"
    return numeric and bool(((values == 0) | (values == 1)).all() and (values.sum(axis=-1) == 1).all())


def _missing(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which values are NaN, None or another mark of pandas."""
    if values.dtype.kind == "f":
        return np.asarray(np.isnan(values))
    import pandas as pd

    return np.asarray(pd.isna(values))
