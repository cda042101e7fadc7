"""Where the forecast of a series begins: after the last sample with a known value of what is predicted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.sequence import SequenceData


def series_ends(data: SequenceData) -> NDArray[np.int64]:
    """Return the number of samples of each series up to the last one in which a predicted value is known, `(N,)`.

    Rows after it hold inputs, such as a plan for the next days, but nothing that a forecast could continue. Data
    without a value to predict at each sample end with their last sample.

    >>> from rnnstudio.core.windows import forecast_windows
    >>> sales = np.array([[1.0], [2.0], [3.0], [4.0], [np.nan]])
    >>> data = forecast_windows(np.ones((5, 1)), sales, window=1, horizon=1, missing_targets=True)
    >>> series_ends(data)
    array([4])
    """
    count, length = data.inputs.shape[:2]
    lengths = np.full(count, length) if data.lengths is None else np.asarray(data.lengths)
    if not data.missing_targets or data.classes or data.target_per_sequence or not data.is_windowed:
        return lengths.astype(np.int64)
    known = ~np.isnan(data.targets.reshape(count, length, -1)).all(axis=2)
    known &= np.arange(length) < lengths[:, None]
    return np.where(known.any(axis=1), length - known[:, ::-1].argmax(axis=1), lengths).astype(np.int64)


def last_times(data: SequenceData) -> list[str]:
    """Return the stamp of the last of these samples of each series as ISO 8601; empty texts where unknown."""
    if data.times is None or not data.is_windowed:
        return [""] * len(data.inputs)
    stamps = [times[end - 1] for times, end in zip(data.times, series_ends(data), strict=True)]
    return ["" if np.isnat(stamp) else str(stamp) for stamp in stamps]
