"""Excel workbooks: the sheet that is read, and workbooks that would fill the memory."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.formats.excel import read_excel


def test_the_first_sheet_with_numbers_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a note"])
    sheet = book.create_sheet("data")
    for row in ([None], ["day", "sales", "promo"], ["2024-01-01", 1.5, 1], [None], ["2024-01-02", None, 0]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    table = read_excel(tmp_path / "a.xlsx")
    assert table.numeric_columns() == ["promo"]
    np.testing.assert_array_equal(table.numbers(["promo"]), [[1], [0]])
    with pytest.raises(DataError, match=r"a.xlsx, row 5, column 'sales': a number is expected; received an empty cell"):
        table.numbers(["sales"])


def write_workbook(folder: Path, cells: str, padding: int = 0) -> Path:
    """Write a workbook whose sheet has the given XML, followed by blanks."""
    book = openpyxl.Workbook()
    book.active.append([1])
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(folder / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = content[: content.index(b"<sheetData")] + (
                    f"<sheetData>{cells}</sheetData></worksheet>".encode() + b" " * padding
                )
            new.writestr(name, content)
    return folder / "a.xlsx"


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ('<row r="9999999999"><c r="A9999999999"><v>1</v></c></row>', "a sheet has at most 1,048,576 rows"),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row><row r="100000"><c r="A100000"><v>1</v></c></row>', "empty cell"),
    ],
)
def test_a_distant_cell_does_not_fill_the_memory(tmp_path: Path, cells: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_excel(write_workbook(tmp_path, cells)).numbers(["column1"])


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a.xlsx was not read: .* at most 67.1 MB in memory; its parts would take 80"):
        read_excel(write_workbook(tmp_path, "", padding=80_000_000))


def test_a_workbook_without_numbers_lists_its_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a note"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(DataError, match=r"a.xlsx must have a sheet with numbers.*Its sheets: Sheet"):
        read_excel(tmp_path / "a.xlsx")


@pytest.mark.parametrize("pattern", ["{:.1f}", "{:.1f} €", "EUR {:.1f}"])
@pytest.mark.parametrize("mark", [".", ","])
@pytest.mark.parametrize("with_day", [True, False])
def test_numbers_stored_as_text_are_read_where_no_sheet_has_others(
    tmp_path: Path, pattern: str, mark: str, with_day: bool
) -> None:
    cells = [pattern.format(value).replace(".", mark) for value in (100.2, 102.7, 99.5)]
    book = openpyxl.Workbook()
    book.active.append(["a note"])
    sheet = book.create_sheet("Data")
    rows = [["day", "sales"], *([datetime.datetime(2024, 1, i + 1), cell] for i, cell in enumerate(cells))]
    for row in rows:
        sheet.append(row if with_day else row[1:])
    book.save(tmp_path / "a.xlsx")
    table = read_excel(tmp_path / "a.xlsx")
    assert table.numbers(["sales"])[:, 0].tolist() == [100.2, 102.7, 99.5]
    sheet.cell(row=3, column=2 if with_day else 1, value=7)  # a number beside others as text
    book.save(tmp_path / "a.xlsx")
    assert read_excel(tmp_path / "a.xlsx").numbers(["sales"])[:, 0].tolist() == [100.2, 7, 99.5]


@pytest.mark.parametrize(
    ("cover", "rows", "read"), [(4, 30, "data"), (12, 70, "data"), (12, 40, "cover"), (25, 400, "cover")]
)
def test_a_short_sheet_before_a_long_one_is_a_cover(tmp_path, cover, rows, read):
    file = tmp_path / "book.xlsx"
    with pd.ExcelWriter(file) as writer:
        pd.DataFrame({"key": [f"k{i}" for i in range(cover - 1)], "value": range(cover - 1)}).to_excel(
            writer, sheet_name="cover", index=False
        )
        pd.DataFrame({"x": [i + 0.5 for i in range(rows)]}).to_excel(writer, sheet_name="data", index=False)
    table = read_excel(file)
    assert table.account is not None
    assert table.account.variable == read
    reason = f"because 'cover' before it has only {cover} rows" if read == "data" else "the first with numbers"
    assert any(reason in sentence for sentence in table.account.assumed)
    assert read_excel(file, ReadOptions(variable="cover")).account.variable == "cover"
