"""The bands of a forecast at each origin, in order of time: each reads the errors that are known before it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.bands import Calibration, band_bounds, band_errors, running_margins
from rnnstudio.core.conformal import RunningMargins
from rnnstudio.core.scaling import Scaler
from rnnstudio.core.sequence import SequenceData
from rnnstudio.engine.held_out import PredictedBlock


class RunningBands:
    """The bands of windows of one or several series, in test sets and backtests.

    Args:
        calibration: Predictions before the first window.
        scaler: Scaler of the targets.
        counts: Number of windows of each series, `(N,)`.
        steps: Steps ahead; those of the calibration when None.
    """

    def __init__(
        self, calibration: Calibration, scaler: Scaler, counts: NDArray[np.int64], steps: int | None = None
    ) -> None:
        self._calibration, self._scaler, self._counts = calibration, scaler, counts
        self._errors = calibration.errors(scaler)[:, :steps]
        self._running: dict[int, RunningMargins] = {}

    @classmethod
    def of_test_set(cls, calibration: Calibration, scaler: Scaler, data: SequenceData) -> RunningBands:
        """Return the bands of the test windows of data."""
        counts = np.bincount(data.starts[data.test] // data.inputs.shape[1], minlength=len(data.inputs))
        return cls(calibration, scaler, counts)

    def of_block(self, data: SequenceData, block: PredictedBlock) -> dict[str, NDArray[Any]]:
        """Return the bands of the windows of a block; see `of_windows`.

        Args:
            data: The data.
            block: The windows that follow those of the call before.
        """
        starts, length = data.starts[block.windows].astype(np.int64), data.inputs.shape[1]
        origins = starts % length + data.window_samples - 1
        return self.of_windows(starts // length, origins, block.truth, block.band_values.astype(np.float64))

    def of_windows(
        self,
        series: NDArray[np.integer[Any]],
        origins: NDArray[np.int64],
        truth: NDArray[Any],
        values: NDArray[np.float64],
    ) -> dict[str, NDArray[Any]]:
        """Return `lower_LEVEL` and `upper_LEVEL` of each level, `(n, S, D)` in original units.

        Args:
            series: Index of the series of each window, `(n,)`, each series in order of time.
            origins: The last row that each reads, `(n,)`, in order within a series.
            truth: True values, `(n, S, D)`.
            values: What was predicted, `(n, S, V, D)`, as in `Calibration`.
        """
        levels = self._calibration.levels
        errors = band_errors(truth, values, self._scaler, series, levels)
        margins = np.empty((*errors.shape[:2], len(levels), errors.shape[3]))
        for n in np.unique(series):
            own = np.flatnonzero(series == n)
            margins[own] = self._of_series(int(n)).of_windows(origins[own], errors[own])
        lower, upper = band_bounds(values, margins, self._scaler, series)
        sides = {"lower": lower, "upper": upper}
        return {f"{side}_{level}": bounds[:, :, i] for i, level in enumerate(levels) for side, bounds in sides.items()}

    def at(self, series: int, origin: int) -> NDArray[np.float64]:
        """Return the margins of a series with the errors that are known at a row, `(S, L, D)`."""
        return self._of_series(series).at(origin)

    def at_end(self) -> NDArray[np.float64]:
        """Return the margins of each series after its last row, `(N, S, L, D)`."""
        return np.stack([self._of_series(n).at_end() for n in range(len(self._counts))])

    def _of_series(self, index: int) -> RunningMargins:
        if index not in self._running:
            count = int(self._counts[index])
            self._running[index] = running_margins(self._calibration, self._errors, index, count)
        return self._running[index]
