"""Which targets are known: missing ones, NaN or class -1, count neither in the loss nor in metrics and baselines."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.missing import fill_past
from rnnstudio.core.sequence import Ints, SequenceData, flat_steps


def with_targets(data: SequenceData, windows: Ints) -> Ints:
    """Return those of these windows that have a known target."""
    if not data.missing_targets or data.target_per_sequence:
        return windows
    return windows[windows_have_targets(data, windows).any(axis=-1)]


def windows_have_targets(data: SequenceData, windows: Ints) -> NDArray[np.bool_]:
    """Return whether these windows, of one set, have a known target that counts, by its values, `(n, D)`."""
    return have_targets(data, data.starts[windows], data.counted_targets(windows))


def have_targets(data: SequenceData, starts: NDArray[Any], counted: int = 0) -> NDArray[np.bool_]:
    """Return whether the windows at these positions have a known target, by its values, `(*starts.shape, D)`.

    A class is one value, D = 1. Targets at padding are not known.

    Args:
        data: The data.
        starts: Positions of the windows.
        counted: How many of the last targets of a window count; 0 for all.
    """
    targets = flat_steps(data.targets)
    known = (targets >= 0)[:, None] if data.classes else ~np.isnan(targets)
    if data.lengths is not None:
        known = known & data.mask().reshape(-1, 1)
    counts = np.concatenate([np.zeros((1, known.shape[1]), np.int64), np.cumsum(known, axis=0)])
    end = starts + (data.target_offset + data.target_steps)
    return np.asarray(counts[end] > counts[end - (counted or data.target_steps)])


def last_known_targets(data: SequenceData) -> NDArray[Any]:
    """Return the values of each sample, `(N * T, D)`, each the last one before it where it is missing.

    NaN remains before the first known value of a sequence.
    """
    if not data.missing_targets:
        return flat_steps(data.targets)
    return np.concatenate([fill_past(sequence).values for sequence in data.targets]).astype(data.targets.dtype)
