"""Columns that seem to hold times and are not read as such are named, and asked about where they fall."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.table import Table
from rnnstudio.reading.text.text_table import table_of_text
from rnnstudio.reading.value_columns import frame_table

X = [3.5, 1.5, 2.25, 9.5, 7.25, 5.5]
X_BY_HOUR = [7.25, 5.5, 2.25, 9.5, 3.5, 1.5]  # rows of one hour stay in order
FALLING: list[tuple[str, list[Any]]] = [
    ("Day", [f"Day {i}" for i in (60, 59, 58, 11, 10, 9)]),
    ("date", [f"{day:02d}/03/5784" for day in (30, 29, 28, 10, 9, 8)]),
    ("Woche", [f"Woche {week} von 52" for week in (52, 51, 50, 9, 8, 7)]),
    ("Week", [52, 51, 50, 49, 48, 47]),
    ("time", ["14:45", "14:30", "10:15", "10:00", "09:45", "09:30"]),
    ("x", ["1402/03/30", "1402/03/29", "1402/02/30", "1402/02/09", "1401/12/30", "1401/12/29"]),
    ("elapsed_s", [29.5, 29.0, 28.5, 10.5, 10.0, 9.5]),
    ("no", [60, 59, 58, 57, 56, 55]),
    ("Tag", ["2-Mar", "1. Mar", "29-Feb", "28-Feb", "27-Feb", "26-Feb"]),
    ("date", ["Mar 2", "Mar 1", "Feb 29", "Feb 28", "Feb 9", "Feb 8"]),
    ("Quartal", ["IV 2019", "III 2019", "II 2019", "I 2019", "IV 2018", "III 2018"]),
    ("date", ["3 Foo 2024", "2 Bar 2024", "1 Baz 2024", "9 Foo 2023", "8 Bar 2023", "7 Baz 2023"]),
    ("Hour", [3, 3, 2, 2, 1, 1]),
    ("mdate", [725, 724, 723, 722, 721, 720]),
    ("Round", [60, 59, 58, 57, 56, 55]),
    ("datenum", [9254.5, 9254.25, 9254.0, 9253.75, 9253.5, 9253.25]),
]


def read(name: str, cells: list[Any], time: str = "") -> Table:
    return frame_table("t", pd.DataFrame({name: cells, "value": X}), ReadOptions(time=time))


@pytest.mark.parametrize(("name", "cells"), FALLING, ids=[f"{name} {cells[0]}" for name, cells in FALLING])
def test_a_column_that_falls_is_asked_about_and_each_answer_is_followed(name: str, cells: list[Any]) -> None:
    account = read(name, cells).account
    assert account is not None
    (question,) = account.questions
    assert (question.setting, list(question.choices)) == ("time", [name, "none"])
    assert repr(str(cells[0])) in question.sentence
    reversed_table = read(name, cells, name)
    assert reversed_table.numbers(["value"])[:, 0].tolist() == (X[::-1] if name != "Hour" else X_BY_HOUR)
    assert read(name, cells, "none").numbers(["value"])[:, 0].tolist() == X
    risen = read(name, cells[::-1], name)
    assert risen.numbers(["value"])[:, 0].tolist() == X


def test_a_column_without_a_name_that_counts_down_is_asked_about():
    rows = [f"{240 - i},{i % 7 + 0.5}" for i in range(40)]
    account = table_of_text("a.csv", "\n".join(rows).encode(), ReadOptions()).account
    (question,) = account.questions
    assert list(question.choices) == ["column1", "none"]
    first = table_of_text("a.csv", "\n".join(rows).encode(), ReadOptions(time="column1"))
    assert first.numbers(["column2"])[0, 0] == 39 % 7 + 0.5
    assert not table_of_text("a.csv", "\n".join(rows[::-1]).encode(), ReadOptions()).account.questions


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("date", ["29 Foo 2024", "28 Bar 2024", "30 Bar 2024", "1 Bar 2024", "5 Foo 2023", "7 Foo 2024"]),
        ("Week", ["W1a", "W2b", "W9", "W4", "W7", "W3"]),
        ("cell", ["31/31/2024", "29/31/2024", "30/31/2024", "18/31/2024", "17/31/2024", "19/31/2024"]),
        ("date", [7.5, 3.25, 9.5, 1.0, 2.0, 3.0]),
    ],
)
def test_a_column_like_times_in_no_order_is_named_with_a_cell(name: str, cells: list[Any]) -> None:
    account = read(name, cells).account
    assert account is not None
    assert not account.questions
    assert any(s.startswith(f"Column {name!r} ") and repr(str(cells[0])) in s for s in account.assumed)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("time", [0.5, 1.0, 1.5, 2.0, 2.5, 3.0]),
        ("depth", [60.0, 59.0, 58.0, 57.0, 56.0, 55.0]),
        ("city", ["Ulm 9", "Ulm 8", "Ulm 7", "Ulm 6", "Ulm 5", "Ulm 4"]),
        ("day", ["Mon", "Tue", "Wed", "Mon", "Tue", "Wed"]),
    ],
)
def test_nothing_is_said_about_other_columns(name: str, cells: list[Any]) -> None:
    account = read(name, cells).account
    assert account is not None
    assert not account.questions
    assert not any("read as times" in sentence for sentence in account.assumed)
    assert np.array_equal(read(name, cells).numbers(["value"])[:, 0], X)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Age (cal yr BP)", [0, 50, 100, 150, 200, 300]),
        ("years_ago", [1.5, 2.5, 3.5, 4.5, 5.5, 6.5]),
        ("age", ["100 BP", "200 BP", "300 BP", "400 BP", "500 BP", "700 BP"]),
        ("When", ["1 hours ago", "2 hours ago", "3 hours ago", "10 hours ago", "11 hours ago", "12 hours ago"]),
    ],
)
def test_a_column_that_counts_into_the_past_is_asked_about(name: str, cells: list[Any]) -> None:
    account = read(name, cells).account
    assert account is not None
    (question,) = account.questions
    assert "into the past" in question.sentence
    assert read(name, cells, name).numbers(["value"])[:, 0].tolist() == X[::-1]
    assert read(name, cells, "none").numbers(["value"])[:, 0].tolist() == X
    oldest_first = read(name, cells[::-1]).account
    assert oldest_first is not None
    assert not oldest_first.questions
    assert read(name, cells[::-1], name).numbers(["value"])[:, 0].tolist() == X
