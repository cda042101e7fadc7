"""Several long series in one data set: each of them as a data set of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.sequence import Ints, SequenceData


def one_series(data: SequenceData, index: int) -> SequenceData:
    """Return one of several series with its windows and splits, as a data set of one series without padding.

    Args:
        data: Several series.
        index: Index of the series.
    """
    of_series = np.flatnonzero(data.starts // data.inputs.shape[1] == index)
    rank = np.full(len(data.starts), -1, np.int32)
    rank[of_series] = np.arange(len(of_series), dtype=np.int32)
    splits = [rank[split] for split in (data.train, data.val, data.test)]
    return _alone(data, index, data.starts[of_series], [split[split >= 0] for split in splits])


def each_series(data: SequenceData, windows: Ints | None = None) -> Iterator[tuple[SequenceData, Ints]]:
    """Yield each of several series as `one_series` does, with the indices there of those of `windows` that lie in it.

    Args:
        data: Several series.
        windows: Indices of windows of `data`; none when None.
    """
    count = len(data.series)
    series = data.starts // data.inputs.shape[1]
    order, bounds = _grouped(series, count)
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order)) - bounds[series[order]]
    splits = [data.train, data.val, data.test, np.empty(0, np.int32) if windows is None else windows]
    grouped = [_grouped(series[split], count) for split in splits]
    for n in range(count):
        own = [
            rank[split[places[begins[n] : begins[n + 1]]]]
            for split, (places, begins) in zip(splits, grouped, strict=True)
        ]
        yield _alone(data, n, data.starts[order[bounds[n] : bounds[n + 1]]], own[:3]), own[3]


def windows_of_each(data: SequenceData, windows: Ints) -> list[Ints]:
    """Return those of `windows` that lie in each of several series, in their order."""
    places, bounds = _grouped(data.starts[windows] // data.inputs.shape[1], len(data.series))
    return [windows[places[begin:end]] for begin, end in pairwise(bounds)]


def _grouped(series: Ints, count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the order of windows by series, and where each series begins in it, `(count + 1,)`."""
    order = np.argsort(series, kind="stable")
    return order, np.searchsorted(series[order], np.arange(count + 1))


def _alone(data: SequenceData, index: int, starts: Ints, splits: list[Ints]) -> SequenceData:
    """Return one of several series with windows at these positions of `data`, and its splits."""
    steps = data.inputs.shape[1]
    length = steps if data.lengths is None else int(data.lengths[index])
    train, val, test = splits
    return replace(
        data,
        inputs=data.inputs[index : index + 1, :length],
        targets=data.targets[index : index + 1, :length],
        times=None if data.times is None else data.times[index : index + 1, :length],
        gaps=None if data.gaps is None else data.gaps[index : index + 1, :length],
        plan=None if data.plan is None else data.plan[index : index + 1],
        set_begins=None if data.set_begins is None else data.set_begins[index : index + 1],
        starts=(starts - index * steps).astype(np.int32),
        train=train,
        val=val,
        test=test,
        calibration=np.empty(0, np.int32),
        lengths=None,
        series=(),
        series_columns=(),
        columns_as_series=False,
    )
