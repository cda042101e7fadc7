"""Errors at each step ahead are those of the table of predictions; those of baselines follow from the raw series."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rnnstudio as rs

pytestmark = pytest.mark.usefixtures("uncompiled")
MANY = settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
DAYS = pd.date_range("2024-01-01", periods=150, freq="D")


def train(x: Any, **chosen: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return rs.train(x, **{"units": 3, "updates": 1, "batch_size": 8, "save": False, "verbose": 0, **chosen})


def filled(values: np.ndarray, until: int) -> float:
    """Return the last value known at a position of the raw series."""
    return next((float(values[i]) for i in range(until, -1, -1) if not np.isnan(values[i])), np.nan)


def baselines(values: np.ndarray, origin: int, ahead: int, period: int) -> dict[str, float]:
    """Return what the baselines predict: nothing after the origin is read."""
    seasonal = origin + ahead - period * (-(-ahead // period))
    first = int(np.flatnonzero(~np.isnan(values))[0])
    last = filled(values, origin)
    return {
        "last_value": last,
        "seasonal_last_value": filled(values, seasonal),
        "drift": last + ahead * (last - values[first]) / max(origin - first, 1),
    }


def check_run(run: Any, series: dict[str, np.ndarray], period: int, names: tuple[str, ...]) -> None:
    """Recompute every number of the table of steps."""
    predictions, table = run.predictions(), run.by_step.set_index("step_ahead")
    assert list(table.index) == sorted(predictions["step_ahead"].unique())
    for ahead, own in predictions.groupby("step_ahead"):
        error = (own["prediction"] - own["truth"]).dropna().to_numpy(float)
        row = table.loc[ahead]
        assert row["targets"] == len(error)
        assert row["rmse"] == pytest.approx(np.sqrt(np.mean(error**2)), rel=1e-6)
        assert row["mae"] == pytest.approx(np.mean(np.abs(error)), rel=1e-6)
        for name in names:
            predicted = [
                baselines(series[key], origin, ahead, period)[name]
                for key, origin in zip(own.get("series", [""] * len(own)), own["origin"], strict=True)
            ]
            error = (np.array(predicted) - own["truth"]).dropna().to_numpy(float)
            assert row[f"{name}_rmse"] == pytest.approx(np.sqrt(np.mean(error**2)), rel=1e-5)
            assert row[f"{name}_mae"] == pytest.approx(np.mean(np.abs(error)), rel=1e-5)
    weights = table["targets"] / table["targets"].sum()
    split = table["split"].iloc[0]
    assert np.sqrt((weights * table["rmse"] ** 2).sum()) == pytest.approx(run.metrics[f"{split}_rmse"], rel=1e-6)
    for name in names:
        over_all = np.sqrt((weights * table[f"{name}_rmse"] ** 2).sum())
        assert over_all == pytest.approx(run.baseline[name][f"{split}_rmse"], rel=1e-6)


def wave(seed: int, length: int, missing: bool) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = np.sin(np.arange(length) / 3) + 0.2 * rng.standard_normal(length)
    if missing:
        values[rng.random(length) < 0.1] = np.nan
        values[[0, -1]] = 0.5
    return values


@given(
    st.integers(0, 999),
    st.booleans(),
    st.fixed_dictionaries(
        {
            "window": st.integers(4, 6),
            "frame": st.integers(1, 2),
            "horizon": st.integers(2, 9),
            "stride": st.integers(1, 3),
            "period": st.sampled_from([3, 7]),
        }
    ),
    st.sampled_from([(0.3, 0.0), (0.0, 0.3), (0.2, 0.2)]),
)
@MANY
def test_one_series(seed: int, missing: bool, chosen: dict[str, Any], shares: tuple[float, float]) -> None:
    values = wave(seed, 150, missing)
    rule = {"missing": "past"} if missing else {}
    run = train(values, test_fraction=shares[0], val_fraction=shares[1], **chosen, **rule)
    check_run(run, {"": values}, chosen["period"], ("last_value", "seasonal_last_value", "drift"))


@given(st.integers(0, 999), st.booleans(), st.booleans(), st.integers(2, 9), st.integers(1, 3))
@MANY
def test_several_series_of_unequal_length(seed: int, missing: bool, each: bool, horizon: int, stride: int) -> None:
    series = {name: wave(seed + n, size, missing) for n, (name, size) in enumerate((("A", 150), ("B", 90), ("C", 120)))}
    rows = [pd.DataFrame({"shop": name, "day": DAYS[-len(v) :], "sales": v}) for name, v in series.items()]
    roles = {"target": "sales", "features": "sales", "series": "shop", "time": "day", "scale_each": each}
    chosen = {"window": 4, "horizon": horizon, "stride": stride, "period": 7, "test_fraction": 0.2}
    run = train(pd.concat(rows), **roles, **chosen, **({"missing": "past"} if missing else {}))
    check_run(run, series, 7, ("last_value", "seasonal_last_value"))


def test_errors_of_several_targets_are_in_scaled_units() -> None:
    x = np.column_stack([wave(1, 150, False), 1000 * wave(2, 150, False)])
    run = train(x, window=5, horizon=3, test_fraction=0.3)
    scale = run.scalers.targets.scale
    predictions = run.predictions()
    divisor = scale[[run.info.target_names.index(name) for name in predictions["target"]]]
    errors = (predictions["prediction"] - predictions["truth"]) / divisor
    expected = (errors**2).groupby(predictions["step_ahead"]).mean()
    np.testing.assert_allclose(run.by_step["scaled_mse"], expected, rtol=1e-5)
    assert run.metrics["test_scaled_mse"] == pytest.approx((errors**2).mean(), rel=1e-5)
    assert run.metrics["test_scaled_mae"] == pytest.approx(errors.abs().mean(), rel=1e-5)
    assert run.metrics["test_loss"] == pytest.approx((errors**2).mean(), rel=1e-5)
    baseline = (predictions["baseline"] - predictions["truth"]) / divisor
    best = min(values["test_scaled_mse"] for values in run.baseline.values())
    assert best == pytest.approx((baseline**2).mean(), rel=1e-5)
    assert run.metrics["skill"] == pytest.approx(1 - np.sqrt((errors**2).mean() / best), rel=1e-5)
    assert "rmse" not in run.by_step


def test_a_saved_run_keeps_its_errors_and_the_file_is_readable(tmp_path: Path) -> None:
    run = train(wave(3, 150, False), window=5, horizon=3, test_fraction=0.3)
    run.save(tmp_path / "saved")
    pd.testing.assert_frame_equal(rs.load(tmp_path / "saved").by_step, run.by_step)
    run.export(tmp_path / "steps.csv", table="by_step")
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "steps.csv"), run.by_step)
    assert [row["step_ahead"] for row in run.summary()["by_step"]] == [1, 2, 3]


def test_runs_with_one_step_ahead_have_no_table_of_steps() -> None:
    run = train(wave(3, 80, False), window=5, test_fraction=0.3)
    assert run.by_step.empty
    assert run.summary()["by_step"] == []


def test_weights_of_an_earlier_evaluation_have_the_errors_of_these_weights() -> None:
    values = wave(4, 150, False)
    chosen = {"restore_best_weights": True, "updates": 12, "evaluate_every": 2, "learning_rate": 0.5}
    run = train(values, window=5, horizon=3, test_fraction=0.2, val_fraction=0.2, period=7, **chosen)
    check_run(run, {"": values}, 7, ("last_value",))
