"""The metrics of each of several targets, with those of the best baseline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rnnstudio.core.baselines import compare_with_baseline, evaluate_baselines, skill
from rnnstudio.core.metrics import RegressionMetrics
from rnnstudio.core.sequence import SequenceData
from rnnstudio.engine.held_out import HeldOutSet
from rnnstudio.engine.window_outputs import WindowOutputs


def metrics_by_target(outputs: WindowOutputs, metrics: Mapping[str, float], baselines: Any) -> list[dict[str, Any]]:
    """Return a row for each of several targets: its name, its metrics on the held-out set, and the best baseline's.

    The baseline is the one that is best for all targets together. There are no rows for one target, and for classes.

    Args:
        outputs: The network's outputs.
        metrics: Final metrics over all targets.
        baselines: The metrics of each baseline over all targets.
    """
    data = outputs.data
    if data.classes or len(data.target_names) < 2 or not len(data.test) + len(data.val):
        return []
    held_out, each = HeldOutSet(outputs), [RegressionMetrics() for _ in data.target_names]
    for block in held_out.blocks():
        for target, errors in enumerate(each):
            predicted, truth = block.outputs[..., target], block.truth[..., target]
            errors.add(*((predicted, truth) if block.mask is None else (predicted[block.mask], truth[block.mask])))
    comparison = compare_with_baseline(metrics, baselines)
    rows = []
    for target, (name, errors) in enumerate(zip(data.target_names, each, strict=True)):
        result = errors.result()
        row: dict[str, Any] = {"target": name, **{f"{held_out.split}_{key}": value for key, value in result.items()}}
        if comparison is not None:
            one = evaluate_baselines(_one_target(data, target), held_out.windows, stateful=outputs.stateful)
            own = one[comparison.baseline]["rmse"]
            row |= {"baseline": comparison.baseline, "baseline_rmse": own, "skill": skill(result["rmse"], own)}
        rows.append(row)
    return rows


def _one_target(data: SequenceData, target: int) -> SequenceData:
    """Return the data with one of the targets."""
    targets = data.targets[..., target : target + 1]
    return replace(data, targets=targets, target_names=data.target_names[target : target + 1])
