"""Bounds of bands: in original units around the prediction, the bands of lower levels inside those of higher ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.bands import (
    band_bounds,
    band_errors,
    calibration_arrays,
    calibration_of,
    calibration_of_arrays,
    margins_at_end,
    mean_calibration,
)
from rnnstudio.core.calibration_windows import with_calibration
from rnnstudio.core.scaling import Scaler
from rnnstudio.core.windows import forecast_windows
from tests import reference_bands as reference

LEVELS = (80, 95)
SCALERS = {
    "none": Scaler(np.zeros(2), np.ones(2)),
    "standard": Scaler(np.array([5.0, -2.0]), np.array([2.0, 0.5])),
    "log": Scaler(np.array([1.0, 0.0]), np.array([0.5, 2.0]), np.array([0.1, 0.1])),
    "each": Scaler(np.array([[1.0, 0.0], [9.0, 3.0]]), np.array([[1.0, 2.0], [3.0, 4.0]])),
    "each log": Scaler(np.zeros((2, 2)), np.array([[1.0, 2.0], [3.0, 4.0]]), np.full((2, 2), 0.1)),
}


def deviations(value: float, scaler: Scaler, series: int, column: int) -> float:
    """Return a value in standard deviations, or its logarithm."""
    own = scaler.of_series(series)
    value = np.log(value) if own.smallest is not None else value
    return float(value / own.scale[column])


@pytest.mark.parametrize("name", SCALERS)
def test_errors_are_differences_in_standard_deviations(name):
    rng, scaler = np.random.default_rng(0), SCALERS[name]
    truth, values = rng.uniform(1, 20, (6, 3, 2)), rng.uniform(1, 20, (6, 3, 1, 2))
    series = np.array([0, 0, 0, 1, 1, 1])
    errors = band_errors(truth, values, scaler, series, LEVELS)
    for n, h, d in np.ndindex(truth.shape):
        both = [deviations(v, scaler, int(series[n]), d) for v in (truth[n, h, d], values[n, h, 0, d])]
        assert errors[n, h, 0, d] == pytest.approx(abs(both[0] - both[1]))


@pytest.mark.parametrize("name", SCALERS)
@given(data=st.data())
def test_bounds_hold_the_prediction_and_are_nested(name, data):
    rng, scaler = np.random.default_rng(data.draw(st.integers(0, 1000))), SCALERS[name]
    values, series = rng.uniform(0.01, 20, (6, 3, 1, 2)), np.array([0, 0, 0, 1, 1, 1])
    margins = rng.uniform(0, 3, (6, 3, 2, 2))
    margins[0, 0, 1] = np.nan
    lower, upper = band_bounds(values, margins, scaler, series)
    inside = ~np.isnan(lower)
    assert (np.isnan(lower) == np.isnan(margins)).all()
    assert (lower <= values)[inside].all()
    assert (upper >= values)[inside].all()
    pairs = inside.all(axis=2)
    assert (lower[:, :, 1] <= lower[:, :, 0])[pairs].all()
    assert (upper[:, :, 1] >= upper[:, :, 0])[pairs].all()
    own = scaler.of_series(1)
    middle, margin, scale = values[5, 2, 0, 1], margins[5, 2, 0, 1], own.scale[1]
    expected = middle + margin * scale if own.smallest is None else max(middle, 0.1) * np.exp(margin * scale)
    assert upper[5, 2, 0, 1] == pytest.approx(max(expected, middle))


def test_errors_of_quantiles_are_how_far_the_truth_lies_outside_them():
    quantiles = np.array([1.0, 2.0, 5.0, 8.0, 9.0]).reshape(1, 1, 5, 1)  # of levels 95 and 80, with the median
    scaler = Scaler(np.zeros(1), np.ones(1))
    for truth, expected in ((5.0, [-3.0, -4.0]), (8.5, [0.5, -0.5]), (0.0, [2.0, 1.0])):
        errors = band_errors(np.full((1, 1, 1), truth), quantiles, scaler, np.zeros(1, int), LEVELS)
        assert errors.ravel().tolist() == expected
    lower, upper = band_bounds(quantiles, np.array([0.5, -0.5]).reshape(1, 1, 2, 1), scaler, np.zeros(1, int))
    assert (lower.ravel().tolist(), upper.ravel().tolist()) == ([1.5, 1.5], [8.5, 8.5])


def test_a_series_with_few_errors_is_calibrated_by_those_of_all():
    rng = np.random.default_rng(3)
    truth, series = rng.normal(size=(80, 1, 1)), np.repeat([0, 1], [60, 20])
    calibration = calibration_of(LEVELS, truth, np.zeros((80, 1, 1, 1)), series)
    margins = margins_at_end(calibration, Scaler(np.zeros(1), np.ones(1)), 3)
    errors = np.abs(truth).ravel().tolist()
    for n, own in enumerate((errors[:60], errors, errors)):
        expected = [reference.margin(own, 1 - level / 100, level) for level in LEVELS]
        np.testing.assert_allclose(margins[n, 0, :, 0], expected)


def test_a_calibration_is_read_as_it_was_written():
    calibration = calibration_of(LEVELS, np.ones((3, 2, 1)), np.ones((3, 2, 1, 1)), np.zeros(3, int), origins=2)
    again = calibration_of_arrays(calibration_arrays(calibration))
    assert vars(again).keys() == vars(calibration).keys()
    for name, value in vars(calibration).items():
        np.testing.assert_array_equal(getattr(again, name), value)


def test_the_calibration_of_a_mean_is_that_of_the_mean_prediction():
    each = [calibration_of(LEVELS, np.ones((3, 1, 1)), np.full((3, 1, 1, 1), v), np.zeros(3, int)) for v in (1.0, 4.0)]
    mean = mean_calibration(each)
    assert mean is not None
    assert mean.values.ravel().tolist() == [2.5] * 3
    assert mean_calibration([each[0], None]) is None
    other = calibration_of(LEVELS, np.zeros((3, 1, 1)), np.ones((3, 1, 1, 1)), np.zeros(3, int))
    assert mean_calibration([each[0], other]) is None


@given(st.integers(300, 900), st.integers(1, 20), st.integers(1, 3), st.sampled_from(["reach_back", "inside"]))
def test_windows_that_calibrate_share_no_target_with_those_that_choose_the_weights(rows, horizon, stride, context):
    data = forecast_windows(
        np.zeros((rows, 1)), window=5, horizon=horizon, stride=stride, val_fraction=0.5, test_fraction=0.2,
        test_context=context,
    )  # fmt: skip
    parts = with_calibration(data, [80])
    if not len(parts.calibration):
        assert parts is data
        assert len(data.val) <= 202 + 2 * horizon
        return
    sets = [set(parts.target_positions(windows).ravel().tolist()) for windows in (parts.val, parts.calibration)]
    assert not sets[0] & sets[1]
    assert max(sets[0]) < min(sets[1])
    assert min(len(parts.val), len(parts.calibration)) >= 100
    np.testing.assert_array_equal(parts.test, data.test)
    np.testing.assert_array_equal(parts.train, data.train)
    assert with_calibration(data, []) is data
