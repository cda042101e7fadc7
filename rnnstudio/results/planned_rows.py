"""Rows of new data in which only what is known ahead is known: the plan for the steps after the last observed row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.known_values import following_values
from rnnstudio.core.missing import count_of
from rnnstudio.core.precision import Floats
from rnnstudio.core.predictions import Times
from rnnstudio.core.times import NO_TIME
from rnnstudio.core.wording import enumeration

Matrix = NDArray[np.float64]


def split_plan(
    values: Floats, info: DataInfo, times: Times | None = None, end: int | None = None
) -> tuple[Floats, Matrix | None]:
    """Return the observed rows, and what is known of the steps after them, `(P, K)`, at least the horizon of the run.

    A row is observed where an input has a value that is not known ahead. Where all are known ahead, as many rows at the
    end as are predicted at once are the plan.

    Args:
        values: Inputs of a series, `(T, F)` in original units; NaN is missing.
        info: The description of the run's data.
        times: Times of the rows, `(T,)`; None where unknown.
        end: Number of observed rows, where it is found in another way.

    Returns:
        The rows, and the plan: NaN where something is not known; None where nothing is known ahead.
    """
    if not info.known:
        return values[:end], None
    horizon = info.outputs // len(info.target_names)
    columns = [info.features.index(name) for name in info.known]
    others = [j for j in range(len(info.input_names)) if j not in columns]
    observed = np.flatnonzero(~np.isnan(values[:, others]).all(axis=1)) if others else np.arange(len(values) - horizon)
    if end is None:
        end = int(observed[-1]) + 1 if len(observed) else 0
    rows = np.asarray(values[end:, columns], np.float64)
    last = NO_TIME if times is None or not end else times[end - 1]
    return values[:end], following_values(info, rows, last, max(len(rows), horizon))


def plan_note(plan: Matrix | None, info: DataInfo, name: str) -> list[str]:
    """Return a sentence where something known ahead is not known for all steps that are predicted; else none.

    Args:
        plan: The plan after the observed rows, as `split_plan` returns it.
        info: The description of the run's data.
        name: What messages call the data.
    """
    if plan is None:
        return []
    horizon = info.outputs // len(info.target_names)
    unknown = np.isnan(plan[:horizon])
    if not unknown.any():
        return []
    names = [repr(info.known[j]) for j in np.flatnonzero(unknown.any(axis=0))]
    known = int(unknown.any(axis=1).argmax())
    return [
        f"{name} has {enumeration(names, most=5)} for {known:,} of the {count_of(horizon, 'step')} after its last "
        "observed row: predictions of the steps that lack them are missing (NaN). Add rows with what is known ahead."
    ]


def known_of_windows(known: NDArray[np.float32], samples: int, horizon: int) -> NDArray[np.float32]:
    """Return what is known of the steps after each window of series, `(N * windows, horizon, K)`.

    Args:
        known: Of each series, with the steps after it, `(N, T + horizon, K)`.
        samples: Samples of a window.
        horizon: Steps that are predicted.
    """
    views = np.lib.stride_tricks.sliding_window_view(known[:, samples:], horizon, axis=1)
    return np.ascontiguousarray(views.swapaxes(2, 3).reshape(-1, horizon, known.shape[2]))


def without_unknown(outputs: NDArray[np.float32], ahead: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return outputs with NaN at the steps for which something that is known ahead is not known.

    Args:
        outputs: `(n, outputs)`, in the order of the steps.
        ahead: What is known of the steps, `(n, steps, K)`; NaN elsewhere.
    """
    each = outputs.reshape(len(outputs), ahead.shape[1], -1)
    unknown = np.isnan(ahead).any(axis=2, keepdims=True)
    return np.where(unknown, np.float32(np.nan), each).reshape(outputs.shape)
