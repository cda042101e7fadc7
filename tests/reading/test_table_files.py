"""Tables as people have them are read right, or asked about: never silently wrong. `make fuzz` tries thousands."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.reading.text.text_table import read_table
from tests.properties import quick
from tests.reading.table_check import FAILURES, compare
from tests.reading.table_files import table_file


@given(st.integers(0, 4_999))
@quick
def test_a_table_is_read_right_or_asked_about(tmp_path: Path, seed: int) -> None:
    file = table_file(Random(seed))
    outcome = compare(file, tmp_path)
    assert outcome.kind not in FAILURES, f"{outcome.kind}: {outcome.sentence}\n{file.style}\n{file.raw()[:2000]!r}"


@pytest.mark.parametrize("seed", range(3))
def test_the_size_of_a_file_does_not_change_how_it_is_read(tmp_path: Path, seed: int) -> None:
    file = next(
        file
        for number in range(seed * 1000, 10_000)
        if (file := table_file(Random(number))).style["above"] != "none"
        and not {"time", "index", "empty"} & {column.kind for column in file.columns}
    )
    repeats = 4_400_000 // len(file.raw()) + 1
    tables = []
    for name, times in (("small.csv", 3), ("large.csv", repeats)):
        (tmp_path / name).write_bytes(file.raw(times))
        tables.append(read_table(tmp_path / name, file.options))
    assert _without_counts(tables[0]) == _without_counts(tables[1])
    rows = len(file.columns[0].cells)
    assert [len(table.cells) for table in tables] == [3 * rows, repeats * rows]
    assert tables[1].cells[: 3 * rows].equals(tables[0].cells)
    assert tables[1].cells[-rows:].reset_index(drop=True).equals(tables[0].cells[:rows])


def _without_counts(table: Any) -> dict[str, Any]:
    """Return what an account says apart from numbers of rows and cells, and rows named in its sentences."""
    account = table.account.to_dict()
    for column in account["columns"]:
        column["missing"] = column["unread"] = None
        column["missing_marks"] = sorted(column["missing_marks"])
    sentences = ["".join(c for c in sentence if not c.isdigit()) for sentence in account["assumed"]]
    return {**account, "name": "", "rows": 0, "fingerprint": "", "assumed": sentences}
