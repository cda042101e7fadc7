"""Of a file with several arrays, data frames or sheets, `variable` names the one to read, and the account lists all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
from scipy.io import savemat

import rnnstudio as rs
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.files import read_file

ONE, TWO = np.sin(np.arange(300.0)).round(3), np.arange(400, dtype=np.float32) % 7
FRAMES = {"one": pd.DataFrame({"load": ONE}), "two": pd.DataFrame({"load": TWO, "price": TWO * 2})}


def write_workbook(file: Path) -> None:
    with pd.ExcelWriter(file) as writer:
        for name, frame in FRAMES.items():
            frame.to_excel(writer, sheet_name=name, index=False)


def write_arrays(file: Path) -> None:
    with h5py.File(file, "w") as store:
        store["one"], store["two"] = ONE, TWO


WRITERS: list[tuple[str, Callable[[Path], object], list[str]]] = [
    ("a.npz", lambda file: np.savez(file, one=ONE, two=TWO), ["one (300, float64)", "two (400, float32)"]),
    (
        "a.mat",
        lambda file: savemat(file, {"one": ONE, "two": TWO}),
        ["one (1 x 300, float64)", "two (1 x 400, float32)"],
    ),
    ("a.h5", write_arrays, ["one (300, float64)", "two (400, float32)"]),
    ("a.pkl", lambda file: pd.to_pickle({"one": ONE, "two": TWO}, file), ["one (300, float64)", "two (400, float32)"]),
    ("a.xlsx", write_workbook, ["one (sheet)", "two (sheet)"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "write", "listed"), WRITERS)
def test_the_account_lists_what_can_be_read_and_the_setting_chooses(tmp_path, name, write, listed):
    write(tmp_path / name)
    for wanted, values in (("one", ONE), ("two", TWO)):
        account = rs.inspect(tmp_path / name, variable=wanted)
        assert [str(variable) for variable in account.variables] == listed
        assert (account.variable, account.rows) == (wanted, len(values))
        assert f"Variables: {wanted} is read, of {listed[0]}, {listed[1]}; set variable" in str(account)
        table = read_file(tmp_path / name, "", ReadOptions(variable=wanted))
        np.testing.assert_array_equal(table.numbers([table.default_target()])[:, 0], values)


@pytest.mark.parametrize(("name", "write", "listed"), WRITERS)
def test_a_name_that_the_file_lacks_is_refused_with_those_it_has(tmp_path, name, write, listed):
    write(tmp_path / name)
    with pytest.raises(DataError, match=r"has no (variable|sheet) 'three'.*one.*two"):
        rs.inspect(tmp_path / name, variable="three")


def test_a_file_with_one_array_lists_none(tmp_path):
    np.save(tmp_path / "a.npy", ONE)
    np.savez(tmp_path / "a.npz", wave=ONE, gain=3.0)
    assert [rs.inspect(tmp_path / name).variables for name in ("a.npy", "a.npz")] == [(), ()]


def test_a_file_with_several_recordings_is_asked_about_and_the_setting_answers(tmp_path):
    savemat(tmp_path / "both.mat", {"X098_DE_time": ONE[:, None], "X099_DE_time": TWO[:, None]})
    with pytest.raises(SettingError, match="Set variable to one of X098_DE_time, X099_DE_time") as caught:
        rs.inspect(tmp_path / "both.mat")
    assert caught.value.field == "variable"
    assert rs.inspect(tmp_path / "both.mat", variable="X099_DE_time").rows == 400


def test_classes_beside_a_series_can_be_the_target(tmp_path):
    np.savez(tmp_path / "a.npz", wave=ONE, state=np.where(ONE > 0, "up", "down"), other=TWO)
    assert read_file(tmp_path / "a.npz", "state").columns == ["wave", "state"]
