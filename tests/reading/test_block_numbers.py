"""Columns that number blocks of rows, such as recordings below each other: no inputs unless they are named."""

from __future__ import annotations

import numpy as np
import pytest

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.text.text_table import table_of_text


def _kind(numbers):
    lines = ["n,load", *(f"{number},{i * 7 % 11}.5" for i, number in enumerate(numbers))]
    return table_of_text("a.csv", "\n".join(lines).encode(), ReadOptions()).account.column("n").kind


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("rows", [2, 20])
@pytest.mark.parametrize("last", [1, 2])
def test_a_column_that_numbers_equal_blocks_counts_rows(first, rows, last):
    blocks = np.repeat(np.arange(25), rows)
    assert _kind((first + blocks[: len(blocks) - rows + last]).tolist()) == "index"


@pytest.mark.parametrize(
    "numbers",
    [
        np.repeat(np.arange(10), 20),  # few blocks can be classes
        np.repeat(np.arange(40), np.arange(1, 41)),  # of unequal length
        np.repeat(np.arange(5, 45), 20),  # from another number on
        np.repeat(2 * np.arange(40), 20),  # every other number
        np.tile(np.repeat(np.arange(25), 4), 2),  # twice
        np.repeat(np.arange(40), 20)[::-1],  # falling
        np.repeat(np.arange(40), 20) / 2,
    ],
)
def test_other_numbers_in_blocks_are_numbers(numbers):
    assert _kind(numbers.tolist()) == "number"


def test_the_numbers_of_recordings_are_no_default_input():
    lines = ["seq,value,label"]
    lines += [f"{seq},{seq % 3 + step / 10},{'ab'[seq % 2]}" for seq in range(40) for step in range(20)]
    account = table_of_text("a.csv", "\n".join(lines).encode(), ReadOptions()).account
    assert "seq" not in account.inputs_text
    assert any("'seq' only counts rows" in note for note in account.notes_beside([]))
