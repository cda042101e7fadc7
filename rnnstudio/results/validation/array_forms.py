"""The form of arrays in a file: type, shape with sizes that several arrays share, and the limits of indices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
Sizes = dict[str, int]
_TYPES = {"f": "numbers", "i": "whole numbers", "b": "yes or no", "U": "text", "M": "times"}
_STAMPS = np.dtype("datetime64[ns]")
_SURROGATES, _LAST_CHARACTER = (0xD800, 0xDFFF), 0x10FFFF


@dataclass(frozen=True)
class Form:
    """What an array must be.

    Attributes:
        kind: f for float32 or float64, i for whole numbers, b, U (text), M (stamps in nanoseconds).
        shape: Each size as a number, or as a name: sizes of one name are equal in all arrays.
        low: The least value of whole numbers.
        below: All whole numbers are below this size; no limit where empty.
        optional: Whether the array may be missing.
    """

    kind: str
    shape: tuple[int | str, ...]
    low: int = 0
    below: str = ""
    optional: bool = False


def check_forms(arrays: Arrays, forms: Mapping[str, Form], sizes: Sizes) -> None:
    """Check that arrays are those that forms name, and have these forms.

    Args:
        arrays: The arrays by name.
        forms: The form of each.
        sizes: Sizes that are known; those that the arrays have are added.

    Raises:
        ValueError: One is missing, unknown, or of another form.
    """
    if unknown := next((name for name in arrays if name not in forms), None):
        raise ValueError(f"the array {unknown[:100]!r} is not expected")
    for name, form in forms.items():
        if name in arrays:
            check_form(arrays[name], form, name, sizes)
        elif not form.optional:
            raise ValueError(f"the array {name} is missing")
    for name, form in forms.items():
        if name in arrays and form.below and arrays[name].size and int(arrays[name].max()) >= sizes[form.below]:
            raise ValueError(f"{name} has values outside the {form.below}, of which there are {sizes[form.below]:,}")


def check_form(array: NDArray[Any], form: Form, name: str, sizes: Sizes) -> None:
    """Check the type and the shape of an array, and the least value of whole numbers.

    Args:
        array: The array.
        form: Its form.
        name: Its name, for the message.
        sizes: Sizes that are known; those that it has are added.

    Raises:
        ValueError: It has another form.

    >>> check_form(np.zeros((2, 3)), Form("f", ("rows", 4)), "loss", {})
    Traceback (most recent call last):
    ValueError: loss must have the shape (rows=2, 4), received (2, 3)
    """
    if not _is_of_kind(array.dtype, form.kind):
        raise ValueError(f"{name} must hold {_TYPES[form.kind]}, received the type {str(array.dtype)[:60]}")
    received = f"received {array.shape}"
    fits = array.ndim == len(form.shape)
    for expected, size in zip(form.shape, array.shape, strict=False):
        fits = fits and size == (sizes.setdefault(expected, size) if isinstance(expected, str) else expected)
    if not fits:
        words = ", ".join(f"{s}={sizes[s]}" if isinstance(s, str) and s in sizes else str(s) for s in form.shape)
        if array.ndim != len(form.shape):
            words = ", ".join(map(str, form.shape))
        raise ValueError(f"{name} must have the shape ({words}), {received}")
    if form.kind == "i" and array.size and int(array.min()) < form.low:
        raise ValueError(f"{name} must be at least {form.low}, received {int(array.min())}")
    if form.kind == "i" and array.size and int(array.max()) > np.iinfo(np.int64).max:
        raise ValueError(f"{name} has a number that is too large")
    if form.kind == "U":
        check_texts(array, name)


def check_texts(array: NDArray[Any], name: str) -> None:
    """Check that all letters of texts are characters.

    Raises:
        ValueError: Some are none.
    """
    codes = np.ascontiguousarray(array).view(np.uint32) if array.size and array.dtype.itemsize else np.empty(0)
    if ((codes > _LAST_CHARACTER) | ((codes >= _SURROGATES[0]) & (codes <= _SURROGATES[1]))).any():
        raise ValueError(f"{name} holds text with invalid characters")


def _is_of_kind(dtype: np.dtype[Any], kind: str) -> bool:
    if not dtype.isnative or dtype.hasobject:
        return False
    if kind == "f":
        return dtype in (np.float32, np.float64)
    if kind == "M":
        return dtype == _STAMPS
    return dtype.kind in ("iu" if kind == "i" else kind)
