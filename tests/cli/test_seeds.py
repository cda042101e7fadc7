"""`rnnstudio train --seeds`: a table of the runs with mean and spread, and a group that predicts and forecasts."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.experiment import compose
from tests.interrupted import crashed_seeds

pytestmark = pytest.mark.usefixtures("uncompiled")
TINY = ("--window", "5", "--horizon", "2", "--units", "2", "--updates", "3", "--no-calendar")


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    days = np.arange(80)
    file = tmp_path / "sales.csv"
    dates = pd.date_range("2024-01-01", periods=80).strftime("%Y-%m-%d")
    pd.DataFrame({"day": dates, "sales": np.round(50 + 9 * np.sin(days / 3), 3)}).to_csv(file, index=False)
    return file


def test_a_group_is_trained_listed_and_used_by_name(invoke, sales, tmp_path):
    trained = invoke("train", str(sales), "--seeds", "3", *TINY)
    assert trained.exit_code == 0, trained.stderr
    lines = [line.split() for line in trained.stdout.splitlines()]
    runs = [rs.load(f"file-{number}") for number in (1, 2, 3)]
    errors = [run.metrics["test_rmse"] for run in runs]
    shown = {line[0]: line for line in lines if line}
    for seed, error in enumerate(errors):
        assert f"{error:.4g}" in shown[str(seed)]
    assert f"{np.mean(errors):.4g}" in shown["mean"]
    assert f"{np.std(errors, ddof=1):.4g}" in shown["standard"]
    assert f"{min(errors):.4g}" in shown["minimum"]
    assert f"{max(errors):.4g}" in shown["maximum"]
    assert "baseline:" in shown
    truth = runs[0].predictions()["truth"]
    together = np.mean([run.predictions()["prediction"] for run in runs], axis=0)
    assert float(shown["ensemble"][1]) == pytest.approx(np.sqrt(np.mean((together - truth) ** 2)), rel=1e-3)
    assert "Mean over 3 seeds" in trained.stdout
    assert "rnnstudio forecast file-seeds-1" in trained.stdout
    listed = invoke("list", "groups").stdout
    assert "file-seeds-1" in listed
    assert f"{np.mean(errors):.4g}" in listed
    assert json.loads(invoke("list", "groups", "--json").stdout)[0]["runs"] == ["file-1", "file-2", "file-3"]

    assert invoke("forecast", "file-seeds-1", "--steps", "4", "-o", str(tmp_path / "next.csv")).exit_code == 0
    next_values = pd.read_csv(tmp_path / "next.csv")
    assert next_values["sales"].to_numpy() == pytest.approx(
        np.mean([run.forecast(4) for run in runs], axis=0), rel=1e-5
    )
    assert next_values["time"].tolist()[0].startswith("2024-03-21")
    predicted = invoke("predict", "file-seeds-1", "--input", str(sales), "-o", str(tmp_path / "own.csv"))
    assert predicted.exit_code == 0, predicted.stderr
    mean = np.mean([run.predict(str(sales)) for run in runs], axis=0)
    assert pd.read_csv(tmp_path / "own.csv").iloc[:, -2:].to_numpy() == pytest.approx(mean, rel=1e-5)

    for refused in (
        ("plot", "file-seeds-1"),
        ("train", str(sales), "--initial-weights", "file-seeds-1"),
    ):
        result = invoke(*refused)
        assert result.exit_code == 1
        assert (
            "file-seeds-1 is a group of runs, and one run is expected here. Its runs: file-1, file-2" in result.stderr
        )


def test_a_group_is_exported_and_backtested(invoke, sales, tmp_path):
    assert invoke("train", str(sales), "--seeds", "2", *TINY).exit_code == 0
    runs = [rs.load(f"file-{i}") for i in (1, 2)]
    assert invoke("export", "file-seeds-1", "-o", str(tmp_path / "runs.csv")).exit_code == 0
    written = pd.read_csv(tmp_path / "runs.csv")
    assert written["test_rmse"].to_numpy() == pytest.approx([run.metrics["test_rmse"] for run in runs])
    line = ("export", "file-seeds-1", "--table", "predictions", "-o", str(tmp_path / "p.csv"))
    assert invoke(*line).exit_code == 0
    mean = np.mean([run.predictions()["prediction"] for run in runs], axis=0)
    assert pd.read_csv(tmp_path / "p.csv")["prediction"].to_numpy() == pytest.approx(mean, rel=1e-5)
    assert "Scripts and .rnnrun files are of one run" in invoke("export", "file-seeds-1", "-o", "again.R").stderr

    result = invoke("backtest", "file-seeds-1", "--origins", "3", "-o", str(tmp_path / "b.csv"))
    assert result.exit_code == 0, result.stderr
    assert "The network is the mean of the forecasts of 2 networks." in result.stdout
    assert "run 2 of 2" in result.stderr
    each = [run.backtest(3, verbose=0, save=False).table["network"] for run in runs]
    assert pd.read_csv(tmp_path / "b.csv")["network"].to_numpy() == pytest.approx(np.mean(each, axis=0), rel=1e-6)
    assert rs.load("file-seeds-1").runs[0].last_backtest is None
    drawn = invoke("plot", "file-seeds-1", "--kind", "error_by_origin", "-o", str(tmp_path / "e.svg"))
    assert drawn.exit_code == 0, drawn.stderr
    assert (tmp_path / "e.svg").exists()


def test_json_is_one_object_with_the_runs(invoke, sales):
    summary = json.loads(
        invoke("train", str(sales), "--seeds", "2", "--json", *TINY).stdout, parse_constant=pytest.fail
    )
    assert summary["group"] == "file-seeds-1"
    assert summary["runs"] == ["file-1", "file-2"]
    errors = [row["test_rmse"] for row in summary["by_seed"]]
    assert summary["metrics"]["test_rmse"] == pytest.approx(np.mean(errors))
    assert summary["spread"]["test_rmse"]["std"] == pytest.approx(np.std(errors, ddof=1))


def test_one_seed_is_an_ordinary_run(invoke, sales):
    assert json.loads(invoke("train", str(sales), "--seeds", "1", "--json", *TINY).stdout)["run"] == "file-1"
    assert rs.groups() == []


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (("--seeds", "0"), "seeds must be a whole number from 1 to 1000; received 0"),
        (("--seeds", "2.5"), "must be a whole number"),
        (("--seeds", "many"), "must be a whole number"),
        (("--seeds", "2", "--plots", "drawn"), "--plots draws one run"),
        (("--seeds", "2", "--save", "all.rnnrun"), "save must be a folder for several seeds"),
    ],
)
def test_what_does_not_fit_is_refused(invoke, sales, flags, sentence):
    result = invoke("train", str(sales), *flags, *TINY)
    assert result.exit_code == 2
    assert sentence in " ".join(result.stderr.split())


def test_without_saving_the_metrics_are_reported(invoke, sales):
    result = invoke("train", str(sales), "--seeds", "2", "--no-save", *TINY)
    assert result.exit_code == 0
    assert "not saved" in result.stdout
    assert rs.runs() == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_ctrl_c_keeps_the_finished_runs_and_their_group(spawn, home, sales):
    tiny = [*TINY[:6], "--updates", "300000", "--no-calendar"]
    with spawn("train", str(sales), "--seeds", "50", *tiny, "--max-seconds", "100") as process:
        for line in process.stderr:
            if line.startswith("run 1 of 50  update "):
                process.send_signal(signal.SIGINT)
                break
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "none of the 50 seeds was finished" in " ".join(out.split())
    [group] = rs.groups()
    assert group["seeds"] == [0]


@pytest.mark.parametrize("name", ["toy-seeds-1", "latest"])
def test_a_training_whose_process_ended_goes_on_with_all_its_seeds(invoke, home, name):
    crashed_seeds(compose("toy", {"updates": 20, "units": 2}), 3, in_run=1, after=10)
    listed = invoke("list", "groups")
    assert "1 of 3 (2 not" in " ".join(listed.stdout.split())
    refused = invoke("resume", "toy-seeds-1", "--updates", "5")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert "a group of runs, which goes on with the seeds that are left" in refused.stderr
    done = invoke("resume", name, "--json")
    assert done.exit_code == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["group"], result["seeds"]) == ("toy-seeds-1", [14, 15, 16])
    whole = rs.train("toy", updates=20, units=2, seeds=3, verbose=0, save=False)
    assert result["metrics"] == pytest.approx(whole.metrics, nan_ok=True)
    again = invoke("resume", "toy-seeds-1")
    assert again.exit_code == 2
    assert "All seeds of the group toy-seeds-1 are trained" in again.stderr


def test_a_group_with_a_damaged_run_says_so_in_every_table(invoke, sales):
    assert invoke("train", str(sales), "--seeds", "3", *TINY).exit_code == 0
    file = Path(rs.load("file-2").path) / "run.json"
    content = file.read_text()
    file.write_text("[]")
    listed = invoke("list", "groups")
    assert "2 of 3" in listed.stdout
    assert "damaged)" in listed.stdout
    assert "Warning: file-seeds-1: file-2 (seed 1) cannot be read" in " ".join(listed.stderr.split())
    assert json.loads(invoke("list", "groups", "--json").stdout)[0]["damaged"] == 1
    forecast = invoke("forecast", "file-seeds-1", "--steps", "2")
    assert forecast.exit_code == 0
    assert "Note: file-2 (seed 1) cannot be read: mean, spread and predictions are those of 2 of 3 runs." in (
        " ".join(forecast.stderr.split())
    )
    checked = invoke("doctor")
    assert checked.exit_code == 1
    assert "file-seeds-1: Runs of this group cannot be read: file-2." in " ".join(checked.stdout.split())
    for name in ("file-1", "file-3"):
        (Path(rs.load(name).path) / "run.json").write_text("[]")
    refused = invoke("forecast", "file-seeds-1")
    assert refused.exit_code != 0
    assert "None of the 3 runs of the group file-seeds-1 can be used (3 cannot be read" in " ".join(
        refused.stderr.split()
    )
    file.write_text(content)
