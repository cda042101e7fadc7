"""The precision of numbers: a user's numbers keep theirs until they are scaled, which makes them float32.

float32 has 24 binary digits: at 987,654,321 its numbers are 64 apart, which hides the hourly differences of a meter.
After the mean is subtracted in float64, the rest is small enough for float32.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]  # float32, or float64 for values that came in a type beyond float32

MAX_ERROR = 0.01  # of the differences between steps
_MAX_STEPS = 1 << 16  # compared; bounds time and memory


def float_type(dtype: np.dtype[Any]) -> type[np.floating[Any]]:
    """Return float32 where it holds every number of a type, else float64, also for text and objects.

    >>> [float_type(np.dtype(name)).__name__ for name in ("float32", "uint8", "int64", "float64")]
    ['float32', 'float32', 'float64', 'float64']
    """
    return np.float32 if dtype.kind in "biuf" and np.can_cast(dtype, np.float32) else np.float64


def as_floating(values: NDArray[Any]) -> Floats:
    """Return numbers in their `float_type` and in C order."""
    with np.errstate(invalid="ignore"):  # R's missing number is a signalling NaN
        return np.ascontiguousarray(values, float_type(values.dtype))


def columns_too_close(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which columns have differences between steps that float32 rounds by more than `MAX_ERROR`, `(F,)`.

    The median difference decides, so that a counter that starts again at 0 does not hide the others.

    Args:
        values: `(T, F)`, without missing values; the first 65,536 steps are compared.

    >>> columns_too_close(np.arange(100.0)[:, None] + [0, 987654321])
    array([False,  True])
    """
    steps = np.asarray(values[:_MAX_STEPS], np.float64)
    with np.errstate(over="ignore"):
        rounding = np.abs(steps.astype(np.float32) - steps).mean(axis=0)
    changes = np.abs(np.diff(steps, axis=0))
    typical = np.array([np.median(column[column > 0]) if column.any() else np.inf for column in changes.T])
    return np.asarray(rounding > MAX_ERROR * typical)
