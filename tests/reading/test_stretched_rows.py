"""Tables whose rows hold the months of a year or the hours of a day are asked about, in every format."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.errors import SettingError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.library.datasets.file import FileSettings, load
from rnnstudio.reading.files import read_file

YEARS = np.arange(1960, 2020)
DAYS = pd.date_range("2024-01-01", periods=60)
MONTHS = pd.date_range("2015-01-01", periods=60, freq="MS")
ENGLISH = [f"{month:%b}" for month in MONTHS[:12]]
GERMAN = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "Sept.", "Okt.", "Nov.", "Dez."]
CLOCK = [f"{i // 4:02d}:{i % 4 * 15:02d}" for i in range(96)]
STRETCHES = {
    "months": (YEARS, ENGLISH),
    "months and their mean": (YEARS, [*GERMAN, "Mittel"]),
    "quarters": (YEARS, ["Q1", "Q2", "Q3", "Q4"]),
    "hours from 1": (DAYS, [f"HR{i}" for i in range(1, 25)]),
    "hours from 0": (DAYS, [f"h_{i:02d}" for i in range(24)]),
    "quarter hours": (DAYS, CLOCK),
    "half hours with their ends": (DAYS, [f"{a} - {b}" for a, b in pairwise([*CLOCK[::2], "24:00"])]),
    "weekdays": (pd.date_range("2024-01-01", periods=60, freq="7D"), ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]),
    "weekdays from Sunday on": (
        pd.date_range("2024-01-07", periods=60, freq="7D"), ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
    ),
    "days of a month": (MONTHS, [f"Day {i}" for i in range(1, 32)]),
}  # fmt: skip
STEPS = {
    "eleven months": (YEARS, ENGLISH[:11]),
    "months of another order": (YEARS, ENGLISH[::-1]),
    "sensors of a day": (DAYS, [f"S{i}" for i in range(1, 25)]),
    "months by day": (DAYS, ENGLISH),
    "quarters by month": (MONTHS, ["Q1", "Q2", "Q3", "Q4"]),
    "some hours": (DAYS, ["h6", "h12", "h18"]),
}


def written(tmp_path, times, names, suffix=".csv"):
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"when": times, **{name: rng.normal(10, 3, len(times)).round(2) for name in names}})
    frame = frame.rename(columns={"when": "Year" if times is YEARS else "Date"})
    file = tmp_path / f"rows{suffix}"
    frame.to_csv(file, index=False) if suffix == ".csv" else frame.to_excel(file, index=False)
    return file


@pytest.mark.parametrize("kind", STRETCHES)
def test_rows_that_hold_a_stretch_of_time_are_asked_about(tmp_path, kind):
    times, names = STRETCHES[kind]
    file = written(tmp_path, times, names)
    (question,) = read_file(file).account.questions
    time = read_file(file).account.time.column
    assert (question.setting, list(question.choices)) == ("time", [time])
    assert f"in the columns {names[0]} to " in question.sentence
    settings = FileSettings(file=str(file), window=4, horizon=1)
    with pytest.raises(SettingError, match="write these below each other"):
        load(settings, 0)
    assert load(settings.model_copy(update={"time": time}), 0).inputs.shape[1] == len(times)


@pytest.mark.parametrize("kind", STEPS)
def test_other_columns_are_series_of_their_own(tmp_path, kind):
    assert not read_file(written(tmp_path, *STEPS[kind])).account.questions


@pytest.mark.parametrize(
    "names",
    [
        [f"{day.month}/{day.day}/{day:%y}" for day in DAYS],
        [f"{month:%b-%y}" for month in MONTHS],
        [f"{month:%Y-%m-%d %H:%M:%S}" for month in MONTHS],
        CLOCK,
    ],
    ids=["days", "months", "as Excel writes them", "clock times"],
)
def test_rows_of_series_whose_columns_are_called_after_times_are_asked_about(tmp_path, names):
    rows = [f"P{k},{k / 7:.3f},{','.join(str(100 * k + j % 9) for j in range(len(names)))}" for k in range(30)]
    file = tmp_path / "wide.csv"
    file.write_text("\n".join([f"Place,Lat,{','.join(names)}", *rows]))
    table = read_file(file)
    assert table.columns == ["Place", "Lat", *names]
    (question,) = table.account.questions
    assert (question.setting, list(question.choices)) == ("time", ["none"])
    assert f"a series of {len(names)} steps, in the columns {names[0]} to {names[-1]}" in question.sentence
    assert not read_file(file, options=ReadOptions(time="none")).account.questions


def test_workbooks_are_asked_about_alike(tmp_path):
    (question,) = read_file(written(tmp_path, YEARS, ENGLISH, ".xlsx")).account.questions
    assert "a year of 12 steps" in question.sentence
