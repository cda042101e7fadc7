"""What a run is asked about, from a file: the columns of a series, or separate sequences."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rnnstudio.core.data_info import DataInfo
    from rnnstudio.core.missing import Missing
    from rnnstudio.reading.table import Table
    from rnnstudio.results.run import Run


def columns_in(source: Path, run: Run) -> NDArray[np.float32]:
    """Return the series in a file that a run is asked about, `(steps, features)`.

    Raises:
        DataError: The file cannot be read, or lacks the columns the run was trained on.
    """
    from rnnstudio.core.errors import DataError
    from rnnstudio.reading.files import read_file

    try:
        table = read_file(source, run.info.features[0])
    except DataError:
        table = read_file(source)
    return table.series(_columns(table, run.info), getattr(run.experiment.data, "missing", "error")).values


def sequences_in(source: Path, run: Run) -> tuple[list[Any], list[NDArray[np.float32]]] | None:
    """Return the names and values of the separate sequences in a file; None where it holds one series.

    Raises:
        DataError: The file cannot be read, or values are missing.
    """
    from rnnstudio.core.missing import impute_sequences
    from rnnstudio.reading.files import read_file
    from rnnstudio.reading.labelled_npz import read_inputs_npz
    from rnnstudio.reading.labelled_table import inputs_from_table
    from rnnstudio.reading.ts_file import read_ts

    column = getattr(run.experiment.data, "sequence", "")
    names: list[Any]
    match source.suffix.lower():
        case ".ts":
            read = read_ts(source)
            names, sequences = list(range(1, len(read.sequences) + 1)), read.sequences
        case ".npz" if not column:
            sequences = read_inputs_npz(source)
            names = list(range(1, len(sequences) + 1))
        case _:
            table = read_file(source, column)
            if column not in table.columns:
                if column:
                    click.echo(f"{table.name} has no column {column!r}; its rows are read as one sequence.", err=True)
                return None
            names, sequences = inputs_from_table(table, column, _columns(table, run.info))
    how: Missing = getattr(run.experiment.data, "missing", "error")
    mended, kept, _ = impute_sequences(
        list(sequences), how, lambda n, step, j: f"sequence {names[n]}, step {step + 1}", source.name
    )
    return [name for name, keep in zip(names, kept, strict=True) if keep], list(mended)


def _columns(table: Table, info: DataInfo) -> list[str]:
    """Return the columns a run reads: those called after its features, else as many columns of numbers."""
    from rnnstudio.core.errors import DataError
    from rnnstudio.reading.file_checks import join_names

    wanted = list(info.features)
    if set(wanted) <= set(table.columns):
        return wanted
    numeric = [table.preferred_target] if table.preferred_target and len(wanted) == 1 else table.numeric_columns()
    if len(numeric) == len(wanted) or (len(wanted) == 1 and numeric):
        chosen = numeric[: len(wanted)]
        missing = [name for name in wanted if name not in table.columns]
        click.echo(f"{table.name} has no column {join_names(missing)}; reading {join_names(chosen)}.", err=True)
        return chosen
    raise DataError(
        f"{table.name} must have the {len(wanted)} column(s) of numbers the run was trained on "
        f"({', '.join(wanted[:10])}); received {len(numeric)}: {', '.join(numeric[:10]) or 'none'}."
    )
