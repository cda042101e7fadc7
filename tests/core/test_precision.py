"""A user's numbers keep their precision until they are scaled; scaled numbers are float32."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.conversion import as_floats
from rnnstudio.core.experiment import compose
from rnnstudio.core.precision import columns_too_close
from rnnstudio.core.ragged import padded
from rnnstudio.core.scaling import Scaler, Scalers
from rnnstudio.core.windows import sliding_windows
from tests.properties import quick

OFFSET = 987_654_321.0
COUNTER = OFFSET + np.cumsum(np.random.default_rng(0).integers(0, 7, 300).astype(np.float64))


@given(st.floats(-1e12, 1e12), st.floats(1e-9, 1), st.integers(4, 200), st.integers(0, 2**32 - 1))
@quick
def test_a_series_with_an_offset_is_scaled_in_double_precision(
    offset: float, spread: float, steps: int, seed: int
) -> None:
    values = offset + np.random.default_rng(seed).normal(0, spread * max(1.0, abs(offset)), (steps, 2))
    series = as_floats(values, "x")
    splits = {"window": 2, "stride": 1, "test_fraction": 0, "val_fraction": 0}
    data = sliding_windows(series, series[:, :1], task="regress", target_offset=1, features=("a", "b"), **splits)
    scalers = Scalers.fit(data, compose("arrays", {"scale": "standard"}).data)
    scaled = scalers.apply(data)
    noise = values - offset
    expected = (noise - noise.mean(axis=0)) / noise.std(axis=0)
    for result, columns in ((scaled.inputs, expected), (scaled.targets, expected[:, :1])):
        assert result.dtype == np.float32
        np.testing.assert_allclose(result[0], columns, rtol=1e-5, atol=1e-4)
    restored = scalers.inputs.invert(scaled.inputs)[0]
    np.testing.assert_allclose(restored, values, rtol=1e-15, atol=2e-5 * values.std())


@pytest.mark.parametrize(
    ("mean", "dtype"), [(OFFSET, np.float64), (-OFFSET, np.float64), (300.0, np.float64), (20.0, np.float32)]
)
def test_predictions_are_float64_where_the_offset_is_large(mean: float, dtype: Any) -> None:
    values = Scaler(np.array([mean, 0.0]), np.array([5.0, 1.0])).invert(np.array([[0.6, 1.0]], np.float32))
    assert values.dtype == dtype
    np.testing.assert_allclose(values, [[mean + 3.0, 1.0]], rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("series", "too_close"),
    [
        (COUNTER, True),
        (COUNTER - COUNTER.mean(), False),
        (np.where(np.arange(300) < 150, COUNTER, COUNTER - OFFSET), True),  # starts again at 0
        (np.arange(20.0) * 64 + 2**29, False),
        (np.full(20, OFFSET), False),
        (np.random.default_rng(0).normal(20, 5, 500), False),
        (np.exp(np.random.default_rng(0).normal(0, 3, 500)), False),
        (np.array([0.1]), False),
    ],
)
def test_differences_that_float32_rounds_are_found(series: Any, too_close: bool) -> None:
    other = np.sin(np.arange(len(series)))
    assert columns_too_close(np.column_stack([other, series])).tolist() == [False, too_close]


def test_sequences_of_two_types_are_padded_in_the_wider_one() -> None:
    values, _ = padded([np.ones((2, 1), np.float32), np.full((1, 1), OFFSET)])
    assert values[:, 0, 0].tolist() == [1.0, OFFSET]
