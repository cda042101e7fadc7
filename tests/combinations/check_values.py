"""The metrics of values, recomputed from the table of predictions and compared with those of the run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tests.combinations.baselines import Scaling
from tests.combinations.compared import LOOSE, equal, rows_equal


def losses(errors: Any, loss: str) -> Any:
    """Return the loss of each error in scaled units."""
    size = np.abs(errors)
    return {"mse": errors**2, "mae": size, "huber": np.where(size <= 1, errors**2 / 2, size - 0.5)}[loss]


def measures(table: pd.DataFrame, column: str) -> dict[str, float]:
    """Return RMSE and MAE of a column over the rows whose truth is known."""
    errors = (table[column].astype(float) - table["truth"].astype(float)).dropna().to_numpy()
    return {"rmse": float(np.sqrt(np.mean(errors**2))), "mae": float(np.mean(np.abs(errors)))}


def in_scaled_units(table: pd.DataFrame, column: str, scaling: Scaling, targets: list[str]) -> Any:
    """Return the errors of a column in scaled units, NaN where the truth is missing."""
    errors = np.full(len(table), np.nan)
    for (series, target), own in table.groupby(["series", "target"], sort=False):
        index = targets.index(target)

        def scaled(values: pd.Series, series: Any = series, index: int = index) -> Any:
            wide = np.repeat(values.to_numpy(float)[:, None], len(targets), axis=1)
            return scaling.apply(wide, str(series))[:, index]

        errors[own.index] = scaled(own[column]) - scaled(own["truth"])
    return errors


def check_values(run: Any, table: pd.DataFrame, split: str, scaling: Scaling, *, units_differ: bool) -> None:
    """Compare all metrics of a run that predicts values.

    Args:
        run: The run.
        table: Its predictions with truth and baselines, as `expected_table` has them, and the column prediction.
        split: The set.
        scaling: The scales of what is predicted.
        units_differ: Whether there are several targets, whose errors are compared in scaled units.
    """
    targets = list(dict.fromkeys(table["target"]))
    if split != "train":
        for name, value in measures(table, "prediction").items():
            if units_differ:
                assert f"{split}_{name}" not in run.metrics, f"{name} averages over units"
            else:
                equal(f"{split}_{name}", run.metrics[f"{split}_{name}"], value)
        scaled = in_scaled_units(table, "prediction", scaling, targets)
        known = scaled[~np.isnan(scaled)]
        expected = float(losses(known, run.experiment.training.loss).mean())
        # The network computes in float32, in scaled units: with scale none in those of large values.
        largest = float(np.abs(scaling.apply(table["truth"].astype(float).max(), table["series"].iloc[0])).max())
        loose = LOOSE + 8 * np.finfo(np.float32).eps * largest / max(1e-9, float(np.sqrt(np.mean(known**2))))
        equal(f"{split}_loss", run.metrics[f"{split}_loss"], expected, loose)
        if units_differ:
            equal("scaled_mse", run.metrics[f"{split}_scaled_mse"], float(np.mean(known**2)), loose)
            equal("scaled_mae", run.metrics[f"{split}_scaled_mae"], float(np.mean(np.abs(known))), loose)
        _check_bands(run, table, split, units_differ=units_differ)
    best = _check_baselines(run, table, split, scaling, targets, units_differ=units_differ)
    if split != "train":
        _check_steps(run, table, split, scaling, targets, units_differ=units_differ)
        _check_groups(run, table, split, best, scaling)


def _check_bands(run: Any, table: pd.DataFrame, split: str, *, units_differ: bool) -> None:
    """Compare coverage and mean width of the bands, which hold the prediction, the narrower ones inside the wider."""
    levels = [level for level in (80, 95) if f"lower_{level}" in table]
    known = table["truth"].notna()
    inner = table["prediction"].astype(float), table["prediction"].astype(float)
    for level in levels:
        lower, upper = (table[f"{side}_{level}"].astype(float) for side in ("lower", "upper"))
        rounding = 1e-6 * table["prediction"].abs().max()
        assert (lower <= inner[0] + rounding).all() and (upper >= inner[1] - rounding).all()  # noqa: PT018
        inner = lower, upper
        is_inside = (table["truth"].astype(float) >= lower) & (table["truth"].astype(float) <= upper)
        if f"{split}_coverage_{level}" not in run.metrics:
            assert split == "val"  # which calibrates the bands
            continue
        equal(f"coverage of {level} %", run.metrics[f"{split}_coverage_{level}"], float(is_inside[known].mean()))
        if units_differ:
            assert f"{split}_width_{level}" not in run.metrics
        else:
            equal(f"width of {level} %", run.metrics[f"{split}_width_{level}"], float((upper - lower)[known].mean()))


def _check_baselines(
    run: Any, table: pd.DataFrame, split: str, scaling: Scaling, targets: list[str], *, units_differ: bool
) -> str:
    names = [name.removeprefix("of ") for name in table if name.startswith("of ")]
    assert sorted(run.baseline) == sorted(names), f"baselines {sorted(run.baseline)}, expected {sorted(names)}"
    compared = {}
    for name in names:
        own = measures(table, f"of {name}")
        for measure, value in own.items():
            if units_differ:
                assert f"{split}_{measure}" not in run.baseline[name]
            else:
                equal(f"{name} {measure}", run.baseline[name][f"{split}_{measure}"], value)
        compared[name] = own["rmse"]
        if units_differ:
            errors = in_scaled_units(table, f"of {name}", scaling, targets)
            compared[name] = float(np.nanmean(errors**2))
            equal(f"{name} scaled_mse", run.baseline[name][f"{split}_scaled_mse"], compared[name])
            equal(f"{name} scaled_mae", run.baseline[name][f"{split}_scaled_mae"], float(np.nanmean(np.abs(errors))))
    best = min(compared, key=lambda name: compared[name])
    ties = [name for name in compared if np.isclose(compared[name], compared[best], rtol=1e-6)]
    own_column = table["baseline"].to_numpy(float)
    matching = [name for name in ties if np.allclose(own_column, table[f"of {name}"].to_numpy(float), rtol=1e-5)]
    assert matching, f"the column baseline is none of the best, {ties}"
    if split != "train":
        error = run.metrics[f"{split}_scaled_mse"] ** 0.5 if units_differ else run.metrics[f"{split}_rmse"]
        of_best = compared[best] ** 0.5 if units_differ else compared[best]
        if of_best > 1e-9:
            equal("skill", 1 - run.metrics["skill"], error / of_best)
    return matching[0]


def _check_steps(
    run: Any, table: pd.DataFrame, split: str, scaling: Scaling, targets: list[str], *, units_differ: bool
) -> None:
    if run.experiment.data.task != "forecast" or table["step_ahead"].max() < 2:
        assert run.by_step.empty
        return
    columns = {"": "prediction"} | {f"{n[3:]}_": n for n in table if n.startswith("of ")}
    each = {prefix: table[column].astype(float) - table["truth"].astype(float) for prefix, column in columns.items()}
    if units_differ:
        each = {
            prefix: pd.Series(in_scaled_units(table, column, scaling, targets)) for prefix, column in columns.items()
        }
    expected = []
    for step, own in table.groupby("step_ahead"):
        row: dict[str, Any] = {"step_ahead": step, "targets": int(own["truth"].notna().sum())}
        for prefix, all_errors in each.items():
            errors = all_errors[own.index].dropna()
            square = float((errors**2).mean())
            row[f"{prefix}{'scaled_mse' if units_differ else 'rmse'}"] = square if units_differ else square**0.5
            row[f"{prefix}{'scaled_mae' if units_differ else 'mae'}"] = float(errors.abs().mean())
        expected.append(row)
    rows_equal("by_step", run.by_step, expected)
    assert (run.by_step["split"] == split).all()


def _check_groups(run: Any, table: pd.DataFrame, split: str, best: str, scaling: Scaling) -> None:
    """Compare the metrics of each series and of each target, and those of the best baseline there."""
    each = {"series": run.by_series, "target": run.by_target}
    for key, reported in each.items():
        groups = [(str(name), own) for name, own in table.groupby(key, sort=False)]
        if (key == "target" and len(groups) < 2) or (key == "series" and not run.info.series):
            assert reported.empty
            continue
        rows = {str(row[key]): row for row in reported.to_dict("records")}
        targets = list(run.info.target_names) if key == "series" else []
        for name, own in groups:
            row = rows.pop(name)
            known = own.dropna(subset=["truth"])
            if key == "series":
                equal(f"windows of {name}", row["windows"], known["start"].nunique())
            if known.empty:
                continue
            if len(targets) > 1:  # the targets of a series have different units
                scaled = {
                    c: in_scaled_units(own.reset_index(drop=True), c, scaling, targets)
                    for c in ("prediction", f"of {best}")
                }
                squares = {column: float(np.nanmean(errors**2)) for column, errors in scaled.items()}
                absolute = float(np.nanmean(np.abs(scaled["prediction"])))
                equal(f"scaled_mse of {name}", row[f"{split}_scaled_mse"], squares["prediction"])
                equal(f"scaled_mae of {name}", row[f"{split}_scaled_mae"], absolute)
                if row.get("baseline") == best:
                    equal(f"baseline of {name}", row["baseline_scaled_mse"], squares[f"of {best}"])
                assert f"{split}_rmse" not in row
                continue
            expected = {f"{split}_{m}": value for m, value in measures(own, "prediction").items()}
            if row.get("baseline") is not None:
                expected["baseline_rmse"] = measures(own, f"of {row['baseline']}")["rmse"]
                assert np.isclose(
                    measures(table, f"of {row['baseline']}")["rmse"], measures(table, f"of {best}")["rmse"], rtol=1e-6
                )
            for column, value in expected.items():
                equal(f"{key} {name}: {column}", row[column], value)
        assert all(not row.get("windows", 0) for row in rows.values()), f"{key}: {rows} is not in the table"
