"""The files of a backtest, in the folder of its run: `backtest.json` and, with its long table, `backtest.npz`."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np

from rnnstudio.core.plain import without_nan
from rnnstudio.export.table_arrays import table_as_arrays, table_of_arrays
from rnnstudio.export.writing import write_file
from rnnstudio.reading.archives import Archive, Folder
from rnnstudio.results.backtest_tables import BacktestTables

BACKTEST_FILE, TABLE_FILE = "backtest.json", "backtest.npz"
_PLAIN = ("steps", "origins", "every", "refit", "period", "run")


def write_backtest(backtest: BacktestTables, folder: Path) -> None:
    """Write the files of a backtest into the folder of its run, in place of an earlier one.

    Raises:
        StoreError: A file cannot be written.
    """
    plain: dict[str, Any] = {name: getattr(backtest, name) for name in _PLAIN}
    plain["scales"] = [[series, target, scale] for (series, target), scale in backtest.scales.items()]
    plain |= {"settings": dict(backtest.settings), "notes": list(backtest.notes)}

    def write_table(file: Path) -> None:
        with file.open("wb") as out:  # given a path, np.savez would append .npz
            np.savez(out, allow_pickle=False, **table_as_arrays(backtest.table))

    text = json.dumps(without_nan(plain), indent=2) + "\n"
    write_file(folder / TABLE_FILE, write_table)
    write_file(folder / BACKTEST_FILE, lambda file: file.write_text(text, encoding="utf-8"))


def read_values(files: Folder | Archive) -> dict[str, Any] | None:
    """Return the attributes of the backtest among the files of a run; None where there is none.

    Raises:
        LookupError, ValueError, OSError: The files are damaged.
    """
    if BACKTEST_FILE not in files:
        return None
    plain = json.loads(files.read(BACKTEST_FILE))
    with np.load(io.BytesIO(files.read(TABLE_FILE)), allow_pickle=False) as arrays:
        table = table_of_arrays({name: arrays[name] for name in arrays.files})
    scales = {(series, target): float("nan") if scale is None else scale for series, target, scale in plain["scales"]}
    values = {name: plain[name] for name in _PLAIN}
    rest = {"settings": plain["settings"], "notes": tuple(plain["notes"])}
    return {**values, "scales": scales, "table": table, **rest}
