"""Stamps of samples continue with their frequency, and are written as people read them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import DataError
from rnnstudio.core.times import iso_texts, resolution_of, time_text, times_after, times_at, times_before
from rnnstudio.core.windows import forecast_windows

FREQUENCIES = ["YS", "QS", "MS", "ME", "W-SUN", "D", "B", "h", "15min", "s", "100ms"]
_TEXTS = {
    "YS": "2024",
    "QS": "Q1 2024",
    "MS": "Jan 2024",
    "ME": "Jan 2024",
    "W-SUN": "2024-01-07",
    "D": "2024-01-01",
    "B": "2024-01-01",
    "h": "2024-01-01 00:00",
    "15min": "2024-01-01 00:00",
    "s": "2024-01-01 00:00:00",
    "100ms": "2024-01-01 00:00:00.000",
}


@given(st.sampled_from(FREQUENCIES), st.integers(1, 40), st.integers(1, 40), st.integers(0, 1000))
def test_stamps_after_the_end_are_those_of_a_longer_series(frequency: str, known: int, beyond: int, first: int) -> None:
    whole = pd.date_range("2024-01-01", periods=known + beyond, freq=frequency).to_numpy("datetime64[ns]")
    positions = first + np.arange(known + beyond)
    assert (times_at(whole[:known], first, positions, frequency) == whole).all()
    assert (times_after(whole[known - 1], beyond, frequency) == whole[known:]).all()
    assert (times_before(whole[-1], known, frequency) == whole[beyond:]).all()


def test_unknown_stamps_are_missing() -> None:
    days = pd.date_range("2024-01-01", periods=3, freq="D").to_numpy("datetime64[ns]")
    assert np.isnat(times_at(days, 10, np.array([9, 10, 13]), "")).tolist() == [True, False, True]
    assert np.isnat(times_after(np.datetime64("2260-01-01", "ns"), 9, "YS")).all(), "beyond the last stamp of pandas"
    assert np.isnat(times_after(np.datetime64("NaT", "ns"), 2, "D")).all()


@pytest.mark.parametrize("frequency", FREQUENCIES)
def test_stamps_are_written_with_the_units_of_their_frequency(frequency: str) -> None:
    stamps = pd.date_range("2024-01-01", periods=30, freq=frequency).to_numpy("datetime64[ns]")
    assert time_text(stamps[0], resolution_of(stamps, frequency)) == _TEXTS[frequency]
    assert time_text(np.datetime64("NaT", "ns"), resolution_of(stamps, frequency)) == ""
    assert (pd.to_datetime(iso_texts(stamps), format="ISO8601").to_numpy() == stamps).all()


def test_data_refuse_stamps_of_another_shape_or_type() -> None:
    data = forecast_windows(np.zeros((8, 1), np.float32), window=2, horizon=1)
    days = pd.date_range("2024-01-01", periods=8).to_numpy("datetime64[ns]")[None]
    assert DataInfo.of(replace(data, times=days, frequency="D")).last_time.startswith("2024-01-08")
    assert DataInfo.of(data).last_time == ""
    for times in (days[0], days[:, 1:], days.astype("datetime64[D]"), days.astype(np.int64)):
        with pytest.raises(DataError, match=r"times must hold a datetime64\[ns\] stamp for each sample, shape .1, 8."):
            replace(data, times=times)
