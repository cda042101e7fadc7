"""What is done with a saved run: predict, forecast, plot, export.

RUN is a folder, a name in the run list, or `latest`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rnnstudio.cli.output import wrote

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from rnnstudio.core.data_info import DataInfo

_FILE = click.Path(path_type=Path)
_OUT_HELP = "File to write; standard output without it."


@click.command(short_help="Tell a run's series on from its own predictions.")
@click.argument("run")
@click.option("--steps", metavar="N", type=int, default=20, show_default=True, help="How many steps to tell.")
@click.option(
    "--start", metavar="N", type=int, help="Step of the series to begin at, counted from 0; its end without it."
)
@click.option("-o", "--output", metavar="FILE", type=_FILE, help=_OUT_HELP)
def forecast(run: str, steps: int, start: int | None, output: Path | None) -> None:
    """Tell a run's series on from its own predictions, as CSV: step 1 is the first one told."""
    import numpy as np
    import pandas as pd

    from rnnstudio.api import load

    loaded = load(run)
    told = np.asarray(loaded.forecast(steps, start)).reshape(steps, -1)
    columns = {name: told[:, i] for i, name in enumerate(loaded.info.features)}
    _write(pd.DataFrame({"step": np.arange(1, steps + 1), **columns}), output)


@click.command(short_help="Ask a run about the sequences in a file.")
@click.argument("run")
@click.option(
    "--input", "source", metavar="FILE", type=_FILE, required=True, help="A series, or sequences, of any kind of file."
)
@click.option("--probabilities", is_flag=True, help="For classes: the probability of each instead of the likeliest.")
@click.option("-o", "--output", metavar="FILE", type=_FILE, help=_OUT_HELP)
def predict(run: str, source: Path, probabilities: bool, output: Path | None) -> None:
    """Ask a run about the sequences in a file, and write its answers as CSV.

    The column step says how many rows the network has read when it gives the answer. A run that tells a series from
    its own past gives the values after that row, others the value or class at it. Of separate sequences each gets one
    row, under its name or its place in the file.
    """
    import pandas as pd

    from rnnstudio.api import load
    from rnnstudio.cli.inputs import columns_in, sequences_in
    from rnnstudio.core.errors import SettingError

    loaded = load(run)
    if probabilities and not loaded.info.classes:
        raise SettingError(
            f"--probabilities needs a run that tells classes; this one tells values (task {loaded.info.task})."
        )
    found = sequences_in(source, loaded) if loaded.info.task == "classify" else None
    if found is None:
        x = columns_in(source, loaded)
        _write(answers(loaded.predict(x, probabilities=probabilities), len(x), loaded.info, probabilities), output)
        return
    names, sequences = found
    told = loaded.predict(sequences, probabilities=probabilities).reshape(len(names), -1)
    columns = {name: told[:, i] for i, name in enumerate(_answer_names(loaded.info, probabilities))}
    _write(pd.DataFrame({"sequence": names, **columns}), output)


def answers(told: Any, steps: int, info: DataInfo, probabilities: bool) -> pd.DataFrame:
    """Return a row per answer: the steps read when it was given, then what was told.

    Args:
        told: What `Run.predict` gave for one sequence.
        steps: Rows of that sequence.
        info: Names of what is told.
        probabilities: Whether it is a probability per class.
    """
    import numpy as np
    import pandas as pd

    found: NDArray[Any] = np.asarray(told)
    single = info.task == "classify"  # one answer for the whole sequence
    rows = 1 if single else len(np.atleast_1d(found))
    names = _answer_names(info, probabilities)
    values = found.reshape(rows, -1)
    if values.shape[1] != len(names):
        values = found.reshape(-1, len(names))
    read = np.arange(steps - len(values) + 1, steps + 1)
    return pd.DataFrame({"step": read, **{name: values[:, i] for i, name in enumerate(names)}})


def _answer_names(info: DataInfo, probabilities: bool) -> list[str]:
    if probabilities:
        return [f"probability_{name}" for name in info.classes]
    if info.classes:
        return ["prediction"]
    targets = [f"_{name}" for name in info.target_names] if len(info.target_names) > 1 else [""]
    if info.task != "forecast" or info.outputs == len(targets):
        return [f"prediction{target}" for target in targets]
    return [f"prediction{target}_{ahead}" for ahead in range(1, info.outputs // len(targets) + 1) for target in targets]


def _write(frame: pd.DataFrame, output: Path | None) -> None:
    from rnnstudio.export.tables import write_csv

    if output is None:
        frame.to_csv(sys.stdout, index=False, lineterminator="\n")
    else:
        wrote(write_csv(frame, output))


def plot_names() -> list[str]:
    """Return the names of all plots without loading Qt: each is a module called after its plot."""
    import pkgutil
    from importlib.util import find_spec

    places = (spec.submodule_search_locations if (spec := find_spec("rnnstudio.gui.plots")) else None) or []
    return [module.name for module in pkgutil.iter_modules(places)]


def _known_plot(ctx: click.Context, param: click.Parameter, value: str) -> str:
    from rnnstudio.core.errors import UnknownNameError

    if value not in plot_names():
        raise UnknownNameError("plot", value, plot_names())
    return value


@click.command()
@click.argument("run")
@click.option(
    "--kind",
    metavar="NAME",
    default="loss",
    show_default=True,
    callback=_known_plot,
    help=f"Which plot: {', '.join(plot_names())}.",
)
@click.option("-o", "--output", metavar="FILE", type=_FILE, help="A .png or .svg file; KIND.png without it.")
def plot(run: str, kind: str, output: Path | None) -> None:
    """Draw a plot of a run into a file."""
    from rnnstudio.api import load
    from rnnstudio.cli.display import draw_without_display

    loaded = load(run)
    draw_without_display()
    from rnnstudio.gui.render import draw_file

    wrote(draw_file(loaded, kind, output or Path(f"{kind}.png")))


@click.command()
@click.argument("run")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=_FILE,
    required=True,
    help="history.csv: the history as a table. train.R, train.py: a script that trains the run again. run.rnnrun: the "
    "run itself as one file, to send or to double-click.",
)
def export(run: str, output: Path) -> None:
    """Write a run's history as a table, a script that trains it again, or the run itself as one file."""
    from rnnstudio.api import load

    wrote(load(run).export(output))
