"""The results of a run as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rnnstudio.core.plain import without_nan

if TYPE_CHECKING:
    from rnnstudio.results.run import Run


def summary_of(run: Run) -> dict[str, Any]:
    """Return the results of a run as numbers, texts, lists and dicts."""
    return {
        "run": run.name,
        "path": run.path,
        "recipe": run.experiment.recipe,
        "dataset": run.experiment.data.dataset,
        "outcome": run.outcome,
        "error": run.record.error,
        "updates": float(run.record.step),
        "seconds": run.record.wall_seconds,
        "updates_per_second": run.record.updates_per_second,
        "device": run.record.device,
        "parameters": float(run.record.parameters),
        "metrics": without_nan(run.metrics),
        "baseline": without_nan(run.baseline),
        "published": run.published,
        "warnings": list(run.warnings),
    }
