"""Trials of linear forecasts: their errors, recomputed, and the rows that they read."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnstudio.core.calendar_inputs import calendar_names, calendar_values
from rnnstudio.core.linear_trials import linear_trials


def trend_and_season(length: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    steps = np.arange(length)
    return 50 + 0.2 * steps + 8 * np.sin(2 * np.pi * steps / 12) + rng.standard_normal(length)


def reference_error(values: np.ndarray, rows: int, horizon: int) -> float:
    """Return the error of the best ridge regression of changes, by plain loops and the normal equations."""
    begin = int(len(values) * 0.75)
    unit = values[:begin].std()
    series = values / unit
    fitted, tried = [], []
    for origin in range(rows, len(series) - horizon + 1):
        row = (series[origin - rows : origin][::-1] - series[origin - 1], series[origin : origin + horizon])
        if origin + horizon <= begin:
            fitted.append((*row, series[origin - 1]))
        elif origin >= begin:
            tried.append((*row, series[origin - 1]))
    x, y, last = (np.array([row[i] for row in fitted]) for i in range(3))
    z, truth, end = (np.array([row[i] for row in tried]) for i in range(3))
    scale = np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
    x, z = np.column_stack([x / scale, np.ones(len(x))]), np.column_stack([z / scale, np.ones(len(z))])
    errors = []
    for penalty in 10.0 ** np.arange(-2, 8):
        weights = np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ (y - last[:, None]))
        errors.append(np.sqrt(np.mean((z @ weights + end[:, None] - truth) ** 2)))
    return float(min(errors) / np.sqrt(np.mean((end[:, None] - truth) ** 2)))


@pytest.mark.parametrize(("rows", "horizon"), [(3, 1), (12, 1), (12, 4), (24, 12)])
def test_the_error_is_that_of_a_ridge_regression_relative_to_the_last_value(rows: int, horizon: int) -> None:
    values = trend_and_season(200)
    trial = next(t for t in linear_trials([values], horizon, [rows]) if not t.logarithms)
    assert trial.error == pytest.approx(reference_error(values, rows, horizon), rel=1e-6)


def test_logarithms_are_better_where_the_season_grows_with_the_level() -> None:
    steps = np.arange(240)
    noise = np.random.default_rng(1).standard_normal(240)
    values = np.exp(0.03 * steps + 0.5 * np.sin(2 * np.pi * steps / 12) + 0.02 * noise)
    trials = {trial.logarithms: trial.error for trial in linear_trials([values], 1, [13])}
    assert trials[True] < 0.7 * trials[False]


def test_logarithms_are_not_tried_where_a_value_is_not_above_0() -> None:
    values = trend_and_season(120)
    values[3] = 0.0
    assert [trial.logarithms for trial in linear_trials([values], 1, [6, 12])] == [False, False]


def test_the_calendar_helps_where_the_values_follow_it() -> None:
    rng = np.random.default_rng(3)
    days = np.arange("2024-01-01", "2024-07-01", dtype="datetime64[D]").astype("datetime64[ns]")
    dates = calendar_values(days, calendar_names(days))
    values = 20 + 9 * dates[:, 6] + rng.standard_normal(len(days))  # more on Sundays
    trials = {trial.calendar: trial.error for trial in linear_trials([values], 1, [3], [dates]) if not trial.logarithms}
    assert trials[True] < 0.6 * trials[False]


def test_series_of_other_units_count_alike() -> None:
    one, two = trend_and_season(150, 1), trend_and_season(150, 2)
    together = linear_trials([one, two], 2, [6])
    scaled = linear_trials([one, 1000 * two], 2, [6])
    assert [t.error for t in scaled] == pytest.approx([t.error for t in together], rel=1e-6)


@given(
    length=st.integers(1, 60),
    horizon=st.integers(1, 20),
    missing=st.lists(st.integers(0, 59), max_size=20),
    constant=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_short_constant_and_patchy_series_give_finite_errors_or_none(
    length: int, horizon: int, missing: list[int], constant: bool
) -> None:
    values = np.full(length, 3.0) if constant else trend_and_season(length)
    values[[i for i in missing if i < length]] = np.nan
    trials = linear_trials([values], horizon, [2, 6, 12])
    assert all(np.isfinite(trial.error) and trial.error >= 0 for trial in trials)
    assert not (constant and trials)
