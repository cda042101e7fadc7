"""The preview of a table: its first and last rows as they are read, and the course of each column."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnstudio.reading.files import read_file, read_head
from rnnstudio.reading.preview import preview_of, small_plot, with_rows


def test_first_and_last_rows_stand_with_their_numbers_in_the_file(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("title line\nday,load,what\n" + "".join(f"2024-01-{i + 1:02},{i * 1.5},x{i}\n" for i in range(31)))
    preview = preview_of(read_file(file))
    assert preview.columns == ("day", "load", "what")
    assert preview.row_numbers == (*range(3, 13), *range(24, 34))
    assert preview.positions == (*range(10), *range(21, 31))
    assert preview.count == 31
    assert preview.texts[0] == ("2024-01-01", "0", "x0")
    assert preview.texts[-1] == ("2024-01-31", "45", "x30")


def test_missing_cells_are_empty_and_cells_that_are_no_numbers_are_named(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text(
        "time,load\n2024-01-01 00:00,1\n2024-01-01 01:00,n/a\n2024-01-01 02:00,about 4\n"
        "2024-01-01 03:00,5\n2024-01-01 04:00,6\n"
    )
    preview = preview_of(read_file(file))
    assert preview.texts == (
        ("2024-01-01 00:00", "1"), ("2024-01-01 01:00", ""), ("2024-01-01 02:00", "about 4"),
        ("2024-01-01 03:00", "5"), ("2024-01-01 04:00", "6"),
    )  # fmt: skip
    assert preview.unread == {(2, 1)}


def test_rows_between_are_added_where_they_are_wanted(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("day,load\n" + "".join(f"2024-01-{i + 1:02},{'' if i == 15 else i * 1.5}\n" for i in range(31)))
    table = read_file(file)
    preview = with_rows(preview_of(table), table, {14, 15, 16, 3})
    assert preview.positions == (*range(10), 14, 15, 16, *range(21, 31))
    assert preview.texts[10:13] == (("2024-01-15", "21"), ("2024-01-16", ""), ("2024-01-17", "24"))
    assert preview.row_numbers[10:13] == (16, 17, 18)
    assert preview.plots.keys() == {"load"}


@given(arrays(np.float64, st.integers(1, 300), elements=st.floats(-1e6, 1e6) | st.just(float("nan"))))
def test_a_small_plot_has_the_extremes_of_every_stretch(values):
    low, high = small_plot(values)
    assert low.shape == high.shape == (min(len(values), 64),)
    begins = [i * len(values) // len(low) for i in range(len(low))]
    for i, part in enumerate(np.split(values, begins[1:])):
        known = part[~np.isnan(part)]
        if len(known):
            assert (low[i], high[i]) == (known.min(), known.max())
        else:
            assert np.isnan(low[i])
            assert np.isnan(high[i])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_beginning_of_a_long_file_is_read_like_the_whole(tmp_path, encoding, end):
    file = tmp_path / "long.csv"
    lines = ["Größe;Wert", *(f"{i % 97},5;{i * 3}" for i in range(40_000))]
    file.write_bytes((end.join(lines) + end).encode(encoding))
    head, whole = read_head(file), read_file(file)
    assert 1_000 < len(head.cells) < len(whole.cells) == 40_000
    assert head.columns == whole.columns
    assert head.account.encoding == whole.account.encoding
    for name in head.columns:
        assert np.array_equal(head.cells[name], whole.cells[name][: len(head.cells)])


def test_short_files_and_other_formats_have_no_beginning_of_their_own(tmp_path):
    (tmp_path / "a.csv").write_text("v\n1\n2\n3\n")
    np.save(tmp_path / "a.npy", np.zeros(100_000))
    assert read_head(tmp_path / "a.csv") is None
    assert read_head(tmp_path / "a.npy") is None
