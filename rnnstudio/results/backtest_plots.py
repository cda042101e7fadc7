"""Plots of a backtest as files, drawn by the window's own plots in another process."""

from __future__ import annotations

import tempfile
from pathlib import Path

from rnnstudio.results.backtest_files import write_backtest
from rnnstudio.results.backtest_tables import BacktestTables
from rnnstudio.results.plot_process import draw_folder


def draw_backtest(backtest: BacktestTables, kind: str, path: Path) -> Path:
    """Draw a plot of a backtest into a file and return its path.

    Args:
        backtest: The backtest; it need not be saved.
        kind: error_by_origin or error_by_step.
        path: A .png or .svg file.

    Raises:
        RnnStudioError: It cannot be drawn; the message says why.
    """
    file = path.expanduser().absolute()
    with tempfile.TemporaryDirectory(prefix="rnnstudio-") as folder:
        write_backtest(backtest, Path(folder))
        draw_folder(Path(folder), kind, file)
    return file
