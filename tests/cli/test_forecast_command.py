"""`rnnstudio forecast`: of a file in one call, and of a run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs

pytestmark = pytest.mark.usefixtures("uncompiled")
QUICK = ["--cell", "rnn", "--units", "2", "--updates", "2", "--batch-size", "16", "--window", "5", "--levels", "80"]


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    """A file with semicolons, dates and promotions, as a shop has it."""
    n = np.arange(120)
    promo = (n % 10 == 0).astype(int)
    frame = pd.DataFrame(
        {"Datum": pd.date_range("2024-01-01", periods=120), "Umsatz": 100 + n % 7 + 20.0 * promo, "Aktion": promo}
    )
    frame.to_csv(tmp_path / "sales.csv", sep=";", index=False, date_format="%d.%m.%Y")
    return tmp_path / "sales.csv"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    days = pd.date_range("2024-04-30", periods=4)
    frame = pd.DataFrame({"Datum": days, "Aktion": [1, 0, 0, 1], "Wetter": "?"})
    frame.to_csv(tmp_path / "plan.csv", sep=";", index=False, date_format="%d.%m.%Y")
    return tmp_path / "plan.csv"


def test_a_file_is_forecast_with_a_plan_in_one_call(invoke, sales, plan, tmp_path):
    out = tmp_path / "next.csv"
    invoke("forecast", str(sales), "--steps", "4", "--known", str(plan), "-o", str(out), *QUICK)
    run = rs.load("latest")
    assert (run.experiment.data.horizon, run.info.known[0]) == (4, "Aktion")
    table = pd.read_csv(out)
    assert list(table.columns) == ["step", "time", "Umsatz", "lower_80", "upper_80"]
    expected = run.forecast_table(4, known=str(plan))
    np.testing.assert_allclose(table["upper_80"], expected["upper_80"])
    assert table["time"].tolist() == ["2024-04-30", "2024-05-01", "2024-05-02", "2024-05-03"]
    in_python = rs.forecast(
        str(sales), 4, known=str(plan), cell="rnn", units=2, updates=2, batch_size=16, window=5, levels=80, verbose=0,
        save=False,
    )  # fmt: skip
    np.testing.assert_allclose(in_python["Umsatz"], table["Umsatz"])


def test_settings_that_are_given_are_kept(invoke, sales, plan):
    result = invoke("forecast", str(sales), "--steps", "3", "--horizon", "1", "--no-save", *QUICK)
    assert len(result.stdout.splitlines()) == 4
    assert not rs.runs()
    frame = pd.read_csv(sales, sep=";")
    frame["Datum"] = pd.to_datetime(frame["Datum"], dayfirst=True)
    known = {"Datum": pd.date_range("2024-04-30", periods=2), "Aktion": [0.0, 1.0]}
    more = {"cell": "rnn", "units": 2, "updates": 2, "window": 5, "levels": "none", "verbose": 0, "save": False}
    table = rs.forecast(frame, 2, known=known, target=["Umsatz"], **more)
    assert table["Umsatz"].notna().all()
    assert list(rs.forecast([n % 7 for n in range(60)], until=None, **more).columns) == ["step", "feature1"]


def test_a_run_has_flags_of_its_own(invoke, sales):
    invoke("forecast", str(sales), "--steps", "2", *QUICK)
    name = rs.load("latest").name
    result = invoke("forecast", name, "--steps", "2", "--start", "110", "--level", "none")
    assert result.stdout.splitlines()[0] == "step,time,Umsatz"
    np.testing.assert_allclose(
        float(result.stdout.splitlines()[1].split(",")[2]), rs.load(name).forecast(2, start=110)[0], rtol=1e-6
    )
    result = invoke("forecast", name, "--units", "3")
    assert f"{name} is a run, which has settings of its own: leave --units out." in result.output
    assert "There is no run called 'nothing'" in invoke("forecast", "nothing").output
    assert "nothing.csv" in invoke("forecast", "nothing.csv").output
    with pytest.raises(rs.SettingError, match="A run has settings of its own: leave out units"):
        rs.forecast("latest", 2, units=3)


def test_help_names_the_flags_of_runs_and_of_trainings(invoke, sales):
    assert "--input" in invoke("forecast", "--help").output
    assert "--learning-rate" in invoke("forecast", str(sales), "--help").output
    assert "Name what to train" in invoke("forecast").output or "RUN|FILE" in invoke("forecast").output


def test_json_has_the_numbers_bands_and_notes_of_the_table(invoke, sales, tmp_path):
    result = invoke("forecast", str(sales), "--steps", "3", "--json", *QUICK)
    plain = json.loads(result.stdout)
    run = rs.load("latest")
    assert (plain["run"], plain["path"]) == (run.name, run.path)
    expected = run.forecast_table(3)
    assert [list(row) for row in plain["forecast"]] == [["step", "time", "Umsatz", "lower_80", "upper_80"]] * 3
    for name in ("Umsatz", "lower_80", "upper_80"):
        written = np.array([row[name] for row in plain["forecast"]], expected[name].dtype)
        assert np.array_equal(written, expected[name])
    assert [row["time"] for row in plain["forecast"]] == ["2024-04-30", "2024-05-01", "2024-05-02"]
    newer, out = tmp_path / "newer.csv", tmp_path / "next.csv"
    newer.write_text(sales.read_text().replace("Umsatz", "UMSATZ"))
    line = ["forecast", run.name, "--steps", "9", "--level", "none", "--input", str(newer), "-o", str(out)]
    far = json.loads(invoke(*line, "--json").stdout)
    assert far["forecast"] == pd.read_csv(out).to_dict("records")
    assert "no column 'Umsatz'; the column 'UMSATZ' is read" in far["notes"][0]
    assert invoke(*line).stderr.splitlines() == [*(f"Note: {note}" for note in far["notes"]), f"Wrote {out}"]
