"""What a group of runs gives away beside predictions: backtests of the mean forecast, and tables as files."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnnstudio.core.errors import SettingError
from rnnstudio.export.tables import TABLE_SUFFIXES, write_blocks
from rnnstudio.results.backtest_files import write_backtest
from rnnstudio.results.backtest_result import Backtest
from rnnstudio.results.backtested_run import interruptible_backtest
from rnnstudio.results.ensemble import EnsembleRun
from rnnstudio.results.missing_runs import MissingRun, missing_sentences
from rnnstudio.results.run import Run

if TYPE_CHECKING:
    import pandas as pd

    from rnnstudio.results.backtesting import Report

_TABLES = ("runs", "predictions")


class GroupOutputs:
    """Backtests and exports of a group."""

    runs: list[Run]
    missing: list[MissingRun]
    name: str
    path: str

    @property
    def ensemble(self) -> EnsembleRun:
        """The first run, whose predictions are those of the group."""
        raise NotImplementedError

    def table(self) -> pd.DataFrame:
        """Return a data frame with a row for each run."""
        raise NotImplementedError

    def backtest(
        self,
        origins: Any = None,
        *,
        steps: Any = None,
        every: Any = None,
        refit: Any = False,
        verbose: float = 1,
        save: Any = True,
    ) -> Backtest:
        """Return a backtest whose network is the mean of the forecasts of the runs; see `Run.backtest`.

        It is saved in the folder of a saved group.

        >>> import rnnstudio as rs
        >>> group = rs.train([n % 7 for n in range(90)], window=7, seeds=2, updates=1, verbose=0, save=False)
        >>> group.backtest(3, steps=1, verbose=0).origins
        3
        """
        return interruptible_backtest(self.compute_backtest, origins, steps, every, refit, verbose=verbose, save=save)

    def compute_backtest(
        self,
        origins: Any,
        steps: Any,
        every: Any,
        refit: Any,
        *,
        should_stop: Callable[[], bool],
        report: Report,
        save: Any = True,
    ) -> Backtest:
        """Return a backtest of the mean of the forecasts; arguments and errors are those of `Run.compute_backtest`."""
        mean = self.ensemble.compute_backtest(
            origins, steps, every, refit, should_stop=should_stop, report=report, save=False
        )
        if self.missing:
            said = missing_sentences(self.missing, len(self.runs) + len(self.missing))
            mean = replace(mean, notes=(*said, *mean.notes))
        if save and self.path and Path(self.path).is_dir():
            write_backtest(mean, Path(self.path))
        return mean

    def export(self, path: str | os.PathLike[str], *, table: str = "runs", decimal: str = "point") -> str:
        """Write a table as .csv or .parquet and return the path.

        Args:
            path: The file.
            table: runs, a row for each with its metrics; or predictions, the mean of those on the held-out set.
            decimal: Of a .csv file: point separates columns by commas; comma separates them by semicolons.

        Raises:
            SettingError: Another suffix, table or decimal mark.
            DataError: The predictions cannot be computed.
            StoreError: It cannot be written.

        >>> import tempfile, rnnstudio as rs
        >>> group = rs.train("toy", seeds=2, updates=1, verbose=0, save=False)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     group.export(f"{folder}/runs.csv").endswith("runs.csv")
        True
        """
        file = Path(path).expanduser()
        if table not in _TABLES:
            raise SettingError(f"table of a group must be one of {', '.join(_TABLES)}; received {table!r}.", "table")
        if file.suffix.lower() not in TABLE_SUFFIXES:
            raise SettingError(
                f"path must end in {' or '.join(TABLE_SUFFIXES)} for a group of runs; received {file.name!r}. Scripts "
                "and .rnnrun files are of one run.",
                "path",
            )
        if table == "predictions":
            return self.ensemble.export(file, table=table, decimal=decimal)
        return str(write_blocks([self.table()], file, decimal))
