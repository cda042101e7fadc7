"""The value of each sequence, as users write it, as a number."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.numerals import is_number
from rnnstudio.core.precision import Floats

_MISSING = ("", "?", "na", "nan")


def sequence_values(raw: NDArray[Any], name: str) -> Floats:
    """Return the value of each sequence, `(N,)`; NaN where it is missing.

    Args:
        raw: Numbers, or numbers as text, `(N,)`.
        name: What messages call the data.

    Raises:
        DataError: A value is no number, or is infinite.

    >>> sequence_values(np.array(["1.5", "?"]), "Wear_TRAIN.ts")
    array([1.5, nan])
    """
    if raw.dtype.kind in "biuf":
        values = raw.astype(np.float64) if raw.dtype != np.float32 else raw
    else:
        texts = [str(cell).strip() for cell in raw]
        for i, text in enumerate(texts):
            if text.lower() not in _MISSING and not is_number(text):
                raise DataError(
                    f"Task regress_sequence needs a number for each sequence of {name}; received {text[:40]!r} for "
                    f"sequence {i + 1}. For classes use task classify."
                )
        values = np.array([np.nan if text.lower() in _MISSING else float(text) for text in texts])
    with np.errstate(over="ignore"):
        infinite = np.flatnonzero(np.isinf(values.astype(np.float32)))
    if len(infinite):
        i = int(infinite[0])
        raise DataError(
            f"Task regress_sequence needs a number that fits into float32 for each sequence of {name}; received "
            f"{raw[i]} for sequence {i + 1}."
        )
    return values
