"""Numbers that count ticks, seconds or days from the zero of a program are read as the times they stand for."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.cells.columns import read_column
from rnnstudio.reading.stamps.time_numbers import times_of_numbers
from tests.properties import quick


def _of_days(zero: datetime, offset: float, decimals: int):
    return lambda time: f"{(time - zero) / timedelta(days=1) + offset:.{decimals}f}"


def _of_units(zero: datetime, per_microsecond: int):
    return lambda time: str((time - zero) // timedelta(microseconds=1) * per_microsecond)


TICKS, FILE_TIMES = _of_units(datetime(1, 1, 1), 10), _of_units(datetime(1601, 1, 1), 10)
WAYS = {  # name of the column, the number of a time, shortest step in milliseconds, zone
    "ticks": ("Ticks", TICKS, 100, ""),
    "timestamp": ("timestamp", TICKS, 1, ""),
    "file times": ("FileTime", FILE_TIMES, 1, "UTC"),
    "GPS": ("gps_seconds", lambda t: str((t - datetime(1980, 1, 6)) // timedelta(seconds=1) + 18), 1000, "UTC"),
    "MATLAB": ("datenum", _of_days(datetime(1, 1, 1), 367, 9), 1000, ""),
    "MATLAB, six decimals": ("datenum", _of_days(datetime(1, 1, 1), 367, 6), 1000, ""),
    "MATLAB, minutes": ("time", _of_days(datetime(1, 1, 1), 367, 6), 60_000, ""),
    "Julian": ("jd", _of_days(datetime(2000, 1, 1, 12), 2451545, 8), 1000, ""),
    "Julian, minutes": ("time", _of_days(datetime(2000, 1, 1, 12), 2451545, 5), 60_000, ""),
    "modified": ("MJD", _of_days(datetime(1858, 11, 17), 0, 9), 1000, ""),
    "Excel, six decimals": ("date", _of_days(datetime(1899, 12, 30), 0, 6), 1000, ""),
    "Excel, four decimals": ("date", _of_days(datetime(1899, 12, 30), 0, 4), 60_000, ""),
}


def readings(name: str, cells: list[str]):
    return times_of_numbers(read_column(name, pa.chunked_array([cells]), ReadOptions()), name, is_first=True)


@pytest.mark.parametrize("way", WAYS)
@quick
@given(st.integers(0, 3 * 10**11), st.sampled_from([1, 7, 60, 3600, 3601]))
def test_times_are_read_back_from_the_numbers_that_count_them(way: str, first: int, steps: int) -> None:
    name, number, shortest, zone = WAYS[way]
    shortest_step = timedelta(milliseconds=shortest)
    times = [datetime(2017, 2, 1) + (first // shortest + i * steps) * shortest_step for i in range(12)]
    times = [time for time in times if time < datetime(2029, 1, 1)] or [datetime(2017, 2, 1, 1) + shortest_step]
    found = readings(name, [number(time) for time in times])
    assert len(found) == 1
    np.testing.assert_array_equal(found[0].stamps, np.array(times, "datetime64[ns]"))
    assert found[0].zone == zone


@pytest.mark.parametrize(
    ("name", "cells", "first"),
    [
        ("date", ["738901", "738902", "738903"], "2023-01-15"),
        ("JD", ["2460325", "2460326", "2460327"], "2024-01-15"),
        ("JD", ["2460325.5", "2460326.5", "2460327.5"], "2024-01-16"),
        ("JD", ["2460325.0", "2460325.25", "2460325.5"], "2024-01-15T12:00"),
        ("mjd", ["60324", "60325", "60326"], "2024-01-15"),
        ("gps_time", ["1700000000", "1700000060"], "2023-11-14T22:13:20"),
        ("gps_time", ["1000000000", "1000000060"], "2011-09-14T01:46:25"),
    ],
)
def test_a_name_says_what_numbers_count_where_these_do_not(name: str, cells: list[str], first: str) -> None:
    found = readings(name, cells)
    assert [str(reading.stamps[0].astype("datetime64[s]")) for reading in found] == [str(np.datetime64(first, "s"))]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("time", ["738901", "738902", "738903"]),  # milliseconds, maybe
        ("time", ["738901.13", "738901.57", "738902.31"]),
        ("tweet", ["621355968000000000", "640000000000000000"]),
        ("ticks", ["12", "17", "3"]),
        ("julian", ["14", "15", "16"]),
        ("gps", ["3", "3", "2"]),
    ],
)
def test_other_numbers_count_no_time(name: str, cells: list[str]) -> None:
    assert not readings(name, cells)
