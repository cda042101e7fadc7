"""Each row is predicted from the window that ends with it, or that has it in its middle."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.row_windows import row_windows, windows_read
from rnnstudio.core.windows import sliding_windows
from tests.properties import quick


@given(st.integers(1, 10), st.integers(30, 60), st.booleans())
@quick
def test_the_validation_set_reads_no_row_of_the_test_set(window: int, steps: int, bidirectional: bool) -> None:
    series = np.arange(steps, dtype=float)[:, None]
    data = sliding_windows(series, series, task="regress", window=window, stride=2, test_fraction=0.2, val_fraction=0.2)
    assert data.set_begins is not None
    test_begin = int(data.set_begins[0, 1])
    starts, at = windows_read(data, data.val, bidirectional=bidirectional)
    assert (starts + window).max() <= test_begin
    np.testing.assert_array_equal(starts + at, data.target_positions(data.val)[:, -1])
    starts, at = windows_read(data, data.test, bidirectional=bidirectional)
    assert (starts + window).max() <= steps
    np.testing.assert_array_equal(starts + at, data.target_positions(data.test)[:, -1])


@given(st.integers(1, 12), st.integers(0, 30), st.booleans())
@quick
def test_the_window_of_a_row_lies_in_the_series_and_holds_it(window: int, more: int, bidirectional: bool) -> None:
    end = window + more
    rows = np.arange(end)
    starts, steps = row_windows(rows, window, end, bidirectional=bidirectional)
    np.testing.assert_array_equal(starts + steps, rows)
    assert starts.min() == 0
    assert (starts + window).max() == end
    after = window - 1 - steps
    if bidirectional:  # in the middle, but at both ends of the series
        is_free = (rows >= window - 1 - window // 2) & (rows < end - window // 2)
        assert (after[is_free] == window // 2).all()
    else:
        assert (after[rows >= window - 1] == 0).all()
