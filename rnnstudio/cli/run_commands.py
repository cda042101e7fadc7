"""Commands on a saved run: predict, plot, export.

RUN is a folder, a .rnnrun file, a name in the run list, or `latest`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rnnstudio.cli.inspect_command import reading_flags
from rnnstudio.cli.output import echo, report_written, warn

if TYPE_CHECKING:
    import pandas as pd

    from rnnstudio.results.backtest_result import Backtest

_FILE = click.Path(path_type=Path)
_OUTPUT_HELP = "The file to write. Default: standard output."


def _known_decimal(ctx: click.Context, param: click.Parameter, value: str) -> str:
    from rnnstudio.export.tables import check_decimal

    check_decimal(value)
    return value


decimal_option = click.option(
    "--decimal",
    callback=_known_decimal,
    metavar="NAME",
    default="point",
    show_default=True,
    help="Decimal mark of CSV: point, with commas between columns, or comma, with semicolons.",
)
series_option = click.option(
    "--series", metavar="NAME", default="", help="One of several series. Default: all of them."
)


def at_option() -> click.Option:
    """Return the flag for a moment of the training."""
    return click.Option(
        ["--at"],
        metavar="UPDATE",
        help="Use the weights after this update of the training, the nearest that are kept; best or last. Default: the "
        "weights of the run.",
    )


@click.command(short_help="Predict with a run from the data in a file.", params=[at_option(), *reading_flags()])
@click.argument("run")
@click.option(
    "--input", "source", metavar="FILE", type=_FILE, required=True, help="A file with a series or with sequences."
)
@click.option("--probabilities", is_flag=True, help="For classes: the probability of each class.")
@series_option
@click.option("-o", "--output", metavar="FILE", type=_FILE, help=_OUTPUT_HELP)
@decimal_option
def predict(
    run: str,
    source: Path,
    probabilities: bool,
    series: str,
    output: Path | None,
    decimal: str,
    at: str | None,
    **settings: str | None,
) -> None:
    """Predict with a run from the data in a file, and write the predictions as CSV.

    The column step is the number of rows read before the prediction, and the column time the time of the last of them,
    where the file has times. A forecasting run predicts the values after that row, other runs the value or class at
    that row. The column series names the series, where there are several; --series names that of a file without
    such a column. Separate sequences have one row each, with
    their name or their number in the file.

    The file is read as in the training, which also decides what the file leaves open, such as 01/02/2024; the flags for
    reading are for what differs in this file. Where it holds what is predicted, the metrics are printed on standard
    error.
    """
    from rnnstudio.cli.target import load_with_notes
    from rnnstudio.core.caught_warnings import with_warnings
    from rnnstudio.core.errors import SettingError
    from rnnstudio.results.new_evaluation import metrics_in_words

    loaded = load_with_notes(run, at)
    if probabilities and not loaded.info.classes:
        raise SettingError(
            f"--probabilities needs a run that predicts classes; this one predicts values (task {loaded.info.task})."
        )
    chosen = {name: value for name, value in settings.items() if value is not None}
    result, _ = with_warnings(loaded.evaluate, source, series=series, **chosen)
    for note in result.notes:
        echo(f"Note: {note}", err=True)
    others = ("truth", "prediction" if probabilities else "probability_")
    write_frame(result.table[[name for name in result.table if not str(name).startswith(others)]], output, decimal)
    if sentence := metrics_in_words(result, source.name):
        echo(sentence, err=True)


def write_frame(frame: pd.DataFrame, output: Path | None, decimal: str) -> None:
    """Write a data frame to a file, or as CSV to standard output.

    Args:
        frame: The data frame.
        output: The file; None for standard output.
        decimal: Decimal mark of CSV: point or comma.
    """
    from rnnstudio.core.visible_text import visible
    from rnnstudio.export.tables import csv_text, write_table

    if output is None:
        text = csv_text(frame, decimal)
        sys.stdout.write(visible(text) if sys.stdout.isatty() else text)
    else:
        report_written(write_table(frame, output, decimal))


def plot_names() -> list[str]:
    """Return the names of all plots without loading Qt: each plot is a module of its name."""
    import pkgutil
    from importlib.util import find_spec

    folders = (spec.submodule_search_locations if (spec := find_spec("rnnstudio")) else None) or []
    plots = [str(Path(folder, "gui", "plots")) for folder in folders]  # `rnnstudio.gui` itself loads Qt
    return [module.name for module in pkgutil.iter_modules(plots)]


def _all_plot_names() -> list[str]:
    from rnnstudio.core.backtest_plots import PLOT_KINDS

    return [*plot_names(), *PLOT_KINDS]


def _known_plot(ctx: click.Context, param: click.Parameter, value: str) -> str:
    from rnnstudio.core.errors import UnknownNameError
    from rnnstudio.core.upgrade import recorded, upgrade_plot_kind

    kind, sentences = recorded(upgrade_plot_kind, value)
    for sentence in sentences:
        warn(sentence)
    if kind not in _all_plot_names():
        raise UnknownNameError("plot", kind, _all_plot_names())
    return kind


def _backtest_of(run: str) -> Backtest:
    """Return the newest backtest of a run, or the one in a folder."""
    from rnnstudio.core.errors import DataError
    from rnnstudio.reading.archives import Folder
    from rnnstudio.results.backtest_result import Backtest
    from rnnstudio.results.group_files import find_group
    from rnnstudio.results.store import is_run, load

    path = find_group(run) or Path(run)
    is_folder = path.is_dir() and (find_group(path) is not None or not is_run(run))
    backtest = Backtest.of_files(Folder(path)) if is_folder else load(run).last_backtest
    if backtest is None:
        raise DataError(f"The run {run} has no backtest to draw. Make one with: rnnstudio backtest {run}")
    return backtest


@click.command(params=[at_option()])
@click.argument("run")
@click.option(
    "--kind",
    metavar="NAME",
    default="loss",
    show_default=True,
    callback=_known_plot,
    help=f"The plot: {', '.join(_all_plot_names())}. The last two are of the newest backtest of the run.",
)
@click.option(
    "--series",
    metavar="NAME",
    default="",
    help="The one of several series or targets that forecast and multi_step draw. Default: the first.",
)
@click.option("-o", "--output", metavar="FILE", type=_FILE, help="A .png or .svg file. Default: KIND.png.")
def plot(run: str, kind: str, series: str, output: Path | None, at: str | None) -> None:
    """Draw a plot of a run into a file."""
    from rnnstudio.cli.display import draw_without_display
    from rnnstudio.cli.target import at_moment
    from rnnstudio.core.backtest_plots import PLOT_KINDS
    from rnnstudio.core.errors import SettingError
    from rnnstudio.results.store import load

    if kind in PLOT_KINDS and at is not None:
        raise SettingError(f"--at is for plots of a training; {kind} draws a backtest. Leave it out.", "at")
    if kind in PLOT_KINDS:
        backtest = _backtest_of(run)
        draw_without_display()
        from rnnstudio.gui.backtest.render import draw_backtest_file

        report_written(draw_backtest_file(backtest, kind, output or Path(f"{kind}.png")))
        return

    loaded = load(run)
    if at is not None:
        loaded = at_moment(loaded, at)
    names = loaded.info.drawn_names
    if names and not series and kind in ("forecast", "multi_step"):
        echo(
            f"Note: {'series' if loaded.info.series else 'target'} {names[0]} is drawn, the first of {len(names):,}; "
            "--series chooses another one.",
            err=True,
        )
    draw_without_display()
    from rnnstudio.gui.render import draw_file

    report_written(draw_file(loaded, kind, output or Path(f"{kind}.png"), series=series))


@click.command(params=[at_option()])
@click.argument("run")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=_FILE,
    required=True,
    help="FILE.csv, FILE.parquet: a table. train.R, train.py: a script that trains the run again. run.rnnrun: the run "
    "as one file, to send or to double-click.",
)
@click.option(
    "--table",
    metavar="NAME",
    help="Of a .csv or .parquet file: history, a row per update (the default), or predictions, a row for each "
    "prediction on the test set (else validation, else training set) with its truth and the best baseline, or by_step, "
    "the errors of a forecast at each step ahead. "
    "Of a group: runs, a row for each (the default), or predictions, their mean.",
)
@decimal_option
def export(run: str, output: Path, table: str | None, decimal: str, at: str | None) -> None:
    """Write a table of a run or group, a script that trains a run again, or a run as one file."""
    from rnnstudio.cli.target import load_with_notes

    chosen = {} if table is None else {"table": table}
    report_written(load_with_notes(run, at).export(output, **chosen, decimal=decimal))
