"""From which window each row of a series is predicted, where every row has a target: in `predict` and in evaluation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.sequence import Ints, SequenceData

Positions = NDArray[np.integer]


def row_windows(
    rows: Positions, window: int, end: Positions | int, *, bidirectional: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first sample of the window that each row is predicted from, and the row's step in that window.

    The window ends with the row. A bidirectional network would then have read nothing after it: its window has the
    row in the middle, as far as there are samples after it. The first rows have the first window.

    Args:
        rows: Positions of the rows, `(n,)`.
        window: Steps in the window, which are samples here.
        end: The position after the last sample that may be read, for all rows or for each, `(n,)`; at least `window`.
        bidirectional: Whether the network reads the window in both directions.

    >>> row_windows(np.array([0, 5, 9]), 4, 10, bidirectional=False)
    (array([0, 2, 6]), array([0, 3, 3]))
    >>> row_windows(np.array([0, 5, 9]), 4, 10, bidirectional=True)
    (array([0, 4, 6]), array([0, 1, 3]))
    """
    after = window // 2 if bidirectional else 0
    last = np.asarray(end, np.int64) - window
    starts = np.clip(np.minimum(rows.astype(np.int64) - (window - 1) + after, last), 0, None)
    return starts, rows - starts


def windows_read(
    data: SequenceData, windows: Ints, *, bidirectional: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the position of the first sample that is read for the last target of each window, and its step from there.

    The validation set chooses the weights: where a bidirectional network reads ahead, it reads no test row for them.

    Args:
        data: Data with a target for each step, whose `test_context` is reach_back.
        windows: Indices of validation or test windows, `(n,)`.
        bidirectional: Whether the network reads a window in both directions.
    """
    length, begins = data.inputs.shape[1], data.set_begins
    assert begins is not None
    rows = data.starts[windows].astype(np.int64) + data.window - 1
    series, within = rows // length, rows % length
    lengths = np.full(len(begins), length) if data.lengths is None else data.lengths
    is_before_test = within + data.target_offset < begins[series, 1]
    ends = np.where(is_before_test, begins[series, 1], lengths[series])
    starts, steps = row_windows(within, data.window, ends, bidirectional=bidirectional)
    return series * length + starts, steps
