"""Scores of forecasts, recomputed row by row in plain Python."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnstudio.core import forecast_scores as scores

VALUES = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
ROWS = st.lists(st.tuples(st.one_of(VALUES, st.just(math.nan)), VALUES, VALUES, VALUES), min_size=1, max_size=12)


def mean(values):
    return sum(values) / len(values) if values else math.nan


@settings(deadline=None)
@given(ROWS, st.floats(0.1, 100))
def test_scores_are_those_of_their_definitions(rows, scale):
    truth, forecast, a, b = (np.array(column) for column in zip(*rows, strict=True))
    lower, upper = np.minimum(a, b), np.maximum(a, b)
    known = [row for row in zip(truth, forecast, lower, upper, strict=True) if not math.isnan(row[0])]
    errors = [t - f for t, f, _, _ in known]

    def same(ours, expected):
        assert ours == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)

    same(scores.rmse(truth, forecast), math.sqrt(mean([e * e for e in errors])))
    same(scores.mae(truth, forecast), mean([abs(e) for e in errors]))
    same(scores.mase(truth, forecast, scale), mean([abs(e) / scale for e in errors]))
    same(
        scores.smape(truth, forecast),
        mean([0.0 if t == f == 0 else 200 * abs(t - f) / (abs(t) + abs(f)) for t, f, _, _ in known]),
    )
    same(scores.coverage(truth, lower, upper), mean([float(lo <= t <= up) for t, _, lo, up in known]))
    quantiles = {0.1: lower, 0.5: forecast, 0.9: upper}
    pinball = []
    for share, column in ((0.1, 2), (0.5, 1), (0.9, 3)):
        for row in known:
            error = row[0] - row[column]
            pinball.append(share * error if error >= 0 else (share - 1) * error)
    same(scores.crps(truth, quantiles), 2 * mean(pinball))
    size = mean([abs(row[0]) for row in known])
    same(scores.wql(truth, quantiles), 2 * mean(pinball) / size if known and size > 0 else math.nan)


@pytest.mark.parametrize(
    ("values", "period", "error"),
    [
        ([1.0, 2.0, 4.0, 8.0], 2, 4.5),
        ([1.0, 2.0, 4.0, 8.0], 0, 7 / 3),
        ([1.0, 2.0, 4.0], 3, 1.5),  # less than a season and a row: one row
        ([1.0, math.nan, 4.0, 8.0], 1, 4.0),
        ([3.0, 3.0, 3.0], 1, math.nan),
        ([3.0], 1, math.nan),
    ],
)
def test_the_in_sample_error_is_the_mean_change_over_a_season(values, period, error):
    assert scores.in_sample_error(np.array(values), period) == pytest.approx(error, nan_ok=True)
