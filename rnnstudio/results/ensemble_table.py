"""The mean of the predictions of several networks for the held-out set, as a long table, and its metrics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.softmax import softmax
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


def ensemble_metrics(table: EnsembleTable) -> dict[str, float]:
    """Return RMSE and MAE in original units, or the accuracy, of all predictions whose truth is known.

    Args:
        table: The predictions.
    """
    count, squared, absolute, correct = 0, 0.0, 0.0, 0
    is_of_classes = table.baseline == ""
    for frame in table.blocks():
        known = frame[frame["truth"].notna()]
        count += len(known)
        if is_of_classes:
            correct += int((known["truth"] == known["prediction"]).sum())
            continue
        errors = known["prediction"].to_numpy(np.float64) - known["truth"].to_numpy(np.float64)
        squared, absolute = squared + float(np.square(errors).sum()), absolute + float(np.abs(errors).sum())
    if not count:
        return {}
    if is_of_classes:
        return {f"{table.split}_accuracy": correct / count}
    return {f"{table.split}_rmse": float(np.sqrt(squared / count)), f"{table.split}_mae": absolute / count}


def _mean_logits(logits: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Return logits whose probabilities are the mean of those of each."""
    mean = np.mean([softmax(own) for own in logits], axis=0, dtype=np.float64)
    return np.asarray(np.log(np.maximum(mean, np.finfo(np.float64).tiny)), logits[0].dtype)
