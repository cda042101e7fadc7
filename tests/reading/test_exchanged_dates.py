"""Dates of a workbook whose day and month may have been exchanged are asked about, and each answer is followed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.read_options import DateOrder, ReadOptions
from rnnstudio.reading.table import Table
from rnnstudio.reading.value_columns import frame_table

DAYS = [datetime(2024, 1, 1, 6) + timedelta(days=i) for i in range(60)]


def mangled(order: str) -> list[Any]:
    """Return days as a program reads text of an order that it does not expect."""
    form = "%d/%m/%Y %H:%M" if order == "day_first" else "%m/%d/%Y %H:%M"
    return [day.replace(month=day.day, day=day.month) if day.day <= 12 else day.strftime(form) for day in DAYS]


def read(cells: list[Any], date_order: DateOrder = "auto") -> Table:
    frame = pd.DataFrame({"date": pd.Series(cells, dtype=object), "x": np.arange(len(cells)) % 7.0})
    return frame_table("t", frame, ReadOptions(date_order=date_order))


@pytest.mark.parametrize("order", ["day_first", "month_first"])
def test_dates_that_a_program_has_exchanged_are_asked_about(order: DateOrder) -> None:
    account = read(mangled(order)).account
    assert account is not None
    question = account.questions[0]
    assert (question.setting, question.column) == ("date_order", "date")
    assert next(iter(question.choices)) == order
    assert question.choices[order] == "2 January 2024"
    table = read(mangled(order), order)
    assert table.account is not None
    assert not table.account.questions
    np.testing.assert_array_equal(table.times, np.array(DAYS, "datetime64[ns]"))
    other: DateOrder = "month_first" if order == "day_first" else "day_first"
    kept = read(mangled(order), other)
    assert kept.times is not None
    assert set(kept.times) == set(
        np.array([d if d.day > 12 else d.replace(month=d.day, day=d.month) for d in DAYS], "datetime64[ns]")
    )


def test_text_among_dates_that_can_be_read_in_two_ways_is_asked_about() -> None:
    cells = [*DAYS[:9], "10/01/2024 06:00", "11/01/2024 06:00", *DAYS[11:]]
    account = read(cells).account
    assert account is not None
    assert account.questions[0].choices == {"day_first": "10 January 2024", "month_first": "1 October 2024"}
    np.testing.assert_array_equal(read(cells, "day_first").times, np.array(DAYS, "datetime64[ns]"))


@pytest.mark.parametrize("texts", [range(0, 60, 9), range(3)])
def test_other_text_among_dates_is_read_without_a_question(texts: Any) -> None:
    cells = [f"{day:%d.%m.%Y %H:%M}" if i in texts else day for i, day in enumerate(DAYS)]
    table = read(cells)
    assert table.account is not None
    assert not table.account.questions
    np.testing.assert_array_equal(table.times, np.array(DAYS, "datetime64[ns]"))
