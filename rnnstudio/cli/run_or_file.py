"""Commands on a saved run, or on a file that a run is trained on first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from rnnstudio.cli.options import preview
from rnnstudio.cli.train_command import TrainCommand

if TYPE_CHECKING:
    from rnnstudio.results.run import Run

_META_KEY = "rnnstudio.is_run"


class RunOrFileCommand(TrainCommand):
    """A command that has the flags of a training where it does not name a run.

    Args:
        of_run: Flags that it has where it names a run.
    """

    def __init__(self, *args: Any, of_run: Sequence[click.Parameter] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self._of_run = list(of_run)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what the command is for, then the flags it has."""
        flags = [*self.params, *self._of_run]
        own = {flag for option in flags if getattr(option, "is_flag", False) for flag in option.opts}
        start = preview(args, own | set(ctx.help_option_names)).start
        if names_data(start) if start else not self._of_run:
            return super().parse_args(ctx, args)
        ctx.meta[_META_KEY] = True
        try:
            return click.Command.parse_args(self, ctx, args)
        except click.NoSuchOption as error:
            sentence = f"{start} is a run, which has settings of its own: leave {error.option_name} out."
            raise click.UsageError(sentence, ctx) from None

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the flags of every call, and those of a run, or of a training."""
        if ctx.meta.get(_META_KEY):
            return [*super().get_params(ctx), *self._of_run]
        names = {param.name for param in self.params}
        return [p for p in super().get_params(ctx) if p in self.params or p.name not in names]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the flags: of a run all in one list, of a training by section."""
        if ctx.meta.get(_META_KEY):
            click.Command.format_options(self, ctx, formatter)
        else:
            super().format_options(ctx, formatter)


def names_data(start: str) -> bool:
    """Return whether a text names what can be trained on, a file, recipe or data set, rather than a saved run."""
    from rnnstudio.core.catalog import DATASETS, RECIPES
    from rnnstudio.results.source import is_path
    from rnnstudio.results.store import is_run

    if is_run(start):
        return False
    return start in RECIPES or start in DATASETS or is_path(start)


def trained_run(start: str, settings: Mapping[str, Any], *, save: bool) -> Run:
    """Return a run that is trained on a file or recipe, with lines of progress.

    Args:
        start: The file, recipe or data set.
        settings: Settings of the training; None for those that are not given.
        save: Whether the run is saved.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed.
    """
    from rnnstudio.api import experiment, train_experiment
    from rnnstudio.cli.foreground import run_in_foreground
    from rnnstudio.cli.progress import progress_display

    chosen = experiment(start, **{name: value for name, value in settings.items() if value is not None})
    with progress_display(quiet=False) as progress:
        run, interrupted = run_in_foreground(
            lambda emit, should_stop: train_experiment(chosen, emit, should_stop, save=save), progress
        )
    if interrupted:
        raise KeyboardInterrupt
    return run
