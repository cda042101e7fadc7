"""Months with years of two digits, and weeks in columns not called so, are read where they can be nothing else."""

from __future__ import annotations

import pyarrow as pa
import pytest

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.cells.columns import read_column
from rnnstudio.reading.cells.dates_of_two_numbers import dates_of_two_numbers

MONTHS = [(year, month) for year in (23, 24) for month in range(1, 13)]


@pytest.mark.parametrize("name", ["date", "Monat", "period"])
@pytest.mark.parametrize(
    ("text", "written"),
    [
        (lambda y, m: f"{m:02d}/{y}", "month/year"), (lambda y, m: f"{m}-{y}", "month-year"),
        (lambda y, m: f"{y}/{m:02d}", "year/month"), (lambda y, m: f"{m:02d} {y}", "month year"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("order", [1, -1])
def test_months_that_follow_each_other_are_months(name, text, written, order) -> None:
    column = read_column(name, pa.chunked_array([[text(*month) for month in MONTHS][::order]]), ReadOptions())
    assert (column.account.kind, column.account.written) == ("time", written)
    expected = [f"20{year}-{month:02d}" for year, month in MONTHS][::order]
    assert column.values.astype("datetime64[M]").astype(str).tolist() == expected
    assert column.notes == ["Years of two digits are read as 2023 to 2024."]


def test_numbers_that_are_no_months_in_a_row_are_left() -> None:
    cells = [f"{number:02d}/{number:02d}" for number in (10, 11, 12)]
    assert not dates_of_two_numbers(
        pa.array(cells), "month"
    )  # a month each year and a year each month: neither follows
    cells = ["12/01", "01/02", "02/03"]
    assert not dates_of_two_numbers(pa.array(cells), "month")


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("date", [f"{month:02d}/24" for month in range(1, 13)]),  # the 24th of each month
        ("date", [f"{day:02d}/10" for day in range(9, 13)]),  # days of October
        ("score", ["11/23", "12/23", "01/24"]),
        ("date", ["11/23", "12-23", "01/24"]),
        ("month", ["01/23", "07/23", "03/23"]),
        ("month", ["01/23", "02/23"]),
    ],
)
def test_other_pairs_of_numbers_stay_text(name: str, cells: list[str]) -> None:
    assert read_column(name, pa.chunked_array([cells]), ReadOptions()).account.kind == "text"


@pytest.mark.parametrize(
    ("name", "numbers", "kind"),
    [
        ("date", range(1, 53), "time"), ("period", range(20, 5, -1), "time"), ("period", range(1, 14), "text"),
        ("Month", range(5, 20), "text"), ("date", [5, 20, 40, 12], "text"), ("size", range(5, 20), "text"),
    ],
)  # fmt: skip
def test_weeks_are_found_by_numbers_that_no_month_has(name, numbers, kind) -> None:
    cells = [f"2024/{number:02d}" for number in numbers]
    column = read_column(name, pa.chunked_array([cells]), ReadOptions())
    assert column.account.kind == kind
    if kind == "time":
        weeks = [date.isocalendar()[:2] for date in column.values.astype("datetime64[D]").tolist()]
        assert weeks == [(2024, number) for number in numbers]
