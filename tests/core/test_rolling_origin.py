"""Where the origins of a backtest lie, and what is known at one of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnstudio.core.errors import SettingError
from rnnstudio.core.origin_data import at_origins, before_origin, layout_of, settings_before
from rnnstudio.core.rolling_origin import MAX_ORIGINS, rolling_origins
from rnnstudio.core.series_windows import OneSeries, Windowing, windows_of_series
from rnnstudio.core.windows import forecast_windows
from rnnstudio.library.datasets.arrays import ArraySettings


@settings(deadline=None)
@given(
    rows=st.integers(40, 300),
    window=st.integers(1, 12),
    horizon=st.integers(1, 6),
    test=st.floats(0.1, 0.5),
    steps=st.integers(1, 8),
)
def test_without_numbers_the_origins_are_spread_over_the_test_set(rows, window, horizon, test, steps):
    data = forecast_windows(
        np.zeros((rows, 1)), window=window, horizon=min(horizon, int(rows * test)), test_fraction=test
    )
    needed = max(steps, data.target_steps)
    begin = int(data.set_begins[0, 1])
    origins = rolling_origins(data, steps, needed)
    ends = origins.ends[:, 0]
    assert (np.diff(ends) == origins.every).all()
    assert origins.every >= steps
    assert len(ends) <= MAX_ORIGINS
    assert ends[-1] == rows - needed
    if rows - begin >= needed:
        assert ends[0] >= begin
        assert ends[0] - origins.every < begin or len(ends) == MAX_ORIGINS or origins.every > steps
    assert origins.is_forecast.all()


@settings(deadline=None)
@given(rows=st.integers(30, 90), origins=st.integers(1, 40), every=st.integers(1, 9), steps=st.integers(1, 9))
def test_given_numbers_are_kept_or_refused_with_the_largest_number_that_fits(rows, origins, every, steps):
    data = forecast_windows(np.zeros((rows, 1)), window=5, horizon=2, test_fraction=0.2)
    first = rows - max(steps, 2) - (origins - 1) * every
    if first >= 7:
        ends = rolling_origins(data, steps, max(steps, 2), origins, every).ends[:, 0]
        assert ends.tolist() == list(range(first, rows - max(steps, 2) + 1, every))
        return
    with pytest.raises(SettingError, match="origins") as refused:
        rolling_origins(data, steps, max(steps, 2), origins, every)
    most = (rows - max(steps, 2) - 7) // every + 1
    assert f"at most {most} origins" in str(refused.value)
    assert rolling_origins(data, steps, max(steps, 2), most, every).count == most


def several(lengths, begins, *, with_times):
    stamps = np.datetime64("2024-01-01", "ns") + np.arange(500) * np.timedelta64(1, "D")
    series = [
        OneSeries(f"s{n}", np.arange(b, b + m, dtype=float)[:, None], times=stamps[b : b + m] if with_times else None)
        for n, (m, b) in enumerate(zip(lengths, begins, strict=True))
    ]
    windowing = Windowing(3, 1, 1, 3, 2, 0.2, 0.0, with_times, "reach_back")
    return windows_of_series(series, windowing, "shop", task="forecast", autoregressive=True)[0]


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.lists(st.tuples(st.integers(20, 60), st.integers(0, 15)), min_size=2, max_size=4),
    origins=st.integers(1, 3),
)
def test_series_with_stamps_have_common_origins_and_others_their_own_ends(sizes, origins):
    lengths, begins = zip(*sizes, strict=True)
    last = max(m + b for m, b in sizes)
    try:
        data = several(lengths, begins, with_times=True)
    except SettingError:
        return  # no test set
    chosen = rolling_origins(data, 2, 2, origins, 2)
    for k in range(origins):
        day = last - 2 - 2 * (origins - 1 - k)
        for n, name in enumerate(data.series):
            m, b = sizes[int(name[1:])]
            assert chosen.ends[k, n] == np.clip(day - b, 0, m)
            fits = day - b >= 5 and b + m - day >= 2
            assert chosen.is_forecast[k, n] == fits
    data = several(lengths, [0] * len(lengths), with_times=False)
    ends = rolling_origins(data, 2, 2, origins, 2).ends
    for n, length in enumerate(data.lengths):
        assert ends[:, n].tolist() == [length - 2 - 2 * (origins - 1 - k) for k in range(origins)]


@settings(deadline=None)
@given(
    seed=st.integers(0, 100),
    rows=st.integers(40, 90),
    end=st.integers(30, 38),
    val=st.sampled_from([0.0, 0.2]),
    context=st.sampled_from(["inside", "reach_back"]),
)
def test_the_rows_before_an_origin_are_those_of_a_shorter_series(seed, rows, end, val, context):
    """What a training sees before an origin is what it would see had the series ended there."""
    series = np.random.default_rng(seed).normal(size=(rows, 1)).cumsum(axis=0)
    about = {"window": 4, "horizon": 2, "stride": 2, "test_context": context}
    whole = forecast_windows(series, test_fraction=0.25, val_fraction=val * 0.75, **about)
    chosen = ArraySettings(task="forecast", test_fraction=0.25, val_fraction=val * 0.75, **about)
    known = before_origin(whole, settings_before(chosen, is_automatic=False), np.array([end]))
    alone = forecast_windows(series[:end], val_fraction=val, **about)
    assert known.inputs.shape == (1, end, 1)
    for split in ("train", "val", "test"):
        ours, expected = getattr(known, split), getattr(alone, split)
        np.testing.assert_array_equal(known.window_inputs(ours), alone.window_inputs(expected))
        np.testing.assert_array_equal(known.window_targets(ours), alone.window_targets(expected))


def test_the_season_is_that_of_the_rows_before_the_origin():
    time = np.arange(400)
    series = np.where(time < 200, np.sin(time * 2 * np.pi / 7), np.sin(time * 2 * np.pi / 11))[:, None]
    whole = forecast_windows(series, window=4, horizon=1, test_fraction=0.25)
    chosen = ArraySettings(task="forecast", window=4)
    assert before_origin(whole, chosen, np.array([200])).period == 7
    given_period = ArraySettings(task="forecast", window=4, period=5)
    assert before_origin(whole, given_period, np.array([200])).period == 5


def test_a_window_of_an_origin_ends_with_the_row_before_it():
    whole = forecast_windows(np.arange(40.0)[:, None], window=3, horizon=2, test_fraction=0.25)
    chosen = ArraySettings(task="forecast", window=2, horizon=2)
    ends = np.array([[20], [30]])
    windows = at_origins(whole, layout_of(whole, chosen), ends, np.ones((2, 1), bool))
    assert windows.window_inputs(windows.test)[..., 0].tolist() == [[18, 19], [28, 29]]
    assert windows.window_targets(windows.test)[..., 0].tolist() == [[20, 21], [30, 31]]
