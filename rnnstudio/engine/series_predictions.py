"""Predictions for plots of one long series: one step ahead, free-running and several steps ahead."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.feedback import runs_free
from rnnstudio.core.known_targets import last_known_targets
from rnnstudio.core.precision import Floats
from rnnstudio.core.predictions import SeriesPredictions, SeveralSeriesPredictions
from rnnstudio.core.sequence import SequenceData, flat_steps
from rnnstudio.engine.plot_predictions import MAX_WINDOWS
from rnnstudio.engine.window_outputs import MAX_STATEFUL_STEPS, WindowOutputs

_Free = tuple[NDArray[np.int64], Floats]  # positions of a free run, `(n,)`, and its values, `(n, D)`


class _OneStep(NamedTuple):
    """One-step predictions, and the range of the series that is plotted with them.

    Attributes:
        first: First position of the range.
        end: Position after its last one.
        positions: Positions of the predictions, `(n,)`.
        values: The predictions, scaled, `(n, D)`.
    """

    first: int
    end: int
    positions: NDArray[np.int64]
    values: NDArray[np.float32]


def series_predictions(outputs: WindowOutputs) -> SeriesPredictions | SeveralSeriesPredictions:
    """Return the predictions of a series; of several targets those of each."""
    data = outputs.data
    one_step = _stateful_steps(outputs) if outputs.stateful else _stateless_steps(outputs)
    values = outputs.scalers.targets.invert(one_step.values)
    begin = _split_starts(data)[0]
    free = multi_step = None
    if runs_free(data):
        free = outputs.free_run(begin)
        if data.task == "forecast" and data.target_steps > 1:
            multi_step = outputs.free_run(begin, data.target_steps)
    each = [
        _of_target(data, target, one_step, values[:, target], free, multi_step)
        for target in range(data.targets.shape[-1])
    ]
    return each[0] if len(each) == 1 else SeveralSeriesPredictions.of(each)


def _of_target(
    data: SequenceData, target: int, one_step: _OneStep, values: Floats, free: _Free | None, multi_step: _Free | None
) -> SeriesPredictions:
    """Return the predictions of one target, from those of all."""
    series = flat_steps(data.targets)[:, target]
    val_begin, test_begin = _split_starts(data)
    naive = last_known_targets(data)[one_step.positions - 1, target] if runs_free(data) else None
    return SeriesPredictions(
        first=one_step.first,
        truth=series[one_step.first : one_step.end].copy(),
        val_begin=val_begin,
        test_begin=test_begin,
        one_step_at=one_step.positions,
        one_step=values,
        naive=naive,
        free_at=None if free is None else free[0],
        free=None if free is None else free[1][:, target],
        multi_step_at=None if multi_step is None else multi_step[0],
        multi_step=None if multi_step is None else multi_step[1][:, target],
        times=None if data.times is None else data.times.ravel()[one_step.first : one_step.end],
    )


def _stateless_steps(outputs: WindowOutputs) -> _OneStep:
    """Return the one-step prediction of each window; of very many windows, those around the held-out set's start."""
    data = outputs.data
    count = len(data.train) + len(data.val) + len(data.test)
    begin = max(0, min(len(data.train) - MAX_WINDOWS // 4, count - MAX_WINDOWS))
    splits = (data.train[begin:], data.val, data.test)
    windows = np.concatenate([split[:MAX_WINDOWS] for split in splits])[:MAX_WINDOWS]
    positions, values = outputs.last_steps(windows)
    beyond = 0 if data.return_sequences else data.target_steps - 1
    end = data.inputs.shape[1] if windows[-1] == len(data.starts) - 1 else int(positions.max()) + beyond + 1
    return _OneStep(int(data.starts[windows[0]]), end, positions, values)


def _stateful_steps(outputs: WindowOutputs) -> _OneStep:
    """Return the prediction at each step, with one state that passes through the series."""
    data = outputs.data
    steps = len(flat_steps(data.inputs))
    count = steps - data.target_offset
    first, begin = max(0, count - MAX_WINDOWS), max(0, count - MAX_STATEFUL_STEPS)
    values = outputs.of_steps(begin, count)[0]
    return _OneStep(first, steps, np.arange(first, count) + data.target_offset, values[first - begin :])


def _split_starts(data: SequenceData) -> tuple[int, int]:
    """Return the first positions of validation and test set; the series' length where there is none."""
    if data.set_begins is not None and data.test_context == "reach_back":
        return int(data.set_begins[0, 0]), int(data.set_begins[0, 1])
    length = data.inputs.shape[1]
    test = int(data.starts[data.test[0]]) if len(data.test) else length
    return (int(data.starts[data.val[0]]) if len(data.val) else test), test
