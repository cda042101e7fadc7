"""Splits of separate sequences into training, validation and test set: by group, else stratified by class or value."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import SettingError
from rnnstudio.core.sequence import Ints

Splits = tuple[Ints, Ints, Ints]


def split_sequences(
    count: int,
    seed: int,
    *,
    test_fraction: float,
    val_fraction: float,
    classes: NDArray[np.int32] | None = None,
    values: NDArray[np.floating[Any]] | None = None,
    groups: NDArray[Any] | None = None,
    test: NDArray[np.bool_] | None = None,
) -> Splits:
    """Return the indices of the sequences in the training, validation and test set, sorted.

    Args:
        count: Number of sequences.
        seed: Decides which sequences are in which split.
        test_fraction: Share of the sequences for the test set; of the groups where there are groups.
        val_fraction: Share for the validation set, likewise.
        classes: Class of each sequence, `(count,)`: the shares hold in each class, and at least one sequence of each
            class is in the training set.
        values: Value of each sequence, `(count,)`: the sequences of each split spread over the range of values.
        groups: The person or device of each sequence, `(count,)`; a group is in one split only.
        test: Mask of the test set, `(count,)`, where it is fixed; `test_fraction` is then unused.

    Raises:
        SettingError: The training set would be empty.

    >>> train, val, test = split_sequences(10, seed=0, test_fraction=0.2, val_fraction=0.1)
    >>> len(train), len(val), len(test)
    (7, 1, 2)
    """
    rng = np.random.default_rng([seed, 7])
    available = np.arange(count, dtype=np.int32) if test is None else np.flatnonzero(~test).astype(np.int32)
    shares = {"test_fraction": 0.0 if test is not None else test_fraction, "val_fraction": val_fraction}
    train, held_out = available, []
    for name, share in shares.items():
        drawn = _draw(train, available, share, (classes, values), groups, rng) if share else train[:0]
        if share and len(drawn) >= len(train):
            what = f"{len(np.unique(groups))} groups" if groups is not None else f"{count} sequences"
            raise SettingError(
                f"test_fraction and val_fraction leave none of the {what} for the training set; received "
                f"{test_fraction:g} and {val_fraction:g}.",
                name,
            )
        train = np.setdiff1d(train, drawn)
        held_out.append(drawn)
    return train, held_out[1], held_out[0] if test is None else np.flatnonzero(test).astype(np.int32)


def _draw(
    remaining: Ints,
    available: Ints,
    share: float,
    targets: tuple[NDArray[np.int32] | None, NDArray[np.floating[Any]] | None],
    groups: NDArray[Any] | None,
    rng: np.random.Generator,
) -> Ints:
    """Return the sequences drawn from `remaining`: a share of `available`."""
    if groups is not None:
        names = rng.permutation(np.unique(groups[remaining]))
        return remaining[np.isin(groups[remaining], names[: max(1, round(share * len(np.unique(groups[available]))))])]
    number, (classes, values) = round(share * len(available)), targets
    if values is not None:
        return _spread(remaining, values, min(number, len(remaining)), rng)
    if classes is not None:
        labels, sizes = np.unique(classes[remaining], return_counts=True)
        if number <= int((sizes - 1).sum()):
            numbers = zip(labels, _numbers_per_class(sizes, number), strict=True)
            drawn = [rng.permutation(remaining[classes[remaining] == label])[:n] for label, n in numbers]
            return np.sort(np.concatenate(drawn))
    return np.sort(rng.permutation(remaining)[:number])


def _spread(remaining: Ints, values: NDArray[np.floating[Any]], number: int, rng: np.random.Generator) -> Ints:
    """Return `number` of the sequences, one from each of as many parts of equal size of them in order of value."""
    if number > len(remaining) // 2:
        return np.setdiff1d(remaining, _spread(remaining, values, len(remaining) - number, rng))
    if not number:
        return remaining[:0]
    in_order = remaining[np.argsort(values[remaining], kind="stable")]
    return np.sort([rng.choice(part) for part in np.array_split(in_order, number)]).astype(np.int32)


def _numbers_per_class(sizes: NDArray[np.int64], number: int) -> NDArray[np.int64]:
    """Return how many sequences of each class to draw: `number` in all, in proportion, leaving at least one of each."""
    ideal = number * sizes / sizes.sum()
    numbers: NDArray[np.int64] = np.minimum(ideal.astype(np.int64), sizes - 1)
    while numbers.sum() < number:
        deficit = np.where(numbers < sizes - 1, ideal - numbers, -np.inf)
        numbers[deficit.argmax()] += 1
    return numbers
