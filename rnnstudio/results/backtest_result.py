"""The result of a backtest, with its exports and plots."""

from __future__ import annotations

import os
from pathlib import Path

from rnnstudio.core.backtest_plots import PLOT_KINDS
from rnnstudio.core.errors import SettingError
from rnnstudio.export.tables import TABLE_SUFFIXES, write_blocks
from rnnstudio.results.backtest_files import read_values
from rnnstudio.results.backtest_plots import draw_backtest
from rnnstudio.results.backtest_tables import TABLES, BacktestTables
from rnnstudio.results.checked_files import Files


class Backtest(BacktestTables):
    """Forecasts from several origins in the past, of a network and of baselines; returned by `backtest`.

    Attributes:
        steps: Steps ahead.
        origins: Number of origins.
        every: Rows from one origin to the next.
        refit: Whether the network was trained again at each origin; else once, on the rows before the first one.
        period: Rows in the season that the baselines repeat and MASE is scaled by; 0 where none is known.
        scales: Mean absolute error of the seasonal naive forecast on the rows before the first origin, which MASE
            divides by, by names of series and target; each is empty where there is one.
        settings: The settings of the network by flat name, without automatic ones.
        notes: What a reader should know, one sentence each.
        run: Name of the run; empty where it was not saved.

    >>> import numpy as np, rnnstudio as rs
    >>> run = rs.train(np.arange(60) % 7, window=7, updates=1, verbose=0, save=False)
    >>> result = run.backtest(origins=2, steps=1, verbose=0)
    >>> result.metrics()["method"].tolist()[:2]
    ['network', 'last_value']
    """

    __module__ = "rnnstudio"

    @classmethod
    def of_files(cls, files: Files) -> Backtest | None:
        """Return the backtest among the files of a run; None where there is none.

        Raises:
            StoreError, ValueError: The files are damaged.
        """
        values = read_values(files)
        return None if values is None else cls(**values)

    def export(self, path: str | os.PathLike[str], *, table: str = "predictions", decimal: str = "point") -> str:
        """Write a table as .csv or .parquet and return the path.

        Args:
            path: The file.
            table: predictions, metrics, by_step or by_origin.
            decimal: Of a .csv file: point separates columns by commas; comma separates them by semicolons.

        Raises:
            SettingError: Another suffix, table or decimal mark.
            StoreError: It cannot be written.
        """
        file = Path(path).expanduser()
        if table not in TABLES:
            raise SettingError(f"table must be one of {', '.join(TABLES)}; received {table!r}.", "table")
        if file.suffix.lower() not in TABLE_SUFFIXES:
            raise SettingError(f"path must end in {' or '.join(TABLE_SUFFIXES)}; received {file.name!r}.", "path")
        return str(write_blocks([self.table_of(table)], file, decimal))

    def plot(self, kind: str = PLOT_KINDS[0], path: str | os.PathLike[str] | None = None) -> str:
        """Draw a plot into a file and return its path.

        Args:
            kind: error_by_origin or error_by_step.
            path: A .png or .svg file; `KIND.png` in the current folder when None.

        Raises:
            RnnStudioError: There is no such plot, or it cannot be drawn here.
        """
        if kind not in PLOT_KINDS:
            raise SettingError(f"kind must be one of {', '.join(PLOT_KINDS)}; received {kind!r}.", "kind")
        return str(draw_backtest(self, kind, Path(f"{kind}.png") if path is None else Path(path)))
