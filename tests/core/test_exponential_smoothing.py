"""ETS: the recursion, the choice of the model, and forecasts of real series beside those of statsmodels 0.15."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnstudio.core.exponential_smoothing import MAX_ROWS, ets_forecasts, most_rows
from rnnstudio.core.smoothing_states import Smoothing, States, continued, smooth

# The mean absolute error of ETS (additive errors, AICc) and of the theta method of statsmodels 0.15, divided by that of
# the seasonal naive forecast in the sample: 12 rows ahead from 12 and 18 rows before the end.
STATSMODELS = {
    ("daily-total-female-births.csv", 7): (0.758, 0.768),
    ("monthly-writing-paper-sales.csv", 12): (2.256, 2.025),
    ("monthly_champagne_sales.csv", 12): (0.724, 0.695),
    ("monthly-mean-temp.csv", 12): (0.519, 0.549),
}


def last_column(file) -> np.ndarray:
    with file.open(encoding="utf-8", newline="") as lines:
        cells = [row[-1] for row in csv.reader(lines) if row]
    values = []
    for cell in cells:
        try:
            values.append(float(cell))
        except ValueError:
            continue
    return np.array(values)


def plainly(values, begin, level, trend, season, alpha, beta, gamma, phi, steps):
    """The model as its publication writes it, for one history and one set of parameters."""
    season, squares = list(season), 0.0
    m = len(season)
    for t in range(begin, len(values)):
        mean = level + phi * trend + season[t % m]
        error = values[t] - mean
        squares += error**2
        level, trend = level + phi * trend + alpha * error, phi * trend + beta * error
        season[t % m] += gamma * error
    ahead = []
    for h in range(1, steps + 1):
        damped = sum(phi**i for i in range(1, h + 1))
        ahead.append(level + damped * trend + season[(len(values) + h - 1) % m])
    return squares, ahead


@settings(deadline=None)
@given(
    seed=st.integers(0, 10_000),
    rows=st.integers(1, 20),
    begin=st.integers(0, 5),
    period=st.integers(1, 4),
    steps=st.integers(1, 6),
)
def test_many_histories_and_candidates_have_the_numbers_of_one(seed, rows, begin, period, steps):
    rng = np.random.default_rng(seed)
    rows += begin
    values = rng.normal(size=(rows, 2, 1))
    begins = np.array([begin, 0])
    shape = (2, 1, 3)
    level, trend = rng.normal(size=(2, 2, 1, 1))
    season = rng.normal(size=(period, 2, 1, 1))
    alpha, beta, gamma, phi = rng.random((4, *shape))
    squares, last = smooth(values, begins, States(level, trend, season), Smoothing(alpha, beta, gamma, phi))
    ahead = continued(last, phi, rows, steps)
    for h in range(2):
        for c in range(3):
            expected, of_steps = plainly(
                values[:, h, 0],
                begins[h],
                level[h, 0, 0],
                trend[h, 0, 0],
                season[:, h, 0, 0],
                *(p[h, 0, c] for p in (alpha, beta, gamma, phi)),
                steps,
            )
            np.testing.assert_allclose(squares[h, 0, c], expected, rtol=1e-9)
            np.testing.assert_allclose(ahead[:, h, 0, c], of_steps, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("series", "period"), STATSMODELS)
def test_forecasts_of_real_series_are_as_good_as_those_of_statsmodels(real_data, series, period):
    values = last_column(real_data / "series" / series)
    origins = [len(values) - 12, len(values) - 18]
    truth = np.stack([values[o : o + 12] for o in origins])
    forecasts = ets_forecasts([values[:o] for o in origins], 12, period)
    scale = np.abs(values[period:] - values[:-period]).mean()
    assert np.abs(forecasts - truth).mean() / scale < 1.15 * STATSMODELS[series, period][0]


def test_a_trend_is_continued_and_noise_is_not():
    line = 5.0 + 2.0 * np.arange(60)
    np.testing.assert_allclose(ets_forecasts([line], 3)[0], [125.0, 127.0, 129.0], rtol=1e-3)
    noise = np.random.default_rng(0).normal(size=400)
    assert np.abs(ets_forecasts([noise], 50)).max() < 0.3


def test_a_season_that_grows_with_the_level_is_multiplied():
    months = np.arange(120)
    growing = np.exp(0.01 * months) * (10 + 3 * np.sin(months * np.pi / 6))
    truth = np.exp(0.01 * np.arange(120, 132)) * (10 + 3 * np.sin(np.arange(120, 132) * np.pi / 6))
    np.testing.assert_allclose(ets_forecasts([growing], 12, 12)[0], truth, rtol=0.05)


def test_a_history_has_the_same_forecast_alone_and_beside_others():
    rng = np.random.default_rng(1)
    histories = [rng.normal(size=n).cumsum() for n in (80, 40, 3, 17)]
    together = ets_forecasts(histories, 4, 7)
    alone = np.concatenate([ets_forecasts([history], 4, 7) for history in histories])
    np.testing.assert_allclose(together, alone, rtol=1e-9)


@pytest.mark.parametrize("history", [[5.0], [5.0, 6.0, 7.0], [3.0] * 30, [0.0] * 8, [1e12, 1e12 + 1] * 9, [-1e-9] * 9])
def test_short_and_constant_histories_have_finite_forecasts(history):
    forecasts = ets_forecasts([np.array(history)], 5, 4)
    assert np.isfinite(forecasts).all()
    if len(set(history)) == 1:
        np.testing.assert_allclose(forecasts[0], history[0], rtol=1e-6)


def test_a_long_history_is_read_from_its_last_rows():
    rng = np.random.default_rng(2)
    end = rng.normal(size=MAX_ROWS)
    forecasts = ets_forecasts([end, np.concatenate([rng.normal(size=500) + 100, end])], 3, 7)
    np.testing.assert_allclose(forecasts[0], forecasts[1])
    assert most_rows(2, 336) == 3360
