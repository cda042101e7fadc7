"""The files of a backtest, in the folder of its run: `backtest.json` and, with its long table, `backtest.npz`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rnnstudio.core.backtest_scores import scale_of_rows
from rnnstudio.core.plain import without_nan
from rnnstudio.export.table_arrays import table_as_arrays, table_of_arrays
from rnnstudio.export.writing import write_file
from rnnstudio.results.backtest_tables import BacktestTables
from rnnstudio.results.checked_files import Files, read_arrays, read_json
from rnnstudio.results.file_writers import arrays_writer, json_writer
from rnnstudio.results.run_folder import Write
from rnnstudio.results.validation.run_checks import check_backtest_columns, check_table
from rnnstudio.results.validation.training_models import StoredBacktest
from rnnstudio.results.validation.value_types import validated

BACKTEST_FILE, TABLE_FILE = "backtest.json", "backtest.npz"
_PLAIN = ("steps", "origins", "every", "refit", "period", "run")


def backtest_writers(backtest: BacktestTables) -> dict[str, Write]:
    """Return the functions that write the files of a backtest, by the names of the files."""
    plain: dict[str, Any] = {name: getattr(backtest, name) for name in _PLAIN}
    plain["scales"] = [[series, target, scale] for (series, target), scale in backtest.scales.items()]
    plain |= {"settings": dict(backtest.settings), "notes": list(backtest.notes)}
    return {
        TABLE_FILE: arrays_writer(table_as_arrays(backtest.table)),
        BACKTEST_FILE: json_writer(without_nan(plain)),
    }


def write_backtest(backtest: BacktestTables, folder: Path) -> None:
    """Write the files of a backtest into a folder of their own, in place of an earlier one.

    Raises:
        StoreError: A file cannot be written.
    """

    def write_in(write: Write) -> Callable[[Path], None]:
        def write_path(path: Path) -> None:
            with path.open("wb") as file:
                write(file)

        return write_path

    for name, write in backtest_writers(backtest).items():
        write_file(folder / name, write_in(write))


def read_values(files: Files) -> dict[str, Any] | None:
    """Return the attributes of the backtest among the files of a run; None where there is none.

    Raises:
        StoreError, ValueError: The files are damaged.
    """
    if BACKTEST_FILE not in files:
        return None
    plain = read_json(files, BACKTEST_FILE)
    validated(StoredBacktest, plain, BACKTEST_FILE)
    arrays = read_arrays(files, TABLE_FILE)
    check_backtest_columns(check_table(arrays), arrays, plain)
    table = table_of_arrays(arrays)
    scales = {(s, target): float("nan") if scale is None else float(scale) for s, target, scale in plain["scales"]}
    if len(scales) > 1:
        scale_of_rows(table, scales)  # each series of the table has one
    values = {name: plain[name] for name in _PLAIN}
    rest = {"settings": plain["settings"], "notes": tuple(plain["notes"])}
    return {**values, "scales": scales, "table": table, **rest}
