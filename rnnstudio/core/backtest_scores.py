"""Scores of the methods of a backtest, from its long table: of each method, each step ahead, each origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnstudio.core import forecast_scores as scores

if TYPE_CHECKING:
    import pandas as pd

NETWORK = "network"
METHODS = (NETWORK, "last_value", "seasonal_last_value", "drift", "ets", "theta", "ridge")
_WITH_UNIT = ("rmse", "mae", "crps", "wql")  # not averaged over targets of different units
Scales = Mapping[tuple[str, str], float]


def methods_of(table: pd.DataFrame) -> list[str]:
    """Return the methods that a long table has a column for, the network first."""
    return [name for name in METHODS if name in table]


def levels_of(table: pd.DataFrame) -> list[str]:
    """Return the levels of the bands in a long table, in percent, such as "80"."""
    return [str(name).removeprefix("lower_") for name in table if str(name).startswith("lower_")]


def score_table(table: pd.DataFrame, scales: Scales, by: Sequence[str] = ()) -> pd.DataFrame:
    """Return a row for each method, and for each group of rows: its scores.

    Columns: those of `by`; `method`; `rmse` and `mae` in original units, `mase`, `smape` in percent, and of the network
    with bands `crps`, `wql` and `coverage_LEVEL`. Scores in original units are missing where several targets are
    averaged.

    Args:
        table: The long table of a backtest.
        scales: In-sample error by names of series and target, empty where there is one.
        by: Columns whose values form groups.
    """
    import pandas as pd

    rows = []
    scale = scale_of_rows(table, scales)
    groups: list[tuple[Any, Any]] = [((), table)]
    if by:
        groups = list(table.groupby(list(by), sort=False))
    for key, group in groups:
        values = key if isinstance(key, tuple) else (key,)
        own = scale[table.index.get_indexer(group.index)]
        for method in methods_of(table):
            rows.append({**dict(zip(by, values, strict=True)), "method": method, **_scores(group, method, own)})
    return pd.DataFrame(rows)


def scale_of_rows(table: pd.DataFrame, scales: Scales) -> Any:
    """Return the in-sample error that the error of each row is divided by, `(n,)`; NaN where there is none."""
    if len(scales) == 1:
        return np.full(len(table), next(iter(scales.values())))
    series, target = (table.get(name, [""] * len(table)) for name in ("series", "target"))
    return np.array([scales[str(s), str(t)] for s, t in zip(series, target, strict=True)])


def _scores(group: pd.DataFrame, method: str, scale: Any) -> dict[str, float]:
    truth, forecast = group["truth"].to_numpy(np.float64), group[method].to_numpy(np.float64)
    values = {
        "rmse": scores.rmse(truth, forecast),
        "mae": scores.mae(truth, forecast),
        "mase": scores.mase(truth, forecast, scale),
        "smape": scores.smape(truth, forecast),
    }
    levels = levels_of(group) if method == NETWORK else []
    if levels:
        quantiles = {0.5: forecast}
        for level in levels:
            lower, upper = (group[f"{end}_{level}"].to_numpy(np.float64) for end in ("lower", "upper"))
            outside = (1 - float(level) / 100) / 2
            quantiles |= {outside: lower, 1 - outside: upper}
            values[f"coverage_{level}"] = scores.coverage(truth, lower, upper)
        values |= {"crps": scores.crps(truth, quantiles), "wql": scores.wql(truth, quantiles)}
    if "target" in group and group["target"].nunique() > 1:
        values |= {name: float("nan") for name in _WITH_UNIT if name in values}
    return values


def compare_methods(summary: pd.DataFrame) -> tuple[str, str, float, float]:
    """Return the measure that compares the methods, the best baseline, and the values of network and baseline.

    The measure is MASE, or RMSE where no error can be scaled.

    Args:
        summary: The scores of each method.
    """
    of_network = summary["method"] == NETWORK
    measure = "mase" if summary.loc[of_network, "mase"].notna().all() else "rmse"
    others = summary[~of_network].dropna(subset=[measure])
    value = float(summary.loc[of_network, measure].iloc[0])
    if not len(others):
        return measure, "", value, float("nan")
    best = others.sort_values(measure, kind="stable").iloc[0]
    return measure, str(best["method"]), value, float(best[measure])
