"""Rows that are quoted as a whole are split; quoted cells of one column are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnstudio.reading.text.text_table import read_table


@pytest.mark.parametrize(
    ("header", "row", "columns"),
    [
        ("day,a", "2024-03-{0:02},{0}.5", ["day", "a"]),
        ("day;a", "2024-03-{0:02};{0},5", ["day", "a"]),
        ("day\ta", "2024-03-{0:02}\t{0}.5", ["day", "a"]),
        ('day,""a (m)"",b', '2024-03-{0:02},""{0}.5"",1', ["day", "a (m)", "b"]),
        ("Load", "{0},5", ["Load"]),
        ("Load", "1.{0:03},5", ["Load"]),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_quoted_rows(tmp_path: Path, header: str, row: str, columns: list[str], end: str) -> None:
    file = tmp_path / "data.csv"
    lines = [header, *(row.format(i) for i in range(10, 30))]
    file.write_text(end.join(f'"{line}"' for line in lines) + end, newline="")
    table = read_table(file)
    assert table.columns == columns
    first = 1010.5 if "1." in row else 10.5
    assert table.numbers([columns[min(1, len(columns) - 1)]])[:, 0].tolist() == [first + i for i in range(20)]
