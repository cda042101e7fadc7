"""Excel workbooks of before 2007: cells with their types, both counts of dates, and files that are something else."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import DataError
from rnnstudio.reading.files import read_file
from tests.xls_writer import xls_bytes

START = datetime.datetime(2024, 2, 27)
ROWS = [
    [
        START + datetime.timedelta(days=i),
        i * 1.5,
        None if i == 3 else 10**9 + i,
        i % 2 == 0,
        "north" if i < 5 else "south",
    ]
    for i in range(12)
]
HEADER = ["day", "load", "meter", "open", "where"]


def written(folder: Path, content: bytes, name: str = "a.xls") -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("datemode", [0, 1], ids=["from 1900", "from 1904"])
def test_cells_have_the_types_of_the_workbook_like_those_of_a_newer_one(tmp_path, datemode):
    old = read_file(written(tmp_path, xls_bytes({"data": [HEADER, *ROWS]}, datemode)))
    book = openpyxl.Workbook()
    for row in [HEADER, *ROWS]:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    new = read_file(tmp_path / "a.xlsx")
    np.testing.assert_array_equal(old.times, np.array([row[0] for row in ROWS], "datetime64[ns]"))
    np.testing.assert_array_equal(
        old.values(["load", "meter", "open"], "drop"),
        np.array([[row[1], np.nan if row[2] is None else row[2], row[3]] for row in ROWS], float),
    )
    assert old.texts("where").tolist() == [row[4] for row in ROWS]
    assert old.row_numbers == list(range(2, 14))
    different = {"name", "format"}
    about, expected = old.account.to_dict(), new.account.to_dict()
    assert {k: v for k, v in about.items() if k not in different} == {
        k: v for k, v in expected.items() if k not in different
    }
    assert about["format"] == "Excel workbook of before 2007"


def test_clock_times_errors_titles_and_totals_are_read_as_in_other_tables(tmp_path):
    rows = [
        ["Report of the plant"], [None], ["day", "clock", "load"],
        *[[START, datetime.time(i, 30), "#N/A" if i == 2 else i + 0.25] for i in range(6)], ["Total", None, 17.5],
    ]  # fmt: skip
    account = rs.inspect(written(tmp_path, xls_bytes({"notes": [["by hand"]], "data": rows})))
    assert (account.time.column, account.time.frequency, account.header) == ("day, clock", "h", (3,))
    assert account.column("load").missing_marks == {"#N/A": 1}
    assert (account.skipped_above, account.skipped_below) == (1, 1)
    assert "sheet 'data'" in " ".join(account.assumed)


def test_a_newer_workbook_called_xls_is_read(tmp_path):
    book = openpyxl.Workbook()
    for row in [HEADER, *ROWS]:
        book.active.append(row)
    book.save(tmp_path / "a.xls")
    assert rs.inspect(tmp_path / "a.xls").time.frequency == "D"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            xls_bytes({"a note": [["by hand"]], "more": [[]]}),
            "must have a sheet with numbers.*Its sheets: a note, more",
        ),
        (b"<html><table></table></html>", "a workbook is expected; received a web page without a table"),
        (xls_bytes({"data": [HEADER, *ROWS]})[:900], "cannot be read as an Excel workbook"),
    ],
    ids=["no numbers", "web page", "cut off"],
)
def test_other_files_are_refused(tmp_path, content, message):
    with pytest.raises(DataError, match=f"^a.xls.*{message}"):
        read_file(written(tmp_path, content))
