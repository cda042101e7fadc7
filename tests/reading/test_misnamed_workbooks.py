"""Text and web pages called .xls or .xlsx are read as what they are, and said; other bytes are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.reading.files import read_file

ROWS = [("2024-03-01", "1.5"), ("2024-03-02", "2.5"), ("2024-03-03", "3.5")]
CELLS = "".join(f"<tr><td>{day}</td><td align=right><b>{a}</b></tr>" for day, a in ROWS)
NAMES = "<tr><th>day</th><th>a</th></tr>"
TEXT = "day\ta\n" + "".join(f"{day}\t{a}\n" for day, a in ROWS)


@pytest.mark.parametrize("ending", [".xls", ".xlsx"])
@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(), TEXT.replace("\t", ",").encode(), TEXT.encode("utf-16"), TEXT.encode("utf-8-sig"),
        f"<table>{NAMES}{CELLS}</table>".encode(),
        f"<!DOCTYPE html>\n<html><body><table><tr><td>menu</table><table>{NAMES}{CELLS}</table></html>".encode(),
        f"\n<HTML><TABLE><TR><TD colspan=2>Report of\nMarch<TR><TH>day<TH>a{CELLS}</TABLE>".encode(),
    ],
    ids=["tabs", "commas", "utf-16", "utf-8 with mark", "table", "two tables", "title"],
)  # fmt: skip
def test_text_called_a_workbook_is_read(tmp_path: Path, ending: str, raw: bytes) -> None:
    file = tmp_path / f"data{ending}"
    file.write_bytes(raw)
    table = read_file(file)
    assert table.columns == ["day", "a"]
    assert table.numbers(["a"])[:, 0].tolist() == [1.5, 2.5, 3.5]
    assert table.account is not None
    assert f"data{ending} is no workbook; it is read as" in table.account.assumed[0]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"<html><p>Please log in</p></html>", "received a web page without a table"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "received an XML spreadsheet. Save it as .xlsx",
        ),
        (b"\x01\x02\0\0\x05" * 50, "cannot be read as an Excel workbook"),
    ],
)
@pytest.mark.parametrize("ending", [".xls", ".xlsx"])
def test_other_files_called_a_workbook_are_refused(tmp_path: Path, ending: str, raw: bytes, message: str) -> None:
    file = tmp_path / f"data{ending}"
    file.write_bytes(raw)
    with pytest.raises(DataError, match=message):
        read_file(file)
