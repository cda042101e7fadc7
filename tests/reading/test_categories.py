"""Columns of text are inputs: one of 0 and 1 for each value that the training set has; others are said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import DataError
from tests.library.own_data import arrays

SKY = ["sun", "rain", "sun", "fog"] * 15
FRAME = pd.DataFrame({"sky": [*SKY[:-4], "hail", "sun", "rain", "fog"], "a": np.arange(60) % 7 + 0.5})


@pytest.mark.parametrize("task", ["forecast", "regress"])
def test_each_value_of_the_training_set_is_an_input(task):
    data = arrays(FRAME, task=task, target="a", features="a,sky", window=6)
    assert data.features == ("a", "sky=fog", "sky=rain", "sky=sun")
    expected = np.column_stack([FRAME["a"], *((FRAME["sky"] == v).astype(float) for v in ("fog", "rain", "sun"))])
    np.testing.assert_array_equal(data.inputs[0], expected)
    assert "The training set has no 'hail' in column 'sky'; 1 row of x" in " ".join(data.notes)


@pytest.mark.usefixtures("uncompiled")
def test_new_data_have_the_same_inputs_and_unknown_values_are_said():
    run = rs.train(FRAME, target="a", features="a,sky", window=6, units=4, updates=2, verbose=0, save=False)
    new = pd.DataFrame({"a": FRAME["a"][:20], "sky": [*SKY[:19], "storm"]})
    values = np.column_stack([new["a"], *((new["sky"] == v).astype(float) for v in ("fog", "rain", "sun"))])
    with pytest.warns(UserWarning, match="The training set has no 'storm' in column 'sky'"):
        predicted = run.predict(new)
    with pytest.warns(UserWarning, match="are read by their position"):
        np.testing.assert_array_equal(predicted, run.predict(values))


def test_a_missing_text_is_a_missing_value():
    frame = FRAME.assign(sky=[None if i == 9 else sky for i, sky in enumerate(FRAME["sky"])])
    data = arrays(frame, task="forecast", target="a", features="a,sky", window=6)
    np.testing.assert_array_equal(data.inputs[0, 9, 1:], data.inputs[0, 8, 1:])


def test_too_many_values_are_refused():
    frame = FRAME.assign(sky=[f"text {i}" for i in range(60)], a=np.arange(60) % 7)
    long = pd.concat([frame] * 2, ignore_index=True).assign(sky=[f"text {i}" for i in range(120)])
    with pytest.raises(DataError, match="column 'sky' has 96 different texts in the training set; at most 50"):
        arrays(long, task="forecast", target="a", features="a,sky", window=6)


def test_an_input_with_the_values_of_the_target_is_said():
    data = arrays(FRAME.assign(b=FRAME["a"]), task="forecast", target="a", features="a,b", window=6)
    assert "The input 'b' has the same values as the column to predict, 'a'." in data.notes
