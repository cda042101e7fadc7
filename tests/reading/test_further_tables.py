"""A second table in a text file is left out and said, and one above the header is asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.text.text_table import read_table

DAYS = [f"2024-01-{day:02d}{{0}}{day * 10}" for day in range(1, 13)]


def table_of(folder: Path, lines: list[str], end: str = "\n", **options):
    file = folder / "data.csv"
    file.write_bytes((end.join(lines) + end).encode())
    return read_table(file, ReadOptions(**options))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("rows", [1, 3, 200])
@pytest.mark.parametrize(("sign", "blank"), [(",", ""), (";", ""), (";", ";"), ("\t", "\t")])
def test_a_table_below_is_left_out_and_said(tmp_path: Path, end: str, rows: int, sign: str, blank: str) -> None:
    first = [f"day{sign}sales", *(day.format(sign) for day in DAYS), blank]
    second = [f"country{sign}users", *(f"land{i}{sign}{i}" for i in range(rows))]
    table = table_of(tmp_path, [*first, *second], end)
    assert table.account is not None
    assert table.account.rows == 12
    assert table.cells["sales"].tolist() == [day * 10 for day in range(1, 13)]
    assert f"Row 15 begins another table ({f'country{sign}users'!r}); it is left out." in table.account.assumed
    assert table.account.questions == ()


@pytest.mark.parametrize("names", ["shop,area", "shop,area,,", "shop,area,rent,seats", "shop,area,rent,seats,staff"])
@pytest.mark.parametrize("rows", [300, 3000])
def test_a_table_below_has_more_or_fewer_columns(tmp_path: Path, names: str, rows: int) -> None:
    first = [f"{i},{i % 7},{i * i},{i}.5" for i in range(rows)]
    second = [",".join(["a", *["5"] * names.count(",")]) for _ in range(80)]
    table = table_of(tmp_path, ["a,b,c,d", *first, "", names, *second])
    assert table.account is not None
    assert table.cells["c"].tolist() == [i * i for i in range(rows)]
    assert [note for note in table.account.assumed if f"Row {rows + 3} begins another table" in note]


def test_a_wider_table_with_numbers_above_the_header_is_asked_about(tmp_path: Path) -> None:
    pages = ["page,views,users", '/home,"1,200",900', "/about,300,250"]
    lines = [*pages, "", "day,views", *(day.format(",") for day in DAYS)]
    account = table_of(tmp_path, lines).account
    assert account is not None
    assert [(q.setting, list(q.choices)) for q in account.questions] == [("header", ["5"])]
    assert "rows 2 to 3, above the header in row 5, hold data" in account.questions[0].sentence
    chosen = table_of(tmp_path, lines, header="5")
    assert chosen.account is not None
    assert (chosen.account.questions, chosen.account.rows) == ((), 12)


@pytest.mark.parametrize(
    "below",
    [
        ["day,sales", "2024-02-01,5"],  # names that are repeated on each page
        ["2024-02-01,5", "2024-02-02,6"],  # blank rows between the data
    ],
)
def test_blank_rows_and_repeated_names_begin_no_other_table(tmp_path: Path, below: list[str]) -> None:
    account = table_of(tmp_path, ["day,sales", *(day.format(",") for day in DAYS), "", *below]).account
    assert account is not None
    assert not any("another table" in sentence for sentence in account.assumed)
