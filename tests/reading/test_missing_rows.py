"""Rows that the clock of a series lacks become rows without values, which the rule for missing values fills."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.reading.series.missing_rows import with_missing_rows
from rnnstudio.reading.value_columns import frame_table
from tests.library.own_data import load
from tests.properties import quick

LENGTH = 60


@given(
    st.sampled_from(["h", "15min", "D", "MS", "ME", "W-WED"]),
    st.sets(st.integers(1, LENGTH - 2), max_size=12),
    st.randoms(),
)
@quick
def test_every_time_of_the_clock_has_a_row(frequency, lacking, random):
    clock = pd.date_range("2024-01-31", periods=LENGTH, freq=frequency)
    frame = pd.DataFrame({"when": clock, "a": np.arange(LENGTH) * 1.5, "what": [f"w{i}" for i in range(LENGTH)]})
    kept = frame.drop(index=sorted(lacking)).sample(frac=1, random_state=random.randrange(100))
    table = with_missing_rows(frame_table("x", kept))
    np.testing.assert_array_equal(table.times, clock.to_numpy())
    expected = frame["a"].where(~frame.index.isin(lacking))
    np.testing.assert_array_equal(table.values(["a"], "past")[:, 0], expected)
    assert table.texts("what").tolist() == ["" if i in lacking else f"w{i}" for i in range(LENGTH)]


@pytest.fixture
def gappy(tmp_path):
    days = pd.date_range("2024-01-01", periods=80, freq="D")
    frame = pd.DataFrame({"day": days, "a": np.arange(80) % 7 + 1.0}).drop(index=[20, 21, 40])
    file = tmp_path / "days.csv"
    frame.to_csv(file, index=False)
    return file


def test_a_forecast_fills_missing_rows_from_the_past_and_counts_no_error_there(gappy):
    data = load(gappy, window=6)
    expected = np.arange(80) % 7 + 1.0
    expected[[20, 21]], expected[40] = expected[19], expected[39]
    np.testing.assert_array_equal(data.inputs[0, :, 0], expected)
    assert np.flatnonzero(np.isnat(data.times[0])).size == 0
    assert np.flatnonzero(np.isnan(data.targets[0, :, 0])).tolist() == [20, 21, 40]


def test_rows_can_stay_missing_be_refused_or_be_too_many(gappy):
    assert load(gappy, window=6, missing="drop").inputs.shape[1] == 77
    with pytest.raises(DataError, match="after row 21, column 'a'"):
        load(gappy, window=6, missing="error")
    with pytest.raises(SettingError, match=r"2 steps in a row, from after row 21, column 'a' on.*Set max_gap to 2"):
        load(gappy, window=6, max_gap=1)
