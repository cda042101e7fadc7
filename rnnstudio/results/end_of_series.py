"""The end of a series, which a forecast continues."""

from __future__ import annotations

import numpy as np

from rnnstudio.core.experiment import Experiment
from rnnstudio.core.precision import Floats
from rnnstudio.core.sequence import SequenceData, flat_steps
from rnnstudio.core.series_ends import series_ends

_MAX_STEPS = 100_000  # of the series that a stateful run keeps


def end_of_series(experiment: Experiment, data: SequenceData) -> Floats:
    """Return the end of a series that can be forecast, or of each of several, which a forecast continues; else empty.

    It ends with the last known value of what is predicted.
    """
    samples, ends = data.window_samples, series_ends(data)
    if (data.task != "forecast" and not data.autoregressive) or (ends < samples).any():
        return np.array(flat_steps(data.inputs)[:0])
    if data.series:
        return np.stack([of_series[n - samples : n] for of_series, n in zip(data.inputs, ends, strict=True)])
    end = int(ends[0])
    return np.array(data.inputs[0, max(0, end - (_MAX_STEPS if experiment.model.stateful else samples)) : end])
