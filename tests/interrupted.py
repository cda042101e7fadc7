"""Runs whose process ended before their training did."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from rnnstudio.core.events import Event, StepsDone
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
