"""Arrays at predict: columns go by position, and their number is that of the features of the run."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import DataError

pytestmark = pytest.mark.usefixtures("uncompiled")

RNG = np.random.default_rng(3)
WAVE = np.sin(np.arange(200) / 4)
TINY: dict[str, Any] = {"units": 2, "updates": 1, "verbose": 0, "save": False}


@pytest.fixture(scope="module")
def runs() -> dict[str, rs.Run]:
    """Runs of one feature and of two with names, of windows and of whole sequences."""
    named = pd.DataFrame({"load": WAVE, "wind": WAVE[::-1]})
    return {
        "one": rs.train(WAVE, window=8, **TINY),
        "values": rs.train(WAVE, WAVE * 2, task="regress", window=8, **TINY),
        "named": rs.train(named, target="load", features=["load", "wind"], window=8, **TINY),
        "two": rs.train(np.column_stack([WAVE, WAVE[::-1]]), window=8, **TINY),
        "sequences": rs.train(RNG.normal(size=(20, 6)), list("ab") * 10, task="classify", **TINY),
    }


@pytest.mark.parametrize("name", ["one", "values"])
@pytest.mark.parametrize("columns", [2, 3, 7])
def test_a_matrix_with_other_columns_is_refused_for_a_run_of_one_feature(runs: Any, name: str, columns: int) -> None:
    expected = (
        rf"x must have 1 column \('feature1'\), shape \(200, 1\), for a series of 200 steps; received {columns} columns"
    )
    with pytest.raises(DataError, match=expected) as caught:
        runs[name].predict(RNG.normal(size=(200, columns)))
    assert "at least 8 steps, the window" in str(caught.value)


@pytest.mark.parametrize("name", ["one", "values"])
@pytest.mark.parametrize("steps", [8, 11])
def test_rows_as_long_as_a_window_are_sequences_and_it_is_said(runs: Any, name: str, steps: int) -> None:
    rows = RNG.normal(size=(20, steps))
    with pytest.warns(UserWarning, match=rf"shape \(20, {steps}\), is read as 20 sequences of {steps} steps, because"):
        values = runs[name].predict(rows)
    for row, predicted in zip(rows, values, strict=True):
        np.testing.assert_allclose(np.ravel(predicted), np.ravel(runs[name].predict(row)), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["one", "values", "sequences"])
def test_what_can_be_read_in_one_way_only_is_read_without_a_word(runs: Any, name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for x in (WAVE[:30], WAVE[:30, None], WAVE[:30].reshape(3, 10, 1), [WAVE[:9], WAVE[:8]]):
            runs[name].predict(x)
        runs["two"].predict(RNG.normal(size=(30, 2)))
        runs["sequences"].predict(RNG.normal(size=(4, 6)))


@pytest.mark.parametrize("shape", [(200, 1), (200, 3), (5, 10, 3), (5, 10, 1), (200,), (0, 2)])
@pytest.mark.parametrize("name", ["named", "two"])
def test_another_number_of_columns_is_refused_with_what_is_expected(runs: Any, name: str, shape: Any) -> None:
    features = "'load', 'wind'" if name == "named" else "'feature1', 'feature2'"
    received = f"{shape[-1]} column" if len(shape) > 1 and all(shape) else "the shape"
    expected = rf"x must have 2 columns, in the order of the training \({features}\): shape .*received {received}"
    with pytest.raises(DataError, match=expected):
        runs[name].predict(np.zeros(shape))


def test_columns_by_position_are_said_where_the_features_have_names(runs: Any) -> None:
    x = np.column_stack([WAVE, WAVE[::-1]])[:30]
    sentence = "The columns of x have no names and are read by their position: 'load', 'wind'."
    with pytest.warns(UserWarning, match=sentence):
        by_position = runs["named"].predict(x)
    np.testing.assert_array_equal(by_position, runs["named"].predict(pd.DataFrame(x, columns=["load", "wind"])))


@pytest.mark.parametrize("name", ["one", "two"])
def test_in_a_list_the_sequence_with_other_columns_is_named(runs: Any, name: str) -> None:
    width = len(runs[name].info.input_names)
    parts = [np.zeros((9, width)), np.zeros((10, width + 1))]
    with pytest.raises(DataError, match=rf"x\[1\] must have {width} column.*received {width + 1} columns"):
        runs[name].predict(parts)


@pytest.mark.parametrize(
    ("x", "place"),
    [
        (np.where(np.arange(20) == 5, np.nan, 1.0), r"index \[5\]"),
        (np.where(np.arange(20) == 5, np.nan, 1.0)[:, None], r"index \[5, 0\]"),
        (np.where(np.arange(20) == 15, np.nan, 1.0).reshape(2, 10, 1), r"index \[1, 5, 0\]"),
    ],
)
def test_a_missing_value_is_found_at_its_index_in_the_callers_array(runs: Any, x: Any, place: str) -> None:
    with pytest.warns(UserWarning, match=rf"the first at {place}\."):
        runs["one"].predict(x)
