"""What is known of a run that has not ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.history import History
from rnnstudio.core.sequence import SequenceData
from rnnstudio.results.contents import RunContents
from rnnstudio.results.data_digest import data_digest
from rnnstudio.results.end_of_series import end_of_series
from rnnstudio.results.machine import machine
from rnnstudio.results.run_files import versions
from rnnstudio.results.seed_plan import SeedPlan

if TYPE_CHECKING:
    from rnnstudio.engine.training_state import Beginning, TrainingState


def unfinished_run(
    beginning: Beginning,
    history: History,
    state: TrainingState | None,
    training: dict[str, Any],
    info: DataInfo | None,
) -> RunContents:
    """Return what is known of a run at a state: its weights are the best so far, where these are to be restored.

    It has metrics where these weights were evaluated: those of an earlier evaluation belong to other weights.
    """
    metrics: dict[str, float] = {}
    weights = {}
    if state is not None:
        monitor = state.monitor
        restores = beginning.experiment.training.restore_best_weights and monitor.best_weights is not None
        weights = (monitor.best_weights if restores else None) or state.weights
        of_state = monitor.metrics if monitor.step == state.step else None
        metrics = dict((monitor.best_metrics if restores else of_state) or {})
        history.weights_step = monitor.best_step if restores else state.step
    data = beginning.data
    run = RunContents(
        beginning.experiment,
        history,
        metrics,
        {},
        beginning.scalers,
        info or DataInfo.of(data),
        weights,
        end_of_series(beginning.experiment, data),
        list(data.notes),
        choices=list(beginning.choices),
        plan=data.plan,
    )
    return replace(run, training=training)


def training_facts(data: SequenceData, started_from: str, group: SeedPlan | None) -> dict[str, Any]:
    """Return what going on with a training needs besides its state, and what its last bits depend on.

    Args:
        data: Its data.
        started_from: Name of the run whose weights it started from; empty for none.
        group: The training with several seeds that it is part of; None for none.
    """
    return {
        "data_sha256": data_digest(data),
        "started_from": started_from,
        "versions": versions(),
        "notes": [],
        **machine(),
        **({} if group is None else {"group": group.to_dict()}),
    }
