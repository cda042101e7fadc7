"""The long table that `Run.predictions` should be, without its predictions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tests.combinations.baselines import values_of_baselines
from tests.combinations.rows import Rows, names_of
from tests.combinations.windows import Layout


def expected_table(
    rows: Mapping[str, Rows], layout: Layout, settings: Mapping[str, Any], split: str, period: int
) -> pd.DataFrame:
    """Return series, window or origin, step, step ahead, time, target, truth and the baselines of a set.

    Args:
        rows: The rows of each series.
        layout: Their windows.
        settings: All settings.
        split: The set.
        period: Rows in a season; 0 without one.
    """
    names = ["value"] if settings.get("columns_as_series") else names_of(settings["target"])
    only_last = layout.each_step and split != "train" and settings["test_context"] == "reach_back"
    parts = []
    for series, own in rows.items():
        if not len(layout.starts[split].get(series, ())):
            continue
        starts = layout.starts[split][series]
        at = layout.target_rows(split, series, only_last=only_last)
        baselines = {}
        if settings["task"] != "label":
            baselines = values_of_baselines(own, layout, series, split, settings, period, only_last=only_last)
        if settings["stateful"]:
            at, starts, baselines = _each_row_once(at, starts, baselines)
        count, targets = at.size, own.truth.shape[1]
        place = {
            "series": np.full(count, series, object),
            "start": np.repeat(starts, at.shape[1]),
            "step": at.ravel(),
            "step_ahead": np.tile(np.arange(at.shape[1]) + 1, len(at)),
            "time": np.full(count, np.datetime64("NaT", "ns")) if own.times is None else own.times[at.ravel()],
        }
        table = {name: np.repeat(values, targets) for name, values in place.items()}
        table["target"] = np.tile(np.array(names, object), count)
        table["truth"] = own.truth[at.ravel()].ravel()
        parts.append(pd.DataFrame(table | {f"of {name}": values.ravel() for name, values in baselines.items()}))
    table = pd.concat(parts, ignore_index=True)
    if "of seasonal_last_value" in table:  # a series without a season before its first window
        table["of seasonal_last_value"] = table["of seasonal_last_value"].fillna(table["of last_value"])
    return table


def _each_row_once(at: Any, starts: Any, baselines: Mapping[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
    """Return the rows of a stateful network, each once; a baseline predicts a row alike in all windows."""
    rows, first = np.unique(at.ravel(), return_index=True)
    every = np.arange(rows[0], rows[-1] + 1)
    assert len(every) == len(rows)
    values = {name: own.reshape(at.size, -1)[first][:, None] for name, own in baselines.items()}
    return rows[:, None], np.repeat(starts, at.shape[1])[first], values
