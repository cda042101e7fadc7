"""The caller's own targets: classes of any kind as numbers, or values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.labels import number_classes
from rnnstudio.core.sequence import as_floats, as_matrix
from rnnstudio.core.settings import Task


def targets_of(y: Any, task: Task, classes: Sequence[Any], *, column: bool) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Return targets and class names; values of regress get an axis for their components.

    Args:
        y: The caller's targets.
        task: What they are for.
        classes: Names in the order wanted.
        column: Whether a matrix of one column is meant as a vector of classes.
    """
    if task == "regress":
        values = as_floats(y, "y")
        if values.ndim == 0:
            raise DataError(f"y must hold one value per step for task regress; received the single number {y}.")
        return (values[:, None] if values.ndim == 1 else values), ()
    raw = np.asarray(as_matrix(y, "y"))
    if raw.ndim == 0:
        raise DataError(f"y must name a class for each sequence or step; received a single value, {raw.item()!r}.")
    if raw.ndim == 2 and raw.shape[1] == 1 and column:
        raw = raw[:, 0]
    if raw.ndim > (1 if task == "classify" else 2):
        what = "one row of 0 and 1 per class" if _is_one_hot(raw) else "more than one value"
        raise DataError(
            f"y must hold one class per {'sequence' if task == 'classify' else 'step'}; received {what} for each, "
            f"shape {raw.shape}. Pass class numbers or names"
            + (", such as y.argmax(axis=-1)." if _is_one_hot(raw) else ".")
        )
    missing = _missing(raw if raw.dtype.kind == "f" else np.asarray(as_matrix(y, "y"), object))
    if missing:
        raise DataError(f"y must name a class everywhere; received {missing} missing value(s).")
    return number_classes(raw, "y", classes)


def _is_one_hot(values: NDArray[Any]) -> bool:
    numeric = values.dtype.kind in "biuf"
    return numeric and bool(((values == 0) | (values == 1)).all() and (values.sum(axis=-1) == 1).all())


def _missing(values: NDArray[Any]) -> int:
    """Return how many values are NaN, infinite or None."""
    if values.dtype.kind == "f":
        return int((~np.isfinite(values)).sum())
    import pandas as pd

    return int(pd.isna(values).sum())
