"""Runs whose process ended before their training did."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from rnnstudio.core.automatic import Resolved
from rnnstudio.core.events import Event, Started, StepsDone
from rnnstudio.core.experiment import Experiment
from rnnstudio.results.group_training import train_seeds
from rnnstudio.results.run import Run
from rnnstudio.results.source import experiment_and_data
from rnnstudio.results.store_entries import run_folders
from rnnstudio.results.training import train_experiment


def crashed(start: Any, y: Any = None, *, after: int = 0, save: bool | Path = True, **settings: Any) -> Path:
    """Return the folder of a run whose process ended after its first checkpoint, and after so many updates."""
    before = {folder.name for folder in run_folders()}

    def new_folder() -> Path | None:
        return next((folder for folder in run_folders() if folder.name not in before), None)

    def emit(event: Event) -> None:
        time.sleep(0.02)  # so that a checkpoint is written
        if not isinstance(event, StepsDone) or event.first_step < after:
            return
        if (folder := new_folder()) and (folder / "checkpoint.npz").exists():
            raise SystemExit

    experiment = experiment_and_data(start, y, (), settings)
    with pytest.raises(SystemExit):
        train_experiment(experiment, emit, lambda: False, save=save, checkpoint_seconds=0.02)
    folder = new_folder()
    assert folder is not None
    return folder


def crashed_seeds(
    experiment: Experiment | Resolved,
    count: int,
    save: bool | Path = True,
    *,
    in_run: int,
    after: int | None,
    initial_weights: Run | None = None,
) -> None:
    """Train with several seeds until the process ends in one of the runs.

    Args:
        experiment: What is trained.
        count: Number of seeds.
        save: As for `train_seeds`.
        in_run: Index of the run.
        after: Number of its updates, of which a checkpoint is written; None for its start.
        initial_weights: As for `train_seeds`.
    """
    begun = list[Event]()

    def emit(event: Event) -> None:
        begun.append(event) if isinstance(event, Started) else None
        if len(begun) <= in_run:
            return
        if after is None:
            raise SystemExit
        time.sleep(0.02)  # so that a checkpoint is written
        if isinstance(event, StepsDone) and event.first_step >= after:
            raise SystemExit

    with pytest.raises(SystemExit):
        train_seeds(
            experiment,
            count,
            emit,
            lambda: False,
            save=save,
            initial_weights=initial_weights,
            checkpoint_seconds=0.02,
        )
