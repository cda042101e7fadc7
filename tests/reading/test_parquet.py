"""Parquet files: columns of numbers, text and dates are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.reading.formats.parquet import read_parquet


def test_columns_of_numbers_text_and_dates_are_read(tmp_path: Path) -> None:
    frame = pd.DataFrame({
        "n": [1.5, None, 3.0], "i": pd.array([1, None, 3], "Int64"), "kind": pd.Categorical(["a", "b", "a"]),
        "day": pd.date_range("2024", periods=3), "many": [[1], [2], []],
    })  # fmt: skip
    frame.to_parquet(tmp_path / "a.parquet")
    table = read_parquet(tmp_path / "a.parquet")
    assert table.columns == ["n", "i", "kind", "day"]
    assert table.numeric_columns() == ["n", "i"]
    assert table.texts("kind").tolist() == ["a", "b", "a"]
    np.testing.assert_array_equal(table.values(["n", "i"], "past"), [[1.5, 1], [np.nan, np.nan], [3, 3]])


def test_a_file_without_rows_or_columns_that_can_be_read_lists_its_columns(tmp_path: Path) -> None:
    pd.DataFrame({"many": [[1], [2]]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(DataError, match=r"a.parquet must have rows, and a column.*Its columns: many; its rows: 2"):
        read_parquet(tmp_path / "a.parquet")


@pytest.mark.parametrize("kind", ["str", "category"])
def test_text_that_fills_the_memory_is_refused(tmp_path: Path, kind: Any) -> None:
    frame = pd.DataFrame({"a": range(2000), "text": "x" * 50_000})
    frame.astype({"text": kind}).to_parquet(tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").stat().st_size < 100_000
    with pytest.raises(DataError, match=r"a.parquet was not read: .* at most 67.1 MB in memory; its text would"):
        read_parquet(tmp_path / "a.parquet")


def test_times_of_day_and_durations_are_read_and_other_columns_are_named(tmp_path: Path) -> None:
    hours = pd.date_range("2024-01-01", periods=48, freq="h")
    columns = {
        "date": pa.array(hours.date),
        "time": pa.array(hours.time),
        "took": pa.array(np.arange(48) * 90_000, pa.duration("ms")),
        "tags": pa.array([["a"]] * 48),
        "place": pa.array([{"x": 1}] * 48),
        "raw": pa.array([b"x"] * 48),
        "x": np.arange(48) % 5.0,
    }
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    table = read_parquet(tmp_path / "a.parquet")
    np.testing.assert_array_equal(table.times, hours.to_numpy("datetime64[ns]"))
    assert table.account is not None
    assert (table.account.time.column, table.account.time.frequency) == ("date, time", "h")
    np.testing.assert_array_equal(table.numbers(["took"])[:, 0], np.arange(48) * 90.0)
    assert (table.account.column("took").unit, table.account.column("took").written) == ("s", "as a duration")
    for name, kind in (("tags", "lists"), ("place", "structures"), ("raw", "bytes")):
        assert f"Column {name!r} is left out: it holds {kind}." in table.account.assumed
        assert name not in table.columns
