"""A training that a script, a notebook or R called for: its progress, its time limit, and Ctrl-C."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from rnnstudio.core.automatic import Resolved
from rnnstudio.core.events import Event, Started
from rnnstudio.core.experiment import Experiment
from rnnstudio.results.group_training import stopped_group_sentence, train_seeds
from rnnstudio.results.interrupts import deferred_interrupts
from rnnstudio.results.progress import Callback, ProgressReporter
from rnnstudio.results.run import Run
from rnnstudio.results.run_group import RunGroup
from rnnstudio.results.training import stopped_sentence, train_experiment

Emit = Callable[[Event], None]


def train_from_script(
    experiment: Experiment | Resolved,
    seeds: int,
    callback: Callback | None,
    max_seconds: float | None,
    initial_weights: Run | None,
    verbose: bool,
    save: bool | str | os.PathLike[str],
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

    Raises:
        RnnStudioError: It cannot be trained.
        KeyboardInterrupt: Ctrl-C was pressed; what was trained is saved.
        Exception: The error of the callback.
    """
    deadline = float("inf") if max_seconds is None else time.monotonic() + float(max_seconds)
    reporter = ProgressReporter(callback, print_lines=verbose)
    result: Run | RunGroup
    with deferred_interrupts() as ctrl_c:

        def emit(event: Event) -> None:
            ctrl_c.deferring = ctrl_c.deferring or isinstance(event, Started)
            reporter(event)

        def should_stop() -> bool:
            return reporter.should_stop or ctrl_c.pressed or time.monotonic() > deadline

        if seeds == 1:
            result = train_experiment(experiment, emit, should_stop, save=save, initial_weights=initial_weights)
        else:
            begin = reporter.begin_seed
            result = train_seeds(
                experiment, seeds, emit, should_stop, save=save, initial_weights=initial_weights, begin=begin
            )
    if ctrl_c.pressed:
        raise KeyboardInterrupt(stopped_sentence(result) if isinstance(result, Run) else stopped_group_sentence(result))
    if reporter.error is not None:
        raise reporter.error
    return result
