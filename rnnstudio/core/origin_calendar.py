"""The calendar inputs of a backtest, chosen anew from the rows before an origin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.calendar_inputs import calendar_names, calendar_values
from rnnstudio.core.sequence import SequenceData


def with_calendar(data: SequenceData, ends: NDArray[np.integer], *, wanted: bool) -> SequenceData:
    """Return series with the calendar inputs that the rows before an origin show, or without any.

    Args:
        data: The series, with or without calendar inputs.
        ends: Rows of each series before the origin, `(N,)`.
        wanted: Whether there are to be calendar inputs.
    """
    names: tuple[str, ...] = ()
    if wanted and data.times is not None:
        before = np.arange(data.inputs.shape[1]) < ends[:, None]
        names = calendar_names(data.times[before])
    if not names and not data.calendar:
        return data
    kept = [j for j, name in enumerate(data.features) if name not in data.calendar]
    place = len(kept) - 2 * len(data.masked_features)  # whose further features are the last ones
    parts = [data.inputs[..., kept[:place]], data.inputs[..., kept[place:]]]
    if names:
        assert data.times is not None
        values = np.nan_to_num(calendar_values(data.times.ravel(), names)).astype(data.inputs.dtype)
        parts.insert(1, values.reshape(*data.times.shape, len(names)))
    features = [data.features[j] for j in kept]
    known = tuple(name for name in data.known if name not in data.calendar)
    return replace(
        data,
        inputs=np.concatenate(parts, axis=2),
        features=(*features[:place], *names, *features[place:]),
        calendar=names,
        known=(*known, *names) if data.task == "forecast" else known,
        plan=None,
        autoregressive=data.autoregressive and not names,
    )
