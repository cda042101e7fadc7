"""Commands on a saved run: predict, forecast, plot, export.

RUN is a folder, a .rnnrun file, a name in the run list, or `latest`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rnnstudio.cli.inspect_command import reading_flags
from rnnstudio.cli.number_types import whole_number
from rnnstudio.cli.output import report_written, warn

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from rnnstudio.core.data_info import DataInfo
    from rnnstudio.core.predictions import Times
    from rnnstudio.results.new_data import NewData

_FILE = click.Path(path_type=Path)
_OUTPUT_HELP = "The file to write. Default: standard output."


def _known_decimal(ctx: click.Context, param: click.Parameter, value: str) -> str:
    from rnnstudio.export.tables import check_decimal

    check_decimal(value)
    return value


_decimal_option = click.option(
    "--decimal",
    callback=_known_decimal,
    metavar="NAME",
    default="point",
    show_default=True,
    help="Decimal mark of CSV: point, with commas between columns, or comma, with semicolons.",
)
_series_option = click.option(
    "--series", metavar="NAME", default="", help="One of several series. Default: all of them."
)


@click.command(short_help="Forecast the series of a run.")
@click.argument("run")
@click.option(
    "--steps", metavar="N", type=whole_number, default=20, show_default=True, help="Number of steps to forecast."
)
@click.option(
    "--start",
    metavar="N",
    type=whole_number,
    help="Step of the series at which the forecast starts, counted from 0. Default: the end of the series.",
)
@_series_option
@click.option("-o", "--output", metavar="FILE", type=_FILE, help=_OUTPUT_HELP)
@_decimal_option
def forecast(run: str, steps: int, start: int | None, series: str, output: Path | None, decimal: str) -> None:
    """Forecast the series of a run and write the values as CSV.

    Each prediction is fed back as the next input. Step 1 is the first forecast step. The column time holds its date
    where the dates of the series are known.
    """
    from rnnstudio.api import load

    _write(load(run).forecast_table(steps, start, series), output, decimal)


@click.command(short_help="Predict with a run from the data in a file.", params=reading_flags())
@click.argument("run")
@click.option(
    "--input", "source", metavar="FILE", type=_FILE, required=True, help="A file with a series or with sequences."
)
@click.option("--probabilities", is_flag=True, help="For classes: the probability of each class.")
@_series_option
@click.option("-o", "--output", metavar="FILE", type=_FILE, help=_OUTPUT_HELP)
@_decimal_option
def predict(
    run: str, source: Path, probabilities: bool, series: str, output: Path | None, decimal: str, **settings: str | None
) -> None:
    """Predict with a run from the data in a file, and write the predictions as CSV.

    The column step is the number of rows read before the prediction, and the column time the time of the last of them,
    where the file has times. A forecasting run predicts the values after that row, other runs the value or class at
    that row. The column series names the series, where there are several; --series names that of a file without
    such a column. Separate sequences have one row each, with
    their name or their number in the file.

    The file is read as in the training, which also decides what the file leaves open, such as 01/02/2024; the flags for
    reading are for what differs in this file.
    """
    from rnnstudio.api import load
    from rnnstudio.core.errors import SettingError
    from rnnstudio.results.new_data import predict_new_data, read_new_data
    from rnnstudio.results.new_source import chosen_options, new_source
    from rnnstudio.results.trained_network import TrainedNetwork

    loaded = load(run)
    if probabilities and not loaded.info.classes:
        raise SettingError(
            f"--probabilities needs a run that predicts classes; this one predicts values (task {loaded.info.task})."
        )
    file = new_source(source, loaded)
    assert file is not None
    changed = chosen_options(source, file, {name: value for name, value in settings.items() if value is not None})
    new = read_new_data(file, loaded, changed, series)
    for note in new.notes:
        click.echo(f"Note: {note}", err=True)
    network = TrainedNetwork(loaded.experiment, loaded.info, loaded.scalers, loaded.weights)
    _write(
        _prediction_table(predict_new_data(new, loaded, network, probabilities), new, loaded.info, probabilities),
        output,
        decimal,
    )


def _prediction_table(predictions: Any, new: NewData, info: DataInfo, probabilities: bool) -> pd.DataFrame:
    """Return the predictions for new data: a row per sequence, or one per step, with the name of the series if any."""
    import pandas as pd

    if new.kind == "sequences":
        values = predictions.reshape(len(new.names), -1)
        columns = {name: values[:, i] for i, name in enumerate(_column_names(info, probabilities))}
        return pd.DataFrame({"sequence": new.names, **columns})
    each = predictions if new.kind == "several" else [predictions]
    tables = [
        prediction_rows(own, len(values), info, probabilities, times)
        for own, values, times in zip(each, new.values, new.times, strict=True)
    ]
    if not new.names:
        return tables[0]
    return (
        pd.concat(dict(zip(new.names, tables, strict=True)), names=["series"])
        .reset_index("series")
        .reset_index(drop=True)
    )


def prediction_rows(
    predictions: Any, steps: int, info: DataInfo, probabilities: bool, times: Times | None = None
) -> pd.DataFrame:
    """Return one row per prediction for one sequence: the number of steps read, the time, then the predicted values.

    Args:
        predictions: What `Run.predict` returned for the sequence.
        steps: Steps of the sequence.
        info: Names of classes and targets.
        probabilities: Whether the predictions are probabilities of classes.
        times: The time of each step, `(steps,)`; None where they are unknown.
    """
    import numpy as np
    import pandas as pd

    array: NDArray[Any] = np.asarray(predictions)
    rows = 1 if info.task == "classify" else len(np.atleast_1d(array))
    names = _column_names(info, probabilities)
    values = array.reshape(rows, -1)
    if values.shape[1] != len(names):
        values = array.reshape(-1, len(names))
    steps_read = np.arange(steps - len(values) + 1, steps + 1)
    time = {} if times is None else {"time": times[steps_read - 1]}
    return pd.DataFrame({"step": steps_read, **time, **{name: values[:, i] for i, name in enumerate(names)}})


def _column_names(info: DataInfo, probabilities: bool) -> list[str]:
    if probabilities:
        return [f"probability_{name}" for name in info.classes]
    if info.classes:
        return ["prediction"]
    targets = [f"_{name}" for name in info.target_names] if len(info.target_names) > 1 else [""]
    if info.task != "forecast" or info.outputs == len(targets):
        return [f"prediction{target}" for target in targets]
    horizon = info.outputs // len(targets)
    return [f"prediction{target}_{step}" for step in range(1, horizon + 1) for target in targets]


def _write(frame: pd.DataFrame, output: Path | None, decimal: str) -> None:
    from rnnstudio.export.tables import csv_text, write_csv

    if output is None:
        sys.stdout.write(csv_text(frame, decimal))
    else:
        report_written(write_csv(frame, output, decimal))


def plot_names() -> list[str]:
    """Return the names of all plots without loading Qt: each plot is a module of its name."""
    import pkgutil
    from importlib.util import find_spec

    folders = (spec.submodule_search_locations if (spec := find_spec("rnnstudio.gui.plots")) else None) or []
    return [module.name for module in pkgutil.iter_modules(folders)]


def _known_plot(ctx: click.Context, param: click.Parameter, value: str) -> str:
    from rnnstudio.core.errors import UnknownNameError
    from rnnstudio.core.upgrade import recorded, upgrade_plot_kind

    kind, sentences = recorded(upgrade_plot_kind, value)
    for sentence in sentences:
        warn(sentence)
    if kind not in plot_names():
        raise UnknownNameError("plot", kind, plot_names())
    return kind


@click.command()
@click.argument("run")
@click.option(
    "--kind",
    metavar="NAME",
    default="loss",
    show_default=True,
    callback=_known_plot,
    help=f"The plot: {', '.join(plot_names())}.",
)
@click.option(
    "--series",
    metavar="NAME",
    default="",
    help="The one of several series that forecast and multi_step draw. Default: the first.",
)
@click.option("-o", "--output", metavar="FILE", type=_FILE, help="A .png or .svg file. Default: KIND.png.")
def plot(run: str, kind: str, series: str, output: Path | None) -> None:
    """Draw a plot of a run into a file."""
    from rnnstudio.api import load
    from rnnstudio.cli.display import draw_without_display

    loaded = load(run)
    if loaded.info.series and not series and kind in ("forecast", "multi_step"):
        click.echo(
            f"Note: series {loaded.info.series[0]} is drawn, the first of {len(loaded.info.series):,}; --series "
            "chooses another one.",
            err=True,
        )
    draw_without_display()
    from rnnstudio.gui.render import draw_file

    report_written(draw_file(loaded, kind, output or Path(f"{kind}.png"), series=series))


@click.command()
@click.argument("run")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=_FILE,
    required=True,
    help="history.csv: the history as a table. train.R, train.py: a script that trains the run again. run.rnnrun: the "
    "run as one file, to send or to double-click.",
)
@_decimal_option
def export(run: str, output: Path, decimal: str) -> None:
    """Write a run's history as a table, a script that trains it again, or the run as one file."""
    from rnnstudio.api import load

    report_written(load(run).export(output, decimal=decimal))
