"""Steps of frames: a step is a whole frame of samples, and the samples left over at the end are not read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]


def whole_frames(samples: int, frame: int) -> int:
    """Return the number of steps that a sequence has: the whole frames in its samples.

    Training, evaluation, plots and predictions from new data all use this rule.

    >>> whole_frames(11, frame=4)
    2
    """
    return samples // frame


def steps_of(samples: Ints, frame: int) -> Ints:
    """Return the number of steps of each sequence, `(N,)`, by the rule of `whole_frames`."""
    return (samples // frame).astype(np.int32)
