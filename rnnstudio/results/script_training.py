"""A training that a script, a notebook or R called for: its progress, its time limit, and Ctrl-C."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from rnnstudio.core.automatic import Resolved
from rnnstudio.core.events import Event, Started
from rnnstudio.core.experiment import Experiment
from rnnstudio.results.group_training import stopped_group_sentence, train_seeds
from rnnstudio.results.interrupts import deferred_interrupts
from rnnstudio.results.progress import Callback, ProgressReporter
from rnnstudio.results.run import Run
from rnnstudio.results.run_group import RunGroup
from rnnstudio.results.run_keeper import CHECKPOINT_SECONDS
from rnnstudio.results.training import stopped_sentence, train_experiment

Emit = Callable[[Event], None]
ShouldStop = Callable[[], bool]
R = TypeVar("R", Run, RunGroup, Run | RunGroup)


def train_from_script(
    experiment: Experiment | Resolved,
    seeds: int,
    callback: Callback | None,
    max_seconds: float | None,
    initial_weights: Run | None,
    verbose: bool,
    save: bool | str | os.PathLike[str],
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> Run | RunGroup:
    """Train on the calling thread, and return the run, or of several seeds the group; see `rnnstudio.train`.

    Args:
        experiment: What is trained.
        seeds: Number of seeds.
        callback: Called after each chunk of updates.
        max_seconds: Time after which the training is stopped.
        initial_weights: The run whose weights the training starts from.
        verbose: Whether lines of progress are printed.
        save: As for `train_experiment`.
        checkpoint_seconds: Likewise.

    Raises:
        RnnStudioError: It cannot be trained.
        KeyboardInterrupt: Ctrl-C was pressed; what was trained is saved.
        Exception: The error of the callback.
    """

    def work(emit: Emit, should_stop: ShouldStop, begin_seed: Callable[[int, int], None]) -> Run | RunGroup:
        target: dict[str, Any] = {
            "save": save,
            "initial_weights": initial_weights,
            "checkpoint_seconds": checkpoint_seconds,
        }
        if seeds == 1:
            return train_experiment(experiment, emit, should_stop, **target)
        return train_seeds(experiment, seeds, emit, should_stop, **target, begin=begin_seed)

    return in_script(work, callback, max_seconds, verbose)


def in_script(
    work: Callable[[Emit, ShouldStop, Callable[[int, int], None]], R],
    callback: Callback | None,
    max_seconds: float | None,
    verbose: bool,
) -> R:
    """Train on the calling thread, and return the run or group.

    Args:
        work: Trains, given who receives events, who says whether to stop, and who hears of each seed.
        callback: Called after each chunk of updates.
        max_seconds: Time after which the training is stopped.
        verbose: Whether lines of progress are printed.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed; what was trained is saved.
        Exception: The error of the callback.
    """
    deadline = float("inf") if max_seconds is None else time.monotonic() + float(max_seconds)
    reporter = ProgressReporter(callback, print_lines=verbose)
    with deferred_interrupts() as ctrl_c:

        def emit(event: Event) -> None:
            ctrl_c.deferring = ctrl_c.deferring or isinstance(event, Started)
            reporter(event)

        def should_stop() -> bool:
            return reporter.should_stop or ctrl_c.pressed or time.monotonic() > deadline

        result = work(emit, should_stop, reporter.begin_seed)
    if ctrl_c.pressed:
        raise KeyboardInterrupt(stopped_sentence(result) if isinstance(result, Run) else stopped_group_sentence(result))
    if reporter.error is not None:
        raise reporter.error
    return result


def resume_from_script(
    folder: Path,
    arrays: tuple[Any, Any] | None,
    updates: Any,
    callback: Callback | None,
    max_seconds: float | None,
    verbose: bool,
    checkpoint_seconds: float,
) -> Run | RunGroup:
    """Go on with a training on the calling thread, and return the run or group; see `rnnstudio.resume`.

    Args:
        folder: The folder of the run or group.
        arrays: The arrays that it was trained on, where they are not saved with it.
        updates: Number of further updates.
        callback: Called after each chunk of updates.
        max_seconds: Time after which the training is stopped.
        verbose: Whether lines of progress are printed.
        checkpoint_seconds: Time between two checkpoints.

    Raises:
        RnnStudioError: The training cannot go on.
        KeyboardInterrupt: Ctrl-C was pressed; what was trained is saved.
    """
    from rnnstudio.results.resuming import resume_run
    from rnnstudio.results.resuming_seeds import resume_seeds
    from rnnstudio.results.seed_training import seed_training_for

    training = seed_training_for(folder, updates)
    how: dict[str, Any] = {"arrays": arrays, "checkpoint_seconds": checkpoint_seconds}

    def work(emit: Emit, should_stop: ShouldStop, begin_seed: Callable[[int, int], None]) -> Run | RunGroup:
        if training is None:
            return resume_run(folder, emit, should_stop, updates=updates, **how)
        return resume_seeds(training, emit, should_stop, begin=begin_seed, **how)

    return in_script(work, callback, max_seconds, verbose)
