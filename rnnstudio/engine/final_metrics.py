"""The final figures of a training, beside the naive answers on the same part."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnstudio.core.baselines import compare_with_baseline, evaluate_baselines
from rnnstudio.core.history import History
from rnnstudio.core.sequence import SequenceData

Baseline = dict[str, dict[str, float]]


def monitored(data: SequenceData) -> str:
    """Return the figure by which the best weights are told: the loss of the validation part, else of the test part."""
    return "val_loss" if len(data.val) else "test_loss"


def test_baselines(data: SequenceData) -> Baseline:
    """Return the figures of each naive answer on the test part, else the validation part, else the training part."""
    name, part = next((n, p) for n, p in (("test", data.test), ("val", data.val), ("train", data.train)) if len(p))
    return {
        method: {f"{name}_{key}": value for key, value in figures.items()}
        for method, figures in evaluate_baselines(data, part).items()
    }


def final_metrics(
    history: History, judged: Mapping[str, float], baseline: Baseline, best: str, mean_of: int
) -> dict[str, float]:
    """Return the final figures of a training by name.

    Args:
        history: What was told while it trained.
        judged: Figures of the final weights on the held-out parts.
        baseline: The naive answers, which `skill` compares with.
        best: The figure by which the best weights are told.
        mean_of: Updates over which the training's own loss and accuracy are averaged.
    """
    found: dict[str, float] = {}
    losses = history.loss.values[np.isfinite(history.loss.values)]  # one that diverged is not the kept weights'
    if len(losses):
        found["train_loss"] = float(np.mean(losses[-mean_of:], dtype=np.float64))
    if len(history.accuracy):
        found["train_accuracy"] = float(np.mean(history.accuracy.values[-mean_of:], dtype=np.float64))
    found |= judged
    least = history.best(best)
    if least is not None:
        found[f"best_{best}"], found["best_update"] = least[1], float(least[0])
    comparison = compare_with_baseline(found, baseline, ("test", "val"))
    if comparison is not None:
        found["skill"] = comparison.skill
    return found
