"""The outputs of a network for the windows of one data set."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.known_values import known_steps, values_from
from rnnstudio.core.precision import Floats
from rnnstudio.core.row_windows import windows_read
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import Ints, SequenceData, flat_steps
from rnnstudio.engine.feedback import Feedback
from rnnstudio.engine.predict import Predictor
from rnnstudio.engine.recursive import recursive_outputs

FREE_RUN_STEPS = 20  # length of a free run where there is no test set to compare it with
MAX_FREE_RUN_STEPS = 1000
MAX_STATEFUL_STEPS = 100_000  # steps before a prediction through which a stateful network is run


def evenly_spaced(windows: Ints, most: int) -> Ints:
    """Return the windows, of more than `most` evenly spaced ones."""
    if len(windows) <= most:
        return windows
    return windows[np.linspace(0, len(windows) - 1, most).astype(np.int64)]


def scaled_windows(data: SequenceData, scalers: Scalers, windows: Ints) -> NDArray[np.float32]:
    """Return the scaled inputs of these windows, `(n, steps, frame * F)`."""
    samples = data.window_inputs(windows)
    each = samples.reshape(len(samples), data.window_samples, -1)
    return scalers.inputs.apply(each, data.series_of(windows)).reshape(samples.shape)


def scaled_known(data: SequenceData, scalers: Scalers, windows: Ints) -> NDArray[np.float32] | None:
    """Return the scaled inputs known ahead at the steps that windows predict, `(n, steps ahead, K)`; None without."""
    if not data.known:
        return None
    return scalers.inputs.of_columns(data.known_columns).apply(data.window_known(windows), data.series_of(windows))


class WindowOutputs:
    """Predicts for windows of a data set.

    Args:
        data: In original units.
        scalers: Scalers of the data.
        predictor: Predicts with the network.
        stateful: Whether the state passes from window to window.
    """

    def __init__(self, data: SequenceData, scalers: Scalers, predictor: Predictor, *, stateful: bool) -> None:
        self.data, self.scalers, self.stateful = data, scalers, stateful
        self._predictor = predictor

    @property
    def is_recursive(self) -> bool:
        """Whether the network predicts one step of a forecast of several, and its predictions are fed back."""
        return self.data.task == "forecast" and self._predictor.network.shape.outputs < self.data.outputs

    def of_windows(self, windows: Ints) -> NDArray[np.float32]:
        """Return scaled outputs, `(n, outputs)` or `(n, steps, outputs)`, each window starting from a zero state.

        Of the steps those whose targets count, `data.counted_targets(windows)`.

        Args:
            windows: Indices of windows of one set, `(n,)`.
        """
        if self.data.return_sequences and self.data.counted_targets(windows) < self.data.target_steps:
            return self._of_rows(windows)
        scaled = scaled_windows(self.data, self.scalers, windows)
        ahead = scaled_known(self.data, self.scalers, windows)
        series = self.data.series_of(windows)
        if self.is_recursive:
            feedback, steps = Feedback.of(self.data, self.scalers).of_series(series), self.data.target_steps
            return recursive_outputs(self._predictor, scaled, self.data.window_samples, steps, feedback, ahead, series)
        return self._predictor.outputs(scaled, self.data.window_lengths(windows), ahead, series)

    @property
    def shares(self) -> tuple[float, ...]:
        """The probability of each quantile that the network predicts, the median in the middle; none without them."""
        return self._predictor.network.shape.quantiles

    def with_quantiles(self, windows: Ints) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """Return what `of_windows` returns, and the quantiles, `(n, quantiles, outputs)`; None without them."""
        if not self.shares:
            return self.of_windows(windows), None
        quantiles = self.quantiles(windows)
        return quantiles[:, len(self.shares) // 2], quantiles

    def quantiles(self, windows: Ints) -> NDArray[np.float32]:
        """Return the scaled quantiles of a forecast, `(n, quantiles, outputs)`.

        Args:
            windows: Indices of windows of one set, `(n,)`.
        """
        ahead = scaled_known(self.data, self.scalers, windows)
        scaled = scaled_windows(self.data, self.scalers, windows)
        return self._predictor.quantiles(scaled, ahead, self.data.series_of(windows))

    def _of_rows(self, windows: Ints) -> NDArray[np.float32]:
        """Return the outputs for the last target of each window, `(n, 1, outputs)`, as `predict` computes them."""
        data, network, series = self.data, self._predictor.network, self.data.series_of(windows)
        starts, steps = windows_read(data, windows, bidirectional=network.settings.bidirectional)
        samples = flat_steps(data.inputs)[starts[:, None] + np.arange(data.window)]
        outputs = self._predictor.outputs(self._scale(samples, series), series=series)
        return outputs[np.arange(len(steps)), steps][:, None]

    def last_steps(self, windows: Ints) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return positions, `(n,)`, and scaled values, `(n, D)`, of the predictions one step ahead of whole windows.

        Args:
            windows: Indices of windows of any set, `(n,)`.
        """
        data = self.data
        at = np.empty(len(windows), np.int64)
        values = np.empty((len(windows), data.targets.shape[-1]), np.float32)
        held_out = np.zeros(len(windows), bool) if data.test_context == "inside" else windows >= len(data.train)
        step = -1 if data.return_sequences else 0
        for entries in (np.flatnonzero(~held_out), np.flatnonzero(held_out)):
            if len(entries):
                positions = data.target_positions(windows[entries])
                outputs = self.of_windows(windows[entries]).reshape(*positions.shape, -1)
                at[entries], values[entries] = positions[:, step], outputs[:, step]
        return at, values

    def of_steps(self, begin: int, end: int) -> NDArray[np.float32]:
        """Return scaled outputs of the steps `begin` to `end` of the series, `(1, n, outputs)`, from one zero state."""
        return self._predictor.run(self._scale(flat_steps(self.data.inputs)[None, begin:end]))[0]

    def of_set(self, windows: Ints) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return positions of targets, `(n,)`, and scaled outputs, `(n, outputs)`, of a set of a stateful network.

        One state passes through the set, which is zero at its start. With `test_context` reach_back it is zero at the
        start of the series, through which it passes into the set, as in `predict` for the whole series.

        Args:
            windows: Indices of all windows of the set.
        """
        positions = self.set_positions(windows)
        begin, end = (int(positions[i]) - self.data.target_offset for i in (0, -1))
        first = 0 if self.data.test_context == "reach_back" else begin
        return positions, self.of_steps(first, end + 1)[0][begin - first :]

    def set_positions(self, windows: Ints) -> NDArray[np.int64]:
        """Return the positions of the targets of `of_set`, `(n,)`, without computing anything."""
        targets = self.data.target_positions(windows[[0, -1]])
        return np.arange(targets[0, 0], targets[-1, -1] + 1)

    def free_run(self, begin: int, steps: int | None = None) -> tuple[NDArray[np.int64], Floats]:
        """Return positions, `(n,)`, and values, `(n, D)`, of a free-running forecast, in original units.

        Where inputs are known ahead, it ends with what is known of them.

        Args:
            begin: Position of the first predicted value; moved to the end of the first window if it is before that.
            steps: Number of values; up to the end of the series when None.
        """
        data = self.data
        series = flat_steps(data.inputs)
        begin = max(begin, data.window_samples)
        count = steps or min(max(FREE_RUN_STEPS, len(series) - begin), MAX_FREE_RUN_STEPS)
        count = known_steps(data, 0, begin, count)
        context = series[max(0, begin - (MAX_STATEFUL_STEPS if self.stateful else data.window_samples)) : begin]
        values = self._free_runs(context[None], count, None, np.array([begin]))
        return begin + np.arange(count), values[0]

    def free_runs(self, begins: NDArray[np.int64], steps: int) -> Floats:
        """Return a free-running forecast of each of several series, `(N, steps, D)`, in original units.

        NaN where an input that is known ahead is not known.

        Args:
            begins: Position of the first predicted value in each series, `(N,)`, at least the samples of a window.
            steps: Number of values.
        """
        data = self.data
        rows = np.arange(len(begins))
        samples = begins[:, None] + np.arange(-data.window_samples, 0)
        values = self._free_runs(data.inputs[rows[:, None], samples], steps, rows, begins)
        for row, begin in enumerate(begins):
            values[row, known_steps(data, row, int(begin), steps) :] = np.nan
        return values

    def _free_runs(
        self, contexts: Floats, steps: int, series: NDArray[np.intp] | None, begins: NDArray[np.int64]
    ) -> Floats:
        """Return the free-running forecasts, `(N, steps, D)`, after observed values, `(N, T, F)`."""
        data, known = self.data, None
        if data.known:
            values = np.stack([values_from(data, n, int(begin), steps) for n, begin in enumerate(begins)])
            known = np.nan_to_num(self.scalers.inputs.of_columns(data.known_columns).apply(values, series))
        predicted = self._predictor.free_run(
            self._scale(contexts, series),
            steps,
            Feedback.of(data, self.scalers),
            window=data.window,
            stateful=self.stateful,
            known=known,
            series=series,
        )
        return self.scalers.targets.invert(predicted, series)

    def _scale(self, samples: Floats, series: NDArray[Any] | None = None) -> NDArray[np.float32]:
        return self.scalers.inputs.apply(samples, series)
