"""Years with decimals, months with years as numbers, quarters and weeks are times; what is none is said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.reading.table import Table
from rnnstudio.reading.text.text_table import read_table
from rnnstudio.reading.times.decimal_years import times_with_decimals
from tests.properties import quick

MONTHS = [(2020 + i // 12, i % 12) for i in range(40)]
QUARTERS = [(2005 + i // 4, i % 4 + 1) for i in range(40)]


def read(folder: Path, cells: Sequence[str], name: str = "date") -> Table:
    file = folder / "data.csv"
    file.write_text(f"{name},value\n" + "".join(f"{cell},{i * i % 17}.5\n" for i, cell in enumerate(cells)))
    return read_table(file)


def times_of(table: Table) -> tuple[str, str, str]:
    assert table.account is not None
    assert table.account.time is not None
    return table.account.time.first, table.account.time.last, table.account.time.frequency


@pytest.mark.parametrize("name", ["date", "Year", "decimal_date", "x"])
@pytest.mark.parametrize("digits", [2, 3, 4, 6])
@pytest.mark.parametrize("middle", [0.0, 0.5])
def test_months_as_decimals_of_the_year(tmp_path: Path, name: str, digits: int, middle: float) -> None:
    table = read(tmp_path, [f"{year + (month + middle) / 12:.{digits}f}" for year, month in MONTHS], name)
    assert times_of(table) == ("2020-01-01", "2023-04-01", "MS")
    assert table.account is not None
    assert f"The numbers in column {name!r} are read as times (year with decimals)." in table.account.assumed
    assert table.account.target == "value"
    assert table.numeric_columns() == ["value"]


@pytest.mark.parametrize("write", ["{m:02d}.{y}", "{m}.{y}", "{y}.{m:02d}", "{y}:{m:02d}", "{y}M{m:02d}", "{y}{m:02d}"])
@pytest.mark.parametrize("newest_first", [False, True])
def test_months_beside_years(tmp_path: Path, write: str, newest_first: bool) -> None:
    cells = [write.format(y=year, m=month + 1) for year, month in MONTHS]
    table = read(tmp_path, cells[::-1] if newest_first else cells)
    assert times_of(table) == ("2020-01-01", "2023-04-01", "MS")


@pytest.mark.parametrize("write", ["{y}Q{q}", "{y}-Q{q}", "Q{q} {y}", "{q}Q{y}", "{y}:{q}", "{y}.{q}", "T{q} {y}"])
def test_quarters(tmp_path: Path, write: str) -> None:
    assert times_of(read(tmp_path, [write.format(y=y, q=q) for y, q in QUARTERS])) == ("2005-01-01", "2014-10-01", "QS")


@pytest.mark.parametrize(
    ("write", "name"), [("{y}-W{w:02d}", "date"), ("{y}W{w:02d}", "t"), ("{y}{w:02d}", "year_week")]
)
def test_weeks_are_those_of_iso_8601(tmp_path: Path, write: str, name: str) -> None:
    weeks = [np.datetime64(f"{2019}-01-07") + np.timedelta64(7 * i, "D") for i in range(120)]
    iso = [week.astype(object).isocalendar() for week in weeks]
    table = read(tmp_path, [write.format(y=year, w=week) for year, week, _ in iso], name)
    assert times_of(table) == (str(weeks[0]), str(weeks[-1]), "W-MON")


@given(first=st.dates(np.datetime64("1800-01-01").astype(object), np.datetime64("2080-01-01").astype(object)))
@quick
def test_days_as_decimals_of_the_year(first: object) -> None:
    days = np.datetime64(first, "D") + np.arange(900)
    year = days.astype("datetime64[Y]")
    length = ((year + 1).astype("datetime64[D]") - year.astype("datetime64[D]")).astype(float)
    values = year.astype(int) + 1970 + (days - year.astype("datetime64[D]")).astype(float) / length
    found = times_with_decimals(np.round(values, 5), is_named=True)
    assert found is not None
    assert (found[0].astype("datetime64[D]") == days).all()


@pytest.mark.parametrize(
    "cells",
    [
        [f"{1900 + (i * 7919 % 100) / 7:.2f}" for i in range(40)],  # prices between 1900 and 1914
        [f"{1.2 + i % 5 / 100:.2f}" for i in range(40)],
        [f"{i / 10:.1f}" for i in range(40)],
        [f"{2.1999 + i / 10000:.4f}" for i in range(40)],
    ],
)
def test_other_numbers_with_decimals_are_no_times(tmp_path: Path, cells: list[str]) -> None:
    table = read(tmp_path, cells, "x")
    assert table.account is not None
    assert table.account.time is None
    assert not table.account.assumed


@pytest.mark.parametrize(
    "cells", [[f"{i % 12 + 1}.{i // 12 + 1}" for i in range(40)], [f"Term {i}" for i in range(40)]]
)
def test_a_column_that_is_named_like_a_time_and_is_not_read_as_one_is_said(tmp_path: Path, cells: list[str]) -> None:
    table = read(tmp_path, cells)
    assert table.account is not None
    assert table.account.time is None
    assert any(s.startswith("Column 'date' is named like a time, but its ") for s in table.account.assumed)
