"""Names of classes, as they come from users, into numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.numerals import is_number

_MOST_CLASSES = 10_000
_MOST_NAMED = 20


def number_classes(
    raw: NDArray[Any], name: str, classes: Sequence[Any] = ()
) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Return the number of each class, in the shape of `raw`, and the names of the classes.

    Args:
        raw: Classes as text or whole numbers, of any shape; none is missing.
        name: What messages call them.
        classes: Names in the order wanted; sorted (numbers by size) when empty.

    Raises:
        DataError: Fractions, fewer than two classes, or one that is not among `classes`.
    """
    if raw.dtype.kind == "f" and not (raw == np.round(raw)).all():
        raise DataError(
            f"{name} must hold classes (text or whole numbers) for this task; received fractions. For values use task "
            "regress."
        )
    found, places = np.unique(raw if raw.dtype.kind in "biuf" else _texts(raw), return_inverse=True)
    firsts = [class_name(c) for c in found]
    if raw.dtype.kind not in "biuf" and all(is_number(c) for c in firsts):
        firsts.sort(key=float)
    names = tuple(class_name(c) for c in (classes if len(classes) else dict.fromkeys(firsts)))
    lookup = {label: i for i, label in enumerate(names)}
    strangers = sorted(set(firsts) - set(lookup))
    if strangers:
        raise DataError(f"{name} names the class {strangers[0][:60]!r}, which is not among classes: {_listed(names)}.")
    if len(lookup) < 2:
        raise DataError(f"{name} must name at least two classes; received {len(lookup)}.")
    if len(lookup) < len(names):
        raise DataError(f"classes must name each class once; received {_listed(names)}.")
    if len(lookup) > _MOST_CLASSES:
        raise DataError(
            f"{name} names {len(lookup):,} classes; at most {_MOST_CLASSES:,} are possible. Is it a column of values?"
        )
    numbers = np.array([lookup[class_name(c)] for c in found], np.int32)
    return numbers[places].reshape(raw.shape), names


def class_name(value: Any) -> str:
    """Return a class's name; R sends whole numbers as 1.0."""
    return str(int(value)) if isinstance(value, (float, np.floating)) and float(value).is_integer() else str(value)


def _texts(raw: NDArray[Any]) -> NDArray[Any]:
    return np.array([class_name(c) for c in raw.ravel()], dtype=np.str_).reshape(raw.shape)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(name[:60] for name in names[:_MOST_NAMED]) + more
