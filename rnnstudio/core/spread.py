"""How metrics differ between runs that differ by seed: mean, standard deviation, minimum and maximum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rnnstudio.core.arguments import whole_number
from rnnstudio.core.errors import SettingError

MAX_SEEDS = 1000
_LAST_SEED = 2**31 - 1
STATISTICS = {"mean": "mean", "std": "standard deviation", "min": "minimum", "max": "maximum"}
_MEASURES = ("rmse", "scaled_mse", "mae", "accuracy", "balanced_accuracy", "macro_f1", "roc_auc", "loss")
_MAX_METRICS = 4


def seed_count(value: Any) -> int:
    """Return the number of seeds that `train` is called with, which R may send as 5.0; 1 for None.

    Raises:
        SettingError: It is not a whole number in this range.

    >>> seed_count(None), seed_count(5.0)
    (1, 5)
    """
    return 1 if value is None else whole_number(value, "seeds", 1, MAX_SEEDS)


def seeds_from(first: int, count: int) -> list[int]:
    """Return the seeds of a group: the first one and those that follow it.

    Raises:
        SettingError: They end beyond the largest seed.

    >>> seeds_from(3, 2)
    [3, 4]
    """
    if first + count - 1 > _LAST_SEED:
        raise SettingError(
            f"seed must be at most {_LAST_SEED - count + 1} for {count} seeds, which are counted from it; received "
            f"{first}.",
            "seed",
        )
    return list(range(first, first + count))


def spread_of(rows: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Return mean, std, min and max of each metric that all runs have, by the metric's name.

    The standard deviation is that of a sample (divided by n - 1); NaN for one run.

    Args:
        rows: The metrics of each run by name.

    >>> spread_of([{"test_rmse": 1.0}, {"test_rmse": 3.0, "skill": 0.5}])
    {'test_rmse': {'mean': 2.0, 'std': 1.4142135623730951, 'min': 1.0, 'max': 3.0}}
    """
    names = [name for name in rows[0] if all(name in row for row in rows)] if rows else []
    spread = {}
    for name in names:
        values = np.array([row[name] for row in rows], np.float64)
        spread[name] = {
            "mean": float(values.mean()),
            "std": float(values.std(ddof=1)) if len(values) > 1 else float("nan"),
            "min": float(values.min()),
            "max": float(values.max()),
        }
    return spread


def main_metrics(names: Sequence[str]) -> list[str]:
    """Return the metrics of the held-out set that a table of runs shows, at most four.

    >>> main_metrics(["train_loss", "test_loss", "test_rmse", "test_mae"])
    ['test_rmse', 'test_mae', 'test_loss']
    """
    for split in ("test", "val", "train"):
        own = [f"{split}_{measure}" for measure in _MEASURES if f"{split}_{measure}" in names]
        if own:
            return own[:_MAX_METRICS]
    return []
