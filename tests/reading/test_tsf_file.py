"""The .tsf format: several series with names, dates and frequency; missing values, and errors with line numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.errors import DataError
from rnnstudio.reading.files import read_file
from rnnstudio.reading.formats.tsf_file import read_tsf

HEADER = "# a note\n@relation r\n@attribute series_name string\n@attribute start_timestamp date\n@horizon 3\n"


def write(folder: Path, content: str, name: str = "a.tsf") -> Path:
    file = folder / name
    file.write_text(content)
    return file


@pytest.mark.parametrize(
    ("declared", "start", "offset", "frequency", "season"),
    [
        ("yearly", "1979-01-01 00-00-00", pd.DateOffset(years=1), "YS", 0),
        ("quarterly", "2001-03-31 00-00-00", pd.offsets.QuarterEnd(), "QE", 4),
        ("monthly", "2000-01-31 00-00-00", pd.offsets.MonthEnd(), "ME", 12),
        ("monthly", "2000-01-01 00-00-00", pd.DateOffset(months=1), "MS", 12),
        ("weekly", "2024-01-03 00-00-00", pd.Timedelta(7, "D"), "W-WED", 52),
        ("daily", "2024-02-27 00-00-00", pd.Timedelta(1, "D"), "D", 7),
        ("hourly", "2024-02-28 22-00-00", pd.Timedelta(1, "h"), "h", 24),
        ("half_hourly", "2024-01-01 00-00-00", pd.Timedelta(30, "min"), "30min", 48),
        ("10_minutes", "2024-01-01 00-00-00", pd.Timedelta(10, "min"), "10min", 144),
        ("minutely", "2024-01-01 00-00-30", pd.Timedelta(1, "min"), "min", 0),
        ("4_seconds", "2024-01-01 00-00-00", pd.Timedelta(4, "s"), "4s", 0),
    ],
)
@pytest.mark.parametrize("lengths", [(40, 40), (40, 25), (2, 2)])
def test_series_are_read_with_their_times_and_frequency(tmp_path, declared, start, offset, frequency, season, lengths):
    values = {f"T{i}": np.arange(n) * 1.5 + 100 * i for i, n in enumerate(lengths, start=1)}
    lines = [f"{name}:{start}:{','.join(map(str, series))}\n" for name, series in values.items()]
    table = read_tsf(write(tmp_path, f"{HEADER}@frequency {declared}\n@data\n{''.join(lines)}"))
    assert table.columns == ["time", "series_name", "value"]
    first = pd.Timestamp(start[:11] + start[11:].replace("-", ":"))
    for name, series in values.items():
        rows = table.texts("series_name") == name
        np.testing.assert_array_equal(table.values(["value"])[rows, 0], series)
        stamps = pd.date_range(first, periods=len(series), freq=offset)
        np.testing.assert_array_equal(table.times[rows], stamps.to_numpy("datetime64[ns]"))
    account = table.account
    assert (account.format, account.series, account.target) == ("Monash .tsf", "series_name", "value")
    assert (account.time.frequency, account.time.season) == (frequency, season)
    assert "forecasts of 3 steps" in " ".join(account.assumed)


def test_months_keep_their_day_or_end_with_the_month(tmp_path):
    file = write(tmp_path, f"{HEADER}@frequency monthly\n@data\nA:2023-01-30 12-00-00:1,2,3,4\n")
    assert [str(stamp)[:13] for stamp in read_tsf(file).times] == [
        "2023-01-30T12", "2023-02-28T12", "2023-03-30T12", "2023-04-30T12",
    ]  # fmt: skip


def test_missing_values_and_further_attributes_are_read(tmp_path):
    text = (
        "@attribute shop string\n@attribute series_name string\n@attribute size numeric\n"
        "@attribute start_timestamp date\n@frequency daily\n@missing true\n@data\n"
        "north:A:10:2024-01-01 00-00-00:1,?,3\nnorth:B:20:2024-01-01 00-00-00:NaN,5,6\n"
    )
    table = read_tsf(write(tmp_path, text))
    assert table.columns == ["time", "shop", "series_name", "size", "value"]
    rows = table.texts("series_name") == "A"
    np.testing.assert_array_equal(table.values(["size", "value"], "drop")[rows], [[10, 1], [10, np.nan], [10, 3]])
    assert table.account.series == "series_name"
    assert table.account.column("value").missing == 2


def test_one_series_trains_like_any_other_file(tmp_path):
    values = ",".join(f"{np.sin(i / 3):.4f}" for i in range(200))
    file = write(tmp_path, f"{HEADER}@frequency daily\n@data\nA:2024-01-01 00-00-00:{values}\n")
    assert not read_file(file).account.series
    assert rs.experiment(file).data.dataset == "file"
    assert rs.inspect(file).time.frequency == "D"
    bare = write(tmp_path, "@frequency daily\n@data\n1,2,3\n4,5\n")
    assert read_tsf(bare).account.series == "series"
    assert read_tsf(bare).times is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (HEADER, "series after the line @data are expected; received no line @data"),
        (HEADER + "@data\n", "series after the line @data are expected; received none"),
        (HEADER + "@data\nA:1,2\n", "line 7: 2 attributes and the values .* received 1 attributes"),
        (HEADER + "@data\nA:2024-01-01 00-00-00:1,x\n", r"line 7: a number or \? is expected; received 'x'"),
        (HEADER + "@frequency daily\n@data\nA:1.1.2024:1\n", "line 8: a date such as .* received '1.1.2024'"),
        (HEADER + "@frequency daily\n@data\nA:2024-13-41 00-00-00:1\n", "line 8: a date such as"),
        (HEADER + "@frequency often\n@data\nA:2024-01-01 00-00-00:1\n", "@frequency must be one of"),
        ("1,2,3\n", "line 1: a line such as '@frequency daily'"),
        ("@attribute a list\n", "line 1: '@attribute' with a new name"),
    ],
)
def test_errors_name_the_line(tmp_path, content, message):
    with pytest.raises(DataError, match=rf"^a.tsf.*{message}"):
        read_tsf(write(tmp_path, content))


def test_several_series_train_together_without_a_question(tmp_path):
    waves = {name: np.sin(np.arange(120) / 3 + k).round(4) for k, name in enumerate(("A", "B", "C"))}
    starts = {"A": "2024-01-01", "B": "2024-02-01", "C": "2024-09-01"}  # no time of C is one of another series
    rows = "".join(f"{name}:{starts[name]} 00-00-00:{','.join(map(str, wave))}\n" for name, wave in waves.items())
    file = write(tmp_path, f"{HEADER}@frequency daily\n@data\n{rows}")
    account = rs.inspect(file)
    assert (account.series, account.time.doubles, account.time.missing_rows, account.questions) == (
        "series_name",
        0,
        0,
        (),
    )
    data = DATASETS.get("file").load(rs.experiment(file, window=10, test_fraction=0.2, split_by="share").data, 0)
    assert data.series == ("A", "B", "C")
    for own, wave in zip(data.inputs, waves.values(), strict=True):
        np.testing.assert_array_equal(own[:120, 0], wave)
