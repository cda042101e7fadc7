"""Totals between the steps of a table are asked about."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.value_columns import frame_table


@pytest.mark.parametrize("months", [["Jan", "Feb", "Mar", "Apr"], ["Januar", "Februar", "März", "April"]])
def test_years_between_months_are_asked_about_as_a_pivot_table(months: list[str]) -> None:
    labels = [label for year in (2021, 2022, 2023) for label in (str(year), *months)]
    frame = pd.DataFrame({"Row Labels": labels, "sum": np.arange(len(labels)) * 1.5})
    account = frame_table("t", frame).account
    assert account is not None
    (question,) = account.questions
    assert "pivot table" in question.sentence
    assert list(question.choices) == ["none"]
    alone = frame[frame["Row Labels"].isin(months)]
    account = frame_table("t", alone).account
    assert account is not None
    assert not account.questions


def test_a_thirteenth_month_is_asked_about_and_twelve_are_times() -> None:
    years, months = np.repeat(np.arange(2010, 2020), 13), np.tile(np.arange(1, 14), 10)
    frame = pd.DataFrame({"Year": years, "Period": [f"M{m:02d}" for m in months], "Value": years + months / 7})
    account = frame_table("t", frame).account
    assert account is not None
    (question,) = account.questions
    assert "M13" in question.sentence
    answered = frame_table("t", frame, ReadOptions(time="none")).account
    assert answered is not None
    assert not answered.questions
    account = frame_table("t", frame[frame["Period"] != "M13"][::-1]).account
    assert account is not None
    assert account.time is not None
    assert (account.time.frequency, account.time.rows, account.questions) == ("MS", "newest first", ())
