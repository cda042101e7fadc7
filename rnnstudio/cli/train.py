"""`rnnstudio train`: from flags to a trained, saved and reported run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rnnstudio.cli.number_types import real_number, whole_number
from rnnstudio.cli.options import flag_names
from rnnstudio.cli.output import echo
from rnnstudio.cli.train_command import TrainCommand, missing_start

if TYPE_CHECKING:
    from rnnstudio.core.events import Event
    from rnnstudio.core.experiment import Experiment
    from rnnstudio.results.run import Run

_PATH = click.Path(path_type=Path)
checkpoint_option = click.option(
    "--checkpoint-seconds",
    metavar="X",
    type=real_number,
    default=30.0,
    show_default=True,
    help="Time between two checkpoints, from which `rnnstudio resume` goes on.",
)


@click.command(cls=TrainCommand, short_help="Train a recipe, a data set, or your own file.")
@click.argument("start", metavar="RECIPE|DATASET|FILE", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output at the end, and no tables.")
@click.option("--save", "folder", metavar="DIR", type=_PATH, help="Save the run in this folder or .rnnrun file.")
@click.option("--no-save", is_flag=True, help="Do not save the run.")
@click.option(
    "--max-seconds", metavar="X", type=real_number, help="Stop the training after this time and keep the run."
)
@click.option(
    "--seeds",
    metavar="N",
    type=whole_number,
    help="Train N runs that differ by seed, on the same split of the same data, and report mean and spread. The name "
    "of their group takes the place of a run in predict and forecast, which use the mean of the predictions.",
)
@click.option(
    "--initial-weights", metavar="RUN", help="Start from the weights of this saved run instead of random ones."
)
@click.option(
    "--recipe",
    type=click.Choice(["none"]),
    help="none takes the data set of a recipe alone, with automatic settings, as for your own file: those that are not "
    "given are chosen from the training set.",
)
@click.option("--plots", metavar="DIR", type=_PATH, help="Draw the run's plots into this folder.")
@click.option("--pictures", metavar="DIR", type=_PATH, hidden=True)
@click.option("--quiet", is_flag=True, help="No progress and no tables; only errors.")
@checkpoint_option
def train(
    start: str,
    as_json: bool,
    folder: Path | None,
    no_save: bool,
    max_seconds: float | None,
    seeds: int | None,
    checkpoint_seconds: float,
    initial_weights: str | None,
    recipe: str | None,
    plots: Path | None,
    pictures: Path | None,
    quiet: bool,
    **settings: Any,
) -> None:
    """Train a recipe, a data set, or the series or labelled sequences in your own file, and save the run.

    Ctrl-C stops the training and keeps the run; a second Ctrl-C aborts.
    """
    if not start:
        raise click.UsageError(missing_start())
    if folder is not None and no_save:
        raise click.UsageError("--save and --no-save exclude each other.")
    check_seconds(max_seconds, checkpoint_seconds)
    plots = _plots_folder(plots, pictures)
    from rnnstudio.api import train_experiment
    from rnnstudio.cli.fetch import download_progress
    from rnnstudio.cli.target import target_description
    from rnnstudio.core.automatic import resolve
    from rnnstudio.core.errors import StoreError
    from rnnstudio.core.spread import seed_count
    from rnnstudio.results.data_reader import DataReader
    from rnnstudio.results.store import load

    count = seed_count(seeds)
    if count > 1 and (plots is not None):
        raise click.UsageError(
            "--plots draws one run: leave it out with --seeds, and draw a run of the group afterwards."
        )
    settings["recipe"] = recipe
    experiment = _experiment(start, {name: value for name, value in settings.items() if value is not None})
    initial_run = None if initial_weights is None else load(initial_weights)
    if initial_run is not None:
        experiment = experiment.continuing(initial_run.experiment)
    with download_progress(quiet=quiet):  # before TensorFlow is loaded, to show the progress soon
        resolved = resolve(experiment, DataReader(downloads=True).load)
    target = "" if quiet or as_json else target_description(resolved.data, resolved.experiment.data)
    save: bool | Path = False if no_save else folder or True
    if count > 1:
        from rnnstudio.cli.train_group import train_group

        train_group(
            resolved,
            count,
            save=save,
            max_seconds=max_seconds,
            initial_weights=initial_run,
            checkpoint_seconds=checkpoint_seconds,
            quiet=quiet,
            as_json=as_json,
            target=target,
        )
        return

    def work(emit: Callable[[Event], None], should_stop: Callable[[], bool]) -> Run:
        return train_experiment(
            resolved,
            emit,
            should_stop,
            save=save,
            initial_weights=initial_run,
            checkpoint_seconds=checkpoint_seconds,
        )

    run, interrupted = trained(work, max_seconds=max_seconds, quiet=quiet)
    if isinstance(save, Path) and not run.path:  # save it in the run list rather than lose it
        with suppress(StoreError):
            run.save()
    report(run, save, target, interrupted=interrupted, as_json=as_json, quiet=quiet, plots=plots)


def report(
    run: Run, save: bool | Path, target: str, *, interrupted: int, as_json: bool, quiet: bool, plots: Path | None
) -> None:
    """Write the report of a trained run, draw its plots, and end with the exit code of its outcome.

    Args:
        run: The run.
        save: Where it was to be saved.
        target: What is predicted, in words.
        interrupted: The signal that ended the training; 0 where none did.
        as_json: Whether one JSON object takes the place of the tables.
        quiet: Whether nothing is written but errors.
        plots: Folder of the plots; None for none.
    """
    from rnnstudio.cli.output import json_text
    from rnnstudio.cli.report import print_run

    problems = _problems(run, save)
    if as_json:
        echo(json_text(run.summary()))
    elif not quiet:
        notes = [sentence for sentence in run.warnings if not any(p.startswith(sentence) for p in problems)]
        print_run(run, notes, target)
    if plots is not None:
        problems += _draw_plots(run, plots)
    for problem in problems:
        echo(f"Error: {problem}", err=True)
    if interrupted:
        raise click.exceptions.Exit(128 + interrupted)
    if problems:
        raise click.exceptions.Exit(1)


def check_seconds(max_seconds: float | None, checkpoint_seconds: float) -> None:
    """Check the times of a training.

    Raises:
        UsageError: One is not above 0.
    """
    for flag, value in (("--max-seconds", max_seconds), ("--checkpoint-seconds", checkpoint_seconds)):
        if value is not None and not value > 0:
            raise click.UsageError(f"{flag} must be a number above 0; received {value:g}.")


def _plots_folder(plots: Path | None, pictures: Path | None) -> Path | None:
    """Return the folder of --plots, or of --pictures, its old name."""
    from rnnstudio.cli.output import warn

    if pictures is None:
        return plots
    if plots is not None:
        raise click.UsageError("--plots is given twice: --pictures is its old name. Leave --pictures out.")
    warn("--pictures is now --plots.")
    return pictures


def _experiment(start: str, settings: Mapping[str, Any]) -> Experiment:
    """Return the experiment, and warn of old flags, also where their values are refused."""
    from rnnstudio.api import experiment
    from rnnstudio.cli.output import warn
    from rnnstudio.core.upgrade import RENAMED, recording

    flags = {name: flag_names(name)[0] for renamed in RENAMED for name in (renamed.old, renamed.new)}
    for renamed in RENAMED:
        if renamed.old in settings and renamed.new in settings:
            old, new = flags[renamed.old], flags[renamed.new]
            raise click.UsageError(f"{new} is given twice: {old} is its old name. Leave {old} out.")
    with recording() as old_names:
        try:
            return experiment(start, **settings)
        finally:
            for renamed in old_names:
                warn(f"{flags[renamed.old]} is now {flags[renamed.new]}.")


def trained(
    work: Callable[[Callable[[Event], None], Callable[[], bool]], Run], *, max_seconds: float | None, quiet: bool
) -> tuple[Run, int]:
    """Train while the terminal shows the progress; return the run, and the signal that ended it or 0.

    Args:
        work: Trains and returns the run.
        max_seconds: Time after which the training is stopped; None for none.
        quiet: Whether no progress is shown.
    """
    from rnnstudio.cli.foreground import run_in_foreground
    from rnnstudio.cli.progress import progress_display

    with progress_display(quiet=quiet) as progress:
        progress.say("Loading TensorFlow ...")
        import_module("rnnstudio.engine.train")  # on this thread, because nothing is drawn while it loads
        deadline = float("inf") if max_seconds is None else time.monotonic() + max_seconds

        def limited(emit: Callable[[Event], None], should_stop: Callable[[], bool]) -> Run:
            return work(emit, lambda: should_stop() or time.monotonic() > deadline)

        return run_in_foreground(limited, progress)


def _problems(run: Run, save: bool | Path) -> list[str]:
    """Return messages about a diverged or unsaved run."""
    problems = [run.record.error] if run.outcome == "diverged" else []
    is_lost = "The process ends now, so only the metrics are left."
    if save is True and not run.path:
        problems.append(f"{run.save_problem} {is_lost}")
    elif isinstance(save, Path) and Path(run.path or ".") != save.expanduser().absolute():
        problems.append(f"{run.save_problem} {f'It was saved as {run.path} instead.' if run.path else is_lost}")
    return problems


def _draw_plots(run: Run, folder: Path) -> list[str]:
    """Draw every plot that suits the run; return the errors, one sentence each."""
    from rnnstudio.cli.display import draw_without_display
    from rnnstudio.cli.output import report_written
    from rnnstudio.core.errors import EmptyPlotError, RnnStudioError

    draw_without_display()
    from rnnstudio.gui.plots import PLOTS
    from rnnstudio.gui.render import draw_file, has_plot

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return [f"The plots could not be drawn: {folder} cannot be created as a folder ({error.strerror})."]
    problems = []
    for plot in PLOTS:
        if has_plot(run, plot):
            try:
                report_written(draw_file(run, plot.name, folder / f"{plot.name}.png"))
            except EmptyPlotError as error:
                echo(f"Note: {error}", err=True)
            except RnnStudioError as error:
                problems.append(str(error))
    return problems
