"""Several long series in one data set: each of them as a data set of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnstudio.core.sequence import Ints, SequenceData


def one_series(data: SequenceData, index: int) -> SequenceData:
    """Return one of several series with its windows and splits, as a data set of one series without padding.

    Args:
        data: Several series.
        index: Index of the series.
    """
    steps = data.inputs.shape[1]
    length = steps if data.lengths is None else int(data.lengths[index])
    of_series = data.starts // steps == index
    new_index = np.cumsum(of_series) - 1

    def selected(windows: Ints) -> Ints:
        own: Ints = new_index[windows[of_series[windows]]].astype(np.int32)
        return own

    return replace(
        data,
        inputs=data.inputs[index : index + 1, :length],
        targets=data.targets[index : index + 1, :length],
        times=None if data.times is None else data.times[index : index + 1, :length],
        gaps=None if data.gaps is None else data.gaps[index : index + 1, :length],
        starts=(data.starts[of_series] - index * steps).astype(np.int32),
        train=selected(data.train),
        val=selected(data.val),
        test=selected(data.test),
        lengths=None,
        series=(),
        series_columns=(),
    )


def own_windows(data: SequenceData, index: int, windows: Ints) -> tuple[SequenceData, Ints]:
    """Return one of several series as `one_series` does, and the indices there of those of `windows` that lie in it.

    Args:
        data: Several series.
        index: Index of the series.
        windows: Indices of windows of `data`.
    """
    of_series = data.starts // data.inputs.shape[1] == index
    own = (np.cumsum(of_series) - 1)[windows[of_series[windows]]].astype(np.int32)
    return one_series(data, index), own
