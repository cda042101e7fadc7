"""The final metrics of a training, compared with the baselines on the same windows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnstudio.core.baselines import baseline_set, compare_with_baseline, evaluate_baselines
from rnnstudio.core.history import History
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.target_units import units_differ

Baselines = dict[str, dict[str, float]]
_MAX_AVERAGED = 100


def monitored_metric(data: SequenceData) -> str:
    """Return the metric that selects the best weights: the loss on the validation set, else on the test set."""
    return "val_loss" if len(data.val) else "test_loss"


def averaged_updates(updates_per_epoch: int) -> int:
    """Return the number of updates at the end over which the final training loss and accuracy are averaged."""
    return min(_MAX_AVERAGED, updates_per_epoch)


def baseline_metrics(data: SequenceData, scalers: Scalers, *, stateful: bool = False) -> Baselines:
    """Return the metrics of each baseline on the test set, else the validation set, else the training set.

    Args:
        data: The data, in original units.
        scalers: Their scalers.
        stateful: Whether the state of the network passes from window to window.
    """
    split, windows = baseline_set(data)
    scaler = scalers.targets if units_differ(data) else None
    return {
        baseline: {f"{split}_{name}": value for name, value in metrics.items()}
        for baseline, metrics in evaluate_baselines(data, windows, scaler, stateful=stateful).items()
    }


def final_metrics(
    history: History,
    held_out: Mapping[str, float],
    baselines: Baselines,
    monitored: str,
    mean_of: int,
    *,
    starts_fitted: bool = False,
) -> dict[str, float]:
    """Return the final metrics of a training by name.

    Args:
        history: The events of the training.
        held_out: Metrics of the final weights on validation and test set.
        baselines: Metrics of the baselines, for `skill`.
        monitored: The metric that selects the best weights.
        mean_of: Number of updates at the end over which training loss and accuracy are averaged.
        starts_fitted: Whether the initial weights are not random, and can be the best ones.
    """
    metrics: dict[str, float] = {}
    losses = history.loss.values[np.isfinite(history.loss.values)]  # the last loss of a diverged run is not finite
    if len(losses):
        metrics["train_loss"] = float(np.mean(losses[-mean_of:], dtype=np.float64))
    if len(history.accuracy):
        metrics["train_accuracy"] = float(np.mean(history.accuracy.values[-mean_of:], dtype=np.float64))
    metrics |= held_out
    best = history.best(monitored, with_initial=starts_fitted)
    if best is not None:
        metrics[f"best_{monitored}"], metrics["best_update"] = best[1], float(best[0])
    comparison = compare_with_baseline(metrics, baselines, ("test", "val"))
    if comparison is not None:
        metrics["skill"] = comparison.skill
    return metrics
