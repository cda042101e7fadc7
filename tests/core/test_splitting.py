"""Splitting of sequences into training, validation and test set."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnstudio.core.errors import SettingError
from rnnstudio.core.splitting import split_sequences


@given(
    st.lists(st.integers(0, 4), min_size=2, max_size=60),
    st.floats(0, 0.9),
    st.floats(0, 0.5),
    st.integers(0, 2**31 - 1),
    st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_splits_are_disjoint_and_no_group_is_in_two_of_them(
    kinds: list[int], test_fraction: float, val_fraction: float, seed: int, grouped: bool
) -> None:
    kind_of_sequence = np.array(kinds, np.int32)
    options: dict[str, Any] = {"groups" if grouped else "classes": kind_of_sequence}
    try:
        splits = split_sequences(len(kinds), seed, test_fraction=test_fraction, val_fraction=val_fraction, **options)
    except SettingError:  # the training set would be empty
        return
    assert sorted(np.concatenate(splits).tolist()) == list(range(len(kinds)))
    assert len(splits[0])
    if grouped:
        groups = [set(kind_of_sequence[split].tolist()) for split in splits]
        assert sum(map(len, groups)) == len(set.union(*groups))


@pytest.mark.parametrize("seed", range(5))
def test_each_class_is_held_out_in_its_share_and_never_completely(seed: int) -> None:
    classes = np.array([0] * 50 + [1] * 20 + [2] * 2 + [3], np.int32)
    train, val, test = split_sequences(73, seed, test_fraction=0.2, val_fraction=0.1, classes=classes)
    assert sorted(np.concatenate([train, val, test])) == list(range(73))
    counts = [np.bincount(classes[split], minlength=4).tolist() for split in (train, val, test)]
    assert (len(val), len(test)) == (7, 15)
    assert counts[2][:2] in ([10, 4], [11, 4], [10, 5])
    assert min(counts[0]) >= 1
    assert counts[0][3] == 1


def test_the_seed_decides_the_splits() -> None:
    tests = [split_sequences(40, seed, test_fraction=0.25, val_fraction=0)[2].tolist() for seed in (1, 1, 2)]
    assert tests[0] == tests[1] != tests[2]


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=10, max_size=60),
    st.sampled_from([0.1, 0.2, 0.5, 0.7]),
    st.integers(0, 2**31 - 1),
)
@settings(max_examples=40, deadline=None)
def test_the_test_set_holds_one_sequence_of_each_equal_part_of_the_values(
    values: list[float], share: float, seed: int
) -> None:
    of_sequence = np.array(values)
    train, val, test = split_sequences(len(values), seed, test_fraction=share, val_fraction=0.0, values=of_sequence)
    assert sorted(np.concatenate([train, val, test])) == list(range(len(values)))
    assert len(test) == round(share * len(values))
    fewer = min((train, test), key=len)
    parts = np.array_split(np.argsort(of_sequence, kind="stable"), len(fewer))
    assert [len(set(part.tolist()) & set(fewer.tolist())) for part in parts] == [1] * len(fewer)


def test_the_values_of_a_fixed_test_set_do_not_change_the_validation_set() -> None:
    rng, test = np.random.default_rng(0), np.arange(50) >= 30
    one, other = rng.normal(size=50), rng.normal(size=50)
    other[:30] = one[:30]
    splits = [
        split_sequences(50, 3, test_fraction=0.2, val_fraction=0.2, values=values, test=test) for values in (one, other)
    ]
    for first, second in zip(*splits, strict=True):
        np.testing.assert_array_equal(first, second)
