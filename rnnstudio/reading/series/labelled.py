"""Labelled sequences: separate sequences that each have one class or one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import Account
from rnnstudio.core.missing import Sequences


@dataclass(frozen=True)
class LabelledSequences:
    """Sequences with one class or one value each.

    Attributes:
        name: Name of the data in messages, usually the file name.
        sequences: Array `(N, T, F)`, or N arrays `(T, F)` of different lengths; NaN where a value is missing.
        labels: Class of each sequence, `(N,)`, text or integers; or its value, a number or its text, NaN where missing.
        features: Names of the features.
        where: Returns the position in the file as text, given the indices of sequence, step and feature.
        classes: Classes that the file declares, in its order.
        groups: Group of each sequence, such as the subject or machine it was recorded from, `(N,)`.
        test: True for the sequences of the test set, `(N,)`; None if the file does not define a test set.
        notes: Notes for the user.
        account: How the file was read: its format, encoding and separator; None where nothing had to be found out.
        times: Stamps of the steps of each sequence, `(T,)` of datetime64[ns]; None where unknown.
        frequency: Time from one step to the next as pandas writes it; empty where irregular or unknown.
        names: Names of the sequences in a table; empty where they have none.
        target: Name of the column of classes or values; empty where the file gives it none.
        has_values: Whether the file says that the labels are values rather than classes.
    """

    name: str
    sequences: Sequences
    labels: NDArray[Any]
    features: tuple[str, ...]
    where: Callable[[int, int, int], str]
    classes: tuple[str, ...] = ()
    groups: NDArray[Any] | None = None
    test: NDArray[np.bool_] | None = None
    notes: tuple[str, ...] = ()
    account: Account | None = None
    times: list[NDArray[np.datetime64]] | None = None
    frequency: str = ""
    names: tuple[str, ...] = ()
    target: str = ""
    has_values: bool = False


def has_fractions(targets: NDArray[Any]) -> bool:
    """Return whether there are numbers that are not whole, which are values rather than classes.

    >>> has_fractions(np.array([1.0, np.nan])), has_fractions(np.array([0.5])), has_fractions(np.array(["0.5"]))
    (False, True, False)
    """
    if targets.dtype.kind != "f":
        return False
    known = targets[np.isfinite(targets)]
    return bool((known != np.round(known)).any())


def trim_missing_end(sequences: Sequences) -> Sequences:
    """Return the sequences without the steps at their end at which all features are missing.

    Args:
        sequences: Array `(N, T, F)`, or N arrays `(T, F)`; NaN marks a missing value.

    Returns:
        The same array if there is nothing to trim, else a list of arrays `(T, F)` with at least one step each.

    Example:
        >>> import numpy as np
        >>> padded = np.array([[1.0, 2.0, np.nan], [3.0, np.nan, 4.0]])[..., None]
        >>> [len(sequence) for sequence in trim_missing_end(padded)]
        [2, 3]
    """
    if isinstance(sequences, np.ndarray) and not np.isnan(sequences[:, -1]).all(axis=-1).any():
        return sequences
    observed_steps = [np.flatnonzero(~np.isnan(sequence).all(axis=1)) for sequence in sequences]
    return [
        sequence[: (steps[-1] if len(steps) else 0) + 1]
        for sequence, steps in zip(sequences, observed_steps, strict=True)
    ]
