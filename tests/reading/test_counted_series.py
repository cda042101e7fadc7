"""Recordings below each other whose rows a column counts are asked about, and read in its order."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import compose
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.library.datasets.file import load
from rnnstudio.reading.value_columns import frame_table

NAMES = {"numbers": lambda i: i + 1, "text": lambda i: f"r{i:02}"}


def recordings(lengths, kind="text", begin=0):
    """Return a table of recordings, below each other; the heat of row k of recording i is 100 * i + k * k % 17."""
    rows = [(NAMES[kind](i), k + begin, 100.0 * i + k * k % 17) for i, n in enumerate(lengths) for k in range(n)]
    return pd.DataFrame(rows, columns=["part", "n", "heat"])


def questions(frame):
    account = frame_table("x", frame, ReadOptions(series="")).account
    return [question for question in account.questions if question.setting == "series"]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(10, 30), min_size=2, max_size=6),
    st.sampled_from(sorted(NAMES)),
    st.integers(0, 1),
    st.randoms(use_true_random=False),
    st.booleans(),
)
def test_counted_recordings_are_asked_about_in_any_order_of_the_rows(lengths, kind, begin, random, is_shuffled):
    frame = recordings(lengths, kind, begin)
    order = list(range(len(frame)))
    if is_shuffled:
        random.shuffle(order)
    [question] = questions(frame.iloc[order].reset_index(drop=True))
    assert question.choices.keys() == {"part", "none"}
    assert "column 'n' counts the rows of each value of 'part'" in question.sentence


@pytest.mark.parametrize("kind", sorted(NAMES))
def test_mixed_rows_of_the_series_are_read_in_the_order_of_the_counter(tmp_path, kind):
    frame = recordings([40, 35, 50], kind)
    file = tmp_path / "parts.csv"
    frame.sample(frac=1, random_state=3).to_csv(file, index=False)
    settings = {"file": str(file), "target": "heat", "window": 4}
    with pytest.raises(SettingError, match="column 'n' counts the rows of each value of 'part'"):
        load(compose("file", settings).data, 0)
    data = load(compose("file", {**settings, "series": "part"}).data, 0)
    assert len(data.series) == 3
    for name, inputs, length in zip(data.series, data.inputs, data.lengths, strict=True):
        expected = frame[frame.part.astype(str) == name].heat.to_numpy()
        np.testing.assert_array_equal(inputs[:length, 0], expected)


@pytest.mark.parametrize(
    "change",
    [
        {"n": lambda f: np.arange(len(f))},  # counts all rows
        {"n": lambda f: f.n + (f.n > 5)},  # leaves a step out
        {"n": lambda f: f.n * 2},
        {"part": lambda f: ["a"] * len(f)},  # names one recording
        {"n": lambda f: f.heat},
    ],
)
def test_other_columns_are_no_counters(change):
    frame = recordings([20, 20, 20])
    assert questions(frame.assign(**change)) == []


def test_hours_of_days_are_one_series():
    frame = recordings([24] * 20, "numbers").rename(columns={"part": "day of the test", "n": "hour"})
    assert questions(frame) == []
