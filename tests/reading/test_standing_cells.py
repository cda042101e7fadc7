"""Cells that rows of a table in columns leave blank are found by where the others stand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.errors import DataError
from rnnstudio.reading.text.standing_cells import with_blank_cells
from rnnstudio.reading.text.text_table import read_table
from tests.properties import quick

numbers = st.one_of(st.none(), st.integers(-999, 9999).map(lambda n: n / 10))


@quick
@given(
    st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=20),
    st.lists(st.sampled_from([10, 12]), min_size=3, max_size=3),
    st.booleans(),
    st.booleans(),
)
def test_the_numbers_that_were_written_are_read(rows, widths, is_left, is_ended) -> None:
    full = [(1.5, -99.9, 999.9), (-99.9, 999.9, 2.5), (999.9, 1.0, -99.9)]
    rows = [*full, *((a, b, c) for a, b, c in rows if (a, b, c) != (None, None, None)), (None, 2.0, None)]
    lines = []
    for row in rows:
        cells = [("" if cell is None else f"{cell}") for cell in row]
        padded = [c.ljust(w) if is_left else c.rjust(w) for c, w in zip(cells, widths, strict=True)]
        lines.append("".join(padded) if is_ended else "".join(padded).rstrip())
    body = "\n".join(lines).encode()
    result = with_blank_cells(body, 3, 1)
    assert result is not None
    read = [
        tuple(float(cell) if cell else None for cell in line.split("\t")) for line in result[0].decode().split("\n")
    ]
    assert read == rows
    assert "by where their cells stand" in result[1]


def test_a_file_with_blank_cells_is_read_and_said(tmp_path: Path) -> None:
    lines = ["day         temp   rain  wind"]
    cells = [(f"{20 + i}.5", f"{i}.1", f"{i}.0") for i in range(12)]
    cells[3] = ("", *cells[3][1:])
    cells[5] = (*cells[5][:2], "")
    lines += [f"2024-01-{i + 1:02d}  {a:>4}  {b:>5} {c:>5}" for i, (a, b, c) in enumerate(cells)]
    file = tmp_path / "station.txt"
    file.write_text("\n".join(lines) + "\n")
    table = read_table(file)
    assert table.account is not None
    assert "Rows with blank cells are read by where their cells stand (row 5 and 7)." in table.account.assumed
    expected = [[float(cell) if cell else np.nan for cell in row] for row in cells]
    np.testing.assert_array_equal(table.cells[["temp", "rain", "wind"]].to_numpy(float), expected)
    assert table.account.column("temp").missing_marks == {"": 1}


def test_words_behind_the_last_column_are_left_out_and_said(tmp_path: Path) -> None:
    rows = [f"   2023  {month:2d}   {month}.5*    {month:5.1f}" for month in range(1, 13)]
    rows[-1] += "#  Provisional"
    file = tmp_path / "station.txt"
    file.write_text("   yyyy  mm   tmax    rain\n" + "\n".join(rows) + "\n")
    table = read_table(file)
    assert table.account is not None
    assert table.cells["rain"].tolist() == list(range(1, 13))
    assert "Words behind the last column are left out (row 13)." in table.account.assumed


@pytest.mark.parametrize(
    "row",
    [
        "2024-01-09 3.1 4.1",  # in no column
        "2024-01-09  123456789012",  # in two columns
        "2024-01-09   3.1    4.1    5.1   6.1",  # a further number
    ],
)
def test_cells_that_stand_elsewhere_are_refused(tmp_path: Path, row: str) -> None:
    rows = [f"2024-01-{i:02d}   {i}.5    {i}.0   {i}0.25" for i in range(1, 9)]
    file = tmp_path / "a.txt"
    file.write_text("\n".join(["day          t      u      v", *rows, row, *rows[:2]]) + "\n")
    with pytest.raises(DataError, match=r"row 10: 4 columns are expected"):
        read_table(file)
