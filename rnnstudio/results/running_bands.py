"""The bands of a forecast at each origin of the test set, in order of time: each reads the errors known before it."""

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
    """The bands of the windows of a test set.

    Args:
        calibration: Predictions before the test set.
        data: The data.
        scaler: Scaler of the targets.
    """

    def __init__(self, calibration: Calibration, data: SequenceData, scaler: Scaler) -> None:
        self._calibration, self._data, self._scaler = calibration, data, scaler
        self._errors = calibration.errors(scaler)
        self._length = data.inputs.shape[1]
        self._counts = np.bincount(data.starts[data.test] // self._length, minlength=len(data.inputs))
        self._running: dict[int, RunningMargins] = {}

    def of_block(self, block: PredictedBlock) -> dict[str, NDArray[Any]]:
        """Return `lower_LEVEL` and `upper_LEVEL` of each level, `(n, S, D)` in original units.

        Args:
            block: The windows that follow those of the call before.
        """
        starts = self._data.starts[block.windows].astype(np.int64)
        series, levels = starts // self._length, self._calibration.levels
        origins = starts % self._length + self._data.window_samples - 1
        values = block.band_values.astype(np.float64)
        errors = band_errors(block.truth, values, self._scaler, series, levels)
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
        return np.stack([self._of_series(n).at_end() for n in range(len(self._data.inputs))])

    def _of_series(self, index: int) -> RunningMargins:
        if index not in self._running:
            count = int(self._counts[index])
            self._running[index] = running_margins(self._calibration, self._errors, index, count)
        return self._running[index]
