"""Trials of linear forecasts on training rows: which window, values or logarithms, with or without the calendar.

A linear model on the same window says in a fraction of a second what a training would say in minutes. Its errors are
those of the last quarter of the training rows, which it was not fitted to.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.missing import fill_past

_MAX_ROWS = 10_000  # the last ones of a longer series
_MAX_SERIES = 20  # of many series, evenly spaced
_TRIED_SHARE = 0.25  # of the rows, at their end
_PENALTIES = 10.0 ** np.arange(-2, 8)
_LEAST_FITTED, _LEAST_TRIED = 8, 3  # windows
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Trial:
    """A linear forecast of the last quarter of the training rows.

    Attributes:
        rows: Rows in the window.
        logarithms: Whether the logarithms of the values are forecast.
        calendar: Whether calendar inputs are read, too.
        error: Root mean squared error in original units, divided by that of repeating the last value.
    """

    rows: int
    logarithms: bool
    calendar: bool
    error: float

    @property
    def inputs(self) -> tuple[bool, bool]:
        """What is read and forecast, apart from the length of the window."""
        return self.logarithms, self.calendar


def linear_trials(
    series: Sequence[NDArray[np.floating]],
    horizon: int,
    rows: Iterable[int],
    calendars: Sequence[NDArray[np.floating]] | None = None,
) -> list[Trial]:
    """Return the trials of windows of some lengths, of values and, where all are above 0, of their logarithms.

    Each is a ridge regression of the changes from the last value of the window, with the penalty that is best on the
    same last quarter. Several series are forecast by one regression, each divided by its standard deviation.

    Args:
        series: The training rows of each series, `(T,)`; NaN where a value is missing.
        horizon: Steps ahead.
        rows: Lengths of windows.
        calendars: The calendar inputs of each series, `(T, K)`; None where there are none.

    Returns:
        The trials with enough windows, in the order of `rows`; none where the last value is never wrong.

    >>> season = np.tile([1.0, 5.0, 2.0, 9.0], 30)
    >>> [(trial.rows, round(trial.error, 2)) for trial in linear_trials([season], 1, [2, 4]) if not trial.logarithms]
    [(2, 0.49), (4, 0.0)]
    """
    spaced = np.unique(np.linspace(0, len(series) - 1, min(len(series), _MAX_SERIES)).astype(int))
    chosen = [np.asarray(series[index][-_MAX_ROWS:], np.float64) for index in spaced]
    positive = all(len(values) and np.nanmin(values) > 0 for values in chosen)
    dates = [np.asarray(calendars[index][-_MAX_ROWS:], np.float64) for index in spaced] if calendars else None
    trials = []
    for length, logarithms, with_dates in itertools.product(rows, (False, True), (False, True)):
        if (logarithms and not positive) or (with_dates and dates is None):
            continue
        parts = [
            _Windows.of(values, length, horizon, dates[i] if dates and with_dates else None, logarithms=logarithms)
            for i, values in enumerate(chosen)
        ]
        error = _relative_error([part for part in parts if part is not None], logarithms=logarithms)
        if error is not None:
            trials.append(Trial(length, logarithms, with_dates, error))
    return trials


@dataclass(frozen=True)
class _Windows:
    """The windows of one series: those that are fitted, and those of the last quarter.

    Attributes:
        inputs: Values of the window minus the last one, then the calendar at the first step ahead and at the last step
            of the window, `(n, inputs)`.
        last: The last value, `(n, 1)`.
        truth: The values after it, `(n, horizon)`.
        tried: Whether the window is one of the last quarter, `(n,)`.
        unit: Standard deviation of the values of the series that are fitted, which errors are divided by.
    """

    inputs: Matrix
    last: Matrix
    truth: Matrix
    tried: NDArray[np.bool_]
    unit: float

    @classmethod
    def of(cls, values: Matrix, rows: int, horizon: int, dates: Matrix | None, *, logarithms: bool) -> _Windows | None:
        """Return the windows of a series; None where it has none."""
        begin = int(len(values) * (1 - _TRIED_SHARE))
        origins = np.arange(rows, len(values) - horizon + 1)
        if not len(origins):
            return None
        unit = float(np.nanstd(values[:begin])) or 1.0
        scaled = np.log(values) if logarithms else values / unit
        filled = fill_past(scaled[:, None]).values[:, 0]
        truth = scaled[origins[:, None] + np.arange(horizon)]
        past, last = filled[origins[:, None] - np.arange(1, rows + 1)], filled[origins - 1][:, None]
        inputs = past - last
        if dates is not None:
            inputs = np.concatenate([inputs, dates[origins], dates[origins - 1]], axis=1)
        fitted, tried = origins + horizon <= begin, origins >= begin
        used = (fitted | tried) & ~np.isnan(truth).any(axis=1) & ~np.isnan(inputs).any(axis=1)
        return cls(inputs[used], last[used], truth[used], tried[used], unit)


def _relative_error(parts: Sequence[_Windows], *, logarithms: bool) -> float | None:
    """Return the error of the best ridge regression, divided by that of the last value; None with too few windows."""
    if not parts:
        return None
    tried = np.concatenate([part.tried for part in parts])
    if tried.sum() < _LEAST_TRIED or (~tried).sum() < _LEAST_FITTED:
        return None
    read, last, truth = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("inputs", "last", "truth")
    )
    unit = np.concatenate([np.full((len(part.tried), 1), part.unit) for part in parts])
    scale = read[~tried].std(axis=0)
    inputs = np.column_stack([read / np.where(scale > 0, scale, 1.0), np.ones(len(read))])
    values, vectors = np.linalg.eigh(inputs[~tried].T @ inputs[~tried])
    moments = vectors.T @ (inputs[~tried].T @ (truth - last)[~tried])

    def error(change: Matrix) -> float:
        forecast, known = last[tried] + change, truth[tried]
        if logarithms:
            forecast, known = np.exp(np.minimum(forecast, known.max() + 5)) / unit[tried], np.exp(known) / unit[tried]
        return float(np.sqrt(np.mean((forecast - known) ** 2)))

    naive = error(np.zeros_like(truth[tried]))
    rotated = inputs[tried] @ vectors
    errors = [error(rotated @ (moments / (values + penalty)[:, None])) for penalty in _PENALTIES]
    return min(errors) / naive if naive > 0 else None
