"""The predictions that plots draw, as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import DataError
from rnnstudio.core.plot_table import plot_table
from rnnstudio.core.predictions import LabelPredictions, SequencePredictions, SeriesPredictions

pytestmark = pytest.mark.usefixtures("uncompiled")

TINY = {"units": 2, "updates": 3, "verbose": 0, "save": False}


def test_the_padding_of_short_sequences_is_left_out() -> None:
    x = [np.linspace(0, 1, n) for n in (3, 5, 4, 6) * 4]
    y = [np.where(sequence > 0.5, "up", "down") for sequence in x]
    run = rs.train(x, y, task="label", batch_size=16, classes=["up", "down"], **TINY)
    table = run.plot_table()
    lengths = table.groupby("row")["step"].size()
    assert set(lengths) <= {3, 4, 5, 6}
    for _, row in table.groupby("row"):
        np.testing.assert_array_equal(row["step"], np.arange(len(row)))
        assert list(row["truth"]) == list(np.where(np.linspace(0, 1, len(row)) > 0.5, "up", "down"))


def test_each_sequence_has_one_row() -> None:
    x = np.random.default_rng(0).normal(size=(20, 5, 1))
    run = rs.train(x, ["b", "a"] * 10, task="classify", classes=["b", "a"], **TINY)
    table = run.plot_table()
    assert list(table.columns) == ["sequence", "truth", "prediction", "probability"]
    accuracy = (table["truth"] == table["prediction"]).mean()
    assert accuracy == pytest.approx(run.metrics["test_accuracy"])


def test_a_series_has_its_splits_and_its_predictions(airline_run: rs.Run) -> None:
    table = airline_run.plot_table()
    assert list(dict.fromkeys(table["split"]))[:2] == ["train", "test"]
    series = airline_run.data().inputs[0, :, 0]
    inside = table[table["step"] < len(series)]
    np.testing.assert_allclose(inside["truth"].dropna(), series[inside["step"][inside["truth"].notna()]])
    np.testing.assert_allclose(inside["naive"].dropna(), series[inside["step"][inside["naive"].notna()] - 1])


def test_a_free_run_past_the_end_has_no_split() -> None:
    run = rs.train(np.sin(np.arange(60.0)), window=5, test_fraction=0, **TINY)
    table = run.plot_table()
    assert set(table["split"][table["step"] >= 60]) == {""}
    assert table["truth"][table["step"] >= 60].isna().all()


def test_a_run_without_predictions_is_refused(airline_run: rs.Run) -> None:
    run = rs.train("toy", verbose=0, save=False, updates=1)
    run.record.predictions = None
    with pytest.raises(DataError, match="no predictions to draw"):
        run.plot_table()


HOURS = pd.date_range("2022-10-25 03:00", periods=60, freq="h").to_numpy("datetime64[ns]")


def test_times_stand_beside_the_steps_of_a_series_and_continue_after_its_end() -> None:
    predictions = SeriesPredictions(
        first=10,
        truth=np.zeros(50, np.float32),
        val_begin=40,
        test_begin=50,
        one_step_at=np.arange(15, 60),
        one_step=np.zeros(45, np.float32),
        free_at=np.arange(50, 63),
        free=np.zeros(13, np.float32),
        times=HOURS[10:],
    )
    table = plot_table(predictions, (), "h")
    assert list(table.columns[:3]) == ["step", "time", "split"]
    assert (table["time"] == HOURS[0] + table["step"].to_numpy() * np.timedelta64(1, "h")).all()
    irregular = plot_table(predictions, ())
    assert (irregular["time"].isna() == (irregular["step"] >= 60)).all()
    assert "time" not in plot_table(replace(predictions, times=None), (), "h")


def test_times_stand_beside_the_steps_of_sequences_without_padding() -> None:
    times = np.array([HOURS[:4], HOURS[20:24]])
    times[1, 3] = np.datetime64("NaT")
    values = np.array([[1, 2, 3, 4], [5, 6, 7, np.nan]], np.float32)
    classes = np.array([[0, 1, 0, 1], [1, 1, 0, -1]], np.int32)
    for predictions in (
        SequencePredictions(values, values, values, times),
        LabelPredictions(values, classes, classes, times),
    ):
        table = plot_table(predictions, ("a", "b"), "h")
        assert table["time"].tolist() == [*pd.to_datetime(HOURS[:4]), *pd.to_datetime(HOURS[20:23])]
        assert table.columns[2] == "time"


def test_a_run_predicts_with_times_also_once_it_was_saved(fresh_airline: Callable[[], rs.Run], tmp_path: Path) -> None:
    run = fresh_airline()
    loaded = rs.load(run.save(tmp_path / "run.rnnrun"))
    for table in (run.plot_table(), loaded.plot_table()):
        assert table["time"].dtype == np.dtype("datetime64[ns]")
        months = np.datetime64("1949-01") + table["step"].to_numpy()
        assert (table["time"].to_numpy().astype("datetime64[M]") == months).all()
    after = pd.date_range("1961-01-01", periods=14, freq="MS")
    assert loaded.forecast_table(14)["time"].tolist() == list(after)
    np.testing.assert_array_equal(loaded.forecast_table(14)["passengers"], run.forecast(14))
    assert loaded.forecast_table(3, start=142)["time"].tolist() == list(pd.date_range("1960-11", periods=3, freq="MS"))


def test_a_forecast_of_a_series_without_times_has_steps_only() -> None:
    run = rs.train(np.sin(np.arange(60.0)), window=5, **TINY)
    assert list(run.forecast_table(3).columns) == ["step", "feature1"]
