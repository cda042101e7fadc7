"""Forecasts after the end of a file, inside it, and beyond the horizon, beside predictions for its windows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tests.combinations.compared import ROUNDING, arrays_equal
from tests.combinations.rows import Rows, inputs_of, names_of, read_cells
from tests.combinations.table_of_series import SeriesFile


def check_forecast(run: Any, predicted: pd.DataFrame, rows: Mapping[str, Rows], settings: Mapping[str, Any]) -> None:
    """Compare `Run.forecast` after the end with the predictions of the last window of the file."""
    if settings["task"] != "forecast" or settings.get("first_rows") or names_of(settings.get("known")):
        return
    horizon = settings["horizon"]
    names = [name for name in rows if name in run.info.series] or [""]
    for name in names:
        own = rows[name]
        observed = np.flatnonzero((~pd.isna(own.truth)).any(axis=1))
        read = int(observed[-1]) + 1 + own.offset
        forecast = run.forecast(horizon, series=name, refit=False)
        last = predicted[(predicted["series"] == name) & (predicted["read"] == read)]
        expected = last.sort_values(["step_ahead", "target"], kind="stable")
        order = {target: i for i, target in enumerate(dict.fromkeys(predicted["target"]))}
        expected = expected.assign(order=expected["target"].map(order)).sort_values(["step_ahead", "order"])
        arrays_equal(f"forecast of {name!r}", np.ravel(forecast), expected["again"], ROUNDING)


def check_forecast_inside(run: Any, table: pd.DataFrame, settings: Mapping[str, Any], pick: int) -> None:
    """Compare a forecast that starts at a row of the held-out set with the prediction for it."""
    if settings["task"] != "forecast":
        return
    series, first = (
        table[["series", "start"]].drop_duplicates().iloc[pick % table[["series", "start"]].drop_duplicates().shape[0]]
    )
    own = table[(table["series"] == series) & (table["start"] == first)]
    forecast = run.forecast(settings["horizon"], start=int(own["step"].min()), series=series, refit=False)
    arrays_equal("forecast inside the series", np.ravel(forecast), own["prediction"], ROUNDING)


def check_fed_back(run: Any, file: SeriesFile, settings: Mapping[str, Any]) -> None:
    """Compare steps beyond the horizon with a forecast of a file that holds the forecast of the horizon."""
    targets = names_of(settings["target"])
    is_fed_back = set(inputs_of(settings, file.columns)) == set(targets) and not settings["columns_as_series"]
    if settings["task"] != "forecast" or not is_fed_back or file.several or not file.style.frequency:
        return
    if settings.get("first_rows") or settings["missing"] == "drop" or settings["scale"] == "log":
        return
    horizon = settings["horizon"]
    whole = run.forecast_table(2 * horizon, refit=False)
    cells = read_cells(file)[["day", *targets]].dropna(how="all", subset=targets)
    added = whole.iloc[:horizon].rename(columns={"time": "day"})[["day", *targets]]
    second = run.forecast_table(horizon, input=pd.concat([cells, added], ignore_index=True), refit=False)
    arrays_equal("steps beyond the horizon", second[targets], whole.iloc[horizon:][targets], 10 * ROUNDING)
    arrays_equal("their times", second["time"].to_numpy(), whole["time"].iloc[horizon:].to_numpy())
