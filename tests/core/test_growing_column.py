"""A column that grows, in memory and in a file."""

from __future__ import annotations

import errno
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnstudio.core import growing_column
from rnnstudio.core.growing_column import Column


@pytest.fixture(autouse=True)
def _a_file_for_more_than_50_values() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(growing_column, "_IN_MEMORY", 50)
        yield


def in_file(column: Column) -> bool:
    return isinstance(column._storage, growing_column._File)


@settings(deadline=None)
@given(st.lists(st.integers(0, 70), max_size=12))
def test_a_column_its_follower_and_its_parts_have_the_values_that_were_appended(counts: list[int]) -> None:
    column = Column()
    follower, views, number = column.follower(), [], 0
    for count in counts:
        values = np.arange(number, number + count, dtype=np.float32)
        column.extend(values)
        assert len(follower) == number
        assert follower.values.tolist() == list(range(number))
        follower.extend(values)
        number += count
        views.append((number, column.values, follower.until(number // 2)))
    assert in_file(column) == (number > 50)
    for size, view, part in views:  # what was given before is as it was
        assert view.tolist() == follower.values[:size].tolist() == list(range(size))
        assert part.values.tolist() == list(range(size // 2))
        assert not view.flags.writeable
    copied = pickle.loads(pickle.dumps(follower))
    copied.extend(np.array([7], np.float32))
    assert copied.values.tolist() == [*range(number), 7]
    assert column.values.tolist() == list(range(number))


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_where_the_disk_is_full_the_values_stay_in_memory(monkeypatch: pytest.MonkeyPatch, fails_at: int) -> None:
    append, calls = growing_column._File.append, []

    def limited(storage: Any, values: Any, size: int) -> None:
        calls.append(size)
        if len(calls) >= fails_at:
            append(storage, values[: len(values) // 2], size)  # a part of them is written
            raise OSError(errno.ENOSPC, "No space left on device")
        append(storage, values, size)

    monkeypatch.setattr(growing_column._File, "append", limited)
    column = Column()
    follower = column.follower()
    for begin in range(0, 400, 40):
        column.extend(np.arange(begin, begin + 40, dtype=np.float32))
    assert column.values.tolist() == list(range(400))
    assert not in_file(column)
    assert len(calls) == fails_at  # it does not try again and again
    follower.extend(np.arange(300, dtype=np.float32))
    assert follower.values.tolist() == list(range(300))


def test_every_other_value_of_an_array_is_appended_to_a_file_too() -> None:
    column = Column()
    column.extend(np.arange(60, dtype=np.float32))
    column.extend(np.asfortranarray(np.arange(120, dtype=np.float32).reshape(60, 2))[:, 0])
    assert column.values.tolist() == [*range(60), *range(0, 120, 2)]
