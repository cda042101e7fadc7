"""The files of a backtest, in the folder of its run: `backtest.json` and, with its long table, `backtest.npz`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from rnnstudio.core.plain import without_nan
from rnnstudio.export.table_arrays import table_as_arrays, table_of_arrays
from rnnstudio.export.writing import write_file
from rnnstudio.results.backtest_tables import BacktestTables
from rnnstudio.results.checked_files import Files, read_arrays
from rnnstudio.results.run_folder import Write

BACKTEST_FILE, TABLE_FILE = "backtest.json", "backtest.npz"
_PLAIN = ("steps", "origins", "every", "refit", "period", "run")


def backtest_writers(backtest: BacktestTables) -> dict[str, Write]:
    """Return the functions that write the files of a backtest, by the names of the files."""
    plain: dict[str, Any] = {name: getattr(backtest, name) for name in _PLAIN}
    plain["scales"] = [[series, target, scale] for (series, target), scale in backtest.scales.items()]
    plain |= {"settings": dict(backtest.settings), "notes": list(backtest.notes)}
    text = json.dumps(without_nan(plain), indent=2) + "\n"
    arrays = table_as_arrays(backtest.table)
    return {
        TABLE_FILE: lambda file: np.savez(file, allow_pickle=False, **arrays),
        BACKTEST_FILE: lambda file: file.write(text.encode()),
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
        LookupError, ValueError, OSError: The files are damaged.
    """
    if BACKTEST_FILE not in files:
        return None
    plain = json.loads(files.read(BACKTEST_FILE))
    table = table_of_arrays(read_arrays(files, TABLE_FILE))
    scales = {(series, target): float("nan") if scale is None else scale for series, target, scale in plain["scales"]}
    values = {name: plain[name] for name in _PLAIN}
    rest = {"settings": plain["settings"], "notes": tuple(plain["notes"])}
    return {**values, "scales": scales, "table": table, **rest}
