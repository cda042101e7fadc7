"""Ticks at round dates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.gui.charts.time_scale import TimeScale

FREQUENCIES = ["YS", "QS", "MS", "ME", "W-SUN", "D", "B", "h", "15min", "s", "100ms"]
PERIODS = ["Y", "Q", "M", "D", "h", "min", "s", "ms"]


def scale_of(frequency: str, count: int, begin: str = "2021-03-09", beyond: int = 0) -> TimeScale:
    stamps = pd.date_range(begin, periods=count, freq=frequency).to_numpy("datetime64[ns]")
    scale = TimeScale.of(stamps, 100, 100 + count + beyond, frequency)
    assert scale is not None
    return scale


@given(st.sampled_from(FREQUENCIES), st.integers(2, 600), st.floats(0, 1), st.floats(0.02, 1), st.integers(2, 12))
def test_ticks_are_few_and_stand_at_the_first_position_of_their_date(frequency, count, begin, share, fitting):
    scale = scale_of(frequency, count, beyond=5)
    low = 100 + begin * count
    high = low + share * count
    ticks = scale.ticks(low, high, lambda text: fitting)
    assert len(ticks) <= fitting + 1
    stamps = pd.DatetimeIndex(scale.times)
    for position, text in ticks.items():
        assert low <= position <= high
        index = int(position) - 100
        stamp = stamps[index]
        forms = {
            scale.text(int(position)),
            f"{stamp:%Y}",
            f"{stamp:%b %Y}",
            f"{stamp:%Y-%m-%d}",
            f"{stamp:%H:%M}",
            f"{stamp:%Y-%m-%d %H:%M}",
            f"{stamp:%H:%M:%S}",
            f"{stamp:%Y-%m-%d %H:%M:%S}",
            str(stamp)[11:23],
        }
        assert text in forms
        if index and len(ticks) > 1 and int(position) != np.ceil(low):  # else its date began before the view
            before = stamps[index - 1]
            assert any(stamp.to_period(unit) != before.to_period(unit) for unit in PERIODS)
            if text == f"{stamp:%Y}":
                assert stamp.year != before.year
            elif text == f"{stamp:%b %Y}":
                assert (stamp.year, stamp.month) != (before.year, before.month)


@pytest.mark.parametrize(
    ("frequency", "count", "texts"),
    [
        ("MS", 40, ["Jul 2021", "Jan 2022", "Jul 2022", "Jan 2023", "Jul 2023", "Jan 2024", "Jul 2024"]),
        ("h", 40, ["2021-03-09", "06:00", "12:00", "18:00", "2021-03-10", "06:00", "12:00"]),
        ("B", 25, ["2021-03-15", "2021-03-22", "2021-03-29", "2021-04-05", "2021-04-12"]),
        ("D", 900, ["Jul 2021", "Jan 2022", "Jul 2022", "Jan 2023", "Jul 2023"]),
    ],
)
def test_the_dates_are_round(frequency, count, texts):
    ticks = scale_of(frequency, count).ticks(100, 99 + count, lambda text: 8)
    assert list(ticks.values()) == texts


def test_a_day_that_the_data_lack_has_no_tick_of_its_own():
    hours = pd.date_range("2022-10-25", periods=240, freq="h")
    with_gap = hours[(hours < "2022-10-27 12:00") | (hours >= "2022-10-30 12:00")].to_numpy("datetime64[ns]")
    scale = TimeScale.of(with_gap, 0, len(with_gap), "")
    ticks = scale.ticks(0, len(with_gap) - 1, lambda text: 20)
    days = [text for text in ticks.values() if len(text) == 10]
    assert "2022-10-28" not in days
    assert {"2022-10-25", "2022-10-27", "2022-10-31"} <= set(days)
    assert all(scale.text(int(x)).startswith(text) for x, text in ticks.items() if len(text) == 10)


def test_unknown_and_unordered_dates_give_no_scale():
    stamps = pd.date_range("2021", periods=5).to_numpy("datetime64[ns]")
    missing = stamps.copy()
    missing[2] = np.datetime64("NaT")
    for times in (None, stamps[:0], stamps[::-1], missing):
        assert TimeScale.of(times, 0, 5, "D") is None
    assert scale_of("D", 5).text(99) == ""
    assert scale_of("D", 5).text(105) == ""
