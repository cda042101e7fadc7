"""The results of a run as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rnnstudio.core.plain import without_nan
from rnnstudio.results.contents import RunContents
from rnnstudio.results.run_as_of import kept_updates


def summary_of(
    run: RunContents, published: Sequence[dict[str, Any]], published_results: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Return the results of a run as numbers, texts, lists and dicts.

    Args:
        run: The run.
        published: The comparison with the publication, a dict per metric.
        published_results: Published results of other models, a dict per model and metric.
    """
    return {
        "run": run.name,
        "path": run.path,
        "recipe": run.experiment.recipe,
        "dataset": run.experiment.data.dataset,
        "target": list(run.info.predicted_names),
        "inputs": list(run.info.features),
        "outcome": run.outcome,
        "error": run.record.error,
        "updates": float(run.record.step),
        "weights_update": float(run.record.step if run.record.weights_step is None else run.record.weights_step),
        "kept_updates": [float(step) for step in kept_updates(run)],
        "seconds": run.record.wall_seconds,
        "updates_per_second": run.record.updates_per_second,
        "device": run.record.device,
        "parameters": float(run.record.parameters),
        "metrics": without_nan(run.metrics),
        "chosen_on_test": run.chosen_on_test,
        "refit": None if run.refitted is None else {"updates": float(run.refitted.updates), "tested": False},
        "baseline": without_nan(run.baseline),
        "positive_class": run.positive_class,
        "by_class": list(run.class_rows),
        "by_target": [without_nan(row) for row in run.target_metrics],
        "by_series": [without_nan(row) for row in run.series_metrics],
        "by_step": []
        if run.record.step_errors is None
        else [without_nan(row) for row in run.record.step_errors.rows()],
        "published": list(published),
        "published_results": list(published_results),
        "conclusions": run.conclusions,
        "suggestions": [{"settings": dict(s.settings), "reason": s.reason} for s in run.suggestions],
        "automatic": [asdict(choice) for choice in run.choices],
        "warnings": list(run.warnings),
    }
