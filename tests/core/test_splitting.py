"""Splitting of sequences into training, validation and test set."""

from __future__ import annotations

from typing import Any

import numpy as np
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
