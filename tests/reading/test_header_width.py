"""Names with another number of cells than the rows belong to the right columns, or are asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnstudio.core.errors import SettingError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.table import Table
from rnnstudio.reading.text.text_table import read_table


def table_of(folder: Path, text: str, **options: str) -> Table:
    file = folder / "data.csv"
    file.write_text(text)
    return read_table(file, ReadOptions(**options))


def days(*cells: str, form: str = "2024-03-{:02}") -> list[str]:
    """Return rows that begin with a date."""
    return [form.format(i) + rest for i, rest in enumerate(cells, start=1)]


def level(row: str) -> float:
    """Return the number at the end of a row."""
    cells = row.removesuffix(",x").rstrip(",;").replace(" ", "\t").replace(";", "\t")
    return float(cells.replace(",", "." if ";" in row else "\t").split("\t")[-1])


@pytest.mark.parametrize(
    ("header", "rows", "columns"),
    [
        ("date,flow,level", days(",5,1.5,", ",7,2.5,", ",6,3.5,"), ["date", "flow", "level"]),
        ("date,flow,level", days(",5,1.5,,", ",7,2.5,,", ",6,3.5,,"), ["date", "flow", "level"]),
        ("Tag;Menge", days(";5,5;", ";7,5;", ";6,5;", form="{:02}.03.2024"), ["Tag", "Menge"]),
        ("flow\tlevel\t", ["5\t1.5", "7\t2.5", "6\t3.5"], ["flow", "level"]),
        ("flow,level,", ["5,1.5,", "7,2.5,", "6,3.5,"], ["flow", "level"]),
        ("flow,level", ["Ulm,5,1.5", "Bonn,7,2.5", "Kiel,6,3.5"], ["column1", "flow", "level"]),
        ("flow,level", ["1,5,1.5", "2,7,2.5", "3,6,3.5"], ["column1", "flow", "level"]),
        ("flow,level,", ["1,5,1.5,", "2,7,2.5,", "3,6,3.5,"], ["column1", "flow", "level"]),
        ("flow,level,", ["1,5,1.5,x", "2,7,2.5,x", "3,6,3.5,x"], ["column1", "flow", "level", "column4"]),
        ("flow level", days(" 5.5 1.5", " 7.5 2.5", " 6.5 3.5"), ["column1", "flow", "level"]),
    ],
    ids=["trailing comma", "two trailing commas", "trailing semicolon", "after the names", "after both",
         "row names", "row numbers", "row numbers and trailing comma", "row numbers and no name",
         "dates as row names"],
)  # fmt: skip
def test_names_stand_over_their_columns(tmp_path: Path, header: str, rows: list[str], columns: list[str]) -> None:
    table = table_of(tmp_path, "\n".join([header, *rows]) + "\n")
    assert table.columns == columns
    if columns[-1] == "column4":
        columns = columns[:-1]
    assert table.cells[columns[-1]].tolist() == pytest.approx([level(row) for row in rows])


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("date,flow", days(",5,1", ",7,25", ",6,3")),
        ("Buchung,flow", days(",5,1", ",-7,25", ",6,3")),
        ("city,flow", ["Ulm,5,1", "Ulm,7,2", "Ulm,6,3"]),
        ("date,flow,level", days(",5,1,7,2", ",7,2,6,1", ",6,3,8,3")),
        ("date flow level", days(" 1 000 5.5", " 1 004 7.5", " 998 500 6.5")),
    ],
    ids=["decimal commas", "decimal commas below other words", "repeated row names", "two decimal commas", "blanks"],
)
def test_rows_with_more_cells_than_names_are_asked_about(tmp_path: Path, header: str, rows: list[str]) -> None:
    text = "\n".join([header, *rows]) + "\n"
    table = table_of(tmp_path, text)
    with pytest.raises(
        SettingError, match=r"data.csv: row 1 names . columns, row 2 has . cells .*Set header to none"
    ) as error:
        table.values([table.numeric_columns()[-1]], "past")
    assert error.value.field == "header"
    without = table_of(tmp_path, text, header="none")
    assert len(without.cells) == 3
    assert without.values([without.numeric_columns()[0]], "past").shape == (3, 1)


def test_rows_of_data_above_the_names_are_asked_about(tmp_path: Path) -> None:
    short, long = days(",5", ",7", ",6"), days(*[",5,1.5"] * 5, form="2024-04-{:02}")
    text = "\n".join(["date,flow", *short, "date,flow,level", *long]) + "\n"
    with pytest.raises(SettingError, match=r"data.csv: rows 2 to 4, above the header in row 5, .*Set header to 5"):
        table_of(tmp_path, text).numbers(["flow"])
    assert len(table_of(tmp_path, text, header="5").numbers(["flow"])) == 5
    remarks = "\n".join(["Kiel,2024-03-01", "made,2024-03-02,5", "date,flow,level,x", *(row + ",1" for row in long)])
    assert len(table_of(tmp_path, remarks + "\n").numbers(["flow"])) == 5
