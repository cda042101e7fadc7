"""Predictions of several series for plots and tables, and the metrics of each with those of the best baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rnnstudio.core.baselines import baseline_set, compare_with_baseline, evaluate_baselines, skill
from rnnstudio.core.feedback import runs_free
from rnnstudio.core.known_targets import last_known_targets, with_targets
from rnnstudio.core.predictions import Positions, SeveralSeriesPredictions
from rnnstudio.core.sequence import Ints, SequenceData, flat_steps
from rnnstudio.core.several_series import each_series, windows_of_each
from rnnstudio.engine.plot_predictions import MAX_WINDOWS
from rnnstudio.engine.window_outputs import FREE_RUN_STEPS, MAX_FREE_RUN_STEPS, WindowOutputs

_MIN_WINDOWS = 64  # of each series, however many there are
_MAX_PREDICTED = 4 * MAX_WINDOWS  # windows of all series together, if that leaves each enough
_MAX_FREE_RUN = 20_000  # steps of the free-running forecasts of all series together, likewise


def several_series_predictions(outputs: WindowOutputs) -> SeveralSeriesPredictions:
    """Return the predictions of each series; of very many windows, those around the held-out set's start."""
    data = outputs.data
    length, lengths = data.inputs.shape[1], data.mask().sum(axis=1)
    shown = _shown_windows(data)
    windows = np.concatenate(shown)
    series = data.starts[windows] // length
    at, values = outputs.last_steps(windows)
    beyond = 0 if data.return_sequences else data.target_steps - 1  # steps of a window after its first prediction
    predicted = np.full(flat_steps(data.targets).shape[0], np.nan)
    predicted[at] = outputs.scalers.targets.invert(values, series)[:, 0]
    naive = None
    if runs_free(data):
        naive = np.full(len(predicted), np.nan)
        naive[at] = last_known_targets(data)[at - 1, 0]
    rows = np.concatenate(
        [
            np.arange(data.starts[own[0]], n * length + lengths[n] if is_last else at[series == n].max() + beyond + 1)
            for n, (own, is_last) in enumerate(zip(shown, _reach_ends(data, shown), strict=True))
        ]
    )
    val_begin, test_begin = _split_starts(data)
    free: dict[str, Any] = _free_runs(outputs, val_begin, lengths) if runs_free(data) else {}
    return SeveralSeriesPredictions(
        series=(rows // length).astype(np.int32),
        step=rows % length,
        truth=flat_steps(data.targets)[rows, 0],
        one_step=predicted[rows].astype(data.targets.dtype),
        val_begin=val_begin,
        test_begin=test_begin,
        naive=None if naive is None else naive[rows].astype(data.targets.dtype),
        times=None if data.times is None else data.times.ravel()[rows],
        **free,
    )


def _free_runs(outputs: WindowOutputs, val_begin: Positions, lengths: Positions) -> dict[str, Any]:
    """Return the free-running and the multi-step forecast of each series from the start of its held-out set on.

    Each reaches the end of its series, unless the forecasts of all series together become too long.
    """
    data = outputs.data
    begins = np.maximum(val_begin, data.window_samples)
    longest = min(MAX_FREE_RUN_STEPS, max(FREE_RUN_STEPS, _MAX_FREE_RUN // len(begins)))
    steps = np.minimum(np.maximum(FREE_RUN_STEPS, lengths - begins), longest)
    is_multi_step = data.task == "forecast" and data.target_steps > 1
    values = outputs.free_runs(begins, max(int(steps.max()), data.target_steps if is_multi_step else 0))
    within = (np.arange(values.shape[1]) < steps[:, None]) & ~np.isnan(values)
    series, step = np.nonzero(within)
    forecasts = {"free_series": series.astype(np.int32), "free_at": begins[series] + step, "free": values[within]}
    return forecasts | ({"multi_step": values[:, : data.target_steps]} if is_multi_step else {})


def _shown_windows(data: SequenceData) -> list[Ints]:
    """Return the windows of each series that are predicted, in the order of time."""
    limit = max(_MIN_WINDOWS, _MAX_PREDICTED // len(data.series))
    shown = []
    for train, val, test in zip(*(windows_of_each(data, s) for s in (data.train, data.val, data.test)), strict=True):
        windows = np.concatenate([train, val, test])
        begin = max(0, min(len(train) - limit // 4, len(windows) - limit))
        shown.append(windows[begin : begin + limit])
    return shown


def _reach_ends(data: SequenceData, shown: Sequence[Ints]) -> list[bool]:
    """Return for each series whether its last window is among the windows that are predicted."""
    last = np.zeros(len(shown), np.int64)
    np.maximum.at(last, data.starts // data.inputs.shape[1], data.starts)
    return [int(data.starts[own[-1]]) == end for own, end in zip(shown, last.tolist(), strict=True)]


def _split_starts(data: SequenceData) -> tuple[Any, Any]:
    """Return the first positions of validation and test set in each series, `(N,)`; its length where there is none."""
    if data.set_begins is not None and data.test_context == "reach_back":
        return data.set_begins[:, 0].astype(np.int64), data.set_begins[:, 1].astype(np.int64)
    length, begins = data.inputs.shape[1], []
    following = data.mask().sum(axis=1).astype(np.int64)
    for split in (data.test, data.val):
        begin = following.copy()
        np.minimum.at(begin, data.starts[split] // length, data.starts[split] % length)
        begins.append(begin)
        following = begin
    return begins[1], begins[0]


def metrics_by_series(
    data: SequenceData, evaluated: Sequence[Mapping[str, float]], metrics: Mapping[str, float], baselines: Any
) -> list[dict[str, Any]]:
    """Return a row for each series: its name, windows and metrics on the held-out set, and the best baseline's there.

    The baseline is the one that is best for all series together, so that the rows can be compared.

    Args:
        data: Several series.
        evaluated: What `Evaluator.evaluate_series` returned.
        metrics: Final metrics over all series.
        baselines: The metrics of each baseline over all series.
    """
    comparison = compare_with_baseline(metrics, baselines)
    measure = "rmse" if comparison is None or not data.classes else comparison.measure
    split, windows = baseline_set(data)
    windows = with_targets(data, windows)
    rows = []
    for name, values, (series, own) in zip(data.series, evaluated, each_series(data, windows), strict=True):
        row: dict[str, Any] = {"series": name, **values}
        if comparison is not None and values["windows"]:
            of_series = evaluate_baselines(series, own)
            best = of_series.get(comparison.baseline, of_series.get("last_value", {}))[measure]
            value = values[f"{split}_{measure}"]
            row |= {
                "baseline": comparison.baseline,
                f"baseline_{measure}": best,
                "skill": skill(1 - value, 1 - best) if data.classes else skill(value, best),
            }
        rows.append(row)
    return rows
