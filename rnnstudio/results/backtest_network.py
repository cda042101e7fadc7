"""The network of a backtest: trained on the rows before an origin, or that of a run which read no later ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.automatic import Resolved
from rnnstudio.core.bands import quantile_shares
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import StoppedError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.forecast_reach import check_reach
from rnnstudio.core.known_values import values_from
from rnnstudio.core.origin_data import as_long_as, at_origins, before_origin, layout_of
from rnnstudio.core.rolling_origin import Ends, Origins
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import Ints, SequenceData
from rnnstudio.core.train_command import train_command
from rnnstudio.engine.held_out import HeldOutSet
from rnnstudio.engine.network import Weights
from rnnstudio.engine.predict import Predictor
from rnnstudio.engine.shape import Shape
from rnnstudio.engine.train import train
from rnnstudio.engine.window_outputs import WindowOutputs
from rnnstudio.results.trained_network import TrainedNetwork

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class FittedNetwork:
    """A network with what it needs to predict.

    Attributes:
        experiment: Its settings.
        info: Names and sizes of its data.
        scalers: From original to scaled units and back.
        weights: Its weights by name.
        has_diverged: Whether its loss diverged.
        compiled: The predictor of a network of the same shape, which is no longer used; None to compile one.
    """

    experiment: Experiment
    info: DataInfo
    scalers: Scalers
    weights: Weights
    has_diverged: bool = False
    compiled: Predictor | None = None

    @cached_property
    def network(self) -> TrainedNetwork:
        """The network."""
        shape = Shape.of(self.info, self.experiment.model, quantile_shares(self.experiment.training))
        compiled = self.compiled
        compiled = compiled if compiled is not None and compiled.network.shape == shape else None
        return TrainedNetwork(self.experiment, self.info, self.scalers, self.weights, compiled=compiled)


def fit_network(
    data: SequenceData, experiment: Experiment, ends: Ends, should_stop: Callable[[], bool]
) -> FittedNetwork:
    """Return the network trained on the rows before an origin.

    Args:
        data: The series.
        experiment: The settings, without automatic ones; their validation set is a share of the rows before the origin.
        ends: Rows of each series before the origin, `(N,)`.
        should_stop: Asked before each chunk of updates.

    Raises:
        StoppedError: `should_stop` was true.
        RnnStudioError: The settings do not fit the rows.
    """
    known = before_origin(data, experiment.data, ends)
    of_train = experiment.data.fit_scaler_on == "train"  # else the scaler would read the rows that are added
    trained = as_long_as(known, data) if of_train else known
    result = train(Resolved(experiment, trained), lambda event: None, should_stop, keeps_validation=True)
    if result.history.outcome == "stopped":
        raise StoppedError("The backtest was stopped.")
    has_diverged = result.history.outcome == "diverged"
    return FittedNetwork(experiment, DataInfo.of(known), result.scalers, result.weights, has_diverged)


def network_forecasts(
    fitted: FittedNetwork, data: SequenceData, origins: Origins, chosen: NDArray[np.bool_]
) -> Doubles:
    """Return the forecasts of a network, `(n, steps, V, D)` in original units: the values, or their quantiles.

    Quantiles are those of the network up to its horizon, with the median in the middle.

    Args:
        fitted: The network.
        data: The series.
        origins: The origins.
        chosen: Whether a series is forecast from an origin, `(K, N)`; n of them are true, in the order of NumPy.

    Raises:
        SettingError: The forecast is longer than the network's, and reads inputs that nobody gives.
    """
    layout = layout_of(data, fitted.experiment.data)
    if data.return_sequences or origins.steps > layout.target_steps:
        check_reach(fitted.info, origins.steps, train_command(fitted.experiment, horizon=origins.steps))
        return fed_back_forecasts(fitted.network, data, origins, chosen)[:, :, None]
    windows = at_origins(data, layout, origins.ends, chosen)
    _, values = predicted_windows(fitted, windows, windows.test)
    return values[:, : origins.steps]


def predicted_windows(fitted: FittedNetwork, data: SequenceData, windows: Ints) -> tuple[Doubles, Doubles]:
    """Return true and predicted values of windows of a forecast, `(n, S, D)` and `(n, S, V, D)`, as in `Calibration`.

    Args:
        fitted: The network.
        data: The series with the windows, in original units.
        windows: Indices of windows of one set, `(n,)`.
    """
    outputs = WindowOutputs(data, fitted.scalers, fitted.network.predictor, stateful=False)
    blocks = list(HeldOutSet(outputs, windows).blocks())
    truth, values = (np.concatenate([getattr(block, name) for block in blocks]) for name in ("truth", "band_values"))
    return truth.astype(np.float64), values.astype(np.float64)


def fed_back_forecasts(
    network: TrainedNetwork, data: SequenceData, origins: Origins, chosen: NDArray[np.bool_]
) -> Doubles:
    """Return forecasts beyond the horizon, `(n, steps, D)`: each block is fed back as the end of the next window.

    Args:
        network: The network.
        data: The series.
        origins: The origins.
        chosen: As in `network_forecasts`.
    """
    k, n = np.nonzero(chosen)
    contexts = [data.inputs[series, :end] for series, end in zip(n, origins.ends[k, n], strict=True)]
    series = n.tolist() if data.series else [0] * len(n)
    ends = origins.ends[k, n].tolist()
    known = [values_from(data, s, end, origins.steps) for s, end in zip(n.tolist(), ends, strict=True)]
    return np.asarray(network.forecasts(contexts, origins.steps, series, known if data.known else ()), np.float64)
