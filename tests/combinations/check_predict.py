"""What `Run.predict_table`, `Run.evaluate` and `rnnstudio predict` say of the raw file, beside `Run.predictions`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.combinations.check_classes import class_measures
from tests.combinations.compared import ROUNDING, arrays_equal, equal
from tests.combinations.rows import Rows, clocked_series, names_of, read_cells
from tests.combinations.table_of_series import SeriesFile, written
from tests.combinations.windows import Layout


def predicted_steps(table: pd.DataFrame, settings: Mapping[str, Any], targets: list[str]) -> pd.DataFrame:
    """Return the table of `predict_table` in long form: series, rows read, step ahead, target and prediction."""
    horizon = settings["horizon"] if settings["task"] == "forecast" else 1
    parts = []
    for ahead in range(1, horizon + 1):
        for target in targets:
            name = "prediction" + (f"_{target}" if len(targets) > 1 else "") + (f"_{ahead}" if horizon > 1 else "")
            part = pd.DataFrame({"read": table["step"], "step_ahead": ahead, "target": target, "again": table[name]})
            part["series"] = table["series"].astype(str) if "series" in table else ""
            if "time" in table:
                part["last_time"] = table["time"]
            parts.append(part)
    return pd.concat(parts, ignore_index=True)


def comparable(table: pd.DataFrame, layout: Layout, settings: Mapping[str, Any], split: str) -> pd.DataFrame:
    """Return the predictions of the held-out set that a prediction of the whole file makes from the same rows."""
    if settings["task"] == "forecast":
        return table
    if settings["stateful"]:
        return table if settings["test_context"] == "reach_back" and split != "train" else table[:0]
    if (
        split == "train" or settings["test_context"] == "inside"
    ):  # the last row of a window has a whole window before it
        last = table["step"] == table["start"] + layout.offset + layout.steps - 1
        return table[last & (not settings["bidirectional"])]
    return table[:0] if split == "val" and settings["bidirectional"] else table


def check_predict_file(
    run: Any, path: Path, table: pd.DataFrame, rows: Mapping[str, Rows], layout: Layout, settings: Mapping[str, Any]
) -> pd.DataFrame:
    """Compare the predictions for the whole raw file with those of the held-out set; return them in long form."""
    targets = list(dict.fromkeys(table["target"]))
    predicted = predicted_steps(run.predict_table(path), settings, targets)
    own = comparable(table, layout, settings, layout.split())
    if own.empty:
        return predicted
    offsets = own["series"].map({name: part.offset for name, part in rows.items()})
    last_read = own["start"] + layout.samples - 1 if settings["task"] == "forecast" else own["step"] - layout.offset
    own = own.assign(read=last_read + offsets + 1)
    own = own.assign(step_ahead=own["step_ahead"] if settings["task"] == "forecast" else 1)
    keys = ["series", "read", "step_ahead", "target"]
    merged = own.merge(predicted, on=keys, how="left", suffixes=("", "_of_file"))
    assert len(merged) == len(own)
    assert merged["again"].notna().all(), f"no prediction for {merged[merged['again'].isna()].iloc[0].to_dict()}"
    if settings["task"] == "label":
        surer = merged["probability"].to_numpy(float) > 0.5 + 1e-4
        arrays_equal("predict on the file", merged["again"][surer], merged["prediction"][surer])
    else:
        arrays_equal("predict on the file", merged["again"], merged["prediction"], ROUNDING)
    if "last_time" in predicted and "time" in table and table["time"].notna().all():
        of_last = {(name, i + 1 + part.offset): t for name, part in rows.items() for i, t in enumerate(part.times)}
        expected = [of_last[key] for key in zip(merged["series"], merged["read"], strict=True)]
        arrays_equal("time of the last row", merged["last_time"].to_numpy("datetime64[ns]"), np.array(expected))
    return predicted


def check_evaluate(run: Any, path: Path, file: SeriesFile, layout: Layout, settings: Mapping[str, Any]) -> None:
    """Compare truth and metrics of `Run.evaluate` for the whole file with the cells of the file."""
    result = run.evaluate(path)
    whole = {key: value for key, value in settings.items() if key != "first_rows"}
    parts = clocked_series(read_cells(file), file, whole)
    names = names_of(settings["target"])
    forecasts = settings["task"] == "forecast"
    truths = [name for name in result.table if str(name).startswith("truth")]
    assert truths or not result.count
    if not truths:
        return
    errors: list[Any] = []
    of_unit: dict[str, list[Any]] = {}  # of several targets, and of columns as series, whose units may differ
    for series, own in result.table.groupby("series", sort=False) if "series" in result.table else [("", result.table)]:
        columns = [str(series)] if settings.get("columns_as_series") else names
        cells = parts["" if settings.get("columns_as_series") else str(series)]
        for column in truths:
            ahead = int(column.rsplit("_", 1)[1]) if forecasts and settings["horizon"] > 1 else int(forecasts)
            ahead = ahead or layout.offset
            target = next((n for n in columns if f"_{n}" in column), columns[0])
            at = own["step"].to_numpy() - 1 + ahead
            values = cells[target].reindex(at).to_numpy()
            if settings["task"] == "label":
                values = np.array(["" if pd.isna(value) else value for value in values], object)
                arrays_equal("truth of evaluate", own[column], values)
                errors.append(pd.DataFrame({"truth": values, "prediction": own["prediction"].to_numpy()}))
                continue
            arrays_equal("truth of evaluate", own[column], values.astype(float))
            unit = target if settings.get("columns_as_series") or len(names) > 1 else ""
            of_column = own[column.replace("truth", "prediction", 1)].to_numpy(float) - values.astype(float)
            of_unit.setdefault(unit, []).append(of_column)
    if settings["task"] == "label":
        both = pd.concat(errors)
        known = both["truth"] != ""
        expected = class_measures(both["truth"][known], both["prediction"][known])["accuracy"]
        equal("accuracy of evaluate", result.metrics["accuracy"], expected)
        return
    count = 0
    for unit, parts_of_unit in of_unit.items():
        known = np.concatenate(parts_of_unit)
        known = known[~np.isnan(known)]
        count += len(known)
        if not len(known):
            continue
        end = f"_{unit}" if unit else ""
        equal(f"rmse{end} of evaluate", result.metrics[f"rmse{end}"], float(np.sqrt(np.mean(known**2))))
        equal(f"mae{end} of evaluate", result.metrics[f"mae{end}"], float(np.abs(known).mean()))
    assert result.count == count


def check_cut_file(
    run: Any,
    folder: Path,
    file: SeriesFile,
    table: pd.DataFrame,
    settings: Mapping[str, Any],
    rows: Mapping[str, Rows],
    pick: int,
) -> None:
    """Predict from a file that ends with the last row that a forecast of the held-out set may read.

    Values known ahead stay; all others after that row are gone, so that a prediction that reads one of them differs.
    """
    if settings["task"] != "forecast" or not file.style.frequency or settings["missing"] == "drop":
        return
    origins = table[["series", "start"]].drop_duplicates()
    series, start = origins.iloc[pick % len(origins)]
    own = table[(table["series"] == series) & (table["start"] == start)]
    first = own["time"].min()  # of the first step ahead
    later = file.cells["day"] >= first
    last = own["time"].max()
    cells = file.cells.copy()
    if names_of(settings.get("known")):
        for column in cells.columns:
            if column in ("day", "shop", *names_of(settings["known"])):
                continue
            cells.loc[later, column] = np.nan if column not in ("sky", "promo", "event", "state") else ""
        cells = cells[cells["day"] <= last]
    else:
        cells = cells[~later]
    if file.several and not settings.get("columns_as_series"):
        cells = cells[cells["shop"] == series]
    path = folder / "cut.csv"
    path.write_text(written(cells, file.style))
    targets = list(dict.fromkeys(table["target"]))
    predicted = predicted_steps(run.predict_table(path), settings, targets)
    predicted = predicted[predicted["series"] == series]
    before = predicted["last_time"].to_numpy("datetime64[ns]") < np.datetime64(first)
    newest = predicted[predicted["read"] == predicted["read"][before].max()]
    origin = rows[series].times[own["step"].min() - 1]
    if (newest["last_time"].to_numpy("datetime64[ns]") < origin).all():
        return  # the last value to predict is missing, and the row belongs to the plan
    merged = own.merge(newest, on=["step_ahead", "target"])
    assert len(merged) == len(own), f"of {len(own)} values {len(merged)} are predicted from the file cut off at {first}"
    if names_of(settings.get("known")):  # a gap in a plan is filled by nobody
        merged = merged[merged["again"].notna()]
    arrays_equal(f"predict on the file up to {first}", merged["again"], merged["prediction"], ROUNDING)
