"""Several columns predicted by one network: each with its own scale, in every table, and each can be drawn."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import SettingError, UnknownNameError
from rnnstudio.core.predictions import SeveralSeriesPredictions

pytestmark = pytest.mark.usefixtures("uncompiled")
DAYS = pd.date_range("2024-01-01", periods=120, freq="D")


def train(x: Any, **chosen: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return rs.train(
            x, **{"units": 3, "updates": 2, "batch_size": 8, "save": False, "verbose": 0, "calendar": False, **chosen}
        )


def table(missing: bool = False) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    columns = {name: 10.0**j * (np.sin(np.arange(120) / (3 + j)) + 5 * j) for j, name in enumerate(("a", "b, c", "d"))}
    frame = pd.DataFrame({"day": DAYS, **columns})
    if missing:
        frame.loc[rng.random(120) < 0.1, "b, c"] = np.nan
    return frame


@pytest.mark.parametrize("missing", [False, True])
def test_a_forecast_of_two_columns(missing: bool, tmp_path: Path) -> None:
    frame = table(missing)
    rule = {"missing": "past"} if missing else {}
    frame.to_csv(tmp_path / "load.csv", index=False)
    run = train(str(tmp_path / "load.csv"), target=["a", "b, c"], window=5, horizon=3, test_fraction=0.3, **rule)
    assert (run.info.target_names, run.info.features) == (("a", "b, c"), ("a", "b, c"))
    assert run.summary()["target"] == ["a", "b, c"]
    long = run.predictions()
    for j, name in enumerate(run.info.target_names):
        own = long[long["target"] == name]
        np.testing.assert_allclose(own["truth"], frame[name].to_numpy()[own["step"]])
        covered = frame[name].to_numpy()[: run.data().starts[run.data().train[-1]] + 8]
        assert run.scalers.targets.mean[j] == pytest.approx(np.nanmean(pd.Series(covered).ffill()), rel=0.05)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of missing values that are filled
        predicted = run.predict_table(frame)
    assert list(predicted.columns)[2:5] == ["prediction_a_1", "prediction_b, c_1", "prediction_a_2"]
    if not missing:
        first = long.query("target == 'b, c' and step_ahead == 2").iloc[0]
        row = predicted[predicted["step"] == first["origin"] + 1]
        assert row["prediction_b, c_2"].item() == first["prediction"]
        assert list(run.forecast_table(2).columns)[-2:] == ["a", "b, c"]
    for j, row in enumerate(run.by_target.itertuples()):
        own = long[long["target"] == row.target]
        assert row.target == run.info.target_names[j]
        error = (own["prediction"] - own["truth"]).dropna()
        assert row.test_rmse == pytest.approx(np.sqrt((error**2).mean()), rel=1e-6)
        assert row.test_mae == pytest.approx(error.abs().mean(), rel=1e-6)
        baseline = (own["baseline"] - own["truth"]).dropna()
        assert row.baseline_rmse == pytest.approx(np.sqrt((baseline**2).mean()), rel=1e-6)
        assert row.skill == pytest.approx(1 - row.test_rmse / row.baseline_rmse)
    run.save(tmp_path / "run")
    pd.testing.assert_frame_equal(rs.load(tmp_path / "run").by_target, run.by_target)
    pd.testing.assert_frame_equal(rs.load(tmp_path / "run").predictions(), long)


def scaled_errors(long: pd.DataFrame, column: str, scale: Any, names: Any) -> np.ndarray:
    """Return the errors of a column of a table of predictions in standard deviations of the training."""
    own = long.dropna(subset=["truth"])
    return ((own[column] - own["truth"]) / own["target"].map(dict(zip(names, scale, strict=True)))).to_numpy(float)


def test_no_metric_averages_errors_of_different_units(automatic_bands: None) -> None:
    del automatic_bands
    chosen = {"window": 5, "horizon": 3, "test_fraction": 0.3, "levels": (80,)}
    group = train(table(), target=["a", "d"], seeds=2, **chosen)
    for run in group.runs:
        names, scale = run.info.target_names, run.scalers.targets.scale
        long = run.predictions()
        own, baseline = (scaled_errors(long, column, scale, names) for column in ("prediction", "baseline"))
        assert run.metrics["test_scaled_mse"] == pytest.approx((own**2).mean(), rel=1e-5)
        assert run.metrics["test_scaled_mae"] == pytest.approx(np.abs(own).mean(), rel=1e-5)
        assert run.metrics["skill"] == pytest.approx(1 - ((own**2).mean() / (baseline**2).mean()) ** 0.5, rel=1e-4)
        assert "test_coverage_80" in run.metrics
        reported = [*run.metrics, *(name for values in run.baseline.values() for name in values)]
        reported += [name for evaluation in run.record.evaluations for name in evaluation]
        assert not [name for name in reported if name.endswith(("_rmse", "_width_80")) or name == "test_mae"]
    mean = group.runs[0].predictions()
    mean["prediction"] = np.mean([run.predictions()["prediction"] for run in group.runs], axis=0)
    errors = scaled_errors(mean, "prediction", group.runs[0].scalers.targets.scale, group.info.target_names)
    assert group.ensemble_metrics["test_scaled_mse"] == pytest.approx((errors**2).mean(), rel=1e-5)
    assert group.ensemble_metrics["test_scaled_mae"] == pytest.approx(np.abs(errors).mean(), rel=1e-5)
    assert "test_rmse" not in group.ensemble_metrics


@pytest.mark.parametrize("scale_each", [False, True])
def test_the_targets_of_a_series_have_scaled_errors(scale_each: bool) -> None:
    frame = pd.concat([table().assign(shop="m"), table().assign(shop="n", a=lambda own: own["a"] * 7)])
    run = train(frame, series="shop", target=["a", "d"], window=5, horizon=2, test_fraction=0.3, scale_each=scale_each)
    long = run.predictions()
    for n, row in enumerate(run.by_series.itertuples()):
        own = long[long["series"] == row.series]
        scale, names = run.scalers.targets.of_series(n).scale, run.info.target_names
        errors, baseline = (scaled_errors(own, column, scale, names) for column in ("prediction", "baseline"))
        assert row.test_scaled_mse == pytest.approx((errors**2).mean(), rel=1e-3)  # small errors of float32 numbers
        assert row.baseline_scaled_mse == pytest.approx((baseline**2).mean(), rel=1e-5)
        assert row.skill == pytest.approx(1 - (row.test_scaled_mse / row.baseline_scaled_mse) ** 0.5, rel=1e-6)
    assert "test_rmse" not in run.by_series


def test_each_target_can_be_drawn(tmp_path: Path) -> None:
    frame = table()
    run = train(frame, target=["a", "d"], window=5, horizon=3, test_fraction=0.3, val_fraction=0)
    assert isinstance(run.record.predictions, SeveralSeriesPredictions)
    drawn = run.plot_table()
    for name in ("a", "d"):
        own = drawn[drawn["target"] == name]
        known = own.dropna(subset=["truth"])
        np.testing.assert_allclose(known["truth"], frame[name].to_numpy()[known["step"]])
        of_table = run.predictions().query("target == @name and step_ahead == 1").set_index("step")["prediction"]
        one_step = own.set_index("step")["one_step"].reindex(of_table.index)
        np.testing.assert_allclose(one_step, of_table, rtol=1e-6)
        free = own.dropna(subset=["free"])
        np.testing.assert_allclose(
            free["naive"].dropna(), frame[name].to_numpy()[free["step"].to_numpy() - 1][: free["naive"].notna().sum()]
        )
    assert run.info.drawn_names == ("a", "d")
    assert (
        Path(run.plot("forecast", tmp_path / "d.png", series="d")).read_bytes()
        != Path(run.plot("forecast", tmp_path / "a.png")).read_bytes()
    )
    with pytest.raises(UnknownNameError, match="series or target"):
        run.plot("forecast", tmp_path / "e.png", series="e")


def test_each_target_of_each_series_can_be_drawn() -> None:
    frame = pd.concat([table().assign(shop="m"), table().assign(shop="n")])
    run = train(frame, series="shop", target=["a", "d"], window=5, horizon=2, test_fraction=0.3)
    assert run.info.drawn_names == ("m: a", "m: d", "n: a", "n: d")
    drawn = run.plot_table()
    assert list(drawn["series"].unique()) == list(run.info.drawn_names)
    own = drawn[drawn["series"] == "n: d"].dropna(subset=["truth"])
    np.testing.assert_allclose(own["truth"], table()["d"].to_numpy()[own["step"]])


def test_a_value_at_each_step_of_two_columns() -> None:
    run = train(table(), task="regress", target=["a", "d"], features=["b, c"], window=5, test_fraction=0.3)
    long = run.predictions()
    assert set(long["target"]) == {"a", "d"}
    own = long[long["target"] == "d"]
    np.testing.assert_allclose(own["truth"], table()["d"].to_numpy()[own["step"]])


def test_classes_are_those_of_one_column() -> None:
    with pytest.raises(SettingError, match="target must name one column for task label"):
        train(table(), task="label", target=["a", "d"], features=["b, c"])
