"""Long lines with a few points per pixel."""

import numpy as np
import pytest

from rnnstudio.gui.charts.downsampling import downsample, downsample_mean


@pytest.mark.parametrize("count", [0, 1, 7, 999, 12_345])
def test_minimum_and_maximum_survive_and_the_mean_has_one_point_per_bin(count):
    values = np.random.default_rng(5).normal(size=count).astype(np.float32)
    indices, extremes = downsample(values, 0, count, 100)
    assert len(extremes) <= 450
    assert (np.diff(indices) >= 0).all()
    if count:
        assert (extremes.min(), extremes.max()) == (values.min(), values.max())
    indices, means = downsample_mean(values, 0, count, 100)
    assert len(indices) == len(means) <= 250
