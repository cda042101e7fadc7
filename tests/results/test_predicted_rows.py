"""Predictions for new data as a table: steps read, times, and a column for each value or class."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import DataError
from rnnstudio.results.predicted_rows import prediction_rows


@pytest.mark.parametrize(
    ("info", "predictions", "columns", "steps"),
    [
        ({"task": "regress"}, np.arange(6.0), ["prediction"], [1, 2, 3, 4, 5, 6]),
        ({"task": "forecast"}, np.arange(3.0), ["prediction"], [4, 5, 6]),
        ({"task": "forecast", "outputs": 2}, np.ones((3, 2)), ["prediction_1", "prediction_2"], [4, 5, 6]),
        ({"task": "forecast", "outputs": 2}, np.ones((1, 2)), ["prediction_1", "prediction_2"], [6]),
        (
            {"task": "regress", "target_names": ("u", "v"), "outputs": 2},
            np.ones((6, 2)),
            ["prediction_u", "prediction_v"],
            [1, 2, 3, 4, 5, 6],
        ),
        ({"task": "classify", "classes": ("up", "down")}, "up", ["prediction"], [6]),
        ({"task": "label", "classes": ("0", "1")}, np.array(list("010101")), ["prediction"], [1, 2, 3, 4, 5, 6]),
    ],
)
def test_predictions_have_the_steps_read_and_one_column_each(airline_run, info, predictions, columns, steps):
    frame = prediction_rows(predictions, 6, replace(airline_run.info, **info), probabilities=False)
    assert list(frame.columns) == ["step", *columns]
    assert list(frame["step"]) == steps
    assert np.array_equal(frame[columns].to_numpy().ravel(), np.ravel(predictions))


@pytest.mark.parametrize(
    ("predictions", "steps"), [(np.array([0.2, 0.8]), [6]), (np.full((6, 2), 0.5), [1, 2, 3, 4, 5, 6])]
)
def test_probabilities_have_one_column_per_class(airline_run, predictions, steps):
    info = replace(airline_run.info, task="classify" if predictions.ndim == 1 else "label", classes=("up", "down"))
    frame = prediction_rows(predictions, 6, info, probabilities=True)
    assert list(frame.columns) == ["step", "probability_up", "probability_down"]
    assert list(frame["step"]) == steps


DAYS = pd.date_range("2024-01-01", periods=60)
SALES = pd.DataFrame({"day": DAYS, "sales": np.sin(np.arange(60)) + 20, "promo": np.arange(60) % 5 == 2})
TINY = {"window": 6, "units": 2, "updates": 1, "verbose": 0, "save": False}


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("horizon", [1, 3])
def test_the_table_of_a_forecast_has_the_time_of_the_last_row_read(tmp_path, horizon):
    run = rs.train(SALES, target="sales", horizon=horizon, **TINY)
    new = SALES.iloc[20:40]
    table, values = run.predict_table(new), run.predict(new)
    assert table["step"].tolist() == list(range(6, 21))
    assert table["time"].tolist() == DAYS[25:40].tolist()
    assert np.array_equal(table.filter(like="prediction").to_numpy().ravel(), np.ravel(values))
    new.to_csv(tmp_path / "new.csv", index=False)
    pd.testing.assert_frame_equal(run.predict_table(tmp_path / "new.csv"), table)
    with pytest.warns(UserWarning, match="newest first"):
        pd.testing.assert_frame_equal(run.predict_table(new[::-1]), table)


@pytest.mark.usefixtures("uncompiled")
def test_the_table_of_values_and_classes_has_a_row_for_each_row():
    run = rs.train(SALES, target="promo", features="sales", task="label", **TINY)
    table = run.predict_table(SALES, probabilities=True)
    assert table["time"].tolist() == DAYS.tolist()
    assert np.allclose(table[["probability_False", "probability_True"]].sum(axis=1), 1)
    assert run.predict_table(SALES)["prediction"].tolist() == run.predict(SALES).tolist()


@pytest.mark.usefixtures("uncompiled")
def test_the_table_of_several_series_names_them():
    frame = pd.concat([SALES.assign(shop=shop)[["day", "shop", "sales"]] for shop in ("a", "b")])
    run = rs.train(frame, target="sales", series="shop", **TINY)
    table = run.predict_table(frame)
    assert table["series"].tolist() == ["a"] * 55 + ["b"] * 55
    assert table["time"].tolist() == 2 * DAYS[5:].tolist()
    only = run.predict_table(SALES[["day", "sales"]], series="b")
    assert np.array_equal(only["prediction"], table["prediction"][55:])
    assert only["series"].unique().tolist() == ["b"]


@pytest.mark.usefixtures("uncompiled")
def test_rows_that_the_clock_lacks_have_their_time_and_arrays_have_no_table():
    run = rs.train(SALES, target="sales", **TINY)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = run.predict_table(SALES.drop(index=[30, 31]))
    assert table["time"].tolist() == DAYS[5:].tolist()
    assert "time" not in run.predict_table({"sales": np.arange(10.0) + 20})
    with pytest.raises(DataError, match=r"predict_table takes a file or a data frame.*received ndarray. Use predict"):
        run.predict_table(np.arange(10.0))
