"""The newest predictions of a run as a table."""

from __future__ import annotations

import numpy as np
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import DataError

pytestmark = pytest.mark.usefixtures("uncompiled")

TINY = {"units": 2, "updates": 3, "verbose": 0, "save": False}


def test_the_padding_of_short_sequences_is_left_out() -> None:
    x = [np.linspace(0, 1, n) for n in (3, 5, 4, 6) * 4]
    y = [np.where(sequence > 0.5, "up", "down") for sequence in x]
    run = rs.train(x, y, task="label", batch_size=16, classes=["up", "down"], **TINY)
    table = run.predictions()
    lengths = table.groupby("row")["step"].size()
    assert set(lengths) <= {3, 4, 5, 6}
    for _, row in table.groupby("row"):
        np.testing.assert_array_equal(row["step"], np.arange(len(row)))
        assert list(row["truth"]) == list(np.where(np.linspace(0, 1, len(row)) > 0.5, "up", "down"))


def test_each_sequence_has_one_row() -> None:
    x = np.random.default_rng(0).normal(size=(20, 5, 1))
    run = rs.train(x, ["b", "a"] * 10, task="classify", classes=["b", "a"], **TINY)
    table = run.predictions()
    assert list(table.columns) == ["sequence", "truth", "predicted", "probability"]
    accuracy = (table["truth"] == table["predicted"]).mean()
    assert accuracy == pytest.approx(run.metrics["test_accuracy"])


def test_a_series_has_its_splits_and_its_predictions(airline_run: rs.Run) -> None:
    table = airline_run.predictions()
    assert list(dict.fromkeys(table["split"]))[:2] == ["train", "test"]
    series = airline_run.data().inputs[0, :, 0]
    inside = table[table["step"] < len(series)]
    np.testing.assert_allclose(inside["truth"].dropna(), series[inside["step"][inside["truth"].notna()]])
    np.testing.assert_allclose(inside["naive"].dropna(), series[inside["step"][inside["naive"].notna()] - 1])


def test_a_free_run_past_the_end_has_no_split() -> None:
    run = rs.train(np.sin(np.arange(60.0)), window=5, test_fraction=0, **TINY)
    table = run.predictions()
    assert set(table["split"][table["step"] >= 60]) == {""}
    assert table["truth"][table["step"] >= 60].isna().all()


def test_a_run_without_predictions_is_refused(airline_run: rs.Run) -> None:
    run = rs.train("toy", verbose=0, save=False, updates=1)
    run.record.predictions = None
    with pytest.raises(DataError, match="no predictions"):
        run.predictions()
