"""A first row of numbers beside a word holds the names of the columns; other first rows are data."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnstudio.reading.text.text_table import read_table

ROWS = ["{},5.5,7,6.5", "{},6.5,8,4.5", "{},4.5,9,8.5", "{},7.5,5,2.5"]


def columns_of(folder: Path, header: str, keys: str, rows: list[str] = ROWS) -> list[str]:
    file = folder / "data.csv"
    lines = [row.format(key) for key, row in zip(keys.split(), rows, strict=True)]
    file.write_text("\n".join([header, *lines]) + "\n")
    return read_table(file).columns


def test_separators_at_the_ends_of_the_rows_do_not_hide_names_that_are_numbers(tmp_path: Path) -> None:
    rows = [f"{row}," for row in ROWS]
    assert columns_of(tmp_path, "0,1,2,3,", "1 3 2 4", rows)[:4] == ["0", "1", "2", "3"]
    assert columns_of(tmp_path, "date,20,10,30,", DAYS, rows)[:4] == ["date", "20", "10", "30"]


DAYS = "2024-03-01 2024-03-02 2024-03-03 2024-03-04"


def test_a_total_below_does_not_hide_names_that_are_numbers(tmp_path: Path) -> None:
    rows = [*ROWS, "Total,24,29,22"]
    assert (
        columns_of(tmp_path, "created_at,10,20,50", "1945519680 1945519860 1945519260 1945519920 x", rows)[0]
        == "created_at"
    )


@pytest.mark.parametrize(
    ("header", "keys"),
    [
        ("date,1,2,3", DAYS),
        ("Zeit,12,7,30", DAYS),
        ("time,0.5,1.0,2.5", "0.1 0.2 0.3 0.4"),
        ("Messpunkt,10,20,50", DAYS),
        ("Tiefe,10,20,50", "1 2 3 4"),
        ("land,1990,2000,2015", "FR DE IT AT"),
        ("land,1990,1995,2000", "FR DE IT AT"),
    ],
)
def test_numbers_beside_a_word_name_the_columns(tmp_path: Path, header: str, keys: str) -> None:
    assert columns_of(tmp_path, header, keys) == header.split(",")


@pytest.mark.parametrize(
    ("first", "keys", "rows"),
    [
        ("FR,10,20,50", "DE IT AT CH", ROWS),
        ("broken,5,5,5", DAYS, ROWS),
        ("broken,50,20,10", DAYS, ROWS),
        ("n/a,10,20,50", DAYS, ROWS),
        ("broken,10,20,50", DAYS, ["{},11,22,50", "{},12,21,49", "{},13,20,50", "{},11,22,50"]),
        ("FR,1990,2000,2015", "DE IT AT CH", ["{},1991,2001,2003", "{},1980,2003,2010", "{},5,6,7", "{},8,3,4"]),
    ],
)
def test_other_first_rows_are_data(tmp_path: Path, first: str, keys: str, rows: list[str]) -> None:
    assert columns_of(tmp_path, first, keys, rows) == ["column1", "column2", "column3", "column4"]


@pytest.mark.parametrize("numbers", ["(1);(2);(3);(4)", "[1];[2];[3];[4]", "1;2;3;4"])
def test_a_row_that_numbers_the_columns_is_left_out_and_it_is_said(tmp_path: Path, numbers: str) -> None:
    lines = ["Datum;a;b;c", numbers, *(f"{day:02d}.03.2024;{day}0,5;7{day};{day}" for day in range(1, 30))]
    file = tmp_path / "data.csv"
    file.write_text("\n".join(lines))
    table = read_table(file)
    assert len(table.cells) == 29
    assert table.cells["a"].tolist() == [10 * day + 0.5 for day in range(1, 30)]
    assert table.account is not None
    assert table.account.time is not None
    assert "Row 2 numbers the columns and is left out." in table.account.assumed


def test_a_row_of_small_numbers_among_numbers_is_data(tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_text("\n".join(["a,b,c", "1,2,3", *(f"{i},{i * 3 % 7},{i}" for i in range(2, 30))]))
    assert len(read_table(file).cells) == 29


def test_numbers_name_the_columns_of_a_few_rows_with_a_total_below(tmp_path: Path) -> None:
    rows = ["5,7.5,3", "6,9.5,2", "7,8.5,4", "Sum,25.5,9"]
    file = tmp_path / "data.csv"
    file.write_text("\n".join(["logged,10,20", *rows]))
    table = read_table(file)
    assert table.columns == ["logged", "10", "20"]
    assert len(table.cells) == 3
