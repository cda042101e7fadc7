"""Bands of forecasts: from rows without a part in the training, recomputed from predictions and errors alone."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.origin_data import before_origin, settings_before
from tests import reference_bands as reference

pytestmark = pytest.mark.usefixtures("uncompiled")
SMALL: dict[str, Any] = {
    "units": 4, "updates": 4, "window": 6, "scale": "standard", "verbose": 0, "save": False, "task": "forecast",
    "calendar": False, "levels": [80, 95], "val_fraction": 0.0, "patience": 0, "restore_best_weights": False,
}  # fmt: skip


def sales(rows: int = 160, seed: int = 0, level: float = 50.0) -> pd.DataFrame:
    """Return two columns with times."""
    n, rng = np.arange(rows), np.random.default_rng(seed)
    values = level + 9 * np.sin(n / 3) + rng.normal(0, 2, rows)
    return pd.DataFrame({"day": pd.date_range("2024-01-01", periods=rows), "sales": values, "visits": values**2})


def recomputed(run: rs.Run, table: pd.DataFrame, errors_of: Any, bounds_of: Any) -> None:
    """Compare the bands of one series and target in a table of predictions with bands computed value by value."""
    calibration = run.calibration
    assert calibration is not None
    for h, own in table.groupby("step_ahead"):
        before = errors_of(calibration.truth[:, h - 1, 0], calibration.values[:, h - 1, 0, 0])
        errors = errors_of(own["truth"].to_numpy(float), own["prediction"].to_numpy(float))
        for level in run.experiment.training.levels:
            lists = before.tolist(), errors.tolist(), own["origin"].tolist()
            margins, last = reference.running(*lists, int(h), level)
            lower, upper = bounds_of(own["prediction"].to_numpy(float), np.array(margins))
            np.testing.assert_allclose(own[f"lower_{level}"], lower, rtol=1e-5)
            np.testing.assert_allclose(own[f"upper_{level}"], upper, rtol=1e-5)
            at = calibration.levels.index(level)
            np.testing.assert_allclose(calibration.margins[0, h - 1, at, 0], last, rtol=1e-5)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return sales()


@pytest.fixture(scope="module")
def run(frame) -> rs.Run:
    return rs.train(frame, target="sales", horizon=2, **SMALL)


def test_the_bands_of_the_test_set_follow_from_errors_that_were_known_at_each_origin(run):
    scale = float(run.scalers.targets.scale[0])
    recomputed(
        run,
        run.predictions(),
        lambda truth, predicted: np.abs(truth - predicted) / scale,
        lambda predicted, margins: (predicted - margins * scale, predicted + margins * scale),
    )


def test_bands_of_logarithms_are_factors(frame):
    run = rs.train(frame, target="sales", **(SMALL | {"scale": "log"}))
    scale = float(run.scalers.targets.scale[0])
    recomputed(
        run,
        run.predictions(),
        lambda truth, predicted: np.abs(np.log(truth / predicted)) / scale,
        lambda predicted, margins: (predicted / np.exp(margins * scale), predicted * np.exp(margins * scale)),
    )


def test_bands_of_several_series_of_logarithms_are_those_of_each(frame):
    shops = pd.concat([own.assign(shop=name) for name, own in (("A", frame), ("B", sales(seed=1, level=900)))])
    more = SMALL | {"scale": "log", "scale_each": True, "series": "shop"}
    run = rs.train(shops, target="sales", features=["sales"], **more)
    assert run.calibration is not None
    table, calibration = run.predictions(), run.calibration
    for n, name in enumerate(("A", "B")):
        own, of_series = table[table["series"] == name], calibration.series == n
        scale = float(run.scalers.targets.scale[n, 0])
        alone = replace(
            calibration,
            truth=calibration.truth[of_series],
            values=calibration.values[of_series],
            margins=calibration.margins[[n]],
        )
        assert len(alone.truth) >= 50
        only = rs.Run.of(run)
        only.calibration = alone
        recomputed(
            only,
            own,
            lambda truth, predicted, scale=scale: np.abs(np.log(truth / predicted)) / scale,
            lambda predicted, m, scale=scale: (predicted / np.exp(m * scale), predicted * np.exp(m * scale)),
        )
    forecast = run.forecast_table(1)
    assert (forecast["upper_80"] > forecast["sales"]).all()
    np.testing.assert_allclose(forecast["sales"] ** 2, forecast["lower_80"] * forecast["upper_80"], rtol=1e-5)


def test_coverage_and_width_are_those_of_the_table(run):
    table = run.predictions()
    for level in (80, 95):
        inside = (table["truth"] >= table[f"lower_{level}"]) & (table["truth"] <= table[f"upper_{level}"])
        assert run.metrics[f"test_coverage_{level}"] == pytest.approx(inside.mean())
        width = (table[f"upper_{level}"] - table[f"lower_{level}"]).mean()
        assert run.metrics[f"test_width_{level}"] == pytest.approx(width)
    share = f"{100 * run.metrics['test_coverage_80']:.3g}"
    assert any(f"Bands of 80 and 95 % held {share} and " in sentence for sentence in run.conclusions)


def test_networks_of_earlier_origins_predict_the_rows_after_them(run, frame):
    """Each of them is trained on the rows before its origin alone, with the settings of the run."""
    calibration, rows = run.calibration, 128  # before the test set
    assert calibration is not None
    cuts = [int(rows * share) for share in (0.5, 0.6, 0.7, 0.8, 0.9)]
    ends = [*cuts[1:], rows]
    targets = [at for cut, end in zip(cuts, ends, strict=True) for at in range(cut, min(end, rows - 1))]
    values = frame["sales"].to_numpy()
    np.testing.assert_array_equal(calibration.truth[..., 0], [[values[at], values[at + 1]] for at in targets])
    changed = frame.copy()
    changed.loc[cuts[1] :, ["sales", "visits"]] *= 3  # after the second origin
    other = rs.train(changed, target="sales", horizon=2, **SMALL).calibration
    first = [i for i, at in enumerate(targets) if at < cuts[1] - 0 and at < cuts[1]]
    np.testing.assert_allclose(other.values[first], calibration.values[first], rtol=1e-6)
    assert not np.allclose(other.values[len(first) + 8], calibration.values[len(first) + 8])


def test_a_network_of_an_earlier_origin_is_what_a_training_on_those_rows_gives(run):
    from rnnstudio.core.automatic import Resolved
    from rnnstudio.engine.train import train
    from rnnstudio.results.trained_network import TrainedNetwork

    data = run.data()
    settings = settings_before(run.experiment.data, is_automatic=False)
    known = before_origin(data, settings, np.array([64]))
    experiment = run.experiment.model_copy(update={"data": settings}).with_values({"levels": []})
    result = train(Resolved(experiment, known), lambda event: None)
    network = TrainedNetwork(experiment, run.info, result.scalers, result.weights)
    expected = network.predict(data.inputs[0, 58:64], probabilities=False)
    assert run.calibration is not None
    np.testing.assert_allclose(run.calibration.values[0, :, 0, 0], np.ravel(expected), rtol=1e-4)


def test_a_large_validation_set_is_divided_and_the_last_half_calibrates_the_network_itself(frame):
    long = sales(rows=1200)
    more = SMALL | {"val_fraction": 0.25, "patience": 5, "restore_best_weights": True, "evaluate_every": 2}
    run = rs.train(long, target="sales", **more)
    assert run.calibration is not None
    assert (run.calibration.origins, run.info.windows["val"], len(run.data().calibration)) == (0, 150, 150)
    values = long["sales"].to_numpy()
    np.testing.assert_array_equal(run.calibration.truth[:, 0, 0], values[810:960])
    predicted = np.ravel(run.predict(long.iloc[804:960]))[:-1]
    np.testing.assert_allclose(run.calibration.values[:, 0, 0, 0], predicted, rtol=1e-5)
    whole = rs.train(long, target="sales", **(more | {"levels": "none"}))
    assert (whole.info.windows["val"], whole.calibration) == (300, None)
    assert "lower_80" not in whole.predictions()


def test_a_forecast_has_the_margins_after_the_test_set(run):
    table, scale = run.forecast_table(2), float(run.scalers.targets.scale[0])
    assert list(table.columns) == ["step", "time", "sales", "lower_80", "upper_80", "lower_95", "upper_95"]
    for i, level in enumerate((80, 95)):
        margins = run.calibration.margins[0, :, i, 0] * scale
        np.testing.assert_allclose(table[f"upper_{level}"] - table["sales"], margins, rtol=1e-5)
        np.testing.assert_allclose(table["sales"] - table[f"lower_{level}"], margins, rtol=1e-5)
    np.testing.assert_array_equal(run.forecast(2), table["sales"])


def test_a_forecast_inside_the_test_set_has_the_bands_of_its_origin(run):
    predictions = run.predictions()
    origins = sorted(set(predictions["origin"]))
    for origin in (origins[0], origins[7], origins[-1]):
        expected = predictions[predictions["origin"] == origin]
        table = run.forecast_table(2, start=float(origin + 1))
        for name in ("lower_80", "upper_80", "lower_95", "upper_95"):
            np.testing.assert_allclose(table[name], expected[name], rtol=1e-5)
    with pytest.warns(UserWarning, match="begin before the test set have no bands"):
        assert "lower_80" not in run.forecast_table(2, start=60)


def test_beyond_the_horizon_errors_of_forecasts_that_are_fed_back_alike_decide(run, frame):
    steps, rows = 7, range(128, 160 - 7 + 1)
    values, scale = frame["sales"].to_numpy(), float(run.scalers.targets.scale[0])
    errors = np.array([np.abs(run.forecast(steps, start=row) - values[row : row + steps]) for row in rows]) / scale
    table = run.forecast_table(steps)
    for level in (80, 95):
        expected = [reference.margin(errors[:, h].tolist(), 1 - level / 100, level) * scale for h in range(steps)]
        np.testing.assert_allclose(table[f"upper_{level}"] - table["sales"], expected, rtol=1e-4)
    with pytest.warns(UserWarning, match="Bands of 95 % are missing"):
        inside = run.forecast_table(steps, start=150)  # only what is known there: 16 forecasts
    expected = [reference.margin(errors[:16, h].tolist(), 0.2, 80) * scale for h in range(steps)]
    np.testing.assert_allclose(inside["upper_80"] - inside["sales"], expected, rtol=1e-4)
    assert "upper_95" not in inside
    with pytest.warns(UserWarning, match="Bands of 80 % and 95 % are missing where too few forecasts"):
        assert "upper_80" not in run.forecast_table(31)


def test_levels_are_chosen_and_refused_by_name(run, frame):
    assert list(run.forecast_table(1, level=95.0).columns) == ["step", "time", "sales", "lower_95", "upper_95"]
    assert list(run.forecast_table(1, level="none").columns) == ["step", "time", "sales"]
    with pytest.raises(SettingError, match="level must name bands of the run, which has bands of 80 and 95 %"):
        run.forecast_table(1, level=[80, 90])
    with pytest.raises(SettingError, match="levels must be whole numbers from 1 to 99, or none, or auto; received"):
        rs.train(frame, target="sales", **(SMALL | {"levels": 100}))
    with pytest.raises(SettingError, match="levels are for task forecast"):
        rs.train(frame, target="sales", features=["visits"], **(SMALL | {"task": "regress"}))


def test_a_saved_run_has_the_same_bands(run, tmp_path):
    again = rs.load(run.save(tmp_path / "run.rnnrun"))
    pd.testing.assert_frame_equal(again.forecast_table(2), run.forecast_table(2))
    assert again.conclusions == run.conclusions


def test_runs_of_arrays_have_bands(frame):
    run = rs.train(frame["sales"].to_numpy(), **(SMALL | {"horizon": 2}))
    assert list(run.forecast_table(1).columns)[-4:] == ["lower_80", "upper_80", "lower_95", "upper_95"]
    assert {"lower_80", "upper_95"} <= set(run.predictions().columns)


def test_several_targets_have_bands_of_their_own(frame):
    run = rs.train(frame, target=["sales", "visits"], **SMALL)
    table = run.forecast_table(1)
    for name in ("sales", "visits"):
        assert (table[f"{name}_lower_80"] < table[name]).all()
        assert (table[f"{name}_upper_95"] > table[f"{name}_upper_80"]).all()
    scale = run.scalers.targets.scale
    margins = run.calibration.margins[0, 0, 0]
    received = [float(table[f"{name}_upper_80"][0] - table[name][0]) for name in ("sales", "visits")]
    np.testing.assert_allclose(received, margins * scale, rtol=1e-5)


def test_a_series_without_enough_errors_has_no_band_and_it_is_said():
    run = rs.train(sales(rows=30), target="sales", **(SMALL | {"window": 3}))
    assert run.calibration is not None
    assert run.calibration.left_out == [95]
    assert any(w.startswith("Bands of 95 % are left out of forecasts: 19 errors") for w in run.warnings)
    with pytest.warns(UserWarning, match="Bands of 95 % are missing"):
        table = run.forecast_table(1)
    assert {"lower_80", "upper_80"} <= set(table.columns)
    assert "lower_95" not in table


def test_series_that_the_run_does_not_know_have_no_bands(frame):
    shops = pd.concat([frame.assign(shop="A"), sales(seed=1).assign(shop="B")])
    run = rs.train(shops, target="sales", features=["sales"], **(SMALL | {"series": "shop", "scale_each": False}))
    newer = pd.concat([frame.assign(shop="A"), sales(seed=2).assign(shop="C")])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = run.forecast_table(1, input=newer)
    assert table["lower_80"].isna().tolist() == [False, True]


def test_a_stopped_training_has_no_bands(frame):
    run = rs.train(frame, target="sales", **(SMALL | {"updates": 1000}), callback=lambda *_: False, max_seconds=0.01)
    assert run.calibration is None
    assert any("so its forecasts have no bands" in warning for warning in run.warnings)


def test_without_test_set_the_rows_before_the_end_calibrate(frame):
    run = rs.train(frame, target="sales", **(SMALL | {"test_fraction": 0.0}))
    assert not any(name.startswith("test_") for name in run.metrics)
    assert run.calibration.truth[-1, 0, 0] == frame["sales"].iloc[-1]
    assert {"lower_95", "upper_95"} <= set(run.forecast_table(1).columns)


def test_an_ensemble_has_bands_that_are_calibrated_for_its_mean(frame):
    group = rs.train(frame, target="sales", horizon=2, seeds=2, **SMALL)
    members = [run.calibration for run in group.runs]
    table, scale = group.predictions(), float(group.runs[0].scalers.targets.scale[0])
    ensemble = group.ensemble
    ensemble.calibrate()
    np.testing.assert_allclose(ensemble.calibration.values, np.mean([own.values for own in members], axis=0))
    recomputed(
        ensemble,
        table,
        lambda truth, predicted: np.abs(truth - predicted) / scale,
        lambda predicted, margins: (predicted - margins * scale, predicted + margins * scale),
    )
    np.testing.assert_allclose(
        group.forecast_table(1)["upper_80"] - group.forecast(1),
        ensemble.calibration.margins[0, 0, 0] * scale,
        rtol=1e-4,
    )


def test_bands_of_a_backtest_follow_from_earlier_origins_alone(run):
    backtest = run.backtest(12, steps=2, every=2, verbose=0)
    table, scale, calibration = backtest.predictions(), float(run.scalers.targets.scale[0]), run.calibration
    for h, own in table.groupby("step_ahead"):
        before = np.abs(calibration.truth[:, h - 1, 0] - calibration.values[:, h - 1, 0, 0]) / scale
        errors = np.abs(own["truth"] - own["network"]) / scale
        for level in (80, 95):
            margins, _ = reference.running(before.tolist(), errors.tolist(), own["origin"].tolist(), int(h), level)
            np.testing.assert_allclose(own[f"upper_{level}"] - own["network"], np.array(margins) * scale, rtol=1e-4)
    assert {"coverage_80", "coverage_95", "crps", "wql"} <= set(backtest.metrics())


@pytest.mark.parametrize("refit", [True, False])
def test_a_backtest_that_trains_again_is_calibrated_before_its_first_origin(frame, refit):
    run = rs.train(frame, target="sales", **SMALL)
    backtest = run.backtest(3, steps=4, every=10, refit=refit, verbose=0)  # 4 steps are fed back
    first = backtest.predictions()
    changed = frame.copy()
    changed.loc[int(first["origin"].min()) + 1 :, "sales"] += 40.0
    other = rs.train(changed, target="sales", **SMALL).backtest(3, steps=4, every=10, refit=refit, verbose=0)
    rows = first["origin_number"] == 1
    for name in ("network", "lower_80", "upper_95"):
        np.testing.assert_allclose(other.predictions().loc[rows, name], first.loc[rows, name], rtol=1e-5)


def test_data_that_are_gone_are_named_where_bands_need_them(frame, tmp_path):
    file = tmp_path / "sales.csv"
    frame.to_csv(file, index=False)
    run = rs.train(str(file), target="sales", **SMALL)
    again = rs.load(run.save(tmp_path / "run"))
    file.unlink()
    assert "lower_80" in again.forecast_table(1)
    with pytest.raises(DataError, match=r"sales\.csv"):
        again.data()
    with pytest.warns(UserWarning, match="has no bands, because the data of the training are needed"):
        assert "lower_80" not in again.forecast_table(3)


def test_levels_of_quantiles_are_chosen_among_the_bands_of_all(frame):
    run = rs.train(frame, target="sales", horizon=2, **(SMALL | {"loss": "pinball", "levels": [50, 80, 95]}))
    whole = run.forecast_table(2)
    for level in (50, 80, 95, [50, 95]):
        part = run.forecast_table(2, level=level)
        pd.testing.assert_frame_equal(part, whole[list(part.columns)])


def test_later_rows_of_another_series_reach_no_band_of_a_forecast_inside_one():
    """B begins forty days later, so that its rows of the same numbers are later ones."""
    first = sales(rows=200)
    second = sales(rows=160, seed=1).assign(day=pd.date_range("2024-02-10", periods=160))
    more = SMALL | {"series": "shop", "features": ["sales"], "target": "sales"}
    start = 175  # of A, which is the date of row 135 of B
    tables = []
    for added in (0.0, 500.0):
        changed = second.copy()
        changed.loc[135:, "sales"] += added
        shops = pd.concat([first.assign(shop="A"), changed.assign(shop="B")])
        run = rs.train(shops, **more)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tables.append(run.forecast_table(3, start=start, series="A"))
    pd.testing.assert_frame_equal(*tables)
    assert "upper_80" in tables[0]


def test_a_network_of_a_run_keeps_its_series_in_a_backtest():
    """A series that ended early may have no training window before the first origin; others keep their scales."""
    days = pd.date_range("2024-01-01", periods=150)
    parts = [pd.DataFrame({"day": days[:18], "sales": np.arange(18.0) % 5, "shop": "old"})]
    parts += [sales(rows=150, seed=n, level=level).drop(columns="visits").assign(shop=name)
              for n, (name, level) in enumerate((("B", 50.0), ("C", 5000.0)))]  # fmt: skip
    more = SMALL | {"val_fraction": 0.2, "series": "shop", "features": ["sales"]}
    run = rs.train(pd.concat(parts), target="sales", **more)
    assert run.info.series == ("B", "C", "old")
    table = run.backtest(3, steps=1, verbose=0).predictions()
    of_c = table[table["series"] == "C"]
    assert ((of_c["network"] - of_c["truth"]).abs() < 100).all()
    assert ((of_c["upper_80"] - of_c["network"]) > 0).all()


def test_weights_that_the_test_set_chose_have_the_margins_before_it(frame):
    more = SMALL | {"patience": 3, "restore_best_weights": True, "evaluate_every": 1}
    run = rs.train(frame, target="sales", **more)
    assert run.chosen_on_test
    errors = np.abs(run.calibration.truth - run.calibration.values[:, :, 0])[:, 0, 0] / run.scalers.targets.scale[0]
    assert run.calibration.margins[0, 0, 0, 0] == pytest.approx(reference.margin(errors.tolist(), 0.2, 80), rel=1e-5)
    with pytest.warns(UserWarning, match="because the test set chose the weights"):
        assert "lower_80" not in run.forecast_table(4)


def test_newer_data_that_end_before_the_training_have_no_bands(run, frame):
    with pytest.warns(UserWarning, match="because the newer data end before those of the training"):
        assert "lower_80" not in run.forecast_table(1, input=frame.iloc[:100])
    newer = sales(rows=170)
    assert "lower_80" in run.forecast_table(1, input=newer.iloc[100:])


def test_a_training_that_continues_another_has_no_bands(run, frame):
    other = rs.train(frame, target="sales", horizon=2, initial_weights=run, **SMALL)
    assert other.calibration is None
    with pytest.raises(SettingError, match=r"received 80\. Forecasts have no bands, because the weights"):
        other.forecast_table(1, level=80)


def test_missing_values_leave_the_errors_that_are_known(frame):
    sparse = frame.copy()
    sparse.loc[90:127, "sales"] = np.nan
    run = rs.train(sparse, target="sales", features=["visits"], use_past=False, **SMALL)
    assert not np.isnan(run.calibration.truth).all(axis=(1, 2)).any()
    assert not np.isnan(run.calibration.margins[:, :, 0]).any()


def test_series_are_divided_by_date_for_the_calibration():
    shops = [sales(rows=rows).assign(shop=name) for name, rows in (("A", 1200), ("B", 900))]
    shops[1]["day"] += pd.Timedelta(days=300)
    more = SMALL | {"series": "shop", "features": ["sales"], "val_fraction": 0.25, "patience": 5, "target": "sales"}
    run = rs.train(pd.concat(shops), **more)
    data = run.data()
    stamps = data.times.ravel()
    chosen, calibrating = (stamps[data.target_positions(windows)] for windows in (data.val, data.calibration))
    assert len(calibrating) >= 100
    assert chosen.max() < calibrating.min()
