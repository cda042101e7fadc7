"""Parting separate sequences by seed: whole groups where there are any, else each class in the same shares."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import SettingError
from rnnstudio.core.sequence import Ints

Parts = tuple[Ints, Ints, Ints]


def split_sequences(
    count: int,
    seed: int,
    *,
    test_fraction: float,
    val_fraction: float,
    classes: NDArray[np.int32] | None = None,
    groups: NDArray[Any] | None = None,
    test: NDArray[np.bool_] | None = None,
) -> Parts:
    """Return the numbers of the sequences to train, validate and test on, sorted.

    Args:
        count: How many sequences there are.
        seed: Decides which of them are held out.
        test_fraction: Share for testing; of the groups where there are any.
        val_fraction: Share for validation, likewise.
        classes: Class of each, `(count,)`: the shares hold within each class, and at least one of each class is
            trained on.
        groups: Who or what each comes from, `(count,)`; no group is in two parts.
        test: Which are tested on, where that is given; `test_fraction` then plays no part.

    Raises:
        SettingError: Nothing would be left to train on.
    """
    rng = np.random.default_rng([seed, 7])
    whole = np.arange(count, dtype=np.int32) if test is None else np.flatnonzero(~test).astype(np.int32)
    shares = {"test_fraction": 0.0 if test is not None else test_fraction, "val_fraction": val_fraction}
    rest, held = whole, []
    for name, share in shares.items():
        chosen = _chosen(rest, whole, share, classes, groups, rng) if share else rest[:0]
        if share and len(chosen) >= len(rest):
            what = f"{len(np.unique(groups))} groups" if groups is not None else f"{count} sequences"
            raise SettingError(
                f"test_fraction and val_fraction leave none of the {what} to train on; received "
                f"{test_fraction:g} and {val_fraction:g}.",
                name,
            )
        rest = np.setdiff1d(rest, chosen)
        held.append(chosen)
    return rest, held[1], held[0] if test is None else np.flatnonzero(test).astype(np.int32)


def _chosen(
    rest: Ints,
    whole: Ints,
    share: float,
    classes: NDArray[np.int32] | None,
    groups: NDArray[Any] | None,
    rng: np.random.Generator,
) -> Ints:
    """Return which of `rest` are held out: a share of `whole`."""
    if groups is not None:
        names = rng.permutation(np.unique(groups[rest]))
        return rest[np.isin(groups[rest], names[: max(1, round(share * len(np.unique(groups[whole]))))])]
    number = round(share * len(whole))
    if classes is not None:
        kinds, sizes = np.unique(classes[rest], return_counts=True)
        if number <= int((sizes - 1).sum()):
            parts = zip(kinds, _apportioned(sizes, number), strict=True)
            picked = [rng.permutation(rest[classes[rest] == kind])[:part] for kind, part in parts]
            return np.sort(np.concatenate(picked))
    return np.sort(rng.permutation(rest)[:number])


def _apportioned(sizes: NDArray[np.int64], number: int) -> NDArray[np.int64]:
    """Return how many of each class are held out: `number` in all, in proportion, at least one of each left."""
    ideal = number * sizes / sizes.sum()
    parts: NDArray[np.int64] = np.minimum(ideal.astype(np.int64), sizes - 1)
    while parts.sum() < number:
        wanting = np.where(parts < sizes - 1, ideal - parts, -np.inf)
        parts[wanting.argmax()] += 1
    return parts
