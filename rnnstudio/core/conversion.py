"""Conversion of a caller's arrays, data frames, dicts and lists to arrays of floating-point numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnstudio.core.columns import plain_column, plain_frame
from rnnstudio.core.errors import DataError
from rnnstudio.core.precision import Floats, float_type


def as_matrix(values: Any, name: str) -> Any:
    """Return a dict of columns as a matrix `(rows, columns)`, and everything else unchanged.

    Args:
        values: Anything array-like, or a dict of columns.
        name: What messages call it.

    Raises:
        DataError: The columns differ in length.

    >>> as_matrix({"a": [1, 2], "b": [3, 4]}, "x").tolist()
    [[1, 3], [2, 4]]
    """
    if not isinstance(values, dict):
        return _plain(values)
    columns = [np.atleast_1d(np.asarray(_plain(column))) for column in values.values()]
    if len({len(column) for column in columns}) != 1:
        lengths = ", ".join(str(len(column)) for column in columns) or "no columns"
        raise DataError(f"The columns of {name} must have the same length; received {lengths}.")
    return np.column_stack(columns)


def as_floats(values: ArrayLike, name: str, *, allow_missing: bool = False) -> Floats:
    """Return `values` as a read-only array in C order; the caller's array is never modified.

    Its type is `float_type` of theirs.

    Args:
        values: Anything array-like, including data frames, dicts of columns, Fortran-order and read-only arrays.
        name: What messages call it.
        allow_missing: Accept NaN as a missing value instead of refusing it.

    Raises:
        DataError: It holds text or dates, or NaN or infinite values; the message says how many and where the first is.

    >>> as_floats([[1, 2], [3, 4]], "x").shape
    (2, 2)
    """
    try:
        raw = np.asarray(as_matrix(values, name))
        if raw.ndim == 0 and raw.item() is None:
            raise DataError(f"{name} must hold numbers; received None.")
        if raw.dtype.kind == "O":  # data frames write a missing whole number as None
            raw = np.array([np.nan if v is None else v for v in raw.ravel()], object).reshape(raw.shape)
        if raw.dtype.kind not in "biufOUS":
            raise TypeError(f"values of type {raw.dtype}")
        # Values beyond float32 become infinite and are refused below; R's missing number is a signalling NaN.
        with np.errstate(over="ignore", invalid="ignore"):
            array = np.array(raw, dtype=float_type(raw.dtype), order="C")
            if allow_missing and array.dtype.itemsize == 8 and np.isnan(array).any():
                array[np.isnan(array)] = np.nan
            single = array.astype(np.float32, copy=False)
    except (TypeError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{name} must hold numbers only; received something else ({error}).") from None
    invalid = np.isinf(single) if allow_missing else ~np.isfinite(single)
    if invalid.any():
        first = ", ".join(str(int(i)) for i in np.argwhere(invalid)[0])
        count = int(invalid.sum())
        received = "1 NaN or infinite value" if count == 1 else f"{count:,} NaN or infinite values"
        raise DataError(
            f"{name} must hold finite numbers; received {received}, the first at index "
            f"[{first}]. Remove or impute them first."
        )
    array.flags.writeable = False
    return array


def _plain(values: Any) -> Any:
    """Return a data frame or column of pandas with NumPy's types, and masked values as NaN; other values unchanged."""
    if isinstance(values, np.ma.MaskedArray):
        return _without_mask(values)
    if isinstance(values, (list, tuple)) and any(isinstance(value, np.ma.MaskedArray) for value in values):
        return [_plain(value) for value in values]
    if type(values).__module__.partition(".")[0] != "pandas":
        return values
    return (
        plain_frame(values)
        if hasattr(values, "columns")
        else plain_column(values)
        if hasattr(values, "iloc")
        else values
    )


def _without_mask(values: np.ma.MaskedArray[Any, Any]) -> NDArray[Any]:
    """Return the values of a masked array, NaN or None where one is masked."""
    if not np.ma.is_masked(values):
        return np.asarray(values.data)
    if values.dtype.kind in "biuf":
        return np.ma.filled(values.astype(float_type(values.dtype)), np.nan)
    objects = np.array(values.data, object)
    objects[np.ma.getmaskarray(values)] = None
    return objects
