"""`rnnstudio backtest`: forecasts from origins in the past, of a run or of a network that is trained for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rnnstudio.cli.number_types import whole_number
from rnnstudio.cli.output import console, echo, json_text, number, report_written, table
from rnnstudio.cli.run_commands import decimal_option
from rnnstudio.cli.run_or_file import RunOrFileCommand, trained_run
from rnnstudio.core.backtest_plots import PLOT_KINDS
from rnnstudio.core.wording import method_label, score_label

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from rnnstudio.results.backtest_result import Backtest
    from rnnstudio.results.run import Run
    from rnnstudio.results.run_group import RunGroup

_FILE = click.Path(path_type=Path)
_MAX_STEPS = 12  # rows of the table of steps ahead


@click.command(cls=RunOrFileCommand, short_help="Forecast from origins in the past, beside baselines.")
@click.argument("start", metavar="RUN|FILE|RECIPE", required=False, default="")
@click.option(
    "--origins",
    metavar="N",
    type=whole_number,
    help="Number of origins. Default: at most 20, spread over the test set.",
)
@click.option("--steps", metavar="N", type=whole_number, help="Steps ahead. Default: the horizon.")
@click.option(
    "--every", metavar="N", type=whole_number, help="Rows from one origin to the next. Default: at least the steps."
)
@click.option("--refit", is_flag=True, help="Train the network again at each origin, on all rows before it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, and no tables.")
@click.option("-o", "--output", metavar="FILE", type=_FILE, help="Write a table as .csv or .parquet.")
@click.option(
    "--table",
    "which",
    metavar="NAME",
    default="predictions",
    show_default=True,
    help="The table of -o: predictions (a row for each origin and step ahead), metrics, by_step or by_origin.",
)
@decimal_option
@click.option(
    "--plots", metavar="DIR", type=_FILE, help="Draw the errors by origin and by step ahead into this folder."
)
@click.option(
    "--recipe",
    type=click.Choice(["none"]),
    help="none takes the data set of a recipe alone, with automatic settings, as for your own file: those that are not "
    "given are chosen from the training set.",
)
@click.option("--no-save", is_flag=True, help="Do not save the backtest, nor a run that is trained for it.")
def backtest(
    start: str,
    origins: int | None,
    steps: int | None,
    every: int | None,
    refit: bool,
    as_json: bool,
    output: Path | None,
    which: str,
    decimal: str,
    plots: Path | None,
    recipe: str | None,
    no_save: bool,
    **settings: Any,
) -> None:
    """Forecast a series from origins in the past with a run, and with baselines, and compare their errors.

    No row after an origin has a part in its forecasts. The network is that of the run where it was trained on rows
    before the first origin; otherwise one with the same settings is trained on them. Of a file a run is trained first,
    with the flags of train; of a group the mean of the forecasts is compared. The result is saved with the run;
    `rnnstudio plot RUN --kind error_by_origin` draws it.
    """
    if not start:
        raise click.UsageError("Name what to backtest: a run, or a file such as data.csv.")
    run = _run_of(start, steps, {**settings, "recipe": recipe}, save=not no_save)
    result = _computed(run, origins, steps, every, refit, save=not no_save)
    if output is not None:
        report_written(result.export(output, table=which, decimal=decimal))
    if plots is not None:
        _draw_plots(result, plots)
    if as_json:
        echo(json_text(result.summary()))
    else:
        print_backtest(result)


def _run_of(start: str, steps: int | None, settings: dict[str, Any], *, save: bool) -> Run | RunGroup:
    """Return the run or group that is named, or a run that is trained on a file or recipe."""
    from rnnstudio.cli.target import load_with_notes
    from rnnstudio.results.store import is_run

    if is_run(start):
        return load_with_notes(start)
    from rnnstudio.results.source import is_path

    if steps is not None and is_path(start):
        settings = {"horizon": steps, **{name: value for name, value in settings.items() if value is not None}}
    return trained_run(start, settings, save=save)


def _computed(
    run: Run | RunGroup, origins: int | None, steps: int | None, every: int | None, refit: bool, *, save: bool
) -> Backtest:
    from rnnstudio.core.errors import StoppedError
    from rnnstudio.results.interrupts import deferred_interrupts

    def report(done: int, of: int, text: str) -> None:
        if text:
            echo(f"Backtest, part {done + 1} of {of}: {text} ...", err=True)

    with deferred_interrupts() as ctrl_c:
        ctrl_c.deferring = True
        try:
            return run.compute_backtest(
                origins, steps, every, refit, should_stop=lambda: ctrl_c.pressed, report=report, save=save
            )
        except StoppedError:
            raise KeyboardInterrupt from None


def _draw_plots(result: Backtest, folder: Path) -> None:
    from rnnstudio.cli.display import draw_without_display
    from rnnstudio.core.errors import StoreError

    draw_without_display()
    from rnnstudio.gui.backtest.render import draw_backtest_file

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder} cannot be created as a folder: {error.strerror}. Choose another one.") from None
    for kind in PLOT_KINDS:
        report_written(draw_backtest_file(result, kind, folder / f"{kind}.png"))


def print_backtest(result: Backtest) -> None:
    """Write the report of a backtest to standard output: first whether a baseline beats the network."""
    out = console()
    out.print(result.conclusion)
    out.print(result.description)
    out.print()
    out.print(scores_table(result.metrics()))
    if result.steps > 1:
        out.print()
        out.print(steps_table(result))
    for note in result.notes:
        out.print(note)


def scores_table(scores: pd.DataFrame) -> Table:
    """Return a row for each method, the best first, and the bands of the network."""
    measures = [str(name) for name in scores if name != "method"]
    by = "mase" if scores["mase"].notna().any() else "rmse"
    heads = [score_label(name) for name in measures]
    rows = [
        [method_label(row["method"]), *_numbers([row[name] for name in measures])]
        for row in scores.sort_values(by).to_dict("records")
    ]
    return table(["method", *heads], rows, right=heads)


def steps_table(result: Backtest) -> Table:
    """Return the errors of each method at each step ahead, of many steps evenly spaced ones."""
    from rnnstudio.cli.report import evenly_spaced

    scores = result.by_step()
    measure = "mase" if scores["mase"].notna().any() else "rmse"
    heads = [method_label(name) for name in result.methods]
    rows = []
    for step in evenly_spaced(range(1, result.steps + 1), _MAX_STEPS):
        of_step = scores[scores["step_ahead"] == step].set_index("method")[measure]
        rows.append([f"{step:,}", *_numbers([of_step[name] for name in result.methods])])
    return table([f"step ahead ({score_label(measure)})", *heads], rows, right=heads)


def _numbers(values: Sequence[float]) -> list[str]:
    return [number(float(value)) for value in values]
