"""CSV with decimal points or decimal commas."""

from __future__ import annotations

import io

import numpy as np
import openpyxl
import pandas as pd
import pytest

from rnnstudio.core.errors import SettingError
from rnnstudio.export.tables import csv_text, write_csv, write_table

TABLE = pd.DataFrame({
    "step": [1, 2, 3],
    "value": np.array([0.5, np.nan, -1234.25], np.float32),
    "class": ["1,5", "a;b", 'say "x"'],
    "time": pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-03"]),
})  # fmt: skip


@pytest.mark.parametrize(
    ("decimal", "separator", "mark", "line"),
    [("point", ",", ".", '1,0.5,"1,5",2024-01-01'), ("comma", ";", ",", "1;0,5;1,5;2024-01-01")],
)
def test_a_table_is_read_back_as_it_was(tmp_path, decimal, separator, mark, line):
    text = write_csv(TABLE, tmp_path / "table.csv", decimal).read_bytes().decode("utf-8")
    assert text == csv_text(TABLE, decimal)
    assert text.splitlines()[1] == line
    again = pd.read_csv(io.StringIO(text), sep=separator, decimal=mark, dtype={"class": str}, parse_dates=["time"])
    pd.testing.assert_frame_equal(again, TABLE, check_dtype=False)


def test_another_decimal_mark_is_refused(tmp_path):
    with pytest.raises(SettingError, match="decimal must be one of point, comma; received 'semicolon'"):
        write_csv(TABLE, tmp_path / "table.csv", "semicolon")
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_holds_numbers_and_dates(tmp_path):
    again = pd.read_excel(write_table(TABLE, tmp_path / "table.xlsx"))
    pd.testing.assert_frame_equal(again, TABLE, check_dtype=False)
    sheet = openpyxl.load_workbook(tmp_path / "table.xlsx").active
    assert (sheet["D2"].number_format, sheet["B3"].value, sheet.freeze_panes) == ("yyyy-mm-dd", None, "A2")
    assert sheet["B2"].value == 0.5
    float32 = write_table(pd.DataFrame({"x": np.array([0.1], np.float32)}), tmp_path / "x.xlsx")
    assert pd.read_excel(float32)["x"].iloc[0] == 0.1, "with the digits of float32"
    with pytest.raises(SettingError, match=r"decimal applies to \.csv files only"):
        write_table(TABLE, tmp_path / "other.xlsx", "comma")
    pd.testing.assert_frame_equal(pd.read_parquet(write_table(TABLE, tmp_path / "t.parquet")), TABLE, check_dtype=False)
    assert write_table(TABLE, tmp_path / "t.csv", "comma").read_text(encoding="utf-8") == csv_text(TABLE, "comma")
