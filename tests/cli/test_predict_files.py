"""`rnnstudio predict` on files of several kinds: times beside the predictions, and flags for what differs in a file."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from tests.without_xla import without_xla

pytestmark = pytest.mark.usefixtures("uncompiled")

DAYS = pd.date_range("2024-01-01", periods=60)
FLAGS = ["--window", "5", "--units", "3", "--updates", "2"]


def sales(days: pd.DatetimeIndex = DAYS) -> pd.DataFrame:
    return pd.DataFrame({"day": days.strftime("%Y-%m-%d"), "sales": np.arange(len(days)) % 7 + 0.5})


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run on sales by day."""
    folder = tmp_path_factory.mktemp("run")
    sales().to_csv(folder / "sales.csv", index=False)
    with without_xla():
        trained = rs.train(
            str(folder / "sales.csv"), window=5, units=3, updates=2, calendar=False, verbose=0, save=False
        )
    return trained.save(folder / "run")


def predicted(invoke, *line):
    result = invoke("predict", *line)
    assert result.exit_code == 0, result.stderr
    return pd.read_csv(io.StringIO(result.stdout)), result.stderr


def test_a_prediction_has_the_time_of_the_last_row_that_was_read(invoke, run, tmp_path):
    later = sales(pd.date_range("2024-05-01", periods=20))
    later[::-1].to_csv(tmp_path / "new.csv", index=False)
    table, said = predicted(invoke, run, "--input", str(tmp_path / "new.csv"))
    assert list(table.columns) == ["step", "time", "prediction"]
    assert table["time"].tolist() == later["day"][4:].tolist()
    assert "The rows are newest first; they are sorted by column day, oldest first." in said
    later[["sales"]].to_csv(tmp_path / "new.csv", index=False)
    without, _ = predicted(invoke, run, "--input", str(tmp_path / "new.csv"))
    assert list(without.columns) == ["step", "prediction"]
    assert without["prediction"].tolist() == table["prediction"].tolist()


def test_the_metrics_are_printed_where_the_file_holds_the_truth(invoke, run, tmp_path):
    later = sales(pd.date_range("2024-03-01", periods=4))  # right after the training, and shorter than a window
    later.to_csv(tmp_path / "new.csv", index=False)
    table, said = predicted(invoke, run, "--input", str(tmp_path / "new.csv"))
    errors = table["prediction"].to_numpy()[:-1] - later["sales"].to_numpy()
    rmse, mae = np.sqrt(np.mean(errors**2)), np.abs(errors).mean()
    assert f"Compared with the 4 true values in new.csv: RMSE {rmse:.4g}, MAE {mae:.4g}." in said


@pytest.mark.parametrize(("answer", "rows"), [("keep", 21), ("mean", 20)])
def test_what_a_new_file_leaves_open_is_answered_by_a_flag(invoke, run, tmp_path, answer, rows):
    new = pd.concat([sales(DAYS[:20]), sales(DAYS[7:8]).assign(sales=99.0)])
    new.to_csv(tmp_path / "new.csv", index=False)
    refused = invoke("predict", run, "--input", str(tmp_path / "new.csv"))
    assert refused.exit_code == 2
    assert "Set doubles to keep" in refused.stderr
    table, _ = predicted(invoke, run, "--input", str(tmp_path / "new.csv"), "--doubles", answer)
    assert len(table) == rows - 4


def test_new_dates_are_written_in_another_way(invoke, run, tmp_path):
    new = sales(pd.date_range("2024-01-02", "2024-01-10"))
    new["day"] = [f"{int(day[8:]):02}/01/2024" for day in new["day"]]
    new.to_csv(tmp_path / "new.csv", index=False)
    assert "Set date_order to" in invoke("predict", run, "--input", str(tmp_path / "new.csv")).stderr
    table, _ = predicted(invoke, run, "--input", str(tmp_path / "new.csv"), "--date-order", "day_first")
    assert table["time"].iloc[-1] == "2024-01-10"


def tsf(folder, name, series, steps):
    file = folder / name
    lines = ["@attribute series_name string", "@attribute start_timestamp date", "@frequency daily", "@data"]
    lines += [f"{s}:2024-01-01 00-00-00:" + ",".join(str(i % 7 + 0.5) for i in range(steps)) for s in series]
    file.write_text("\n".join(lines) + "\n")
    return str(file)


def test_the_series_of_a_tsf_file_are_predicted_each(invoke, tmp_path):
    trained, run = tsf(tmp_path, "a.tsf", "AB", 60), str(tmp_path / "run")
    result = invoke("train", trained, *FLAGS, "--save", run)
    assert result.exit_code == 0, result.stderr
    table, _ = predicted(invoke, run, "--input", tsf(tmp_path, "new.tsf", "BA", 12))
    assert list(table.columns) == ["series", "step", "time", "prediction"]
    assert table.groupby("series")["time"].agg(["min", "max"]).to_numpy().tolist() == [["2024-01-05", "2024-01-12"]] * 2
    file = tsf(tmp_path, "c.tsf", "AC", 12)
    table, said = predicted(invoke, run, "--input", file)  # C is unknown
    assert set(table["series"]) == {"A"}
    assert "C" in said
    assert invoke("predict", run, "--input", tsf(tmp_path, "d.tsf", "CD", 12)).exit_code == 2


def test_several_series_are_refused_by_a_run_of_one(invoke, run, tmp_path):
    file = tsf(tmp_path, "two.tsf", "AB", 12)
    refused = invoke("predict", run, "--input", file)
    assert refused.exit_code == 2
    assert "two.tsf holds several series, one for each value of series_name; the run was" in refused.stderr


def test_another_unit_than_that_of_the_training_is_said(invoke, tmp_path):
    files = {}
    for unit in ("ms", "s"):
        files[unit] = tmp_path / f"{unit}.csv"
        rows = [f"2024-02-{day:02d},{day % 5}.5 {unit}" for day in range(1, 30)]
        files[unit].write_text("\n".join(["day,delay", *rows]) + "\n")
    run = str(tmp_path / "run")
    flags = ["--window", "4", "--units", "2", "--updates", "1", "--save", run]
    assert invoke("train", str(files["ms"]), *flags).exit_code == 0
    predicted = invoke("predict", run, "--input", str(files["s"]))
    assert predicted.exit_code == 0
    assert "Column 'delay' of s.csv is in s; the run was trained on ms." in " ".join(predicted.stderr.split())
    assert "the run was trained" not in invoke("predict", run, "--input", str(files["ms"])).stderr
