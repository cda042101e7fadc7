"""Ridge regression of a backtest, recomputed with least squares of augmented rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnstudio.core.ridge_forecasts import fit_ridge
from rnnstudio.core.windows import forecast_windows

PENALTIES = 10.0 ** np.arange(-2, 5)


def augmented(x, y, penalty):
    """Kernel and bias by least squares with a row for each penalised weight."""
    mean_x, mean_y = x.mean(axis=0), y.mean(axis=0)
    rows = np.concatenate([x - mean_x, np.sqrt(penalty) * np.eye(x.shape[1])])
    values = np.concatenate([y - mean_y, np.zeros((x.shape[1], y.shape[1]))])
    kernel = np.linalg.lstsq(rows, values, rcond=None)[0]
    return kernel, mean_y - mean_x @ kernel


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 1000),
    rows=st.integers(25, 60),
    window=st.integers(1, 4),
    steps=st.integers(1, 3),
    features=st.integers(1, 2),
    missing=st.sampled_from([0.0, 0.1]),
    ahead=st.booleans(),
)
def test_penalty_and_forecast_are_those_of_least_squares(seed, rows, window, steps, features, missing, ahead):
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(rows, features)).cumsum(axis=0)
    targets = inputs[:, :1].copy()
    targets[rng.random((rows, 1)) < missing] = np.nan
    names = ("a", "b")[:features]
    ahead = ahead and features == 2
    about = {"missing_targets": True, "features": names, "target_names": ("a",), "known": ("b",) if ahead else ()}
    known = forecast_windows(inputs, targets, window=window, horizon=steps, **about)
    ridge = fit_ridge(known, steps)

    x_mean, x_std = inputs.mean(axis=0), inputs.std(axis=0)
    y_mean, y_std = np.nanmean(targets), np.nanstd(targets)
    ends = np.arange(window, rows - steps + 1)
    scaled = (inputs - x_mean) / x_std

    def read(e):
        return np.concatenate([scaled[e - window : e].ravel(), scaled[e : e + steps, 1] if ahead else []])

    x = np.stack([read(e) for e in ends])
    y = np.stack([(targets[e : e + steps, 0] - y_mean) / y_std for e in ends])
    complete = ~np.isnan(y).any(axis=1)
    x, y, ends = x[complete], y[complete], ends[complete]
    early, late = ends + steps <= np.ceil(0.8 * rows), ends >= np.ceil(0.8 * rows)
    if early.any() and late.any():
        errors = []
        for penalty in PENALTIES:
            kernel, bias = augmented(x[early], y[early], penalty)
            errors.append(((x[late] @ kernel + bias - y[late]) ** 2).mean())
        assert min(errors) == pytest.approx(errors[int(np.flatnonzero(ridge.penalty == PENALTIES)[0])], rel=1e-6)
    kernel, bias = augmented(x, y, ridge.penalty)
    end = rows - steps
    last = read(end)
    forecast = ridge.forecast(known, np.array([end]), np.array([0]))[0, :, 0]
    np.testing.assert_allclose(forecast, (last @ kernel + bias) * y_std + y_mean, rtol=1e-5, atol=1e-6)
