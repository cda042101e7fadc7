"""`rnnstudio train`, `predict` and `forecast` with several series in one table."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.usefixtures("uncompiled")
FLAGS = "--window 7 --units 4 --updates 3 --batch-size 8"


@pytest.fixture
def shops(tmp_path: Path) -> Path:
    """A table of two shops below each other, the second with a hundred times the sales."""
    parts = [
        pd.DataFrame({
            "day": pd.date_range("2024-01-01", periods=length).strftime("%Y-%m-%d"),
            "shop": shop,
            "sales": size * (5 + np.sin(np.arange(length))),
        })
        for shop, size, length in (("north", 1, 60), ("south", 100, 50))
    ]  # fmt: skip
    file = tmp_path / "shops.csv"
    pd.concat(parts).to_csv(file, index=False)
    return file


def test_a_table_of_several_series_is_refused_until_series_is_set(invoke, shops):
    refused = invoke("train", str(shops), *FLAGS.split(), "--no-save")
    assert refused.exit_code == 2
    assert "shops.csv holds several series: the times in column 'day' repeat for each value of 'shop'" in refused.stderr
    assert "--series" in refused.stderr or "Set series to shop" in refused.stderr


def test_each_series_is_reported_predicted_and_forecast(invoke, shops, tmp_path):
    run = str(tmp_path / "run")
    result = invoke("train", str(shops), "--series", "shop", *FLAGS.split(), "--save", run)
    assert result.exit_code == 0, result.stderr
    lines = [line.split() for line in result.stdout.splitlines()]
    assert [line[1] for line in lines if line[:1] in (["north"], ["south"])] == ["12", "2"]  # windows of the test set
    predictions = pd.read_csv(io.StringIO(invoke("predict", run, "--input", str(shops)).stdout))
    assert list(predictions.columns) == ["series", "step", "time", "prediction"]
    assert predictions.groupby("series")["step"].agg(["min", "max"]).to_numpy().tolist() == [[7, 60], [7, 50]]
    renamed = tmp_path / "renamed.csv"
    pd.read_csv(shops).rename(columns={"shop": "Shop"}).to_csv(renamed, index=False)
    again = invoke("predict", run, "--input", str(renamed))
    assert "has no column 'shop'; the column 'Shop' is read." in again.stderr
    pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(again.stdout)), predictions)
    forecast = pd.read_csv(io.StringIO(invoke("forecast", run, "--steps", "2").stdout))
    assert forecast["series"].tolist() == ["north", "north", "south", "south"]
    assert forecast["time"].tolist() == ["2024-03-01", "2024-03-02", "2024-02-20", "2024-02-21"]
    means = forecast.groupby("series")["sales"].mean()
    assert 3 < means["north"] < 7
    assert 300 < means["south"] < 700
    later = invoke("forecast", run, "--start", "20")
    assert later.exit_code == 2
    assert "start counts the steps of one series, and this run has 2" in later.stderr
    later = pd.read_csv(
        io.StringIO(invoke("forecast", run, "--start", "20", "--series", "south", "--steps", "1").stdout)
    )
    assert later[["series", "step", "time"]].to_numpy().tolist() == [["south", 1, "2024-01-21"]]
    unknown = invoke("forecast", run, "--series", "west")
    assert unknown.exit_code == 2
    assert "There is no series called 'west'" in unknown.stderr


def test_each_series_has_a_learned_vector_where_a_flag_says_so(invoke, shops, tmp_path):
    run, other = str(tmp_path / "run"), tmp_path / "west.csv"
    flags = ["--series", "shop", "--series-embedding", "2", "--no-scale-each"]
    assert invoke("train", str(shops), *flags, *FLAGS.split(), "--save", run).exit_code == 0
    assert (
        "series_embedding = 2"
        in invoke("export", run, "-o", str(tmp_path / "again.R")).stdout + (tmp_path / "again.R").read_text()
    )
    expected = pd.read_csv(io.StringIO(invoke("predict", run, "--input", str(shops)).stdout)).groupby("series").tail(1)
    forecast = pd.read_csv(io.StringIO(invoke("forecast", run, "--steps", "1").stdout))
    np.testing.assert_allclose(forecast["sales"], expected["prediction"], rtol=1e-5)
    other.write_text(shops.read_text().replace("north", "west").replace("south", "west2"))
    for command in (("predict", run, "--input", str(other)), ("forecast", run, "--input", str(other))):
        unknown = invoke(*command)
        assert unknown.exit_code == 2
        assert "not trained on the series 'west', so that its learned vector" in " ".join(unknown.stderr.split())
    one = tmp_path / "one.csv"
    pd.read_csv(shops)[:60].drop(columns="shop").to_csv(one, index=False)
    refused = invoke("train", str(one), "--series-embedding", "2", *FLAGS.split(), "--no-save")
    assert refused.exit_code == 2
    assert "these data are one series. Set it to 0; received 2." in " ".join(refused.stderr.split())


def test_the_series_that_is_drawn_is_said(invoke, shops, tmp_path):
    run, files = str(tmp_path / "run"), [tmp_path / f"{i}.svg" for i in range(3)]
    assert invoke("train", str(shops), "--series", "shop", *FLAGS.split(), "--save", run).exit_code == 0
    first = invoke("plot", run, "--kind", "forecast", "-o", str(files[0]))
    assert "series north is drawn, the first of 2; --series chooses another one" in " ".join(first.stderr.split())
    for file, series in zip(files[1:], ("north", "south"), strict=True):
        drawn = invoke("plot", run, "--kind", "forecast", "--series", series, "-o", str(file))
        assert drawn.exit_code == 0
        assert "is drawn" not in drawn.stderr
    north, south = (file.read_text() for file in files[1:])
    assert north != south
    assert "south: sales" in south
    assert invoke("plot", run, "--kind", "forecast", "--series", "west", "-o", str(files[0])).exit_code == 2


def test_json_holds_the_metrics_of_each_series(invoke, shops):
    result = invoke("train", str(shops), "--series", "shop", *FLAGS.split(), "--no-save", "--json")
    rows = json.loads(result.stdout)["by_series"]
    assert [row["series"] for row in rows] == ["north", "south"]
    assert rows[0]["windows"] == 12
    assert rows[0]["baseline"] in ("last_value", "seasonal_last_value", "training_mean")
    assert rows[0]["skill"] == pytest.approx(1 - rows[0]["test_rmse"] / rows[0]["baseline_rmse"])


def test_predict_reads_a_file_as_the_series_that_is_named(invoke, shops, tmp_path):
    run, file = str(tmp_path / "run"), tmp_path / "south.csv"
    assert invoke("train", str(shops), "--series", "shop", *FLAGS.split(), "--save", run).exit_code == 0
    frame = pd.read_csv(shops)
    frame[frame["shop"] == "south"].drop(columns="shop").to_csv(file, index=False)
    everything = pd.read_csv(io.StringIO(invoke("predict", run, "--input", str(shops)).stdout))
    expected = everything[everything["series"] == "south"].reset_index(drop=True)
    for source in (file, shops):
        result = invoke("predict", run, "--input", str(source), "--series", "south")
        pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(result.stdout)), expected)
    unknown = invoke("predict", run, "--input", str(file), "--series", "west")
    assert unknown.exit_code == 2
    assert "There is no series called 'west'. Known: north, south." in unknown.stderr
    absent = invoke("predict", run, "--input", str(file))
    assert "south.csv has no column 'shop'" in absent.stderr


def test_a_run_of_one_series_has_none_to_name(invoke, shops, tmp_path):
    run, file = str(tmp_path / "run"), tmp_path / "south.csv"
    pd.read_csv(shops).iloc[:60].drop(columns="shop").to_csv(file, index=False)
    assert invoke("train", str(file), *FLAGS.split(), "--save", run).exit_code == 0
    refused = invoke("predict", run, "--input", str(file), "--series", "north")
    assert refused.exit_code == 2
    assert "this run has one; received 'north'" in refused.stderr
