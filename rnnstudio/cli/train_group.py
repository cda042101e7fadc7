"""`rnnstudio train --seeds N`: several runs that differ by seed, and their report."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rnnstudio.cli.output import echo

if TYPE_CHECKING:
    from rnnstudio.core.automatic import Resolved
    from rnnstudio.core.events import Event
    from rnnstudio.results.run import Run
    from rnnstudio.results.run_group import RunGroup


def train_group(
    resolved: Resolved,
    count: int,
    *,
    save: bool | Path,
    max_seconds: float | None,
    initial_weights: Run | None,
    checkpoint_seconds: float,
    quiet: bool,
    as_json: bool,
    target: str,
) -> None:
    """Train with several seeds, and report the group.

    Args:
        resolved: The experiment with its data.
        count: Number of seeds.
        save: True for the run list, False for no saving, else a new folder.
        max_seconds: Time for all runs together.
        initial_weights: The run whose weights the trainings start from.
        checkpoint_seconds: Time between two checkpoints of a run.
        quiet: Whether nothing but errors is shown.
        as_json: Whether the result is written as JSON.
        target: What is predicted, for the report.

    Raises:
        click.exceptions.Exit: Ctrl-C was pressed, or the group could not be saved.
    """
    from rnnstudio.results.group_training import train_seeds

    def work(emit: Callable[[Event], None], should_stop: Callable[[], bool]) -> RunGroup:
        return train_seeds(
            resolved,
            count,
            emit,
            should_stop,
            save=save,
            initial_weights=initial_weights,
            checkpoint_seconds=checkpoint_seconds,
        )

    run_group(work, count, save=save, max_seconds=max_seconds, quiet=quiet, as_json=as_json, target=target)


def run_group(
    work: Callable[[Callable[[Event], None], Callable[[], bool]], RunGroup],
    count: int,
    *,
    save: bool | Path,
    max_seconds: float | None,
    quiet: bool,
    as_json: bool,
    target: str,
) -> None:
    """Train while the terminal shows the progress, and report the group.

    Args:
        work: Trains and returns the group.
        count: Number of runs that are trained now.
        save: Where the group is saved; see `train_group`, as for the others.
        max_seconds: Likewise.
        quiet: Likewise.
        as_json: Likewise.
        target: Likewise.

    Raises:
        click.exceptions.Exit: Ctrl-C was pressed, or the group could not be saved.
    """
    from rnnstudio.cli.foreground import run_in_foreground
    from rnnstudio.cli.group_report import print_group
    from rnnstudio.cli.output import json_text
    from rnnstudio.cli.progress import progress_display
    from rnnstudio.core.errors import StoreError

    with progress_display(quiet=quiet) as progress:
        progress.runs = count
        progress.say("Loading TensorFlow ...")
        import_module("rnnstudio.engine.train")  # on this thread, because nothing is drawn while it loads
        deadline = float("inf") if max_seconds is None else time.monotonic() + max_seconds

        def limited(emit: Callable[[Event], None], should_stop: Callable[[], bool]) -> RunGroup:
            return work(emit, lambda: should_stop() or time.monotonic() > deadline)

        group, interrupted = run_in_foreground(limited, progress)
    if isinstance(save, Path) and not group.path:  # save it in the run list rather than lose it
        with suppress(StoreError):
            group.save()
    if as_json:
        echo(json_text(group.summary()))
    elif not quiet:
        print_group(group, target)
    if interrupted:
        raise click.exceptions.Exit(128 + interrupted)
    if save is not False and not group.path:
        echo(f"Error: {group.save_problem} The process ends now, so only the metrics are left.", err=True)
        raise click.exceptions.Exit(1)
