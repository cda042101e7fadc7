"""Long lines with a few points per pixel."""

import numpy as np
import pytest

from rnnstudio.gui.charts.downsampling import Blocks, block_extremes, downsample, downsample_mean


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


@pytest.mark.parametrize("part", [(0, 300_000), (12_345, 250_001), (63, 65), (100_000, 100_500), (0, 0)])
@pytest.mark.parametrize("columns", [64, 100, 900])
def test_a_line_with_known_extremes_of_its_blocks_is_drawn_as_without(part, columns):
    values = np.random.default_rng(5).normal(size=300_000)
    values[10_000:20_000] = np.nan
    values[::7] = np.nan
    plain, fast = (downsample(values, *part, columns, known) for known in (None, block_extremes(values)))
    for expected, found in zip(plain, fast, strict=True):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("part", [(0, 300_000), (12_345, 250_001), (63, 65), (100_000, 100_500)])
@pytest.mark.parametrize("columns", [64, 900])
def test_a_mean_line_with_known_means_of_its_blocks_is_drawn_as_without(part, columns):
    values = np.random.default_rng(5).normal(size=300_000)
    values[10_000] = np.nan
    blocks = Blocks(64, values[: 300_000 // 64 * 64].reshape(-1, 64).mean(axis=1, keepdims=True))
    plain, fast = (downsample_mean(values, *part, columns, known) for known in (None, blocks))
    np.testing.assert_array_equal(fast[0], plain[0])
    np.testing.assert_allclose(fast[1], plain[1], rtol=1e-9, atol=1e-12)
