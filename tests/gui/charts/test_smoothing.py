"""The exponential moving average."""

from unittest.mock import patch

import numpy as np
import pytest

from rnnstudio.gui.charts.growing_blocks import GrowingBlocks
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
@pytest.mark.parametrize(("most", "size"), [(8, 512), (1000, 64)])
def test_each_part_equals_a_loop_over_all_values_whatever_the_chunks(factor, most, size):
    values = np.random.default_rng(3).lognormal(0, 1, 3000).astype(np.float32)
    values[[0, 5, 700]] = np.nan, np.nan, np.inf
    with patch.object(GrowingBlocks, "most", most):
        smoother = Smoother(factor)
    for end in (1, 2, 2, 50, 51, 64, 1024, 1500, 2049, 3000):
        smoother.extend(values[:end])
    expected = moving_average(values, factor)
    assert len(smoother) == 3000
    for part in (slice(None), slice(0, 1), slice(1023, 1024), slice(1024, 2050), slice(2999, 3000), slice(70, 70)):
        np.testing.assert_allclose(smoother[part], expected[part], rtol=1e-6)
    assert smoother.blocks.size == size
    means = expected[: 3000 // size * size].reshape(-1, size).mean(axis=1)
    np.testing.assert_allclose(smoother.blocks.values[:, 0], means, rtol=1e-6)


def test_a_long_column_is_averaged_in_several_calls():
    values = np.random.default_rng(4).normal(size=200_000).astype(np.float32)
    smoother = Smoother(0.9)
    smoother.extend(values)
    expected = moving_average(values, 0.9)
    np.testing.assert_allclose(smoother[150_000:], expected[150_000:], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(
        smoother.blocks.values[:, 0], expected.reshape(-1, 64).mean(axis=1), rtol=1e-4, atol=1e-6
    )


def test_without_smoothing_the_values_stay():
    values = np.array([1, 5, 2], np.float32)
    smoother = Smoother(0.0)
    smoother.extend(values)
    assert smoother[:].tolist() == [1, 5, 2]
