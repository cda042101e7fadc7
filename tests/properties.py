"""What property tests of several modules share."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st

from rnnstudio.core.errors import SettingError
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.windows import forecast_windows, sliding_windows

FINITE = st.floats(-1e6, 1e6, width=32)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def windowed_series(draw: st.DrawFn) -> SequenceData:
    """Return windows of a series whose values are their positions, for task forecast or regress."""
    steps = draw(st.integers(4, 120))
    series = np.arange(steps, dtype=np.float32)[:, None]
    context = draw(st.sampled_from(["reach_back", "inside"]))
    splits = {
        "window": draw(st.integers(1, 12)),
        "stride": draw(st.integers(0, 8)),
        "test_fraction": draw(st.floats(0, 0.6)),
        "val_fraction": draw(st.floats(0, 0.4)),
        "test_context": context,
        "skip_last": draw(st.integers(0, 2)) if context == "inside" else 0,
    }
    try:
        if draw(st.booleans()):
            return forecast_windows(series, horizon=draw(st.integers(1, 5)), **splits)
        offset = draw(st.integers(1, 3))
        return sliding_windows(series, series, task="regress", target_offset=offset, autoregressive=True, **splits)
    except SettingError as error:  # a split is too short for a window; the error names the setting to change
        assume(error.field not in ("window", "horizon", "test_fraction", "val_fraction"))
        raise
