"""Rows that are too short and comments between the rows are read and said; other rows of another length are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.reading.table import Table
from rnnstudio.reading.text.text_table import read_table

NAN = float("nan")


def table_of(folder: Path, separator: str, replaced: dict[int, str], end: str = "\n") -> Table:
    file = folder / "data.csv"
    rows = {row: f"2024-03-{row:02};pump;{row}.5;{row * 2}" for row in range(2, 22)} | replaced
    text = "\n".join(["day;item;a;b", *(rows[row] for row in sorted(rows))]).replace(";", separator)
    file.write_text(text + end, newline="")
    return read_table(file)


@pytest.mark.parametrize("separator", [",", ";", "|"])
@pytest.mark.parametrize(
    ("replaced", "a", "b"),
    [
        ({5: "2024-03-05;pump;5.5"}, 5.5, NAN),
        ({5: "2024-03-05;pump"}, NAN, NAN),
        ({5: "2024-03-05;;5.5\r"}, 5.5, NAN),
        ({5: '2024-03-05;"pump";5.5', 6: '2024-03-06;"pump; old";6.5;12'}, 5.5, NAN),
        ({2: "2024-03-02;pump;2.5", 5: "2024-03-05;pump;5.5"}, 5.5, NAN),
        ({5: '2024-03-05;"two\nlines";5.5', 6: '2024-03-06;"of\nthe pump";6.5;12'}, 5.5, NAN),
    ],
)
def test_cells_that_a_row_lacks_are_missing_at_its_end(
    tmp_path: Path, separator: str, replaced: dict[int, str], a: float, b: float
) -> None:
    table = table_of(tmp_path, separator, replaced)
    assert len(table.cells) == 20
    np.testing.assert_array_equal(table.cells[["a", "b"]].iloc[3], [a, b])
    assert table.cells["b"].iloc[-1] == 42
    said = [sentence for sentence in (table.account.assumed if table.account else ()) if "too few cells" in sentence]
    assert len(said) == 1
    assert "row 5" in said[0] or "and 5" in said[0]


def test_comments_between_the_rows_are_left_out(tmp_path: Path) -> None:
    table = table_of(tmp_path, ",", {5: "# the pump was cleaned; twice", 9: "% or, so", 10: ""})
    assert table.row_numbers[2:5] == [4, 6, 7]
    assert len(table.cells) == 17
    assert "Comments between the rows are left out (row 5 and 9)." in (table.account.assumed if table.account else ())


def test_comments_beside_cells_of_several_lines_are_left_out(tmp_path: Path) -> None:
    table = table_of(tmp_path, ",", {5: '2024-03-05,"two\n# lines",5.5,10', 9: '# the "pump was cleaned'})
    assert table.row_numbers[6:8] == [9, 11]
    assert table.texts("item")[3] == "two\n# lines"
    assert "Comments between the rows are left out (row 10)." in (table.account.assumed if table.account else ())


@pytest.mark.parametrize(
    ("replaced", "end"),
    [
        ({5: "2024-03-05;5.5"}, "\n"),
        ({5: "2024-03-05;pump;5.5;10;1"}, "\n"),
        ({5: "2024-03-05;pump;pump"}, "\n"),
        ({21: "2024-03-21;pump;2"}, ""),
        ({row: f"2024-03-{row:02};pump;{row}.5" for row in range(3, 21, 3)}, "\n"),
    ],
    ids=["another kind", "too many", "text for a number", "cut off", "many"],
)
def test_other_rows_of_another_length_are_refused(tmp_path: Path, replaced: dict[int, str], end: str) -> None:
    with pytest.raises(DataError, match="4 columns are expected as in the other rows"):
        table_of(tmp_path, ";", replaced, end)


def test_short_rows_of_columns_that_blanks_separate_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="row 5: 4 columns are expected"):
        table_of(tmp_path, " ", {5: "2024-03-05;pump;5.5"})
