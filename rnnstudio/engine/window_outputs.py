"""The outputs of a network for the windows of one data set."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.precision import Floats
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import Ints, SequenceData, flat_steps
from rnnstudio.engine.predict import Predictor, observed_features

FREE_RUN_STEPS = 20  # length of a free run where there is no test set to compare it with
_MAX_FREE_RUN_STEPS = 1000
MAX_STATEFUL_STEPS = 100_000  # steps before a prediction through which a stateful network is run


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

    def of_windows(self, windows: Ints) -> NDArray[np.float32]:
        """Return scaled outputs, `(n, outputs)` or `(n, steps, outputs)`, each window starting from a zero state.

        Args:
            windows: Indices of the windows, `(n,)`.
        """
        samples = self.data.window_inputs(windows)
        each = samples.reshape(len(samples), self.data.window_samples, -1)
        scaled = self._scale(each, self.data.series_of(windows)).reshape(samples.shape)
        return self._predictor.outputs(scaled, self.data.window_lengths(windows))

    def of_steps(self, begin: int, end: int) -> NDArray[np.float32]:
        """Return scaled outputs of the steps `begin` to `end` of the series, `(1, n, outputs)`, from one zero state."""
        return self._predictor.run(self._scale(flat_steps(self.data.inputs)[None, begin:end]))[0]

    def free_run(self, begin: int, steps: int | None = None) -> tuple[NDArray[np.int64], Floats]:
        """Return positions and values, `(n,)` each, of a free-running forecast, in original units.

        Args:
            begin: Position of the first predicted value; moved to the end of the first window if it is before that.
            steps: Number of values; up to the end of the series when None.
        """
        data = self.data
        series = flat_steps(data.inputs)
        begin = max(begin, data.window_samples)
        count = steps or min(max(FREE_RUN_STEPS, len(series) - begin), _MAX_FREE_RUN_STEPS)
        context = series[max(0, begin - (MAX_STATEFUL_STEPS if self.stateful else data.window_samples)) : begin]
        values = self._predictor.free_run(
            self._scale(context),
            count,
            window=data.window,
            stateful=self.stateful,
            further=observed_features(self.scalers.inputs, len(data.masked_features)),
        )
        return begin + np.arange(count), self.scalers.targets.invert(values)[:, 0]

    def _scale(self, samples: Floats, series: Ints | None = None) -> NDArray[np.float32]:
        return self.scalers.inputs.apply(samples, series)
