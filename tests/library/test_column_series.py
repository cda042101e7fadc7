"""Columns as series are several series: the same data, training and predictions as of a long table of them."""

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
from rnnstudio.core.errors import DataError, SettingError

pytestmark = pytest.mark.usefixtures("uncompiled")
MANY = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
DAYS = pd.date_range("2024-01-01", periods=120, freq="D")


def train(x: Any, **chosen: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return rs.train(x, **{"units": 3, "updates": 2, "batch_size": 8, "save": False, "verbose": 0, **chosen})


def wide(seed: int, missing: bool = False, count: int = 3) -> pd.DataFrame:
    """Return columns b, a, c of different size, some of which begin late or have gaps."""
    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {"day": DAYS}
    for j, name in enumerate("bac"[:count]):
        values = 10.0**j * (np.sin(np.arange(120) / (3 + j)) + 0.2 * rng.standard_normal(120)) + 50 * j
        if missing:
            values[rng.random(120) < 0.08] = np.nan
            values[: 5 * j] = np.nan
        columns[name] = values
    return pd.DataFrame(columns)


def long_of(table: pd.DataFrame) -> pd.DataFrame:
    return table.melt("day", var_name="which", value_name="value")


@given(
    st.integers(0, 999),
    st.sampled_from(["none", "past", "mask"]),
    st.fixed_dictionaries(
        {
            "window": st.integers(2, 5),
            "frame": st.integers(1, 2),
            "horizon": st.integers(1, 4),
            "stride": st.integers(1, 3),
            "scale_each": st.booleans(),
            "split_by": st.sampled_from(["date", "share"]),
            "multi_step": st.sampled_from(["direct", "recursive"]),
        }
    ),
    st.sampled_from([(0.3, 0.0), (0.2, 0.2)]),
)
@MANY
def test_columns_are_trained_as_the_series_of_a_long_table(
    seed: int, missing: str, chosen: dict[str, Any], shares: tuple[float, float]
) -> None:
    table = wide(seed, missing != "none")
    rule = {} if missing == "none" else {"missing": missing}
    same = {"test_fraction": shares[0], "val_fraction": shares[1], "period": 7, **chosen, **rule}
    columns = train(table, columns_as_series=True, target=["b", "a", "c"], **same)
    rows = train(long_of(table), series="which", target="value", **same)
    order = [columns.info.series.index(name) for name in rows.info.series]  # a long table sorts the names
    assert columns.info.series == ("b", "a", "c")
    expected, data = rows.data(), columns.data()
    np.testing.assert_array_equal(data.lengths[order], expected.lengths)
    np.testing.assert_array_equal(data.targets[order], expected.targets)
    np.testing.assert_array_equal(data.inputs[order], expected.inputs)
    assert (data.features, data.target_names, data.windows) == (
        expected.features,
        expected.target_names,
        expected.windows,
    )
    scalers = columns.scalers.inputs.mean
    np.testing.assert_allclose(scalers[order] if scalers.ndim == 2 else scalers, rows.scalers.inputs.mean, rtol=1e-12)
    table_of = columns.predictions().set_index(["series", "origin", "step_ahead"])
    assert set(table_of.index) == set(rows.predictions().set_index(["series", "origin", "step_ahead"]).index)


def test_metrics_over_all_columns_are_in_scaled_units_and_those_of_each_in_its_own() -> None:
    run = train(wide(1), columns_as_series=True, window=4, horizon=3, test_fraction=0.3)
    table = run.predictions()
    error = table["prediction"] - table["truth"]
    scale = pd.Series(run.scalers.targets.scale[:, 0], run.info.series)
    scaled = error / table["series"].map(scale)
    assert run.metrics["test_scaled_mse"] == pytest.approx((scaled**2).mean(), rel=1e-5)
    assert run.metrics["test_scaled_mae"] == pytest.approx(scaled.abs().mean(), rel=1e-5)
    for row in run.by_series.itertuples():
        assert row.test_rmse == pytest.approx(np.sqrt((error[table["series"] == row.series] ** 2).mean()), rel=1e-5)
    steps = (scaled**2).groupby(table["step_ahead"]).mean()
    np.testing.assert_allclose(run.by_step["scaled_mse"], steps, rtol=1e-5)
    baseline = (table["baseline"] - table["truth"]) / table["series"].map(scale)
    assert min(v["test_scaled_mse"] for v in run.baseline.values()) == pytest.approx((baseline**2).mean(), rel=1e-5)


def test_predictions_and_forecasts_name_the_columns(tmp_path: Path) -> None:
    table = wide(2)
    table.to_csv(tmp_path / "load.csv", index=False)
    run = train(str(tmp_path / "load.csv"), columns_as_series=True, window=4, horizon=2, test_fraction=0.3)
    assert run.info.series == ("b", "a", "c")
    predicted = run.predict_table(table)
    assert list(predicted["series"].unique()) == ["b", "a", "c"]
    each = run.predict(table)
    matrix = run.predict(table[["b", "a", "c"]].to_numpy())
    for n, name in enumerate(run.info.series):
        np.testing.assert_array_equal(each[n], matrix[n])
        np.testing.assert_array_equal(each[n], run.predict(table[name].to_numpy(), series=name))
        # The test windows are predicted as the evaluation predicted them.
        own = run.predictions().query("series == @name")
        first = own["origin"].iloc[0] - 3
        np.testing.assert_array_equal(each[n][first:].ravel()[: len(own)], own["prediction"])
    forecast = run.forecast_table(3)
    assert list(forecast.columns) == ["series", "step", "time", "value"]
    assert list(forecast["series"].unique()) == ["b", "a", "c"]
    run.save(tmp_path / "run")
    loaded = rs.load(tmp_path / "run")
    pd.testing.assert_frame_equal(loaded.predictions(), run.predictions())
    pd.testing.assert_frame_equal(loaded.predict_table(table), predicted)
    assert loaded.summary()["target"] == ["b", "a", "c"]
    with pytest.raises(DataError, match="'c' was not found"):
        run.predict(table[["day", "b", "a"]])


def test_another_input_is_read_with_each_column() -> None:
    table = wide(3).assign(promo=np.arange(120) % 2.0)
    run = train(table, columns_as_series=True, target=["b", "a"], features="promo", window=4, test_fraction=0.3)
    data = run.data()
    assert run.info.series == ("b", "a")
    np.testing.assert_array_equal(data.inputs[1, :, list(data.features).index("promo")], table["promo"])
    np.testing.assert_array_equal(data.inputs[1, :, list(data.features).index("value")], table["a"])


def test_a_matrix_has_a_series_for_each_column() -> None:
    table = wide(4)
    run = train(table[["b", "a", "c"]].to_numpy(), columns_as_series=True, window=4, test_fraction=0.3)
    assert run.info.series == ("feature1", "feature2", "feature3")
    values = table[["b", "a", "c"]].to_numpy()
    assert len(run.predict(values)) == 3
    np.testing.assert_array_equal(run.forecast(2, input=values), run.forecast(2))


def test_what_does_not_go_with_columns_as_series_is_refused() -> None:
    table = wide(5).assign(kind="x", shop=["m", "n"] * 60)
    with pytest.raises(SettingError, match="series must be left out"):
        train(table, columns_as_series=True, target=["b", "a"], series="shop")
    with pytest.raises(SettingError, match="tasks forecast and regress"):
        train(table, columns_as_series=True, target="kind", features="b", task="label")
    with pytest.raises(DataError, match="a column for each series"):
        train(np.arange(50.0), columns_as_series=True)


@pytest.mark.parametrize("kind", ["file", "array", "columns", "series"])
def test_first_rows_are_the_only_ones_that_are_read(kind: str, tmp_path: Path) -> None:
    table = wide(6)
    if kind == "array":
        data = train(table["b"].to_numpy(), first_rows=50, window=3).data()
    elif kind == "series":
        data = train(long_of(table), series="which", target="value", first_rows=50, window=3).data()
    else:
        table.to_csv(tmp_path / "load.csv", index=False)
        data = train(str(tmp_path / "load.csv"), columns_as_series=kind == "columns", first_rows=50, window=3).data()
    assert data.inputs.shape[1] == 50
    assert data.inputs[0, -1, 0] in table.loc[49, ["a", "b", "c"]].to_numpy()


def test_the_published_windows_of_etth2_can_be_laid(real_data: Path) -> None:
    from rnnstudio.core.catalog import load_data
    from rnnstudio.core.experiment import compose
    from rnnstudio.core.scaling import Scalers
    from rnnstudio.engine.final_metrics import baseline_metrics

    chosen = {"window": 15, "frame": 48, "horizon": 96, "first_rows": 14_400, "test_fraction": 0.2, "val_fraction": 0.2}
    experiment = compose("file", {"file": str(real_data / "series" / "ETTh2.csv"), "columns_as_series": True, **chosen})
    data = load_data(experiment.data, 0)
    assert (len(data.series), data.windows["test"]) == (7, 7 * 2785)
    raw = pd.read_csv(real_data / "series" / "ETTh2.csv").iloc[:14_400, 1:].to_numpy()
    mean, deviation = raw[:8640].mean(axis=0), raw[:8640].std(axis=0)
    scalers = Scalers.fit(data, experiment.data)
    np.testing.assert_allclose(scalers.inputs.mean[:, 0], mean, rtol=1e-12)
    np.testing.assert_allclose(scalers.inputs.scale[:, 0], deviation, rtol=1e-12)
    scaled = (raw - mean) / deviation
    errors = [scaled[o + 1 : o + 97] - scaled[o] for o in range(11_519, 11_519 + 2785)]
    expected = np.mean([np.mean(error**2) for error in errors])
    assert baseline_metrics(data, scalers)["last_value"]["test_scaled_mse"] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("chosen", "features", "offset"),
    [
        ({"task": "forecast", "features": "c"}, ("value", "c"), 4),
        ({"task": "forecast", "features": "c", "use_past": False}, ("c",), 4),
        ({"task": "forecast", "features": "c,a", "use_past": False}, ("value", "c"), 4),
        ({"task": "regress", "features": "c"}, ("c",), 0),
        ({"task": "regress", "features": "a,c"}, ("value", "c"), 1),
        ({"task": "regress"}, ("value",), 1),
    ],
)
def test_the_past_of_the_columns_is_read_as_that_of_one_series_would_be(chosen, features, offset) -> None:
    run = train(wide(5), columns_as_series=True, target="a,b", window=4, calendar=False, **chosen)
    data = run.data()
    assert data.features == features
    assert data.target_offset == offset
    table = run.predictions()
    assert len(run.predict_table(wide(5))) > 0
    assert (table["truth"] == [wide(5)[row.series][row.step] for row in table.itertuples()]).all()
