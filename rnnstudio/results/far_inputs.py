"""Whether new inputs are of the size of those of the training: another unit, or a wrong decimal mark, is said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnstudio.core.precision import Floats
from rnnstudio.core.scaling import Scaler

_FAR = 6.0  # standard deviations, beyond which all values of a feature are said


def far_inputs_notes(sequences: Sequence[Floats], names: Sequence[str], scaler: Scaler, source: str) -> list[str]:
    """Return a sentence about each feature whose values all lie far from those of the training set.

    Args:
        sequences: Arrays `(T, F)` in original units; NaN is missing.
        names: The features.
        scaler: That of the inputs of the run; without one, nothing is known and said.
        source: What messages call the inputs.

    >>> run = Scaler(np.array([12.0]), np.array([1.5]))
    >>> far_inputs_notes([np.array([[0.12], [0.13]])], ["rate"], run, "new.csv")[0][:65]
    "All values of 'rate' in new.csv (0.12 to 0.13) are far from those"
    >>> far_inputs_notes([np.array([[12.0], [30.0]])], ["rate"], run, "new.csv")
    []
    """
    if scaler.is_identity or scaler.mean.ndim != 1 or not sequences:
        return []
    values = np.concatenate([np.asarray(sequence) for sequence in sequences])
    notes = []
    for j, name in enumerate(names):
        known = values[:, j][~np.isnan(values[:, j])]
        one, unit = scaler[j : j + 1], ""
        mean, scale = float(one.mean[0]), float(one.scale[0])
        if not len(known) or scale == 1.0 or not (np.abs(one.logarithms(known[:, None]) - mean) > _FAR * scale).all():
            continue  # a scale of 1 is that of a constant feature
        if one.smallest is not None and one.smallest[0]:
            mean, unit = float(np.exp(mean)), " in logarithms"
        notes.append(
            f"All values of {name!r} in {source} ({known.min():.6g} to {known.max():.6g}) are far from those of the "
            f"training set, whose mean is {mean:.6g} and whose standard deviation is {scale:.3g}{unit}; check unit, "
            "percent and decimal mark."
        )
    return notes
