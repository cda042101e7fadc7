"""Quotation marks that do not end with their cell are refused; cells of several lines are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.reading.text.text_table import read_table


def written(folder: Path, separator: str, replaced: dict[int, str]) -> Path:
    file = folder / "data.csv"
    rows = {row: f"{row};pipe {row};{row * 2}" for row in range(2, 60)} | replaced
    lines = ["n;item;count", *(rows[row] for row in sorted(rows))]
    file.write_text("\n".join(lines).replace(";", separator) + "\n")
    return file


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("second", [21, 22, 30])
def test_a_stray_mark_that_joins_rows_is_refused(tmp_path: Path, separator: str, second: int) -> None:
    file = written(tmp_path, separator, {20: '20;"pipe;40', second: f'{second};"pipe;{second * 2}'})
    with pytest.raises(DataError, match=rf"row 20: a quotation mark opens a cell that ends in row {second}"):
        read_table(file)


@pytest.mark.parametrize(
    "cell", ['"two\nlines; both"', '"a ""b""\nc"', '"\n"', '" two\r\nlines"', '"says ""yes"",\n""no"""', 'pipe 5"']
)
def test_cells_of_several_lines_are_read(tmp_path: Path, cell: str) -> None:
    table = read_table(written(tmp_path, ";", {20: f"20;{cell};40", 31: f"31;{cell};62"}))
    assert table.numbers(["count"])[:, 0].tolist() == [row * 2 for row in range(2, 60)]
