"""The exponential moving average."""

import numpy as np
import pytest

from rnnstudio.gui.charts.smoothing import Smoother


def moving_average(values: np.ndarray, factor: float) -> np.ndarray:
    averages, total, weight = [], 0.0, 0.0
    for value in values.astype(float):
        total, weight = factor * total, factor * weight
        if np.isfinite(value):
            total, weight = total + value, weight + 1
        averages.append(total / weight if np.isfinite(value) else np.nan)
    return np.array(averages)


@pytest.mark.parametrize("factor", [0.0, 0.3, 0.9, 0.99])
def test_the_average_equals_a_loop_over_all_values_whatever_the_chunks(factor):
    values = np.random.default_rng(3).lognormal(0, 1, 3000).astype(np.float32)
    values[[0, 5, 700]] = np.nan, np.nan, np.inf
    smoother = Smoother(factor)
    for end in (1, 2, 2, 50, 51, 1500, 3000):
        averages = smoother.extend(values[:end])
    np.testing.assert_allclose(averages, moving_average(values, factor), rtol=1e-6)


def test_without_smoothing_the_values_stay():
    values = np.array([1, 5, 2], np.float32)
    assert Smoother(0.0).extend(values).tolist() == [1, 5, 2]
