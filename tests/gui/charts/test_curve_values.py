"""The values of training curves, compared with what NumPy computes from all of them at once."""

import math
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnstudio.core.history import History
from rnnstudio.gui.charts.curve_values import CurveValues
from rnnstudio.gui.charts.downsampling import extremes
from rnnstudio.gui.charts.growing_blocks import GrowingBlocks

_SPECIAL = (np.nan, np.inf, -np.inf, 0.0, -2.0, 1e-30, 1e30)


def column(seed: int, size: int, special: int) -> np.ndarray:
    """Values of which some are special."""
    rng = np.random.default_rng(seed)
    values = rng.lognormal(0, 2, size).astype(np.float32)
    if size:
        values[rng.integers(0, size, special)] = rng.choice(_SPECIAL, special)
    return values


@settings(deadline=None)
@given(
    st.integers(0, 10_000), st.integers(0, 400), st.integers(0, 30), st.lists(st.integers(0, 400)), st.booleans(),
    st.floats(-50, 450), st.floats(0, 400), st.floats(-5, 5), st.floats(0, 8), st.sampled_from([2, 4, 1024]),
)  # fmt: skip
def test_values_that_come_in_pieces_are_counted_and_drawn_as_all_at_once(
    seed, size, special, ends, log, left, width, low, height, most
):
    raw = column(seed, size, special)
    with patch.object(GrowingBlocks, "most", most):
        values = CurveValues(log=log, smoothing=0.9)
    for end in [*sorted(min(end, size) for end in ends), size]:
        values.extend(History(), raw[:end], ())
    drawable = np.isfinite(raw) & ((raw > 0) | (not log))
    line = np.where(drawable, raw, np.nan)
    np.testing.assert_array_equal(values[0:size], line)
    block, blocks = values.blocks
    assert len(blocks) < most
    assert len(blocks) == size // block
    np.testing.assert_array_equal(blocks, extremes(line[: size // block * block].reshape(-1, block)))
    assert values.not_finite == np.flatnonzero(~np.isfinite(raw)).tolist()
    expected = (float(raw[drawable].min()), float(raw[drawable].max())) if drawable.any() else (0.0, 1.0)
    if log and drawable.any():
        expected = (math.log10(expected[0]), math.log10(expected[1]))
    assert values.extent(np.empty(0)) == pytest.approx(expected)

    view = ((left, left + width), (low, low + height))
    index = np.arange(size)
    bottom, top = (10.0**low, 10.0 ** (low + height)) if log else (low, low + height)
    inside = (index >= left) & (index <= left + width)
    outside = np.isfinite(raw) & ((raw < bottom) | (raw > top))
    assert values.count_outside(view) == np.count_nonzero(inside & outside)
