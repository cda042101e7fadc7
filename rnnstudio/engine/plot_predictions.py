"""Predictions for plots: of a training batch, of classes of sequences, and of separate sequences of values."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.baselines import training_mean
from rnnstudio.core.decision import Decision, predicted_classes
from rnnstudio.core.precision import Floats
from rnnstudio.core.predictions import ClassPredictions, LabelPredictions, SequencePredictions, ValuePredictions
from rnnstudio.core.scaling import Scaler
from rnnstudio.core.sequence import Ints, SequenceData, flat_steps
from rnnstudio.core.softmax import softmax
from rnnstudio.engine.window_outputs import WindowOutputs

MAX_WINDOWS = 4096  # predictions in a plot; more would not be visible
_VALUE_GROUPS = 8  # parts of the range of values from which as many sequences each are shown
_MAX_ROWS = 5  # sequences in a plot, as in the publication of the echo
_MAX_SHOWN, _MAX_VALUES = 256, 1 << 20  # sequences whose inputs go with class predictions, and values in all of them


def batch_predictions(
    data: SequenceData, scaler: Scaler, starts: Ints, outputs: NDArray[np.float32]
) -> LabelPredictions:
    """Return the predicted class of each step of some rows of a training batch; -1 marks padding.

    Args:
        data: The data the batch was taken from.
        scaler: Scaler of the inputs, which are shown scaled.
        starts: First step of each row, `(B,)`.
        outputs: Logits, `(B, steps, classes)`.
    """
    rows = starts[:_MAX_ROWS, None] + np.arange(data.window)
    classes = {
        "truth": flat_steps(data.targets)[rows + data.target_offset],
        "predicted": outputs[:_MAX_ROWS].argmax(axis=-1).astype(np.int32),
    }
    if data.lengths is not None and not data.series:  # whole sequences, one after the other
        padding = np.arange(data.window) >= data.lengths[rows[:, :1] // data.inputs.shape[1]]
        classes = {name: np.where(padding, -1, values) for name, values in classes.items()}
    times = None if data.times is None else data.times.ravel()[rows + data.target_offset]
    inputs = scaler.apply(flat_steps(data.inputs)[rows], rows[:, 0] // data.inputs.shape[1])
    return LabelPredictions(inputs=inputs[..., 0], times=times, **classes)


def class_predictions(
    data: SequenceData, windows: Ints, logits: NDArray[np.float32], decision: Decision | None
) -> ClassPredictions:
    """Return the predicted classes of sequences, and the inputs of some of them.

    Args:
        data: In original units.
        windows: Indices of the sequences, `(n,)`.
        logits: `(n, classes)`.
        decision: The rule by which one of two classes is predicted; None for the most probable class.
    """
    truth, predicted = data.window_targets(windows), predicted_classes(logits, decision)
    groups = truth * len(data.classes) + predicted
    return ClassPredictions(
        truth=truth.astype(np.int32),
        predicted=predicted,
        probabilities=softmax(logits).astype(np.float32),
        **_shown_inputs(data, windows, groups),
    )


def value_predictions(data: SequenceData, windows: Ints, predicted: Floats) -> ValuePredictions:
    """Return the predicted values of sequences, and the inputs of some of them, spread over the range of true values.

    Args:
        data: In original units.
        windows: Indices of the sequences, `(n,)`.
        predicted: Values in original units, `(n, D)`; the first one is shown. Of very many sequences some are kept.
    """
    kept = np.unique(np.linspace(0, len(windows) - 1, min(len(windows), MAX_WINDOWS)).astype(np.int64))
    windows, predicted = windows[kept], predicted[kept]
    truth = data.window_targets(windows)[:, 0]
    groups = np.empty(len(truth), np.int32)
    groups[np.argsort(truth, kind="stable")] = np.arange(len(truth)) * _VALUE_GROUPS // max(1, len(truth))
    mean = training_mean(data)[0]
    return ValuePredictions(
        sequence=(data.starts[windows] // data.inputs.shape[1] + 1).astype(np.int32),
        truth=truth,
        predicted=predicted[:, 0],
        baseline=np.full(len(truth), mean, truth.dtype),
        **_shown_inputs(data, windows, groups),
    )


def _shown_inputs(data: SequenceData, windows: Ints, groups: NDArray[np.int32]) -> dict[str, Any]:
    """Return the fields `shown`, `inputs`, `lengths` and `times` of predictions of sequences.

    Args:
        data: In original units.
        windows: Indices of the sequences, `(n,)`.
        groups: A number for each, `(n,)`; as many sequences of one number are shown as of another.
    """
    shown = _sample_of_each_group(groups, data.window_samples * data.inputs.shape[-1])
    times = None
    if data.times is not None:
        times = data.times.ravel()[data.starts[windows[shown]][:, None] + np.arange(data.window_samples)]
    return {
        "shown": shown,
        "inputs": data.window_inputs(windows[shown]).reshape(len(shown), data.window_samples, -1),
        "lengths": data.read_samples(windows[shown]),
        "times": times,
    }


def sequence_predictions(outputs: WindowOutputs) -> SequencePredictions:
    """Return the predictions for the first sequences of the test set, else of the training set; NaN marks padding."""
    data = outputs.data
    windows = (data.test if len(data.test) else data.train)[:_MAX_ROWS]
    predicted, truth = outputs.of_windows(windows), data.window_targets(windows)
    arrays = {
        "inputs": data.window_inputs(windows)[..., 0],
        "truth": truth[..., 0],
        "predicted": outputs.scalers.targets.invert(predicted.reshape(truth.shape))[..., 0],
    }
    lengths = data.window_lengths(windows)
    if lengths is not None:
        padding = np.arange(data.window) >= lengths[:, None]
        arrays = {name: np.where(padding, np.float32(np.nan), values) for name, values in arrays.items()}
    times = None if data.times is None else data.times.ravel()[data.target_positions(windows)]
    return SequencePredictions(**arrays, times=times)


def _sample_of_each_group(groups: NDArray[np.int32], values: int) -> Ints:
    """Return the indices of the first sequences of each group, in equal numbers, up to the size limits.

    Args:
        groups: Group of each sequence, `(n,)`.
        values: Values in each sequence.
    """
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    rank = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    count = max(1, min(_MAX_SHOWN, _MAX_VALUES // max(1, values)))
    return np.sort(order[np.argsort(rank, kind="stable")[:count]]).astype(np.int32)
