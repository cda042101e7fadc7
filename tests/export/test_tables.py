"""CSV with decimal points or decimal commas."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.errors import SettingError
from rnnstudio.export.tables import csv_text, write_csv

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
