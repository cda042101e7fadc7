"""Exports of a run: its history or predictions, a script that trains it again, or all of it as one file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.export.scripts import write_script
from rnnstudio.export.tables import TABLE_SUFFIXES, write_blocks
from rnnstudio.results.contents import RunContents
from rnnstudio.results.run_archive import RUN_SUFFIX
from rnnstudio.results.saving import write_run_archive

if TYPE_CHECKING:
    import pandas as pd

_TABLES = ("history", "predictions", "by_step")


def export_run(
    run: RunContents, file: Path, table: str, decimal: str, predictions: Callable[[], Iterator[pd.DataFrame]]
) -> Path:
    """Write what the suffix of a file selects, and return its path; see `Run.export`.

    Args:
        run: The run.
        file: The file.
        table: history, predictions or by_step.
        decimal: point or comma.
        predictions: Yields the table of predictions in parts.

    Raises:
        SettingError: No export has this suffix, or not this table or decimal mark.
        DataError: The predictions cannot be computed.
        StoreError: It cannot be written, or a script is wanted for a run of arrays.
    """
    suffix = file.suffix.lower()
    if table not in _TABLES:
        raise SettingError(f"table must be one of {', '.join(_TABLES)}; received {table!r}.", "table")
    if suffix in TABLE_SUFFIXES:
        return write_blocks(_tables(run, table, predictions), file, decimal)
    if table != "history":
        raise SettingError(
            f"table {table} goes with a file that ends in {' or '.join(TABLE_SUFFIXES)}; received {file.name!r}.",
            "table",
        )
    if decimal != "point":
        raise SettingError(f"decimal applies to .csv files only; received {decimal!r} for {file.name!r}.", "decimal")
    if suffix in (".r", ".py"):
        if run.record.picked:
            raise SettingError(
                "A script trains a run again to its end, and cannot say that the weights after update "
                f"{run.record.weights_step:,} were picked. Export the run as it was trained.",
                "path",
            )
        return write_script(run.experiment, run.record, run.metrics, file, run.footnote)
    if suffix == RUN_SUFFIX:
        return write_run_archive(run, file)
    raise SettingError(
        f"path must end in .csv or .parquet (a table), .R or .py (script that trains the run again) or {RUN_SUFFIX} "
        f"(the run as one file); received {file.name!r}.",
        "path",
    )


def _tables(run: RunContents, table: str, predictions: Callable[[], Iterator[pd.DataFrame]]) -> Iterable[pd.DataFrame]:
    """Return a table in parts.

    Raises:
        DataError: The run has no such table.
    """
    if table == "predictions":
        return predictions()
    if table == "history":
        return [run.history_table()]
    if run.record.step_errors is None:
        raise DataError(
            "This run has no errors by step ahead: they need a forecast with a horizon over 1, a test or validation "
            "set, and a run that this version trained."
        )
    return [run.by_step]
