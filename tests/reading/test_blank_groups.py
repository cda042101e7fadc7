"""Blanks between digits separate columns or thousands; where nothing decides, the caller is asked."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from rnnstudio.core.errors import SettingError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.table import Table
from rnnstudio.reading.text.text_table import read_table


def table_of(folder: Path, lines: list[str], **options: str) -> Table:
    file = folder / "data.txt"
    file.write_text("\n".join(lines) + "\n")
    return read_table(file, ReadOptions(**options))


def pairs(rows: int, decimals: str = "") -> list[str]:
    """Return rows of two columns, the second of three digits."""
    random = Random(rows)
    return [f"{random.randint(55, 90)} {random.randint(105, 180)}{decimals}" for _ in range(rows)]


def counted(rows: int) -> list[str]:
    return [f"{i} {140 + i % 5}.25" for i in range(3, rows + 3)]


@pytest.mark.parametrize(
    "lines",
    [pairs(80), pairs(80, ".5"), counted(8), ["hr bp", *pairs(6)], ["# hr bp", *pairs(6)], ["% hr  bp", *pairs(6)],
     [f"{row} 999" for row in pairs(80)]],
)  # fmt: skip
def test_numbers_that_never_begin_with_zero_are_columns(tmp_path: Path, lines: list[str]) -> None:
    table = table_of(tmp_path, lines)
    body = [line for line in lines if line[0].isdigit()]
    assert table.cells.to_numpy().tolist() == [[float(cell) for cell in line.split()] for line in body]
    said = " ".join(table.account.assumed if table.account else ())
    assert ("separates columns" in said) == ("hr" not in lines[0])


@pytest.mark.parametrize(
    "lines",
    [
        [f"{n:,}".replace(",", " ") for n in range(10_000, 90_000, 777)],
        [f"{n:,}".replace(",", " ") for n in range(900, 1_100, 20)],
        ["Load", *(f"{n:,}".replace(",", " ") for n in range(1_500, 1_600, 20))],
        [f"{n:,}.5".replace(",", " ") for n in range(10_000, 90_000, 777)],
    ],
)
def test_groups_that_begin_with_zero_and_small_numbers_are_thousands(tmp_path: Path, lines: list[str]) -> None:
    table = table_of(tmp_path, lines)
    body = [line for line in lines if line[0].isdigit()]
    assert table.cells.to_numpy().tolist() == [[float(line.replace(" ", ""))] for line in body]


@pytest.mark.parametrize(
    "lines",
    [pairs(6), [f"1 {n}" for n in range(500, 600)], ["Sales EUR", "1 026", "2 511", "1 980"]],
)
def test_other_groups_are_asked_about(tmp_path: Path, lines: list[str]) -> None:
    table = table_of(tmp_path, lines)
    with pytest.raises(SettingError, match=r"data.txt such as .* can separate columns or thousands") as error:
        table.values([table.numeric_columns()[-1]], "past")
    assert error.value.field == "separator"
    body = [line for line in lines if line[0].isdigit()]
    columns = table_of(tmp_path, lines, separator="blank")
    assert columns.numbers(columns.columns).tolist() == [[float(cell) for cell in line.split()] for line in body]
    one = table_of(tmp_path, lines, separator="semicolon")
    assert one.numbers(one.columns).tolist() == [[float(line.replace(" ", ""))] for line in body]
