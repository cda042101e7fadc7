"""Ridge regression on the windows that the network reads: a linear baseline of a backtest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.sequence import SequenceData, flat_steps

MAX_INPUTS = 3_000  # values of a window: more take minutes
_MAX_WINDOWS = 10_000  # evenly spaced
_LATE = 0.2  # share of the rows, the last ones, that choose the penalty
Matrix = NDArray[np.float64]
_PENALTIES: Matrix = np.array([1e-2, 1e-1, 1.0, 1e1, 1e2, 1e3, 1e4])


@dataclass(frozen=True)
class Ridge:
    """A ridge regression from windows to the values after them.

    Attributes:
        penalty: The penalty of the squared weights that was chosen.
        kernel: `(samples * F + steps * K, steps * D)`, in scaled units, of a window and of the K inputs known ahead.
        bias: `(steps * D,)`, in scaled units.
        inputs: Mean and standard deviation of the inputs of each series, `(2, N, F)`.
        targets: The same of the targets, `(2, N, D)`.
        samples: Samples of a window.
        steps: Steps ahead.
    """

    penalty: float
    kernel: Matrix
    bias: Matrix
    inputs: Matrix
    targets: Matrix
    samples: int
    steps: int

    def forecast(self, data: SequenceData, ends: NDArray[np.int64], series: NDArray[np.int64]) -> Matrix:
        """Return the values after windows, `(n, steps, D)`, in original units.

        Args:
            data: The series.
            ends: Rows before each forecast, `(n,)`.
            series: The series of each, `(n,)`.
        """
        read = _read(data, ends, series, self.samples, self.steps, self.inputs)
        scaled = (read @ self.kernel + self.bias).reshape(len(ends), self.steps, -1)
        mean, deviation = self.targets[:, series]
        forecasts: Matrix = scaled * deviation[:, None] + mean[:, None]
        return forecasts


def fit_ridge(known: SequenceData, steps: int) -> Ridge:
    """Return the ridge regression of all windows in the rows before an origin.

    The penalty is the one with the smallest squared error on the last fifth of the rows, for a regression of the rows
    before them.

    Args:
        known: The rows before an origin, and nothing else.
        steps: Steps ahead.

    >>> from rnnstudio.core.windows import forecast_windows
    >>> ramp = forecast_windows(np.arange(60.0)[:, None], window=3, horizon=1)
    >>> ridge = fit_ridge(ramp, steps=2)
    >>> ridge.forecast(ramp, np.array([30]), np.array([0])).round(1).tolist()
    [[[30.0], [31.0]]]
    """
    count, length = known.inputs.shape[:2]
    lengths = np.full(count, length) if known.lengths is None else known.lengths.astype(np.int64)
    inputs = np.stack([_mean_and_deviation(known.inputs[n, : lengths[n]]) for n in range(count)], axis=1)
    targets = np.stack([_mean_and_deviation(known.targets[n, : lengths[n]]) for n in range(count)], axis=1)
    samples = known.window_samples
    series = np.concatenate([np.full(max(0, lengths[n] - samples - steps + 1), n) for n in range(count)])
    ends = np.concatenate([np.arange(samples, lengths[n] - steps + 1) for n in range(count)])
    rows = ends[:, None] + np.arange(steps)
    truth = flat_steps(known.targets)[series[:, None] * length + rows]  # (n, steps, D)
    mean, deviation = targets[:, series]
    y = ((truth - mean[:, None]) / deviation[:, None]).reshape(len(ends), -1)
    chosen = np.flatnonzero(~np.isnan(y).any(axis=1))
    if len(chosen) > _MAX_WINDOWS:
        chosen = chosen[np.linspace(0, len(chosen) - 1, _MAX_WINDOWS).astype(np.int64)]
    ends, series, y = ends[chosen], series[chosen], y[chosen]
    x = _read(known, ends, series, samples, steps, inputs)
    begins = np.ceil(lengths[series] * (1 - _LATE))
    early, late = ends + steps <= begins, ends >= begins
    penalty = 1.0
    if early.any() and late.any():
        errors = [np.mean((x[late] @ kernel + bias - y[late]) ** 2) for kernel, bias in _solutions(x[early], y[early])]
        penalty = float(_PENALTIES[int(np.argmin(errors))])
    kernel, bias = _solutions(x, y, np.array([penalty]))[0] if len(x) else (np.zeros((x.shape[1], y.shape[1])), 0.0)
    return Ridge(penalty, kernel, np.broadcast_to(bias, y.shape[1:]), inputs, targets, samples, steps)


def _read(
    data: SequenceData, ends: NDArray[np.int64], series: NDArray[np.int64], samples: int, steps: int, scale: Matrix
) -> Matrix:
    """Return the scaled inputs of windows, and what is known of the steps ahead, `(n, samples * F + steps * K)`."""
    first = (series * data.inputs.shape[1] + ends)[:, None]
    mean, deviation = scale[:, series, None]
    inputs, columns = flat_steps(data.inputs), list(data.known_columns)
    past = (inputs[first + np.arange(-samples, 0)] - mean) / deviation
    ahead = (inputs[first + np.arange(steps)][..., columns] - mean[..., columns]) / deviation[..., columns]
    return np.concatenate([past.reshape(len(ends), -1), ahead.reshape(len(ends), -1)], axis=1).astype(np.float64)


def _mean_and_deviation(values: NDArray[np.floating]) -> Matrix:
    """Return mean and standard deviation of the columns of `(T, F)`, as `(2, F)`; missing values do not count."""
    known = ~np.isnan(values)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, values, 0.0).sum(axis=0, dtype=np.float64) / count
    deviation = np.sqrt((np.where(known, values - mean, 0.0) ** 2).sum(axis=0, dtype=np.float64) / count)
    return np.stack([mean, np.where(deviation > 0, deviation, 1.0)])


def _solutions(x: Matrix, y: Matrix, penalties: Matrix = _PENALTIES) -> list[tuple[Matrix, Matrix]]:
    """Return kernel and bias of the ridge regression of `y` by `x` for each penalty."""
    mean_x, mean_y = x.mean(axis=0), y.mean(axis=0)
    centred = x - mean_x
    values, vectors = np.linalg.eigh(centred.T @ centred)
    moments = vectors.T @ (centred.T @ (y - mean_y))
    kernels = [vectors @ (moments / (np.maximum(values, 0.0) + penalty)[:, None]) for penalty in penalties]
    return [(kernel, mean_y - mean_x @ kernel) for kernel in kernels]
