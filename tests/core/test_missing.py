"""Imputation of missing values."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnstudio.core.errors import DataError
from rnnstudio.core.missing import impute_series

FINITE = st.floats(-(2.0**99), 2.0**99, width=32)


@given(arrays(np.float64, st.tuples(st.integers(1, 30), st.integers(1, 3)), elements=FINITE | st.just(np.nan)))
@settings(max_examples=40, deadline=None)
def test_an_imputed_series_has_no_missing_values_and_keeps_all_others(values: Any) -> None:
    for how in ("drop", "interpolate"):
        try:
            imputed = impute_series(values, how, lambda i, j: f"{i} {j}", "x")  # type: ignore[arg-type]
        except DataError:
            assert np.isnan(values).all(axis=0).any() or (how == "drop" and np.isnan(values).any(axis=1).all())
            continue
        assert not np.isnan(imputed.values).any()
        is_known = ~np.isnan(values[imputed.remaining])
        np.testing.assert_array_equal(imputed.values[is_known], values[imputed.remaining][is_known].astype(np.float32))
        assert bool(imputed.notes) == bool(np.isnan(values).any())
