"""Comparisons that say what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

EXACT = 1e-6
LOOSE = 5e-5  # of scaled units, which are computed in float32 and recomputed from original units
ROUNDING = 2e-5  # of float32, through the steps of a network in batches of other sizes


def equal(what: str, received: Any, expected: Any, tolerance: float = EXACT) -> None:
    """Compare two numbers."""
    both_missing = pd.isna(received) and pd.isna(expected)
    is_close = both_missing or np.isclose(received, expected, rtol=tolerance, atol=1e-9)
    assert is_close, f"{what}: the run has {received!r}, recomputed {expected!r}"


def rows_equal(what: str, reported: pd.DataFrame, expected: Sequence[dict[str, Any]]) -> None:
    """Compare the rows of a table of a run with what they should hold."""
    assert len(reported) == len(expected), f"{what}: {len(reported)} rows, expected {len(expected)}"
    for row, own in zip(reported.to_dict("records"), expected, strict=True):
        for column, value in own.items():
            equal(f"{what}: {column} in {own}", row[column], value)


def arrays_equal(what: str, received: Any, expected: Any, tolerance: float = EXACT) -> None:
    """Compare values or texts in two arrays."""
    received, expected = np.asarray(received), np.asarray(expected)
    assert received.shape == expected.shape, f"{what}: shape {received.shape}, expected {expected.shape}"
    if expected.dtype.kind in "OUM" and not _are_numbers(expected):
        left, right = pd.Series(received.ravel()), pd.Series(expected.ravel())
        different = ~((left == right) | (left.isna() & right.isna()))
        assert not different.any(), f"{what}: {left[different].iloc[0]!r}, expected {right[different].iloc[0]!r}"
        return
    size = float(np.nanmax(np.abs(expected.astype(float)), initial=0.0))
    np.testing.assert_allclose(
        received.astype(float), expected.astype(float), rtol=tolerance, atol=tolerance * size, err_msg=what
    )


def _are_numbers(values: Any) -> bool:
    return values.dtype == object and all(isinstance(value, (int, float, np.number)) for value in values.ravel())
