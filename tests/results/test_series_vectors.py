"""A run with a learned vector of each series predicts and forecasts each with its own, and refuses unknown series."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import DataError, SettingError, UnknownNameError

pytestmark = pytest.mark.usefixtures("uncompiled")
CHOSEN: dict[str, Any] = {
    "target": "sales", "series": "shop", "time": "day", "window": 5, "horizon": 2, "units": 3, "updates": 8,
    "batch_size": 8, "learning_rate": 0.1, "val_fraction": 0.0, "scale": "standard", "calendar": False,
    "linear_skip": False, "predict_change": "none", "scale_windows": "none", "series_embedding": 2, "seed": 1,
    "patience": 0, "restore_best_weights": False,
    "verbose": 0, "save": False,
}  # fmt: skip
NAMES = ("east", "north", "west")


def shops(names: tuple[str, ...] = NAMES, length: int = 60) -> pd.DataFrame:
    parts = []
    for n, name in enumerate(names):
        days = pd.date_range("2024-01-01", periods=length)
        sales = 20 + 3 * np.sin(np.arange(length) * (n + 1) / 4) + np.random.default_rng(n).normal(size=length)
        parts.append(pd.DataFrame({"shop": name, "day": days, "sales": sales}))
    return pd.concat(parts, ignore_index=True)


def train(frame: Any, **chosen: Any) -> Any:
    return quietly(rs.train, frame, **{**CHOSEN, **chosen})


def quietly(function: Any, *arguments: Any, **named: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments, **named)


@pytest.fixture(scope="module", name="run")
def fixture_run() -> rs.Run:
    """A run of three shops with one scaler for all, so that they differ by their vectors alone."""
    trained: rs.Run = train(shops(), scale_each=False)
    return trained


def same_rows(run: rs.Run, name: str) -> Any:
    """Return the predictions for the same ten values as rows of a series."""
    return run.predict(np.linspace(18, 23, 10), series=name)


def test_the_same_values_have_other_predictions_as_those_of_another_series(run: rs.Run) -> None:
    east, north, west = (same_rows(run, name) for name in NAMES)
    assert np.abs(east - north).min() > 1e-4
    assert np.abs(north - west).min() > 1e-4


def test_series_of_new_data_are_found_by_name_in_any_order_and_number(run: rs.Run) -> None:
    frame = shops()
    whole = run.predict_table(frame)
    turned = run.predict_table(pd.concat([frame[frame["shop"] == name] for name in ("west", "east")]))
    for name in ("west", "east"):
        expected = whole[whole["series"] == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(turned[turned["series"] == name].reset_index(drop=True), expected)
        alone = run.predict(frame[frame["shop"] == name]["sales"].to_numpy(), series=name)
        np.testing.assert_allclose(alone, expected.filter(like="prediction"), rtol=1e-5)


def test_forecasts_at_the_end_inside_and_after_newer_data_are_those_of_each_series(run: rs.Run) -> None:
    frame = shops()
    last = run.predict_table(frame).groupby("series").tail(1).filter(like="prediction").to_numpy()
    np.testing.assert_allclose(run.forecast(2), last, rtol=1e-5)
    far = run.forecast(7)  # beyond the horizon, fed back
    np.testing.assert_allclose(far[:, :2], last, rtol=1e-5)
    newer = frame[frame["shop"] != "east"].groupby("shop").tail(9)
    np.testing.assert_allclose(run.forecast(7, input=newer.iloc[::-1].sort_values("day")), far[1:], rtol=1e-5)
    west = frame[frame["shop"] == "west"]["sales"].to_numpy()
    np.testing.assert_allclose(run.forecast(4, input=west, series="west"), far[2, :4], rtol=1e-5)
    inside = run.forecast(2, start=40, series="north")
    np.testing.assert_allclose(
        inside, run.predict(frame[frame["shop"] == "north"]["sales"][:40].to_numpy(), series="north")[-1], rtol=1e-5
    )


def test_a_series_that_is_unknown_is_refused_or_left_out_with_a_sentence(run: rs.Run) -> None:
    unknown, mixed = shops(("south",)), shops((*NAMES, "south"))
    with pytest.raises(DataError, match="not trained on the series 'south', so that its learned vector") as error:
        run.predict(unknown)
    assert "Leave it out, or train with series_embedding 0." in str(error.value)
    with pytest.raises(DataError, match=r"its learned vector \(series_embedding\) is unknown"):
        run.forecast(2, input=unknown)
    with pytest.raises(UnknownNameError, match="south"):
        run.predict(np.arange(9.0), series="south")
    with pytest.warns(UserWarning, match="1 series is left out of .* not trained on 'south', so that its learned vec"):
        table = run.predict_table(mixed)
    assert set(table["series"]) == set(NAMES)
    with pytest.raises(DataError, match="each series has a learned vector"):
        run.predict(np.arange(9.0))
    with pytest.raises(DataError, match=r"Each series has a learned vector \(series_embedding\); values of one"):
        run.predict(unknown.drop(columns="shop"))


def test_where_each_series_is_scaled_on_its_own_the_sentences_name_both() -> None:
    run = train(shops(), updates=1)
    with pytest.raises(DataError, match="mean, scale and learned vector are unknown") as error:
        run.predict(shops(("south",)))
    assert "train with scale_each false and series_embedding 0" in str(error.value)


def test_a_run_without_vectors_predicts_unknown_series_as_before() -> None:
    run = train(shops(), updates=1, scale_each=False, series_embedding=0)
    assert set(quietly(run.predict_table, shops(("south",)))["series"]) == {"south"}


@pytest.mark.parametrize("file", ["run", "run.rnnrun"])
def test_a_saved_run_has_its_vectors(run: rs.Run, tmp_path: Path, file: str) -> None:
    run.save(tmp_path / file)
    loaded = rs.load(tmp_path / file)
    np.testing.assert_array_equal(loaded.weights["series/embedding"], run.weights["series/embedding"])
    np.testing.assert_array_equal(loaded.forecast(5), run.forecast(5))
    np.testing.assert_array_equal(same_rows(loaded, "west"), same_rows(run, "west"))


def test_an_exported_script_names_the_setting(run: rs.Run, tmp_path: Path) -> None:
    shops().to_csv(tmp_path / "shops.csv", index=False)
    own = train(str(tmp_path / "shops.csv"), updates=2)
    assert "series_embedding=2" in Path(own.export(tmp_path / "again.py")).read_text("utf-8").replace(" ", "")
    assert "series_embedding=2" in Path(own.export(tmp_path / "again.R")).read_text("utf-8").replace(" ", "")


def test_training_goes_on_from_the_vectors_of_the_same_series_only(run: rs.Run) -> None:
    longer = train(shops(), scale_each=False, initial_weights=run, updates=1, learning_rate=1e-9)
    np.testing.assert_allclose(longer.weights["series/embedding"], run.weights["series/embedding"], atol=1e-6)
    cases = [
        (("east", "north", "south"), "the series 'south', which it was not trained on"),
        (("east", "north"), "none called 'west'"),
        ((*NAMES, "young"), "the series 'young'"),
    ]
    for names, received in cases:
        with pytest.raises(SettingError, match=received) as error:
            train(shops(names), scale_each=False, initial_weights=run, updates=1)
        assert str(error.value).startswith("initial_weights hold a vector of each series of their run")
        assert len(str(error.value)) < 900
    with pytest.raises(SettingError, match="initial_weights do not fit this network"):
        train(shops(), series_embedding=0, initial_weights=run, updates=1)
    other = train(shops(("a", "b", "c")), series_embedding=0, initial_weights=train(shops(), series_embedding=0))
    assert other.record.outcome == "completed"  # other series, which have no vectors


def test_a_group_of_seeds_predicts_the_mean_of_its_runs_for_each_series() -> None:
    group = train(shops(), seeds=2)
    single = [run.forecast(4) for run in group.runs]
    assert not np.array_equal(*single)
    np.testing.assert_allclose(quietly(group.forecast, 4), np.mean(single, axis=0), rtol=1e-5)
    tables = [run.predict_table(shops()).filter(like="prediction") for run in group.runs]
    np.testing.assert_allclose(group.predict_table(shops()).filter(like="prediction"), sum(tables) / 2, rtol=1e-5)
    held_out = [run.predictions()["prediction"] for run in group.runs]
    np.testing.assert_allclose(group.predictions()["prediction"], sum(held_out) / 2, rtol=1e-5)


def test_weights_of_all_rows_have_vectors_of_their_own() -> None:
    run = train(shops())
    tested = run.forecast(2)
    assert run.refit()
    assert run.refitted.weights["series/embedding"].shape == (3, 2)
    assert not np.array_equal(run.refitted.weights["series/embedding"], run.weights["series/embedding"])
    assert not np.array_equal(run.forecast(2), tested)
    np.testing.assert_array_equal(run.forecast(2, refit=False), tested)


@pytest.mark.parametrize("steps", [2, 5])
def test_a_backtest_forecasts_each_series_with_its_vector(steps: int) -> None:
    run = train(shops(), test_fraction=0.3)
    table, frame = run.backtest(3, steps=steps, verbose=0, save=False).table, shops()
    for (name, origin), own in table.groupby(["series", "origin"]):
        values = frame[frame["shop"] == name]["sales"].to_numpy()[: int(origin) + 1]
        expected = run.forecast(steps, input=values, series=name)
        np.testing.assert_allclose(own.sort_values("step_ahead")["network"], expected, rtol=1e-4)


def test_quantiles_and_bands_are_those_of_each_series() -> None:
    run = train(shops(), loss="pinball", levels=[80], val_fraction=0.3, test_fraction=0.1, scale_each=False)
    table = run.forecast_table(2)
    assert (table["lower_80"] < table["upper_80"]).all()
    values = np.linspace(18, 23, 10)
    same = [run.forecast_table(2, input=values, series=name) for name in NAMES]
    for column in ("sales", "lower_80", "upper_80"):
        assert len({tuple(own[column]) for own in same}) == 3
    for name, own in zip(NAMES, same, strict=True):
        np.testing.assert_allclose(own["sales"], run.predict(values, series=name)[-1], rtol=1e-5)


def test_columns_as_series_have_vectors() -> None:
    wide = shops().pivot(index="day", columns="shop", values="sales").reset_index()
    chosen = {"target": ",".join(NAMES), "columns_as_series": True, "series": "none"}
    run = train(wide, **chosen)
    assert run.weights["series/embedding"].shape == (3, 2)
    turned = run.predict(wide[["day", "west", "north", "east"]])
    np.testing.assert_array_equal(turned, run.predict(wide))
    np.testing.assert_allclose(run.forecast(2), [own[-1] for own in run.predict(wide)], rtol=1e-5)


def test_plots_show_the_predictions_of_each_series(run: rs.Run) -> None:
    table = run.predictions()
    drawn = run.record.predictions
    for n, name in enumerate(NAMES):
        own = drawn.one(n)
        one_ahead = table[(table["series"] == name) & (table["step_ahead"] == 1)]
        at = dict(zip(own.one_step_at.tolist(), own.one_step.tolist(), strict=True))
        expected = one_ahead.set_index("step")["prediction"]
        assert [at[step] for step in expected.index] == pytest.approx(expected.tolist(), rel=1e-4)


def test_the_setting_is_described_with_its_default() -> None:
    described = json.loads(json.dumps(rs.describe("cell", "gru"), default=str))
    assert "series_embedding" in json.dumps(described)
    assert rs.experiment("airline").model.series_embedding == 0
