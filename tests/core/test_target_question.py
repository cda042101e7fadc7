"""Columns of classes beside numbers: which is predicted is asked, unless the caller names it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.errors import SettingError
from rnnstudio.core.sequence import SequenceData
from rnnstudio.library.datasets.arrays import ArraySettings, from_arrays
from rnnstudio.library.datasets.file import FileSettings, load
from rnnstudio.reading.value_columns import frame_table

VALUES = np.sin(np.arange(60.0))
CLASSES = {
    "occupancy": np.arange(60) // 7 % 2,
    "Machine_State": np.array(["on", "off", "fault"])[np.arange(60) // 5 % 3],
    "failure": np.array(["yes", "no"])[np.arange(60) // 9 % 2],
}


@pytest.mark.parametrize("name", list(CLASSES))
def test_classes_beside_numbers_are_asked_about(tmp_path: Path, name: str) -> None:
    frame = pd.DataFrame({"light": VALUES, name: CLASSES[name]})
    frame.to_csv(tmp_path / "room.csv", index=False)
    with pytest.raises(SettingError) as caught:
        load(FileSettings(file=str(tmp_path / "room.csv"), window=4), 0)
    assert caught.value.field == "target"
    assert str(caught.value) == (
        f"In room.csv, {name!r} seems to hold classes, and 'light' numbers; nothing says which is predicted. Set "
        f"target to {name} (its classes are predicted, with task label) or light (its next values are predicted)."
    )
    with pytest.raises(SettingError, match=f"In x, '{name}' seems to hold classes"):
        from_arrays(frame.assign(day=pd.date_range("2024-01-01", periods=60)), None, ArraySettings(window=4), 0)


@pytest.mark.parametrize(
    ("settings", "target"),
    [({"target": "light"}, "light"), ({"target": "occupancy", "task": "label"}, "occupancy")],
)
def test_a_caller_who_names_the_column_is_not_asked(tmp_path: Path, settings: dict[str, str], target: str) -> None:
    pd.DataFrame({"light": VALUES, "occupancy": CLASSES["occupancy"]}).to_csv(tmp_path / "room.csv", index=False)
    data = load(FileSettings.model_validate({"file": str(tmp_path / "room.csv"), "window": 4, **settings}), 0)
    assert data.target_names == (target,)


@pytest.mark.parametrize(
    "column",
    [
        {"promo": CLASSES["occupancy"]},  # two values, but not the name of classes
        {"status": [f"message {i}" for i in range(60)]},  # each row its own text
        {"state": ["on"] * 60},
        {"state": VALUES + 2.0},
    ],
)
def test_other_columns_are_not_asked_about(column: dict[str, object]) -> None:
    account = frame_table("x", pd.DataFrame({"light": VALUES, **column})).account
    assert account is not None
    assert account.target_question is None
    assert account.to_dict()["target_question"] is None


def test_the_name_of_a_series_is_no_class() -> None:
    days = pd.date_range("2024-01-01", periods=30)
    frame = pd.DataFrame({"day": [*days, *days], "state": ["Ohio"] * 30 + ["Utah"] * 30, "sales": VALUES})
    account = frame_table("x", frame).account
    assert account is not None
    assert (account.series, account.target_question) == ("state", None)


def test_the_account_shows_the_question() -> None:
    account = frame_table("x", pd.DataFrame({"light": VALUES, "failure": CLASSES["failure"]})).account
    assert account is not None
    assert "Open: In x, 'failure' seems to hold classes" in str(account)
    assert account.to_dict()["target_question"]["setting"] == "target"


@pytest.mark.parametrize("name", list(CLASSES))
@pytest.mark.parametrize("is_file", [True, False])
def test_a_column_of_classes_that_is_named_without_a_task_is_asked_about(
    tmp_path: Path, name: str, is_file: bool
) -> None:
    frame = pd.DataFrame({"light": VALUES, name: CLASSES[name]})
    frame.to_csv(tmp_path / "room.csv", index=False)

    def read(**settings: str) -> SequenceData:
        given = {"target": name, "window": 4, **settings}
        if is_file:
            return load(FileSettings.model_validate({"file": str(tmp_path / "room.csv"), **given}), 0)
        return from_arrays(frame, None, ArraySettings.model_validate(given), 0)

    with pytest.raises(SettingError, match="Set task to label") as caught:
        read()
    assert caught.value.field == "task"
    assert read(task="label").classes
    if "or forecast" in str(caught.value):
        assert not read(task="forecast").classes


@pytest.mark.parametrize(
    "columns", [{"promo": CLASSES["occupancy"]}, {"flag": CLASSES["failure"]}, {"level": np.ones(60)}]
)
def test_where_no_column_is_predicted_by_default_the_target_is_asked_about(columns: dict[str, object]) -> None:
    frame = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=60), **columns})
    with pytest.raises(SettingError, match="Set target to") as caught:
        from_arrays(frame, None, ArraySettings(window=4), 0)
    assert caught.value.field == "target"
    account = frame_table("x", frame).account
    assert account is not None
    assert str(caught.value) in str(account)
