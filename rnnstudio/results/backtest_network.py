"""The network of a backtest: trained on the rows before an origin, or that of a run which read no later ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.automatic import Resolved
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import StoppedError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.forecast_reach import check_reach
from rnnstudio.core.known_values import values_from
from rnnstudio.core.origin_data import at_origins, before_origin, layout_of
from rnnstudio.core.rolling_origin import Ends, Origins
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.train_command import train_command
from rnnstudio.engine.held_out import HeldOutSet
from rnnstudio.engine.network import Weights
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
    """

    experiment: Experiment
    info: DataInfo
    scalers: Scalers
    weights: Weights

    @cached_property
    def network(self) -> TrainedNetwork:
        """The network."""
        return TrainedNetwork(self.experiment, self.info, self.scalers, self.weights)


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
    result = train(Resolved(experiment, known), lambda event: None, should_stop)
    if result.history.outcome == "stopped":
        raise StoppedError("The backtest was stopped.")
    return FittedNetwork(result.experiment, DataInfo.of(known), result.scalers, result.weights)


def network_forecasts(
    fitted: FittedNetwork, data: SequenceData, origins: Origins, chosen: NDArray[np.bool_]
) -> dict[str, Doubles]:
    """Return the forecasts of a network by column of the long table, `(n, steps, D)` each, in original units.

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
        return {"network": _fed_back(fitted, data, origins, chosen)}
    windows = at_origins(data, layout, origins.ends, chosen)
    outputs = WindowOutputs(windows, fitted.scalers, fitted.network.predictor, stateful=False)
    blocks = list(HeldOutSet(outputs).blocks())
    values = np.concatenate([block.outputs for block in blocks])
    return {"network": np.asarray(values[:, : origins.steps], np.float64)}


def _fed_back(fitted: FittedNetwork, data: SequenceData, origins: Origins, chosen: NDArray[np.bool_]) -> Doubles:
    """Return forecasts beyond the horizon: each predicted block is fed back as the end of the next window."""
    check_reach(fitted.info, origins.steps, train_command(fitted.experiment, horizon=origins.steps))
    k, n = np.nonzero(chosen)
    contexts = [data.inputs[series, :end] for series, end in zip(n, origins.ends[k, n], strict=True)]
    series = n.tolist() if data.series else [0] * len(n)
    ends = origins.ends[k, n].tolist()
    known = [values_from(data, s, end, origins.steps) for s, end in zip(n.tolist(), ends, strict=True)]
    return np.asarray(
        fitted.network.forecasts(contexts, origins.steps, series, known if data.known else ()), np.float64
    )
