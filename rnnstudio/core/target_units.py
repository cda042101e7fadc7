"""Whether the values that a network predicts have one unit, so that their errors can be averaged as they are."""

from __future__ import annotations

from rnnstudio.core.sequence import SequenceData


def units_differ(data: SequenceData, *, of_one_series: bool = False) -> bool:
    """Return whether errors of different targets may have different units: then only scaled ones are averaged.

    Args:
        data: The data.
        of_one_series: Whether the errors are those of one of several series: columns as series have one unit each.

    >>> import numpy as np
    >>> from rnnstudio.core.windows import forecast_windows
    >>> x = np.zeros((9, 2))
    >>> units_differ(forecast_windows(x, window=2, horizon=1, features=("a", "b"), target_names=("a", "b")))
    True
    """
    return not data.classes and (len(data.target_names) > 1 or (data.columns_as_series and not of_one_series))
