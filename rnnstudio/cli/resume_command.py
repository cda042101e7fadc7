"""`rnnstudio resume`: go on with the training of a saved run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from rnnstudio.cli.number_types import real_number, whole_number
from rnnstudio.cli.output import echo
from rnnstudio.cli.train import check_seconds, checkpoint_option, report, trained

if TYPE_CHECKING:
    from rnnstudio.core.events import Event
    from rnnstudio.results.run import Run


@click.command(short_help="Go on with the training of a saved run.")
@click.argument("run")
@click.option(
    "--updates",
    metavar="N",
    type=whole_number,
    help="Number of further updates. Default: those that were planned and are not done.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output at the end, and no tables.")
@click.option(
    "--max-seconds", metavar="X", type=real_number, help="Stop the training after this time and keep the run."
)
@checkpoint_option
@click.option("--quiet", is_flag=True, help="No progress and no tables; only errors.")
def resume(
    run: str, updates: int | None, as_json: bool, max_seconds: float | None, checkpoint_seconds: float, quiet: bool
) -> None:
    """Go on with the training of a saved run: one that was stopped, or whose process ended, or that is complete.

    It goes on from its last checkpoint as if it had never stopped, with the same bits on the same machine. RUN is a
    folder, a .rnnrun file, a name in the run list, or `latest`. The run of a file is in the run list while it trains,
    and takes the place of the file at the end.

    A training with several seeds goes on with the run that has not ended, and then with the seeds that are left; RUN is
    such a run, or the group. With --updates, one run goes on alone.
    """
    check_seconds(max_seconds, checkpoint_seconds)
    from rnnstudio.results.file_target import path_at_end
    from rnnstudio.results.group_store import folder_to_resume
    from rnnstudio.results.resuming import check_run_can_go_on, resume_run
    from rnnstudio.results.seed_training import seed_training_for

    folder = folder_to_resume(run)
    how: dict[str, Any] = {"checkpoint_seconds": checkpoint_seconds}
    if (training := seed_training_for(folder, updates)) is not None:
        from rnnstudio.cli.train_group import run_group
        from rnnstudio.results.resuming_seeds import resume_seeds

        run_group(
            lambda emit, should_stop: resume_seeds(training, emit, should_stop, **how),
            len(training.plan.seeds) - len(training.ended),
            save=True if training.folder is None else training.folder,
            max_seconds=max_seconds,
            quiet=quiet,
            as_json=as_json,
            target="",
        )
        return
    check_run_can_go_on(folder, updates, "--updates")  # before TensorFlow is loaded
    end = path_at_end(folder)
    if end != folder and not quiet:
        echo(f"{folder.name} becomes {end} when its training ends.", err=True)

    def work(emit: Callable[[Event], None], should_stop: Callable[[], bool]) -> Run:
        return resume_run(folder, emit, should_stop, updates=updates, **how)

    result, interrupted = trained(work, max_seconds=max_seconds, quiet=quiet)
    report(result, end, "", interrupted=interrupted, as_json=as_json, quiet=quiet, plots=None)
