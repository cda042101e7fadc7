"""The mean of the predictions of several networks for the held-out set, as a long table, and its metrics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.metrics import RegressionMetrics
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.softmax import softmax
from rnnstudio.core.target_units import units_differ
from rnnstudio.engine.held_out import HeldOutSet, PredictedBlock
from rnnstudio.engine.predict import Predictor
from rnnstudio.engine.window_outputs import WindowOutputs
from rnnstudio.results.contents import RunContents
from rnnstudio.results.ensemble_network import mean_of
from rnnstudio.results.held_out_table import HeldOutTable, data_of_table
from rnnstudio.results.trained_network import TrainedNetwork


class MeanHeldOutSet(HeldOutSet):
    """The held-out set of a run with the mean of the predictions of several networks.

    Args:
        each: Predicts with one of the networks, for the same data.
    """

    def __init__(self, each: Sequence[WindowOutputs]) -> None:
        super().__init__(each[0])
        self._others = [HeldOutSet(outputs) for outputs in each[1:]]

    def blocks(self) -> Iterator[PredictedBlock]:
        """Yield the mean predictions in the order of the windows."""
        for parts in zip(super().blocks(), *(other.blocks() for other in self._others), strict=True):
            outputs = [part.outputs for part in parts]
            mean = _mean_logits(outputs) if self._data.classes else mean_of(outputs)
            each = [part.quantiles for part in parts if part.quantiles is not None]
            yield replace(parts[0], outputs=mean, quantiles=mean_of(each) if each else None)


class EnsembleTable(HeldOutTable):
    """The table of the mean predictions.

    Args:
        run: The run of the ensemble.
        data: Its data.
        predictors: Predict with the weights of each member.
    """

    def __init__(self, run: RunContents, data: SequenceData, predictors: Sequence[Predictor]) -> None:
        super().__init__(run, data, predictors[0])
        stateful = run.experiment.model.stateful
        self._set = MeanHeldOutSet([WindowOutputs(data, run.scalers, p, stateful=stateful) for p in predictors])

    def metrics(self) -> dict[str, float]:
        """Return the errors of values, as those of a run are named, or the accuracy, where the truth is known."""
        if self._data.classes:
            frames = [frame[frame["truth"].notna()] for frame in self.blocks()]
            correct = np.concatenate([(frame["truth"] == frame["prediction"]).to_numpy(bool) for frame in frames])
            return {f"{self.split}_accuracy": float(correct.mean())} if len(correct) else {}
        errors, is_scaled = RegressionMetrics(), units_differ(self._data)
        for block in self._set.blocks():
            truth, predicted = block.truth, block.outputs
            if is_scaled:
                series = self._data.series_of(block.windows)
                truth, predicted = (self._scaler.in_deviations(values, series) for values in (truth, predicted))
            own = slice(None) if block.mask is None else block.mask
            errors.add(predicted[own], truth[own])
        if not errors.count:
            return {}
        values = errors.scaled_result() if is_scaled else errors.result()
        return {f"{self.split}_{name}": value for name, value in values.items()}


def ensemble_table(run: RunContents, data: SequenceData, networks: Sequence[TrainedNetwork]) -> EnsembleTable:
    """Return the table of an ensemble.

    Args:
        run: The run of the ensemble.
        data: Its data, as loaded.
        networks: The networks of its members.

    Raises:
        DataError: The data have other windows than those of the training.
    """
    return EnsembleTable(run, data_of_table(run, data), [network.predictor for network in networks])


def _mean_logits(logits: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Return logits whose probabilities are the mean of those of each."""
    mean = np.mean([softmax(own) for own in logits], axis=0, dtype=np.float64)
    return np.asarray(np.log(np.maximum(mean, np.finfo(np.float64).tiny)), logits[0].dtype)
