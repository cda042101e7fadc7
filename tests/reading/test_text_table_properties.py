"""Tables as text give the same numbers, whatever the separator, header, line ending and encoding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.text.text_table import read_table
from tests.properties import quick

NUMBERS = st.lists(st.floats(-(2.0**99), 2.0**99, width=32), min_size=2, max_size=2)


@given(
    st.lists(NUMBERS, min_size=1, max_size=30),
    st.sampled_from([",", ";", "\t", "|"]),
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@quick
def test_a_written_table_is_read_with_the_same_numbers(
    tmp_path: Path, rows: Any, separator: str, header: bool, end: str, note: bool, encoding: str
) -> None:
    lines = [separator.join(['"first"', "naïve"])] if header else []
    lines += [separator.join(map(repr, row)) for row in rows]
    lines += ["", "Source: a closing note"] if note else []
    file = tmp_path / "table.csv"
    file.write_bytes((end.join(lines) + end).encode(encoding))
    table = read_table(file, ReadOptions(missing_values=("none",)))  # 1e20 may be the code of a missing value
    assert table.columns == (["first", "naïve"] if header else ["column1", "column2"])
    assert {column.kind for column in table.account.columns} <= {"number", "index"}
    np.testing.assert_array_equal(table.numbers(table.columns), np.array(rows, np.float32))
