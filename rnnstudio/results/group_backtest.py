"""The backtest of the mean forecast of several networks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnstudio.core.backtest_scores import NETWORK
from rnnstudio.core.errors import DataError
from rnnstudio.results.backtest_result import Backtest

if TYPE_CHECKING:
    from rnnstudio.results.backtested_run import BacktestedRun
    from rnnstudio.results.backtesting import Report

_BANDS = ("lower_", "upper_")


def backtest_each(
    runs: Sequence[BacktestedRun], request: Sequence[Any], should_stop: Callable[[], bool], report: Report
) -> list[Backtest]:
    """Return the backtest of each run; none is saved, and each keeps the one it had.

    Args:
        runs: Runs that differ by seed.
        request: origins, steps, every and refit.
        should_stop: Asked between chunks of updates.
        report: Receives the progress over all of them.
    """
    each = []
    for index, run in enumerate(runs):

        def report_part(done: int, of: int, text: str, index: int = index) -> None:
            report(index * of + done, len(runs) * of, f"{text}, run {index + 1} of {len(runs)}" if text else "")

        earlier = run.last_backtest
        each.append(run.compute_backtest(*request, should_stop=should_stop, report=report_part, save=False))
        run.last_backtest = earlier
    return each


def mean_backtest(each: Sequence[Backtest], name: str) -> Backtest:
    """Return the backtest of the mean forecast of several networks, without bands, which are those of one network.

    Args:
        each: The backtests of the networks, from the same origins.
        name: Name of the group.

    Raises:
        DataError: They have other rows.
    """
    first = each[0]
    for other in each[1:]:
        if not first.table[["step_ahead", "step", "truth"]].equals(other.table[["step_ahead", "step", "truth"]]):
            raise DataError("The runs of the group have backtests from other origins. Backtest each of them.")
    table = first.table[[name for name in first.table if not str(name).startswith(_BANDS)]].copy()
    has_bands = len(table.columns) < len(first.table.columns)
    without_bands = ["Bands are left out: those of each network are not those of the mean."] if has_bands else []
    table[NETWORK] = np.mean([own.table[NETWORK].to_numpy(np.float64) for own in each], axis=0)
    return Backtest(
        steps=first.steps,
        origins=first.origins,
        every=first.every,
        refit=first.refit,
        period=first.period,
        scales=first.scales,
        table=table,
        settings=first.settings,
        notes=(f"The network is the mean of the forecasts of {len(each)} networks.", *without_bands, *first.notes),
        run=name,
    )
