"""`rnnstudio forecast`: the values after the end of a series, of a run or of a file that one is trained on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rnnstudio.cli.inspect_command import reading_flags
from rnnstudio.cli.number_types import whole_number
from rnnstudio.cli.output import echo, json_text
from rnnstudio.cli.run_commands import at_option, decimal_option, write_frame
from rnnstudio.cli.run_or_file import RunOrFileCommand, names_data, trained_run

if TYPE_CHECKING:
    from rnnstudio.results.run import Run
    from rnnstudio.results.run_group import RunGroup

_FILE = click.Path(path_type=Path)
_FORECAST_HELP = "The file to write, .csv or .xlsx. Default: standard output, as CSV."
_OF_RUN = [
    click.Option(
        ["--input"],
        metavar="FILE",
        type=_FILE,
        help="Newer data, after which the forecast starts. Default: the data of the training.",
    ),
    click.Option(
        ["--start", "origin"],
        metavar="N",
        type=whole_number,
        help="Step of the series at which the forecast starts, counted from 0. Default: the end of the series.",
    ),
    click.Option(["--series"], metavar="NAME", default="", help="One of several series. Default: all of them."),
    at_option(),
    *reading_flags(),
]


@click.command(cls=RunOrFileCommand, short_help="Forecast the values after the end of a series.", of_run=_OF_RUN)
@click.argument("start", metavar="RUN|FILE")
@click.option(
    "--steps",
    metavar="N",
    type=whole_number,
    help="Number of steps to forecast. Default: 20, or the horizon where its inputs end there.",
)
@click.option(
    "--until", metavar="DATE", default="", help="The last day, month or time to forecast, such as 2025-03-31."
)
@click.option(
    "--known",
    metavar="FILE",
    type=_FILE,
    help="What is known ahead of the steps, such as a plan of promotions: a file with the times of the steps, or with "
    "the first step in its first row. Default: the rows after the last value to predict.",
)
@click.option(
    "--refit/--no-refit",
    default=None,
    help="Use weights that were trained again on all rows, with the same settings and number of updates, and train "
    "them first if the run has none; they are not tested. Default: where the run has them.",
)
@click.option(
    "--level",
    metavar="N,N,...",
    help="Levels of the bands in percent, some of those of the run; none for no bands. Default: all of the run.",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="One JSON object on standard output, with run, notes and forecast: an object for each step.",
)
@click.option("-o", "--output", metavar="FILE", type=_FILE, help=_FORECAST_HELP)
@decimal_option
@click.option(
    "--recipe",
    type=click.Choice(["none"]),
    help="none takes the data set of a recipe alone, with automatic settings, as for your own file.",
)
@click.option("--no-save", is_flag=True, help="Do not save a run that is trained for the forecast.")
def forecast(
    start: str,
    steps: int | None,
    until: str,
    known: Path | None,
    refit: bool | None,
    level: str | None,
    as_json: bool,
    output: Path | None,
    decimal: str,
    recipe: str | None,
    no_save: bool,
    **settings: Any,
) -> None:
    """Forecast the values after the end of a series, and write them as CSV or as an Excel file.

    The forecast starts after the last row with a known value of what is predicted. Up to its horizon, the network
    forecasts all steps at once; later steps are forecast block by block, each prediction being read like an observed
    value. Step 1 is the first forecast step. The column time holds its date where the dates of the series are known.
    The columns lower_80 and upper_80 hold the true value with a probability of about 80 %, where the run has bands.

    Of a file a run is trained first, with the flags of train and a horizon of --steps; the columns of the plan --known
    that the file has too are then known ahead. Newer data of a run are read as in the training, which also decides what
    the file leaves open, such as 01/02/2024; the flags for reading are for what differs in this file.
    """
    from rnnstudio.cli.target import load_with_notes
    from rnnstudio.core.caught_warnings import with_warnings

    run: Run | RunGroup
    how: dict[str, Any] = {}
    if names_data(start):
        run = _trained(start, steps, known, {**settings, "recipe": recipe}, save=not no_save)
    else:
        run = load_with_notes(start, settings.pop("at"))
        how = {name: value for name, value in settings.items() if value is not None}
        how["start"] = how.pop("origin", None)
    where = {"until": until, "known": known, "refit": refit, "level": level}
    table, notes = with_warnings(run.forecast_table, steps, **where, **how)
    if as_json:
        from rnnstudio.export.tables import plain_rows

        echo(json_text({"run": run.name, "path": run.path, "notes": notes, "forecast": plain_rows(table)}))
        if output is None:
            return
    for note in [] if as_json else notes:
        echo(f"Note: {note}", err=True)
    write_frame(table, output, decimal)


def _trained(start: str, steps: int | None, known: Path | None, settings: dict[str, Any], *, save: bool) -> Run:
    """Return a run that is trained on a file for this forecast, and say what it is."""
    from rnnstudio.results.forecast_calls import settings_to_forecast

    given = {name: value for name, value in settings.items() if value is not None}
    run = trained_run(start, settings_to_forecast(start, steps, known, given), save=save)
    for sentence in run.conclusions:
        echo(sentence, err=True)
    if run.name:
        echo(f"Saved as {run.name}.", err=True)
    return run
