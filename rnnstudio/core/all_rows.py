"""The data of a training on all rows: every window of the series is a training window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnstudio.core.errors import SettingError
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.series_ends import series_ends
from rnnstudio.core.window_layout import WindowLayout


def all_rows(data: SequenceData, stride: int) -> SequenceData:
    """Return the data with all windows in the training set, those across the former ends of sets included.

    Args:
        data: One or several series.
        stride: Samples from one window to the next; 0 for windows side by side.

    Raises:
        SettingError: They are separate sequences, or have new values each epoch.

    >>> from rnnstudio.core.windows import forecast_windows
    >>> data = forecast_windows(np.zeros((10, 1)), window=2, horizon=1, test_fraction=0.4)
    >>> (whole := all_rows(data, 1)).windows
    {'train': 8, 'val': 0, 'test': 0}
    """
    if not data.is_windowed or data.refresh is not None:
        raise SettingError("refit needs one or several long series whose future can be forecast.", "refit")
    layout = WindowLayout(
        data.window,
        data.frame,
        stride or data.window_samples,
        data.target_offset,
        data.target_steps,
        data.return_sequences,
        data.test_context,
    )
    length = data.inputs.shape[1]
    ends = series_ends(data)
    starts = np.concatenate([n * length + layout.starts("train", 0, int(end)) for n, end in enumerate(ends)])
    train, empty = np.arange(len(starts), dtype=np.int32), np.empty(0, np.int32)
    begins = None if data.set_begins is None else np.repeat(ends[:, None], 2, axis=1).astype(np.int32)
    return replace(
        data,
        starts=starts.astype(np.int32),
        train=train,
        val=empty,
        test=empty,
        calibration=empty,
        set_begins=begins,
    )
