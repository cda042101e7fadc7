"""The theta method: its formula, and real series beside statsmodels 0.15."""

from __future__ import annotations

import numpy as np
import pytest

from rnnstudio.core.seasonal_indices import seasonal_indices
from rnnstudio.core.theta_method import theta_forecasts
from tests.core.test_exponential_smoothing import STATSMODELS, last_column


@pytest.mark.parametrize(("series", "period"), STATSMODELS)
def test_forecasts_of_real_series_are_as_good_as_those_of_statsmodels(real_data, series, period):
    values = last_column(real_data / "series" / series)
    origins = [len(values) - 12, len(values) - 18]
    truth = np.stack([values[o : o + 12] for o in origins])
    forecasts = theta_forecasts([values[:o] for o in origins], 12, period)
    scale = np.abs(values[period:] - values[:-period]).mean()
    assert np.abs(forecasts - truth).mean() / scale == pytest.approx(STATSMODELS[series, period][1], rel=0.02)


def test_the_forecast_is_exponential_smoothing_with_half_of_the_slope_as_drift():
    """Hyndman and Billah 2003, with the smoothing parameter that has the smallest squared errors."""
    values = np.random.default_rng(0).normal(size=40).cumsum() + 50
    slope = np.polyfit(np.arange(40), values, 1)[0]
    fits = []
    for alpha in np.linspace(0.005, 0.995, 199):
        level, squares = values[0], 0.0
        for value in values:
            squares += (value - level) ** 2
            level += alpha * (value - level)
        fits.append((squares, alpha, level))
    _, alpha, level = min(fits)
    drift = slope / 2 * (np.arange(5) + (1 - (1 - alpha) ** 40) / alpha)
    np.testing.assert_allclose(theta_forecasts([values], 5)[0], level + drift, rtol=1e-9)


@pytest.mark.parametrize("multiplicative", [False, True])
@pytest.mark.parametrize("period", [2, 3, 7])
def test_a_pure_season_has_its_own_indices(period, multiplicative):
    indices = np.random.default_rng(period).uniform(0.5, 2, size=period)
    indices = indices / indices.mean() if multiplicative else indices - indices.mean()
    values = 10 * np.tile(indices, 6) if multiplicative else 10 + np.tile(indices, 6)
    np.testing.assert_allclose(seasonal_indices(values, period, multiplicative=multiplicative), indices, rtol=1e-9)


@pytest.mark.parametrize("history", [[1.0], [1.0, 2.0], [4.0] * 20, [0.0, 0.0, 0.0, 1.0] * 6, [-1.0, 1.0] * 12])
def test_short_constant_and_negative_histories_have_finite_forecasts(history):
    assert np.isfinite(theta_forecasts([np.array(history)], 6, 4)).all()


def test_a_history_has_the_same_forecast_alone_and_beside_others():
    rng = np.random.default_rng(1)
    histories = [rng.normal(size=n).cumsum() + 20 for n in (80, 40, 3, 2, 17)]
    together = theta_forecasts(histories, 4, 7)
    np.testing.assert_allclose(together, np.concatenate([theta_forecasts([h], 4, 7) for h in histories]), rtol=1e-9)
