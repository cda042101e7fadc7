"""The part of a validation set that calibrates the bands of a forecast, and does not choose the weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnstudio.core.sequence import SequenceData

_ENOUGH = 100  # windows that choose the weights, and that calibrate


def with_calibration(data: SequenceData, levels: list[int]) -> SequenceData:
    """Return the data with the last half of the validation windows in `calibration`: of each series, or by date.

    No target of the windows that choose the weights is one of those that calibrate. Where either would be fewer than
    100 windows, the validation set stays whole: networks of earlier origins calibrate the bands then.

    Args:
        data: The data of a training.
        levels: Levels of the bands in percent; none where there are no bands.

    >>> from rnnstudio.core.windows import forecast_windows
    >>> data = forecast_windows(np.zeros((1000, 1)), window=4, horizon=2, test_fraction=0.2, val_fraction=0.4)
    >>> parts = with_calibration(data, [80])
    >>> len(data.val), len(parts.val), len(parts.calibration)
    (399, 198, 200)
    """
    if not levels or data.task != "forecast" or not len(data.val) or len(data.calibration):
        return data
    length = data.inputs.shape[1]
    starts = data.starts[data.val]
    series = starts // length
    first = starts + data.target_offset  # the first target of each window
    last = first + data.target_steps - 1
    if data.series and data.times is not None:
        stamps = data.times.ravel()
        dates = np.unique(stamps[first])
        middle = dates[len(dates) // 2]
        calibrates, chooses = stamps[first] >= middle, stamps[last] < middle
    else:
        calibrates, chooses = np.zeros(len(starts), bool), np.zeros(len(starts), bool)
        for n in np.unique(series):
            own = np.flatnonzero(series == n)
            later = own[len(own) // 2 :]
            calibrates[later] = True
            chooses[own[last[own] < first[later[0]]]] = True
    if min(chooses.sum(), calibrates.sum()) < _ENOUGH:
        return data
    return replace(data, val=data.val[chooses], calibration=data.val[calibrates])
