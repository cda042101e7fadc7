"""Backtests of runs: every number recomputed from the raw file, and no row after an origin in any forecast."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.backtest_scores import score_table
from rnnstudio.core.errors import DataError, SettingError
from tests.without_xla import without_xla

QUICK = {"cell": "rnn", "units": 2, "updates": 2, "batch_size": 16, "verbose": 0, "save": False}
METHODS = ["network", "last_value", "seasonal_last_value", "drift", "ets", "theta", "ridge"]


@pytest.fixture(scope="module", autouse=True)
def uncompiled_networks():
    """The networks are small and many: compiling takes longer than training them."""
    with without_xla():
        yield


@pytest.fixture(scope="module")
def births(real_data) -> Path:
    return real_data / "series" / "daily-total-female-births.csv"


@pytest.fixture(scope="module")
def values(births) -> np.ndarray:
    with births.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    return np.array([float(row[-1]) for row in rows if row and row[-1].strip().isdigit()])


@pytest.fixture(scope="module")
def run(births):
    return rs.train(str(births), window=9, horizon=3, period=7, **QUICK)


@pytest.fixture(scope="module")
def backtest(run):
    return run.backtest(verbose=0)


def test_the_long_table_has_the_rows_of_the_file(backtest, values):
    table = backtest.predictions()
    assert list(table.columns) == [
        "origin_number", "origin", "origin_time", "step_ahead", "step", "time", "truth", *METHODS,
    ]  # fmt: skip
    assert len(table) == backtest.origins * 3 == 60
    np.testing.assert_array_equal(table["step"], table["origin"] + table["step_ahead"])
    np.testing.assert_array_equal(table["truth"], values[table["step"]])
    assert table["step"].iloc[-1] == len(values) - 1
    assert (table["time"] - table["origin_time"]).dt.days.tolist() == table["step_ahead"].tolist()
    assert table[METHODS].notna().all(axis=None)


def test_the_network_of_the_run_forecasts_what_its_predictions_hold(run, backtest):
    merged = backtest.predictions().merge(run.predictions(), on=["origin", "step_ahead"])
    assert len(merged) == 60
    np.testing.assert_allclose(merged["network"], merged["prediction"], rtol=1e-6)
    assert not backtest.notes


def test_the_network_forecasts_what_predict_returns_for_the_rows_before_an_origin(run, backtest, values):
    for origin, rows in backtest.predictions().groupby("origin"):
        predicted = run.predict(values[: origin + 1])[-1]
        np.testing.assert_allclose(rows["network"], predicted, rtol=1e-5)


def test_the_naive_methods_are_those_of_the_raw_values(backtest, values):
    for _, row in backtest.predictions().iterrows():
        known, ahead = values[: int(row["origin"]) + 1], int(row["step_ahead"])
        assert row["last_value"] == known[-1]
        assert row["seasonal_last_value"] == known[len(known) - 7 + (ahead - 1) % 7]
        slope = (known[-1] - known[0]) / (len(known) - 1)
        assert row["drift"] == pytest.approx(known[-1] + ahead * slope)


def test_the_scores_are_those_of_the_long_table(backtest, values):
    table = backtest.predictions()
    first = table["origin"].min() + 1
    scale = np.abs(values[7:first] - values[: first - 7]).mean()
    assert backtest.scales == {("", ""): pytest.approx(scale)}
    for scores, keys in (
        (backtest.metrics(), []),
        (backtest.by_step(), ["step_ahead"]),
        (backtest.by_origin(), ["origin_number", "origin", "origin_time"]),
    ):
        assert list(scores.columns) == [*keys, "method", "rmse", "mae", "mase", "smape"]
        for _, row in scores.iterrows():
            part = table
            for key in keys:
                part = part[part[key] == row[key]]
            error = (part["truth"] - part[row["method"]]).to_numpy()
            size = (part["truth"].abs() + part[row["method"]].abs()).to_numpy()
            assert row["rmse"] == pytest.approx(np.sqrt((error**2).mean()))
            assert row["mae"] == pytest.approx(np.abs(error).mean())
            assert row["mase"] == pytest.approx(np.abs(error).mean() / scale)
            assert row["smape"] == pytest.approx((200 * np.abs(error) / size).mean())
    assert len(backtest.by_step()) == 3 * len(METHODS)
    assert len(backtest.by_origin()) == 20 * len(METHODS)


def test_the_best_baseline_that_beats_the_network_is_named_first(backtest):
    scores = backtest.metrics().set_index("method")["mase"]
    best = scores.drop("network").idxmin()
    assert scores[best] < scores["network"], "two updates are too few"
    assert backtest.better == best
    names = {"ets": "ETS", "theta": "Theta", "ridge": "Ridge regression", "drift": "Drift"}
    sentence = f"{names[best]} is better: MASE {scores[best]:.3g} against {scores['network']:.3g} of the network."
    assert repr(backtest).splitlines()[0] == backtest.conclusion == backtest.summary()["conclusion"] == sentence


def test_the_calendar_is_chosen_anew_from_the_rows_before_the_first_origin() -> None:
    """Sundays stand out in the first rows of one series and in the last rows of both."""
    days = pd.date_range("2024-01-01", periods=160)
    sunday = np.where(days.day_of_week == 6, 40.0, 0.0)
    noise = np.random.default_rng(0).normal(50, 3, 160)
    late = noise + np.where(np.arange(160) >= 90, sunday, 0.0)
    made = rs.train(pd.DataFrame({"day": days, "sales": late}), target="sales", test_fraction=0.05, **QUICK)
    assert made.info.calendar
    early = made.backtest(2, every=60, verbose=0, save=False)
    assert not early.settings["calendar"]
    always = pd.DataFrame({"day": days, "sales": noise + sunday})
    again = rs.train(always, target="sales", test_fraction=0.05, **QUICK).backtest(2, every=60, verbose=0, save=False)
    assert again.settings["calendar"]


@pytest.mark.parametrize("refit", [False, True])
def test_no_row_after_an_origin_has_a_part_in_its_forecasts(births, values, refit):
    """Rows after the second origin are replaced by others, the training of which would differ."""
    day = pd.date_range("2024-01-01", periods=120)
    frame = pd.DataFrame({"day": day, "births": values[:120]})
    later = frame.copy()
    settings = {"window": "auto", "val_fraction": "auto", "scale": "auto", "predict_change": "auto"}
    request = {"steps": 2, "every": 11, "refit": refit, "verbose": 0, "save": False}
    end = 120 - 2 - 11
    later.loc[end:, "births"] = 1e5 * np.sin(np.arange(120 - end))
    tables = []
    for data in (frame, later):
        made = rs.train(data, target="births", horizon=2, test_fraction=0.05, **settings, **QUICK)
        tables.append(made.backtest(3, **request).predictions())
    first, second = (table[table["origin_number"] <= 2].drop(columns="truth") for table in tables)
    assert len(first) == 4
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_with_refit_the_network_is_that_of_a_training_with_the_same_settings_on_the_rows_before_the_origin(values):
    made = rs.train(values[:150], window=6, horizon=2, test_fraction=0.1, **QUICK)
    result = made.backtest(2, steps=2, every=9, refit=True, verbose=0)
    assert result.refit
    for origin, rows in result.predictions().groupby("origin"):
        alone = rs.train(values[: origin + 1], **{**result.settings, "test_fraction": 0, **QUICK})
        np.testing.assert_allclose(rows["network"], alone.predict(values[: origin + 1])[-1], rtol=1e-4)


def test_steps_beyond_the_horizon_are_fed_back(run, values):
    result = run.backtest(2, steps=7, verbose=0, save=False)
    for origin, rows in result.predictions().groupby("origin"):
        np.testing.assert_allclose(rows["network"], run.forecast(7, start=int(origin) + 1), rtol=1e-5)


def test_origins_before_the_test_set_need_another_network(run):
    begin = int(run.data().set_begins[0, 1])
    result = run.backtest(5, every=40, verbose=0, save=False)
    assert result.predictions()["origin"].min() + 1 < begin
    assert result.notes == ("The network was trained again, because rows after the first origin had a part in it.",)


def test_a_network_that_predicts_its_next_input_is_backtested_too(real_data):
    airline_run = rs.train("airline", restore_best_weights=False, patience=0, fit_scaler_on="train", **QUICK)
    with (real_data / "airline" / "airline-passengers.csv").open(encoding="utf-8") as lines:
        passengers = np.array([float(row.split(",")[-1]) for row in list(lines)[1:145]])
    result = airline_run.backtest(2, steps=3, verbose=0, save=False)
    table = result.predictions()
    np.testing.assert_array_equal(table["truth"], passengers[table["step"]])
    for origin, rows in table.groupby("origin"):
        np.testing.assert_allclose(rows["network"], airline_run.forecast(3, start=int(origin) + 1), rtol=1e-5)


def several(**changes) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    parts = []
    for name, begin, rows in (("north", 0, 90), ("south", 20, 70), ("late", 75, 15), ("ended", 0, 60)):
        days = pd.date_range("2024-01-01", periods=90)[begin : begin + rows]
        level = {"north": 1000.0, "south": 10.0, "late": 5.0, "ended": 50.0}[name]
        sales = level * (2 + np.sin(np.arange(begin, begin + rows) * 2 * np.pi / 7) + 0.1 * rng.normal(size=rows))
        parts.append(pd.DataFrame({"day": days, "shop": name, "sales": sales}))
    return pd.concat(parts, ignore_index=True).assign(**changes)


def test_several_series_have_common_origins_and_scales_of_their_own():
    frame = several()
    made = rs.train(frame, target="sales", series="shop", window=7, horizon=2, test_fraction=0.2, **QUICK)
    result = made.backtest(3, steps=2, every=4, verbose=0)
    table = result.predictions()
    assert set(table["series"]) == {"north", "south"}, "ended has no row after an origin, late no training window"
    raw = {name: part.set_index("day")["sales"] for name, part in frame.groupby("shop")}
    for _, row in table.iterrows():
        assert row["truth"] == pytest.approx(raw[row["series"]][row["time"]])
        assert row["last_value"] == pytest.approx(raw[row["series"]][row["origin_time"]])
    assert table.groupby("origin_number")["origin_time"].nunique().tolist() == [1, 1, 1]
    first = table["origin_time"].min()
    for name in ("north", "south"):
        known = raw[name][:first].to_numpy()
        assert result.scales[name, ""] == pytest.approx(np.abs(known[7:] - known[:-7]).mean())
    scaled = [abs(row["truth"] - row["drift"]) / result.scales[row["series"], ""] for _, row in table.iterrows()]
    assert result.metrics().set_index("method")["mase"]["drift"] == pytest.approx(np.mean(scaled))
    by_series = result.by_series()
    assert by_series["series"].unique().tolist() == ["north", "south"]


def test_missing_values_do_not_count(values):
    series = values[:120].astype(float)
    series[[30, 31, 112, 117]] = np.nan
    made = rs.train(series, window=5, horizon=3, test_fraction=0.2, **QUICK)
    result = made.backtest(4, every=5, verbose=0)
    table = result.predictions()
    assert table["truth"].isna().sum() > 0
    known = table.dropna(subset="truth")
    errors = (known["truth"] - known["network"]).abs()
    assert result.metrics().set_index("method")["mae"]["network"] == pytest.approx(errors.mean())
    assert table[METHODS[:2]].notna().all(axis=None)


def test_several_targets_have_a_row_each_and_no_common_unit(values):
    frame = pd.DataFrame({"a": values[:100], "b": 100 * values[100:200]})
    made = rs.train(frame.to_numpy(), window=5, horizon=2, **QUICK)
    result = made.backtest(3, verbose=0)
    assert len(result.predictions()) == 3 * 2 * 2
    assert result.metrics()["rmse"].isna().all()
    assert result.metrics()["mase"].notna().all()
    assert result.by_series()["rmse"].notna().all()


def test_a_backtest_is_saved_with_its_run(births, tmp_path):
    saved = rs.train(str(births), window=9, horizon=3, **{**QUICK, "save": tmp_path / "run"})
    assert saved.last_backtest is None
    result = saved.backtest(2, verbose=0)
    loaded = rs.load(tmp_path / "run").last_backtest
    pd.testing.assert_frame_equal(loaded.predictions(), result.predictions())
    assert loaded.summary() == result.summary()
    archive = saved.save(tmp_path / "run.rnnrun")
    rs.load(archive).backtest(3, verbose=0)
    assert rs.load(archive).last_backtest.origins == 3
    assert rs.load(tmp_path / "run").last_backtest.origins == 2


def test_a_damaged_backtest_is_refused_with_a_sentence(births, tmp_path):
    saved = rs.train(str(births), window=9, horizon=3, **{**QUICK, "save": tmp_path / "run"})
    saved.backtest(2, verbose=0)
    (tmp_path / "run" / "backtest.npz").write_bytes(b"no table")
    with pytest.raises(rs.StoreError, match="damaged"):
        rs.load(tmp_path / "run")


def test_tables_are_exported(backtest, tmp_path):
    for name in ("predictions", "metrics", "by_step", "by_origin"):
        table = pd.read_csv(backtest.export(tmp_path / f"{name}.csv", table=name))
        assert len(table) == len(getattr(backtest, name)())
    parquet = pd.read_parquet(backtest.export(tmp_path / "table.parquet"))
    np.testing.assert_array_equal(parquet["network"], backtest.predictions()["network"])
    with pytest.raises(SettingError, match="table must be"):
        backtest.export(tmp_path / "x.csv", table="history")
    with pytest.raises(SettingError, match=r"path must end in .csv or .parquet"):
        backtest.export(tmp_path / "x.json")


def test_bands_are_scored_from_their_quantiles():
    rng = np.random.default_rng(0)
    truth = rng.normal(size=40)
    table = pd.DataFrame({"truth": truth, "network": 0.0, "last_value": 1.0})
    for level, width in ((80, 1.2816), (95, 1.96)):
        table[f"lower_{level}"], table[f"upper_{level}"] = -width, width
    scores = score_table(table, {("", ""): 1.0}).set_index("method").loc["network"]
    assert scores["coverage_80"] == np.mean(np.abs(truth) <= 1.2816)
    quantiles = {0.025: -1.96, 0.1: -1.2816, 0.5: 0.0, 0.9: 1.2816, 0.975: 1.96}
    losses = [np.mean(np.maximum(q * (truth - v), (q - 1) * (truth - v))) for q, v in quantiles.items()]
    assert scores["crps"] == pytest.approx(2 * np.mean(losses))
    assert scores["wql"] == pytest.approx(2 * np.mean(losses) / np.abs(truth).mean())


def test_a_backtest_that_cannot_be_is_refused_with_a_sentence(run, values):
    toy = rs.train("toy", updates=1, verbose=0, save=False)
    with pytest.raises(DataError, match="task forecast"):
        toy.backtest(verbose=0)
    with pytest.raises(SettingError, match="Choose at most"):
        run.backtest(500, verbose=0)
    with pytest.raises(SettingError, match="origins must be a whole number"):
        run.backtest(2.5, verbose=0)
    short = rs.train(values[:20], window=4, horizon=2, **QUICK)
    with pytest.raises(SettingError, match="smaller window or fewer steps"):
        short.backtest(1, steps=18, verbose=0)


def test_r_passes_whole_numbers_as_floats(run):
    assert run.backtest(2.0, steps=3.0, every=4.0, verbose=0.0).origins == 2
