"""Which predicted sequences a page shows, and what all of them have in common."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.events import Floats
from rnnstudio.core.predictions import ClassPredictions, ValuePredictions
from rnnstudio.core.times import resolution_of
from rnnstudio.gui.charts.feature_groups import feature_groups, is_image
from rnnstudio.gui.charts.sequence_card import ClassifiedSequence, RegressedSequence, SequenceInfo, ShownSequence
from rnnstudio.gui.charts.signals import Range


def select_sequences(
    predictions: ClassPredictions, cell: tuple[int, int] | None, *, misclassified_only: bool
) -> NDArray[np.int64]:
    """Return which of the kept sequences to show: one of each true class first, then a second of each, and so on.

    Args:
        predictions: The predictions.
        cell: Only sequences with this true and predicted class; None for all.
        misclassified_only: Whether correctly classified sequences are left out.

    Returns:
        Indices into `predictions.shown`, `(n,)`.
    """
    truth, predicted = predictions.truth[predictions.shown], predictions.predicted[predictions.shown]
    mask = np.ones(len(truth), bool)
    if cell is not None:
        mask = (truth == cell[0]) & (predicted == cell[1])
    elif misclassified_only:
        mask = truth != predicted
    indices = np.flatnonzero(mask)
    rank = np.zeros(len(indices), np.int64)  # among the sequences of the same class
    for true_class in np.unique(truth[indices]):
        of_class = truth[indices] == true_class
        rank[of_class] = np.arange(int(of_class.sum()))
    return indices[np.lexsort((truth[indices], rank))]


def select_values(predictions: ValuePredictions, *, errors_first: bool) -> NDArray[np.int64]:
    """Return the kept sequences in their order, or those with the largest errors first, as for `select_sequences`."""
    errors = np.abs(predictions.predicted.astype(np.float64) - predictions.truth)[predictions.shown]
    return np.argsort(-errors, kind="stable") if errors_first else np.arange(len(errors))


def sequence_with_inputs(predictions: ClassPredictions | ValuePredictions, shown_index: int) -> ShownSequence:
    """Return one of the sequences whose inputs a run has saved.

    Args:
        predictions: The predictions.
        shown_index: Index into `predictions.shown`.
    """
    index, length = int(predictions.shown[shown_index]), int(predictions.lengths[shown_index])
    signals = predictions.inputs[shown_index, :length]
    times = None if predictions.times is None else predictions.times[shown_index, :length]
    truth, predicted = predictions.truth[index], predictions.predicted[index]
    if isinstance(predictions, ValuePredictions):
        return RegressedSequence(int(predictions.sequence[index]) - 1, float(truth), float(predicted), signals, times)
    return ClassifiedSequence(index, int(truth), int(predicted), predictions.probabilities[index], signals, times)


def sequence_info(info: DataInfo, predictions: ClassPredictions | ValuePredictions) -> SequenceInfo:
    """Return what all sequences of a run have in common.

    Args:
        info: Names and units of the data.
        predictions: The predictions with the inputs that the run has saved.
    """
    inputs, lengths = predictions.inputs, predictions.lengths
    units = info.feature_units or ("",) * len(info.features)
    features = tuple(f"{name} ({unit})" if unit else name for name, unit in zip(info.features, units, strict=True))
    steps = inputs[np.arange(inputs.shape[1]) < lengths[:, None]]  # without padding, (total steps, features)
    ranges = np.stack([steps.min(axis=0), steps.max(axis=0)], axis=1) if len(steps) else None
    groups = () if is_image(inputs.shape[-1]) else tuple(feature_groups(features, ranges))
    values = [steps[:, group.features] for group in groups] or [steps]
    return SequenceInfo(
        info.classes,
        features,
        groups,
        tuple(_range(array) for array in values),
        int(lengths.max(initial=1)),
        info.step_name,
        info.rate,
        "day" if predictions.times is None else resolution_of(predictions.times, info.frequency),
        "" if info.classes else info.unit,
    )


def _range(values: Floats) -> Range:
    if not values.size:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)
