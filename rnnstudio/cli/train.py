"""`rnnstudio train`: flags to experiment, training on a thread, Ctrl-C, and what is told at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from rnnstudio.cli.options import SECTIONS, Peek, SettingOption, elsewhere, flag_names, options_for, peek, switches

if TYPE_CHECKING:
    from rnnstudio.core.events import Event
    from rnnstudio.core.experiment import Experiment
    from rnnstudio.core.sequence import SequenceData
    from rnnstudio.results.run import Run

_KEY = "rnnstudio.train"  # where click's context keeps the flags that were found


class TrainCommand(click.Command):
    """A command whose flags depend on what it is to train."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Find out what is to be trained, then read the flags it has."""
        alone = {flag for option in self.params if getattr(option, "is_flag", False) for flag in option.opts}
        seen = peek(args, alone | set(ctx.help_option_names) | switches())
        if seen.start:
            ctx.meta[_KEY] = options_for(seen)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            self._explain(error, seen, ctx)

    def _explain(self, error: click.NoSuchOption, seen: Peek, ctx: click.Context) -> NoReturn:
        if not seen.start:
            raise click.UsageError(_missing(), ctx) from None
        known = [flag_names(option.field.name)[0] for option in ctx.meta[_KEY]]
        known += [name for option in self.params for name in option.opts]
        near = get_close_matches(error.option_name.replace("_", "-"), known, n=2)
        sentence = elsewhere(error.option_name, seen) or (
            f"There is no flag {error.option_name}. "
            + (f"Did you mean {' or '.join(near)}?" if near else f"See rnnstudio train {seen.start} --help.")
        )
        raise click.UsageError(sentence, ctx) from None

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the flags of every training, and those of this one."""
        return [*super().get_params(ctx), *ctx.meta.get(_KEY, [])]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the flags by section, or the recipes where none was named."""
        settings: list[SettingOption] = ctx.meta.get(_KEY, [])
        if not settings:
            _write_recipes(formatter)
        for section, title in SECTIONS.items():
            records = [option.get_help_record(ctx) for option in settings if option.field.section == section]
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)
        with formatter.section("Run"):
            formatter.write_dl(_records([*self.params, self.get_help_option(ctx)], ctx))


def _records(options: Sequence[click.Parameter | None], ctx: click.Context) -> list[tuple[str, str]]:
    return [r for o in options if isinstance(o, click.Option) and (r := o.get_help_record(ctx)) is not None]


def _missing() -> str:
    from rnnstudio.core.catalog import sorted_recipes

    names = ", ".join(work.name for work in sorted_recipes() if not work.model_of)
    return f"Name what to train: a recipe ({names}), a data set, or a file such as data.csv."


def _write_recipes(formatter: click.HelpFormatter) -> None:
    from rnnstudio.api import datasets, recipes

    with formatter.section("Recipes"):
        formatter.write_dl([(r["name"], r["summary"]) for r in recipes()])
    with formatter.section("Data sets"):
        formatter.write_dl([(d["name"], d["description"]) for d in datasets() if d["name"] != "arrays"])
    formatter.write_paragraph()
    formatter.write_text("rnnstudio train airline --help shows everything that can be set there, with its values.")


@click.command(cls=TrainCommand, short_help="Train a recipe, a data set, or your own file.")
@click.argument("start", metavar="RECIPE|DATASET|FILE", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output at the end, and no tables.")
@click.option(
    "--save",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Keep the run in this folder or .rnnrun file.",
)
@click.option("--no-save", is_flag=True, help="Do not keep the run.")
@click.option("--max-seconds", metavar="X", type=float, help="Stop, and keep what was learned, after this long.")
@click.option("--pictures", metavar="DIR", type=click.Path(path_type=Path), help="Draw the run's pictures into DIR.")
@click.option("--quiet", is_flag=True, help="No progress and no tables; only what went wrong.")
def train(
    start: str,
    as_json: bool,
    folder: Path | None,
    no_save: bool,
    max_seconds: float | None,
    pictures: Path | None,
    quiet: bool,
    **settings: Any,
) -> None:
    """Train a recipe, a data set, or the series or labelled sequences in your own file, and keep the run.

    Ctrl-C stops and keeps what was learned; a second Ctrl-C aborts.
    """
    if not start:
        raise click.UsageError(_missing())
    if folder is not None and no_save:
        raise click.UsageError("--save and --no-save exclude each other.")
    if max_seconds is not None and not max_seconds > 0:
        raise click.UsageError(f"--max-seconds must be a number above 0; received {max_seconds:g}.")
    from rnnstudio.api import experiment
    from rnnstudio.cli.fetch import downloads_shown
    from rnnstudio.cli.output import json_text
    from rnnstudio.cli.report import print_run, what_is_told
    from rnnstudio.core.catalog import DATASETS

    chosen = experiment(start, **{name: value for name, value in settings.items() if value is not None})
    with downloads_shown(quiet=quiet):
        data = DATASETS.get(chosen.data.dataset).load(chosen.data, chosen.seed)  # before the engine, to tell of it soon
    told = "" if quiet or as_json else what_is_told(data, chosen.data)
    save: bool | Path = False if no_save else folder or True
    run, interrupted = _train(chosen, data, save=save, max_seconds=max_seconds, quiet=quiet)
    problems = _problems(run, wanted=save)
    if as_json:
        click.echo(json_text(run.summary()))
    elif not quiet:
        print_run(run, [w for w in run.warnings if not any(p.startswith(w) for p in problems)], told)
    if pictures is not None:
        problems += _draw_all(run, pictures)
    for problem in problems:
        click.echo(f"Error: {problem}", err=True)
    if interrupted:
        raise click.exceptions.Exit(130)
    if problems:
        raise click.exceptions.Exit(1)


def _train(
    chosen: Experiment, data: SequenceData, *, save: bool | Path, max_seconds: float | None, quiet: bool
) -> tuple[Run, bool]:
    """Return the run, and whether Ctrl-C ended it."""
    from rnnstudio.api import train_experiment
    from rnnstudio.cli.attend import attend
    from rnnstudio.cli.progress import progress
    from rnnstudio.core.errors import StoreError

    with progress(quiet=quiet) as shown:
        shown.tell("Loading TensorFlow ...")
        import_module("rnnstudio.engine.train")  # here, because nothing can be drawn while it loads
        limit = float("inf") if max_seconds is None else time.monotonic() + max_seconds

        def work(emit: Callable[[Event], None], should_stop: Callable[[], bool]) -> Run:
            return train_experiment(
                chosen, emit, lambda: should_stop() or time.monotonic() > limit, data=data, save=save
            )

        run, interrupted = attend(work, shown)
    if isinstance(save, Path) and not run.path:  # a run must not be lost with a folder that cannot be had
        with suppress(StoreError):
            run.save()
    return run, interrupted


def _problems(run: Run, *, wanted: bool | Path) -> list[str]:
    """Return what went wrong, a sentence or two each."""
    found = [run.record.error] if run.outcome == "diverged" else []
    if wanted is True and not run.path:
        found.append(f"{run.warnings[-1]} This process ends now, so only its figures are left.")
    elif isinstance(wanted, Path) and Path(run.path or ".") != wanted.expanduser().absolute():
        kept = (
            f"It was kept as {run.path} instead."
            if run.path
            else "This process ends now, so only its figures are left."
        )
        found.append(f"{run.warnings[-1]} {kept}")
    return found


def _draw_all(run: Run, folder: Path) -> list[str]:
    """Draw every picture that suits the run; return what went wrong."""
    from rnnstudio.cli.display import draw_without_display
    from rnnstudio.cli.output import wrote
    from rnnstudio.core.errors import EmptyPlotError, RnnStudioError

    draw_without_display()
    from rnnstudio.gui.plots import PLOTS
    from rnnstudio.gui.render import draw_file

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return [f"The pictures could not be drawn: {folder} cannot be made a folder ({error.strerror})."]
    problems = []
    for picture in PLOTS:
        if picture.suits(run.experiment):
            try:
                wrote(draw_file(run, picture.name, folder / f"{picture.name}.png"))
            except EmptyPlotError as error:
                click.echo(f"Note: {error}", err=True)
            except RnnStudioError as error:
                problems.append(str(error))
    return problems
