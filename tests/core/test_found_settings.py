"""What was found for each setting of reading, in words; compared with files as people have them."""

from __future__ import annotations

import pytest

from rnnstudio.core.found_settings import found_setting
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.files import read_file

FILES = {
    "german.csv": (
        "Datum;Umsatz;Preis\n" + "".join(f"{i:02}.01.2023;1.{i + 100},5;1,{i}\n" for i in range(1, 29)),
        {
            "separator": "semicolon", "encoding": "utf-8", "header": "1", "decimal_mark": "comma",
            "thousands_mark": "point", "date_order": "day first", "time": "Datum", "missing_values": "none",
        },
    ),
    "plain.csv": (
        "3,1.5\n4,\n5,n/a\n7,2.25\n",
        {
            "separator": "comma", "header": "none", "decimal_mark": "point", "thousands_mark": "none",
            "date_order": "", "time": "none", "missing_values": "empty cells, n/a",
        },
    ),
    "swiss.tsv": (
        "t\tv\n" + "".join(f"{i}\t1'{i}00.5 €\n" for i in range(1, 9)),
        {"separator": "tab", "decimal_mark": "point", "thousands_mark": "apostrophe"},
    ),
    "iso.csv": ("when,a b\n" + "".join(f"2023-01-0{i},1\u202f{i}00\n" for i in range(1, 9)),
                {"date_order": "year first", "thousands_mark": "blank", "time": "when"}),
    "heads.csv": ("nose,nose,tail,tail\nx,y,x,y\n" + "1.5,2,3,4\n" * 9, {"header": "1-2"}),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_what_was_found_is_said_in_words(tmp_path, name):
    text, expected = FILES[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    account = read_file(tmp_path / name, "", ReadOptions()).account
    assert {setting: found_setting(account, setting) for setting in expected} == expected
