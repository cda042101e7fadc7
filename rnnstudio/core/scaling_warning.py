"""The warning about a scaler that was fitted on held-out data."""

from __future__ import annotations

from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import DataSettings


def scaling_warning(data: SequenceData, settings: DataSettings) -> str:
    """Return the sentence that warns of a scaler fitted on held-out data; empty where it is fitted on the training set.

    Args:
        data: The data set.
        settings: Its settings: `scale` and `fit_scaler_on`.
    """
    held_out = [name for name, windows in (("validation", data.val), ("test", data.test)) if len(windows)]
    if settings.scale == "none" or settings.fit_scaler_on != "all" or not held_out:
        return ""
    sets = " and ".join(held_out)
    return (
        f"The scaler was fitted on all data, including the {sets} set (fit_scaler_on all), so {sets} metrics are "
        "slightly too good."
    )
