"""Rows between the names and the data: units, lines that are drawn, and forewords, which are said."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnstudio.reading.text.text_table import read_table

ROWS = [f"2024-03-{i:02};{30 + i % 4}.5;{i}" for i in range(1, 9)]


@pytest.mark.parametrize(
    ("between", "units", "units_row", "left_out"),
    [
        (["[UTC];[m/s];[%]"], ["UTC", "m/s", "%"], 2, ""),
        ([";in (m/s);in %"], ["", "m/s", "%"], 2, ""),
        ([";level (wet);2020=100"], ["", "level (wet)", "2020=100"], 2, ""),
        (["---;-----;---"], ["", "", ""], 0, ""),
        (["====;====;===="], ["", "", ""], 0, ""),
        ([";speed of the wind;share", "Unit;m/s;%", "last update;2024-03-09 12:00;"], ["", "m/s", "%"], 3, "2 and 4"),
        (["warmup;warmup;warmup", "warmup;warmup;warmup"], ["", "", ""], 0, "2 and 3"),
    ],
)
def test_rows_between_names_and_data(
    tmp_path: Path, between: list[str], units: list[str], units_row: int, left_out: str
) -> None:
    file = tmp_path / "data.csv"
    file.write_text("\n".join(["day;wind;share", *between, *ROWS]) + "\n")
    account = read_table(file).account
    assert account is not None
    assert account.rows == len(ROWS)
    assert [column.unit for column in account.columns] == units
    assert account.units_row == units_row
    assert (f"Rows between the names and the data are left out: {left_out}." in account.assumed) == bool(left_out)


@pytest.mark.parametrize("edge", ["", "|"])
def test_a_line_that_is_drawn_in_a_text_is_no_row(tmp_path: Path, edge: str) -> None:
    file = tmp_path / "data.md"
    lines = ["day | wind | share", "---|---:|:--:", *(row.replace(";", " | ") for row in ROWS)]
    file.write_text("\n".join(f"{edge}{line}{edge}" for line in lines) + "\n")
    table = read_table(file)
    assert table.columns == ["day", "wind", "share"]
    assert len(table.numbers(["wind"])) == len(ROWS)
    assert table.account is not None
    assert table.account.units_row == 0
