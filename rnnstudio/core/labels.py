"""Names of classes, as users write them, and their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.numerals import is_number
from rnnstudio.core.wording import listed

MAX_CLASSES = 10_000
MAX_NAMED = 20


def number_classes(
    raw: NDArray[Any], name: str, classes: Sequence[Any] = ()
) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Return the number of each class, in the shape of `raw`, and the names of the classes.

    Args:
        raw: Classes as text or whole numbers, of any shape, without missing ones.
        name: What messages call them.
        classes: Names in order; sorted (numbers by size) when empty.

    Raises:
        DataError: There are fractions, fewer than two classes, or a class that is not among `classes`.

    >>> number_classes(np.array(["walk", "run", "walk"]), "y")
    (array([1, 0, 1], dtype=int32), ('run', 'walk'))
    """
    if raw.dtype.kind == "f" and not (raw == np.round(raw)).all():
        raise DataError(
            f"{name} must hold classes (text or whole numbers) for this task; received fractions. For values use task "
            "regress."
        )
    distinct, indices = np.unique(raw if raw.dtype.kind in "biuf" else _texts(raw), return_inverse=True)
    sorted_names = [class_name(c) for c in distinct]
    if raw.dtype.kind not in "biuf" and all(is_number(c) for c in sorted_names):
        sorted_names.sort(key=float)
    names = tuple(class_name(c) for c in (classes if len(classes) else dict.fromkeys(sorted_names)))
    number_of = {label: i for i, label in enumerate(names)}
    unknown = sorted(set(sorted_names) - set(number_of))
    if unknown:
        raise DataError(f"{name} names the class {unknown[0][:60]!r}, which is not among classes: {_shown(names)}.")
    if len(number_of) < 2:
        raise DataError(f"{name} must name at least two classes; received {len(number_of)}.")
    if len(number_of) < len(names):
        raise DataError(f"classes must name each class once; received {_shown(names)}.")
    if len(number_of) > MAX_CLASSES:
        raise DataError(
            f"{name} must name at most {MAX_CLASSES:,} classes; received {len(number_of):,}. For values use task "
            "regress or forecast."
        )
    numbers = np.array([number_of[class_name(c)] for c in distinct], np.int32)
    return numbers[indices].reshape(raw.shape), names


def class_name(value: Any) -> str:
    """Return the name of a class; R sends whole numbers as floats, and files of arrays hold bytes.

    >>> class_name(1.0), class_name("up"), class_name(b"up")
    ('1', 'up', 'up')
    """
    if isinstance(value, bytes):
        return value.decode(errors="backslashreplace")
    return str(int(value)) if isinstance(value, (float, np.floating)) and float(value).is_integer() else str(value)


def _texts(raw: NDArray[Any]) -> NDArray[Any]:
    return np.array([class_name(c) for c in raw.ravel()], dtype=np.str_).reshape(raw.shape)


def _shown(names: Sequence[str]) -> str:
    return listed([name[:60] for name in names], MAX_NAMED)
