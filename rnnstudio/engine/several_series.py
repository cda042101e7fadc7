"""Predictions of several series for plots and tables, and the metrics of each with those of the best baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnstudio.core.baselines import baseline_set, compare_with_baseline, evaluate_baselines, skill
from rnnstudio.core.feedback import runs_free
from rnnstudio.core.known_targets import last_known_targets, with_targets
from rnnstudio.core.precision import Floats
from rnnstudio.core.predictions import Positions, SeveralSeriesPredictions
from rnnstudio.core.scaling import Scaler
from rnnstudio.core.sequence import Ints, SequenceData, flat_steps
from rnnstudio.core.several_series import each_series, windows_of_each
from rnnstudio.core.target_units import units_differ
from rnnstudio.engine.plot_predictions import MAX_WINDOWS
from rnnstudio.engine.window_outputs import FREE_RUN_STEPS, MAX_FREE_RUN_STEPS, WindowOutputs

_MIN_WINDOWS = 64  # of each series, however many there are
_MAX_PREDICTED = 4 * MAX_WINDOWS  # windows of all series together, if that leaves each enough
_MAX_FREE_RUN = 20_000  # steps of the free-running forecasts of all series together, likewise


def several_series_predictions(outputs: WindowOutputs) -> SeveralSeriesPredictions:
    """Return the predictions of each series, of several targets of each target of each series.

    Of very many windows, those around the held-out set's start.
    """
    data = outputs.data
    length, lengths = data.inputs.shape[1], data.mask().sum(axis=1)
    shown = _shown_windows(data)
    windows = np.concatenate(shown)
    series = data.starts[windows] // length
    at, values = outputs.last_steps(windows)
    values = outputs.scalers.targets.invert(values, series)
    beyond = 0 if data.return_sequences else data.target_steps - 1  # steps of a window after its first prediction
    rows = np.concatenate(
        [
            np.arange(data.starts[own[0]], n * length + lengths[n] if is_last else at[series == n].max() + beyond + 1)
            for n, (own, is_last) in enumerate(zip(shown, _reach_ends(data, shown), strict=True))
        ]
    )
    val_begin, test_begin = _split_starts(data)
    free = _free_runs(outputs, val_begin, lengths) if runs_free(data) else None
    known = last_known_targets(data) if runs_free(data) else None
    each = []
    for target in range(data.targets.shape[-1]):
        predicted, naive = np.full(flat_steps(data.targets).shape[0], np.nan), None
        predicted[at] = values[:, target]
        if known is not None:
            naive = np.full(len(predicted), np.nan)
            naive[at] = known[at - 1, target]
        each.append(
            SeveralSeriesPredictions(
                series=(rows // length).astype(np.int32),
                step=rows % length,
                truth=flat_steps(data.targets)[rows, target],
                one_step=predicted[rows].astype(data.targets.dtype),
                val_begin=val_begin,
                test_begin=test_begin,
                naive=None if naive is None else naive[rows].astype(data.targets.dtype),
                times=None if data.times is None else data.times.ravel()[rows],
                **({} if free is None else free.of_target(target)),
            )
        )
    if len(each) == 1:
        return each[0]
    return SeveralSeriesPredictions.of([own.one(n) for n in range(len(data.series)) for own in each])


@dataclass(frozen=True)
class _FreeRuns:
    """Free-running forecasts of N series.

    Attributes:
        series: Index of the series of each value, `(k,)`.
        at: Their positions, `(k,)`.
        values: The forecasts, `(k, D)`.
        multi_step: The first multi-step forecasts, `(N, horizon, D)`; None with horizon 1.
    """

    series: Ints
    at: Positions
    values: Floats
    multi_step: Floats | None

    def of_target(self, target: int) -> dict[str, Any]:
        """Return the fields of `SeveralSeriesPredictions` for one target."""
        first = {} if self.multi_step is None else {"multi_step": self.multi_step[..., target]}
        return {"free_series": self.series, "free_at": self.at, "free": self.values[:, target], **first}


def _free_runs(outputs: WindowOutputs, val_begin: Positions, lengths: Positions) -> _FreeRuns:
    """Return the free-running and the multi-step forecast of each series from the start of its held-out set on.

    Each reaches the end of its series, unless the forecasts of all series together become too long.
    """
    data = outputs.data
    begins = np.maximum(val_begin, data.window_samples)
    longest = min(MAX_FREE_RUN_STEPS, max(FREE_RUN_STEPS, _MAX_FREE_RUN // len(begins)))
    steps = np.minimum(np.maximum(FREE_RUN_STEPS, lengths - begins), longest)
    is_multi_step = data.task == "forecast" and data.target_steps > 1
    values = outputs.free_runs(begins, max(int(steps.max()), data.target_steps if is_multi_step else 0))
    within = (np.arange(values.shape[1]) < steps[:, None]) & ~np.isnan(values[..., 0])
    series, step = np.nonzero(within)
    multi_step = values[:, : data.target_steps] if is_multi_step else None
    return _FreeRuns(series.astype(np.int32), begins[series] + step, values[within], multi_step)


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
    data: SequenceData,
    evaluated: Sequence[Mapping[str, float]],
    metrics: Mapping[str, float],
    baselines: Any,
    scaler: Scaler,
) -> list[dict[str, Any]]:
    """Return a row for each series: its name, windows and metrics on the held-out set, and the best baseline's there.

    The baseline is the one that is best for all series together, so that the rows can be compared.

    Args:
        data: Several series.
        evaluated: What `Evaluator.evaluate_series` returned.
        metrics: Final metrics over all series.
        baselines: The metrics of each baseline over all series.
        scaler: That of the targets.
    """
    comparison = compare_with_baseline(metrics, baselines)
    is_scaled = units_differ(data, of_one_series=True)
    measure = "scaled_mse" if is_scaled else "accuracy" if data.classes else "rmse"
    split, windows = baseline_set(data)
    windows = with_targets(data, windows)
    rows = []
    each = zip(data.series, evaluated, each_series(data, windows), strict=True)
    for n, (name, values, (series, own)) in enumerate(each):
        row: dict[str, Any] = {"series": name, **values}
        if comparison is not None and values["windows"]:
            of_series = evaluate_baselines(series, own, scaler.of_series(n) if is_scaled else None)
            best = of_series.get(comparison.baseline, of_series.get("last_value", {}))[measure]
            value = values[f"{split}_{measure}"]
            row |= {
                "baseline": comparison.baseline,
                f"baseline_{measure}": best,
                "skill": skill(1 - value, 1 - best) if data.classes else skill(value, best, squared=is_scaled),
            }
        rows.append(row)
    return rows
