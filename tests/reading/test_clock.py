"""Frequency, order, doubles, gaps and season follow from the stamps."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.times.clock import (
    find_frequency,
    frequency_in_words,
    full_clock,
    lacking_stamps,
    season_of,
    time_account,
)
from rnnstudio.reading.times.time_text import time_readings
from rnnstudio.reading.value_columns import frame_table
from tests.properties import quick

FREQUENCIES = [  # frequency, rows in a season, in words
    ("YS", 0, "year"),
    ("YE", 0, "year"),
    ("YS-APR", 0, "year"),
    ("YE-MAR", 0, "year"),
    ("2YS", 0, "2 years"),
    ("QS", 4, "quarter"),
    ("QE", 4, "quarter"),
    ("QS-FEB", 4, "quarter"),
    ("QE-FEB", 4, "quarter"),
    ("QE-JAN", 4, "quarter"),
    ("MS", 12, "month"),
    ("ME", 12, "month"),
    ("6MS", 2, "6 months"),
    ("2ME", 6, "2 months"),
    ("BME", 12, "month"),
    ("BMS", 12, "month"),
    ("W-MON", 52, "week"),
    ("W-SUN", 52, "week"),
    ("14D", 26, "14 days"),
    ("10D", 0, "10 days"),
    ("B", 5, "working day"),
    ("D", 7, "day"),
    ("2D", 0, "2 days"),
    ("h", 24, "hour"),
    ("12h", 2, "12 hours"),
    ("5h", 0, "5 hours"),
    ("15min", 96, "15 minutes"),
    ("5min", 288, "5 minutes"),
    ("min", 0, "minute"),
    ("s", 0, "second"),
    ("10ms", 0, "10 milliseconds"),
    ("us", 0, "microsecond"),
]
BEGINS = [datetime(2023, 5, 3), datetime(2023, 5, 3, 12, 30), datetime(1999, 12, 31, 23)]


@pytest.mark.parametrize(("frequency", "season", "words"), FREQUENCIES)
@pytest.mark.parametrize("begin", BEGINS)
def test_the_frequency_that_made_stamps_is_found(frequency: str, season: int, words: str, begin: datetime) -> None:
    stamps = pd.date_range(begin, periods=40, freq=frequency).to_numpy("datetime64[ns]")
    assert find_frequency(stamps) == frequency
    assert season_of(frequency) == season
    assert frequency_in_words(frequency) == words
    np.testing.assert_array_equal(full_clock(stamps, frequency), stamps)


@given(
    st.sampled_from([frequency for frequency, _, _ in FREQUENCIES]),
    st.integers(20, 200),
    st.lists(st.tuples(st.integers(1, 199), st.integers(1, 3)), max_size=4),
    st.sampled_from(["sorted", "newest first", "unsorted"]),
    st.integers(0, 5),
    st.integers(0, 2**32 - 1),
)
@quick
def test_gaps_doubles_and_order_are_counted(
    frequency: str, length: int, holes: list[tuple[int, int]], order: str, doubles: int, seed: int
) -> None:
    length = min(length, 100) if "Y" in frequency else length  # stamps end in 2262
    full = pd.date_range("2021-03-01 06:00", periods=length, freq=frequency).to_numpy("datetime64[ns]")
    present = np.ones(length, bool)
    for begin, size in holes:
        present[begin : min(begin + size, length - 1)] = False
    if frequency == "B":
        present[:7] = True  # a weekend, without which working days are days
    if (~present).sum() > length // 4 or (np.diff(full[present]) == np.diff(full)[0]).mean() < 0.05:
        present[:] = True
    starts = np.flatnonzero(np.diff(present.astype(int)) == -1)
    ends = np.flatnonzero(np.diff(present.astype(int)) == 1)
    stamps = full[present]
    random = np.random.default_rng(seed)
    stamps = np.sort(np.append(stamps, random.choice(stamps, doubles)))
    if order == "newest first":
        stamps = stamps[::-1]
    elif order == "unsorted":
        stamps = np.append(stamps[5:], stamps[:5])
    account = time_account("time", np.append(stamps, np.datetime64("NaT")), "UTC")
    assert (account.frequency, account.rows, account.doubles, account.zone) == (frequency, order, doubles, "UTC")
    assert (account.gaps, account.missing_rows) == (len(starts), int((~present).sum()))
    assert account.longest_gap == max(ends - starts, default=0)
    assert np.datetime64(account.first) == full[present][0]
    assert np.datetime64(account.last) == full[present][-1]


def days(*texts: str) -> np.ndarray:
    return np.array(texts, "datetime64[ns]")


@pytest.mark.parametrize(
    ("stamps", "frequency"),
    [
        (days(), ""),
        (days("2024-01-01"), ""),
        (days("2024-01-01", "2024-01-02"), ""),
        (days("2024-01-01", "2024-01-02", "2024-01-03"), "D"),
        (days("2024-01-31", "2024-02-01", "2024-02-02"), "D"),
        (days("2024-01-01", "2024-01-08", "2024-01-15"), "W-MON"),
        (days("2024-01-15", "2024-02-15", "2024-03-15", "2024-04-15"), ""),
        (days("2024-01-01", "2024-01-02", "2024-01-05", "2024-01-05T12:00"), ""),
        (days("2024-01-01T00:00:01", "2024-01-01T00:05:00", "2024-01-01T00:09:58", "2024-01-01T00:15:00"), ""),
        (days("2024-01-01", "2024-01-03", "2024-01-05", "2024-01-08"), ""),
        (days("2024-01-01", "2024-02-01", "2024-02-29"), ""),
    ],
)
def test_few_and_irregular_stamps(stamps: np.ndarray, frequency: str) -> None:
    assert find_frequency(stamps) == frequency


def test_one_long_gap_leaves_the_frequency_and_nights_without_stamps_make_stamps_irregular() -> None:
    first = pd.date_range("2022-01-01", periods=500, freq="h")
    later = pd.date_range("2024-01-01", periods=500, freq="h")
    account = time_account("time", first.append(later).to_numpy("datetime64[ns]"))
    assert (account.frequency, account.gaps, account.missing_rows) == ("h", 1, 2 * 365 * 24 - 500)
    minutes = pd.date_range("2024-01-01", periods=30 * 1440, freq="min")
    trading = minutes[(minutes.hour >= 9) & (minutes.hour < 17)]
    assert time_account("time", trading.to_numpy("datetime64[ns]")).frequency == ""


@pytest.mark.parametrize(
    ("stamp", "text"),
    [
        ("2024-01-31", "2024-01-31"),
        ("2024-01-31T07:30", "2024-01-31T07:30"),
        ("2024-01-31T07:30:05", "2024-01-31T07:30:05"),
        ("2024-01-31T00:00:00.25", "2024-01-31T00:00:00.25"),
    ],
)
def test_the_first_stamp_is_written_as_short_as_it_can_be(stamp: str, text: str) -> None:
    assert time_account("time", days(stamp)).first == text


def test_a_clock_change_in_local_time_is_a_double_hour_in_autumn_and_a_gap_in_spring() -> None:
    def local(first: str, last: str) -> np.ndarray:
        hours = pd.date_range(first, last, freq="h", tz="Europe/Berlin")
        return hours.tz_localize(None).to_numpy("datetime64[ns]")

    autumn = time_account("time", local("2024-10-20", "2024-11-03"))
    assert (autumn.frequency, autumn.doubles, autumn.gaps) == ("h", 1, 0)
    spring = time_account("time", local("2024-03-20", "2024-04-03"))
    assert (spring.frequency, spring.doubles, spring.gaps, spring.missing_rows) == ("h", 0, 1, 1)


def test_gap_doubles_and_clock_change_of_a_meter(real_data: Path) -> None:
    cells = pd.read_csv(real_data.parent / "cases" / "26_gap_double_clock.csv", dtype="str")["time"]
    (reading,) = time_readings(cells.tolist())
    account = time_account("time", reading.stamps)
    assert (account.frequency, account.season, account.rows) == ("h", 24, "unsorted")
    assert (account.doubles, account.gaps, account.missing_rows, account.longest_gap) == (6, 1, 72, 72)
    assert (account.first, account.last) == ("2022-10-25", "2022-11-07T22:00")


@pytest.mark.parametrize("frequency", ["D", "h", "MS", "ME", "B", "W-MON", "7min"])
def test_stamps_that_a_clock_lacks_are_those_of_the_full_one_that_are_not_there(frequency):
    clock = pd.date_range("2024-01-01", periods=40, freq=frequency).to_numpy("datetime64[ns]")
    stamps = np.delete(clock, [3, 4, 17])
    doubled = np.sort(np.concatenate([stamps, stamps[:5], clock[[20]] + np.timedelta64(1, "s")]))
    for some in (stamps, doubled):
        assert lacking_stamps(some, frequency).tolist() == np.setdiff1d(clock, stamps).tolist()


@pytest.mark.parametrize(
    ("days", "known", "frequency", "missing"),
    [
        ([1, 2, 3, 4, 5, 8, 9], "", "B", 0),
        ([1, 2, 3, 4, 5, 8, 9], "D", "D", 2),
        ([1, 8, 15, 22], "D", "D", 18),
        ([1.25, 2.25, 3.25, 4.25], "D", "D", 0),
        ([1, 1.25, 1.5, 1.75, 2], "D", "6h", 0),
        ([1, 2, 3, 4], "us", "D", 0),
    ],
)
def test_the_clock_of_the_training_counts_where_new_rows_fit_it(days, known, frequency, missing):
    start = pd.Timestamp("2023-12-31")  # a Sunday
    frame = pd.DataFrame({"time": [start + pd.Timedelta(days=day) for day in days], "x": np.arange(len(days)) ** 2.0})
    account = frame_table("new", frame, ReadOptions(frequency=known)).account
    assert (account.time.frequency, account.time.missing_rows) == (frequency, missing)
    assert any("in the training they were" in s for s in account.assumed) == (known not in ("", frequency))
