"""The simple baselines of a backtest are those of a run's report, recomputed from another description of the data."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnstudio.core.baselines import value_baselines
from rnnstudio.core.simple_forecasts import history_of, simple_forecasts
from rnnstudio.core.windows import forecast_windows


@settings(deadline=None)
@given(
    seed=st.integers(0, 10_000),
    rows=st.integers(30, 60),
    steps=st.integers(1, 8),
    period=st.integers(2, 9),
    missing=st.floats(0, 0.5),
)
def test_the_simple_methods_are_the_baselines_of_a_run(seed, rows, steps, period, missing):
    rng = np.random.default_rng(seed)
    targets = rng.normal(size=(rows, 1)).cumsum(axis=0)
    targets[rng.random((rows, 1)) < missing] = np.nan
    targets[0] = 1.0  # what precedes the first value is another matter
    data = forecast_windows(
        np.zeros((rows, 1)), targets, window=3, horizon=steps, test_fraction=0.4, period=period, missing_targets=True
    )
    predictors = value_baselines(data, data.test)
    ends = data.starts[data.test] + 3
    histories = [history_of(targets[:end, 0]) for end in ends]
    for name in ("last_value", "seasonal_last_value", "drift"):
        expected = np.broadcast_to(predictors[name](data.test), (len(ends), steps, 1))[..., 0]
        if name == "seasonal_last_value":  # the report repeats the last value known before a missing one
            complete = np.array([len(h) == end for h, end in zip(histories, ends, strict=True)])
            assert complete.all()
        np.testing.assert_allclose(simple_forecasts(name, histories, steps, period), expected, rtol=1e-6)


def test_a_history_without_a_value_has_no_forecast():
    forecasts = simple_forecasts("drift", [np.empty(0), np.array([1.0, 2.0])], 2, 0)
    np.testing.assert_array_equal(forecasts, [[np.nan, np.nan], [3.0, 4.0]])


def test_a_history_shorter_than_a_season_repeats_its_last_value():
    forecasts = simple_forecasts("seasonal_last_value", [np.array([1.0, 2.0]), np.arange(5.0)], 4, 3)
    np.testing.assert_array_equal(forecasts, [[2, 2, 2, 2], [2, 3, 4, 2]])
