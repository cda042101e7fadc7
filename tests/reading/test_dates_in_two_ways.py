"""Dates of one column that are written in two ways are all read, where each of them is clear."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.cells.columns import read_column

DAYS = [date(2024, 1, 20) + timedelta(days=i) for i in range(30)]


@pytest.mark.parametrize("share", [0.5, 0.8, 0.97])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("%Y-%m-%d", "%d.%m.%Y"), ("%d.%m.%Y", "%Y-%m-%d"), ("%d/%m/%Y", "%Y-%m-%d"), ("%d %b %Y", "%d.%m.%Y"),
        ("%Y/%m/%d", "%Y-%m-%d"), ("%d-%m-%Y", "%d.%m.%Y"), ("%Y-%m-%d", "%Y-%m-%d %H:%M"),
    ],
)  # fmt: skip
def test_both_ways_are_read_and_said(first: str, second: str, share: float) -> None:
    many = round(share * len(DAYS))
    cells = [day.strftime(first if i < many else second) for i, day in enumerate(DAYS)]
    column = read_column("date", pa.chunked_array([cells]), ReadOptions())
    assert column.account.kind == "time"
    assert column.values.astype("datetime64[D]").tolist() == DAYS
    if "%H" not in second:
        assert f"Some dates are written as {cells[0]}, others as {cells[many]}; both are read." in column.notes[0]


@pytest.mark.parametrize(
    "cells",
    [
        [f"{day.month}/{day.day}/{day.year}" if day.day > 25 else day.strftime("%d/%m/%Y") for day in DAYS],
        [*(day.isoformat() for day in DAYS), "2024-03"],  # a month among days
        [*(day.isoformat() for day in DAYS), "20.03.2024", "soon"],
        [*(day.isoformat() for day in DAYS), "2024-05-05 07:00 UTC"],
    ],
)
def test_cells_that_leave_doubts_are_asked_about_as_no_times(cells: list[str]) -> None:
    column = read_column("date", pa.chunked_array([cells]), ReadOptions())
    assert column.account.kind == "text"
    assert column.dates is not None
    assert column.dates.unread


def test_the_order_of_day_and_month_of_the_others_is_asked_about() -> None:
    cells = [*(day.isoformat() for day in DAYS), "03/02/2024", "03/03/2024"]
    column = read_column("date", pa.chunked_array([cells]), ReadOptions())
    assert [reading.order for reading in column.readings] == ["day_first", "month_first"]
    chosen = read_column("date", pa.chunked_array([cells]), ReadOptions(date_order="month_first"))
    assert str(chosen.values[-1].astype("datetime64[D]")) == "2024-03-03"
    assert str(chosen.values[-2].astype("datetime64[D]")) == "2024-03-02"
