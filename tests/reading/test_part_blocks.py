"""Parts of a table without times, below each other: asked about as series where text names many, else said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rnnstudio as rs
from rnnstudio.core.account import Account
from rnnstudio.core.errors import SettingError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.value_columns import frame_table
from tests.properties import quick

NOISE = np.random.default_rng(0).normal(size=900)


def account(frame: pd.DataFrame, series: str = "") -> Account:
    found = frame_table("x", frame, ReadOptions(series=series)).account
    assert found is not None
    return found


def of_parts(names: list[object], rows: int) -> pd.DataFrame:
    """Return noise whose rows are named in blocks."""
    count = len(names) * rows
    return pd.DataFrame({"part": np.repeat(np.array(names, object), rows), "v": NOISE[:count]}).infer_objects()


@quick
@given(st.integers(10, 40), st.integers(5, 20), st.booleans())
def test_many_names_in_blocks_are_asked_about(parts: int, rows: int, has_index: bool) -> None:
    frame = of_parts([f"s{i:02}" for i in range(parts)], rows).assign(w=0.5)
    if has_index:
        frame.insert(0, "Unnamed: 0", range(len(frame)))
    found = account(frame)
    assert [(q.setting, list(q.choices)) for q in found.questions] == [("series", ["part", "none"])]
    assert found.questions[0].sentence == (
        "x holds several series: each value of 'part' is one block of rows. Where each has one class, it is the "
        "sequence column instead."
    )
    assert (account(frame, "none").questions, account(frame, "part").questions) == ((), ())


@pytest.mark.parametrize("names", [["warm", "run", "cool"], [*range(1, 13)], [*range(30)]])
def test_few_names_and_numbers_of_blocks_are_said(names: list[object]) -> None:
    found = account(of_parts(names, 12))
    assert found.questions == ()
    (note,) = (sentence for sentence in found.assumed if "'part'" in sentence)
    assert note == (
        f"Each of the {len(names)} values of column 'part' is one block of rows; all rows are read as one series. If "
        "they are separate series, set series to part."
    )
    assert not any("one block of rows" in sentence for sentence in account(of_parts(names, 12), "none").assumed)


@pytest.mark.parametrize(
    "frame",
    [
        of_parts([f"s{i % 12}" for i in range(24)], 12),  # each value in two blocks
        of_parts([f"s{i}" for i in range(30)], 2),  # too short
        of_parts([10 * i for i in range(20)], 12),  # a quantity in steps
        of_parts([f"s{i}" for i in range(12)], 12).rename(columns={"part": "month"}),
        of_parts([f"s{i}" for i in range(12)], 12).assign(day=pd.date_range("2024-01-01", periods=144)),
    ],
)
def test_other_columns_are_neither_asked_about_nor_said(frame: pd.DataFrame) -> None:
    found = account(frame)
    assert found.questions == ()
    assert not any("one block of rows" in sentence for sentence in found.assumed)


def test_windows_cross_no_part_where_the_answer_is_given() -> None:
    frame = of_parts([f"s{i:02}" for i in range(20)], 15).assign(state=["good", "bad"] * 150)
    few = {"task": "label", "target": "state", "window": 3, "units": 2, "updates": 1, "verbose": 0, "save": False}
    with pytest.raises(SettingError, match="Set series to part"):
        rs.train(frame, **few)
    assert len(rs.train(frame, series="part", **few).info.series) == 20
    assert rs.train(frame, series="none", **few).info.series == ()
