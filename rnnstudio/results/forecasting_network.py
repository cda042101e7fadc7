"""The forecasts of a trained network after observed values, in original units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.precision import Floats
from rnnstudio.core.scaling import Scalers
from rnnstudio.engine.feedback import Feedback
from rnnstudio.engine.predict import Predictor


class ForecastingNetwork:
    """Forecasts; `TrainedNetwork`, which derives from it, also predicts for new data."""

    _info: DataInfo
    _scalers: Scalers
    _predictor: Predictor
    _stateful: bool

    def forecasts(
        self, contexts: Sequence[Floats], steps: int, series: Sequence[int], known: Sequence[NDArray[Any]] = ()
    ) -> Floats:
        """Return the `steps` values after each context, `(N, steps, D)`; beyond the horizon they are fed back.

        Args:
            contexts: Observed values of N series, `(T, F)` each.
            steps: Number of steps.
            series: Index of each series, whose scaler and learned vector it has; 0 where all have one.
            known: Of each series the values of `info.known` at these steps, `(steps, K)` in original units without
                NaN; none where nothing is known ahead.
        """
        if not self._stateful:  # a window is all that is read
            samples = self._info.window * self._info.frame
            contexts = [context[-samples:] for context in contexts]
        parts: list[Any] = [None] * len(contexts)
        for length in {len(context) for context in contexts}:
            same = [n for n, context in enumerate(contexts) if len(context) == length]
            values = self._forecast(
                np.stack([contexts[n] for n in same]),
                steps,
                np.array([series[n] for n in same]),
                np.stack([known[n] for n in same]) if known else None,
            )
            for n, own in zip(same, values, strict=True):
                parts[n] = own
        return np.stack(parts)

    def forecast_quantiles(
        self, contexts: Sequence[Floats], series: Sequence[int], known: Sequence[NDArray[Any]] = ()
    ) -> Floats:
        """Return the quantiles of the values after each context up to the horizon, `(N, S, Q, D)`; see `forecasts`."""
        info, scalers, index = self._info, self._scalers, np.array(series)
        x = np.stack([context[-info.window * info.frame :] for context in contexts])
        scaled = scalers.inputs.apply(x, index).reshape(len(x), info.window, -1)
        ahead = None
        if known:
            columns = [info.features.index(name) for name in info.known]
            scaled_known = scalers.inputs.of_columns(columns).apply(np.stack(known), index)
            absent = self._predictor.network.shape.steps_ahead - scaled_known.shape[1]
            ahead = np.pad(scaled_known, ((0, 0), (0, max(0, absent)), (0, 0)))  # of steps that are not read
        quantiles = self._predictor.quantiles(scaled, ahead, index)
        values = quantiles.reshape(*quantiles.shape[:2], -1, len(info.target_names)).swapaxes(1, 2)
        return scalers.targets.invert(values, index)

    def _forecast(self, context: Floats, steps: int, series: NDArray[Any], known: NDArray[Any] | None) -> Floats:
        """Return the forecasts after contexts of one length, `(N, T, F)`."""
        info, scalers, ahead = self._info, self._scalers, None
        if known is not None:
            columns = [info.features.index(name) for name in info.known]
            ahead = scalers.inputs.of_columns(columns).apply(known, series)
        scaled = self._predictor.free_run(
            scalers.inputs.apply(context, series),
            steps,
            Feedback.of(info, scalers).of_series(series),
            window=info.window,
            stateful=self._stateful,
            known=ahead,
            series=series,
        )
        return scalers.targets.invert(scaled, series)
