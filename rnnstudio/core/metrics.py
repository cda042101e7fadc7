"""The figures a run is judged by, and the naive answers they stand beside.

Losses are in the network's units, `rmse` and `mae` in the data's own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.sequence import Ints, SequenceData, flat_steps


def cross_entropy(logits: NDArray[np.float32], classes: Ints) -> float:
    """Return the mean softmax cross-entropy in nats of `logits` `(..., C)` for `classes` `(...)`."""
    top = logits.max(axis=-1, keepdims=True)
    log_sum = np.log(np.exp(logits - top).sum(axis=-1)) + top[..., 0]
    chosen = np.take_along_axis(logits, classes[..., None].astype(np.int64), axis=-1)[..., 0]
    return float(np.mean(log_sum - chosen, dtype=np.float64))


def accuracy(logits: NDArray[np.float32], classes: Ints) -> float:
    """Return the share of steps or sequences whose largest of `logits` `(..., C)` is the class."""
    return float(np.mean(logits.argmax(axis=-1) == classes))


def errors(predicted: NDArray[Any], truth: NDArray[Any]) -> dict[str, float]:
    """Return `rmse` and `mae` of two arrays of one shape, in their unit."""
    gap = predicted.astype(np.float64) - truth
    return {"rmse": float(np.sqrt(np.mean(gap**2))), "mae": float(np.mean(np.abs(gap)))}


def baselines(data: SequenceData, part: Ints) -> dict[str, dict[str, float]]:
    """Return the naive answers for the windows `part`, by name, with their figures in the data's units.

    Classes: the most frequent class of the training part. Values of a later step: the last value, and where a season
    is known the value one season back. Values of the same step: the mean of the training part.
    """
    truth = data.window_targets(part)
    if data.classes:
        counts = np.bincount(data.window_targets(data.train).ravel(), minlength=len(data.classes))
        return {"majority_class": {"accuracy": float(np.mean(truth == counts.argmax()))}}
    if not data.feeds_back and not data.target_offset:
        mean = data.window_targets(data.train).reshape(-1, truth.shape[-1]).mean(axis=0, dtype=np.float64)
        return {"training_mean": errors(np.broadcast_to(mean, truth.shape), truth)}
    series, positions = flat_steps(data.targets), data.target_positions(part)
    # What is known when a prediction is made: for a value at every step the step before it, else the window's last.
    known = (
        positions - data.target_offset if data.every_step else np.broadcast_to(positions[:, :1] - 1, positions.shape)
    )
    found = {"last_value": errors(series[known], truth)}
    if data.period:
        seasons = np.ceil((positions - known) / data.period).astype(np.int64)
        back = positions - seasons * data.period
        if back.min() >= 0:
            found["seasonal_last_value"] = errors(series[back], truth)
    return found


def best_baseline(found: dict[str, dict[str, float]]) -> str:
    """Return the name of the naive answer that is hardest to beat."""
    return min(found, key=lambda name: found[name].get("rmse", -found[name].get("accuracy", 0.0)))


def skill(rmse: float, naive_rmse: float) -> float:
    """Return `1 - rmse / naive rmse`: 1 is perfect, 0 no better than the naive answer, below 0 worse."""
    return 1.0 - rmse / naive_rmse if naive_rmse > 0 else float("nan")
