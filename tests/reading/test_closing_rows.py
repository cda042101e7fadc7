"""Totals and remarks below the data are left out and said; rows that only carry such a name are data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.reading.table import Table
from rnnstudio.reading.text.text_table import read_table

ROWS = [f"2024-03-{i:02};Shell;{30 + i % 4}.5" for i in range(1, 13)]
PEOPLE = [f"{name};{30 + i % 4}.5" for i, name in enumerate(["Ann", "Bob", "Eve", "Jim", "Zoe", "Kai"])]


def table_of(folder: Path, header: str, lines: list[str]) -> Table:
    file = folder / "data.csv"
    file.write_text("\n".join([header, *lines]) + "\n")
    return read_table(file)


@pytest.mark.parametrize(
    ("header", "rows", "last"),
    [
        ("day;brand;price", ROWS, "2024-03-13;Total;31.5"),
        ("day;brand;price", ROWS, "2024-03-13;Sum;11.5"),
        ("day;brand;price", ROWS, "2024-03-13;Total;900.5"),
        ("name;price", PEOPLE, "Max;31.5"),
        ("name;price", PEOPLE, "Min;31.5"),
        ("name;price", PEOPLE, "Total;31.5"),
        ("n;name;price", [f"{i};{row}" for i, row in enumerate(PEOPLE)], "6;mean;31.5"),
    ],
)
def test_rows_with_a_date_or_with_too_small_a_total_are_data(
    tmp_path: Path, header: str, rows: list[str], last: str
) -> None:
    table = table_of(tmp_path, header, [*rows, last])
    assert table.numbers(["price"])[-1, 0] == float(last.split(";")[-1])
    assert len(table.cells) == len(rows) + 1
    said = " ".join(table.account.assumed if table.account else ())
    assert ("'Total' can be a total" in said) == (last == "2024-03-13;Total;900.5")


@pytest.mark.parametrize("end", ["", ";"])
def test_a_last_row_with_a_cell_that_is_no_number_is_data(tmp_path: Path, end: str) -> None:
    table = table_of(tmp_path, f"name;price;day{end}", [f"{row};Mon{end}" for row in (*PEOPLE, "Liz;1.2.3")])
    assert len(table.cells) == len(PEOPLE) + 1


def test_digits_without_letters_in_the_last_row_are_no_remark(tmp_path: Path) -> None:
    assert len(table_of(tmp_path, "price", ["1.5 €", "2.5 €", "3.5 €", "1.2.3"]).cells) == 4


def test_a_last_row_with_a_text_alone_is_data_where_rows_above_are_so(tmp_path: Path) -> None:
    table = table_of(tmp_path, "name;price", [*PEOPLE[:3], "Tom;", *PEOPLE[3:], "Liz;", "Amy;"])
    assert table.texts("name")[-2:].tolist() == ["Liz", "Amy"]
    table = table_of(tmp_path, "name;price", [*PEOPLE, "Checked by Amy;"])
    assert len(table.cells) == len(PEOPLE)


@pytest.mark.parametrize("last", ["see note;--", "see note;"])
def test_a_last_row_whose_word_stands_beside_numbers_is_data(tmp_path: Path, last: str) -> None:
    rows = [f"{i}.5;{i + 30}" for i in range(70)]
    table = table_of(tmp_path, "price;load", [*rows, "see note;44", *rows[:5], last])
    assert table.row_numbers[-1] == 78
    assert np.isnan(table.values(["load"], "past")[-1, 0])


@pytest.mark.parametrize(
    ("header", "rows", "closing"),
    [
        ("day;brand;price", ROWS, ["Total;;390.5"]),
        ("day;brand;price", ROWS, [";Summe;390.5"]),
        ("day;brand;price", ROWS, ["(12 rows affected)"]),
        ("day;brand;price", ROWS, ["", "(12 Zeilen)"]),
        ("name;price", PEOPLE, ["Max;33.5"]),
        ("name;price", PEOPLE, ["Min;30.5", "Max;33.5", "Mean;31.9"]),
        ("name;price", PEOPLE, ["Total;190.5"]),
    ],
)
def test_totals_and_remarks_are_left_out_and_said(
    tmp_path: Path, header: str, rows: list[str], closing: list[str]
) -> None:
    table = table_of(tmp_path, header, [*rows, *closing])
    assert len(table.cells) == len(rows)
    assert table.account is not None
    assert table.account.skipped_below == len([line for line in closing if line])
    assert "a total or remark" in " ".join(table.account.assumed).replace("totals or remarks", "a total or remark")


def test_numbers_above_and_below_a_table_of_blanks_are_no_rows(tmp_path: Path) -> None:
    lines = [f"{year} 1.5 2.5 3.5 4.5" for year in range(2001, 2013)]
    table = table_of(tmp_path, " 2001 2012", [*lines, " -99.9", " level of the lake", " https://example.org"])
    assert len(table.cells) == 12
    assert table.account is not None
    assert (table.account.skipped_above, table.account.skipped_below) == (1, 3)


def test_a_row_of_empty_cells_at_the_end_of_a_file_without_numbers_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b',z\n"')
    with pytest.raises(DataError, match="it contains no numbers"):
        read_table(file)
