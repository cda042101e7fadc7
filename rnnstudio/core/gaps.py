"""Where values were missing in a series before its inputs were filled, as a mark of each sample."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Gaps = NDArray[np.uint8]

EMPTY = 1  # a value of the sample was missing
NO_ROW = 2  # the file has no row for this time
LEFT_OUT = 3  # samples right before it were left out


def gaps_of(
    missing: NDArray[np.bool_], no_row: NDArray[np.bool_] | None, remaining: NDArray[np.bool_], *, dropped: bool
) -> Gaps | None:
    """Return the marks of the samples that remain, `(rows,)`; None where nothing was missing.

    Args:
        missing: Whether a value of a sample was missing, `(T,)`.
        no_row: Whether the file has no row for it, `(T,)`; None where it has them all.
        remaining: Whether the sample remains, `(T,)`.
        dropped: Whether samples within the series were left out, rather than at its ends only.

    >>> missing = np.array([False, True, False, True])
    >>> gaps_of(missing, None, np.ones(4, bool), dropped=False)
    array([0, 1, 0, 1], dtype=uint8)
    >>> gaps_of(missing, None, ~missing, dropped=True)
    array([0, 3], dtype=uint8)
    """
    marks = np.where(missing, EMPTY, 0).astype(np.uint8)
    if no_row is not None:
        marks[no_row] = NO_ROW
    marks = marks[remaining]
    if dropped:
        kept = np.flatnonzero(remaining)
        marks[1:][np.diff(kept) > 1] = LEFT_OUT
    return marks if marks.any() else None
