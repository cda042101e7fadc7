"""HDF5 files that pandas wrote (pandas 3.1, PyTables 3.11): columns and index, never its own arrays such as axis1."""

from __future__ import annotations

import shutil
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import DataError
from rnnstudio.reading.files import read_file
from rnnstudio.reading.formats.pandas_hdf5 import read_pandas_hdf5

FILES = Path(__file__).parents[1] / "fixtures" / "pandas"
DAYS = pd.date_range("2024-01-01", periods=40, freq="D").to_numpy("datetime64[ns]")
LOAD = np.sin(np.arange(40)).round(3)
LOAD[4] = np.nan
COUNT = np.arange(40) * 7 % 11


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("fixed", ["day", "load", "count", "open"]),
        ("table", ["time", "load", "count", "open", "who"]),
        ("columns", ["time", "load", "count", "open", "who"]),
        ("series", ["day", "load"]),
    ],
)
def test_frames_and_series_are_read_with_their_index(name, columns):
    table = read_file(FILES / f"{name}.h5")
    assert table.columns == columns
    np.testing.assert_array_equal(table.values(["load"], "drop")[:, 0], LOAD)
    np.testing.assert_array_equal(table.times, DAYS)
    if "count" in columns:
        np.testing.assert_array_equal(table.values(["count", "open"]), np.stack([COUNT, np.arange(40) % 3 == 0], 1))
    if "who" in columns:
        assert table.texts("who").tolist() == ["a", "b"] * 20
    account = rs.inspect(FILES / f"{name}.h5")
    assert (account.format, account.target, account.time.frequency) == ("HDF5 file of pandas", "load", "D")
    assert ("left out: who" in " ".join(account.assumed)) == (name == "fixed")


def test_of_several_frames_the_first_is_read_and_the_others_are_named():
    table = read_file(FILES / "two.h5")
    assert table.columns == ["load", "count"]
    assert "'first' is read, of 2; set variable to read another one (second)" in " ".join(table.account.assumed)


def test_another_frame_is_read_where_variable_names_it():
    account = rs.inspect(FILES / "two.h5", variable="second")
    assert [str(variable) for variable in account.variables] == ["first (data frame)", "second (data frame)"]
    assert account.variable == "second"
    assert [column.name for column in account.columns] == ["count"]
    with pytest.raises(DataError, match=r"has no data frame 'third'. Its data frames: first, second"):
        rs.inspect(FILES / "two.h5", variable="third")


def test_an_index_of_several_levels_is_refused():
    with pytest.raises(DataError, match=r"an index of one level is expected\. Write it with reset_index"):
        read_file(FILES / "levels.h5")


def test_other_files_are_no_frames_and_numbers_in_other_files_are_not_read(tmp_path):
    with h5py.File(tmp_path / "plain.h5", "w") as store:
        store["wave"] = np.arange(5.0)
    assert read_pandas_hdf5(tmp_path / "plain.h5") is None
    assert read_file(tmp_path / "plain.h5").columns == ["wave"]
    shutil.copy(FILES / "series.h5", tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5", "a") as store:
        del store["s/values"]
        np.arange(40.0).tofile(tmp_path / "secret.bin")
        store["s"].create_dataset("values", (40,), "f8", external=[(str(tmp_path / "secret.bin"), 0, 320)])
    with pytest.raises(DataError, match="are in another file, which is not read"):
        read_file(tmp_path / "a.h5")
