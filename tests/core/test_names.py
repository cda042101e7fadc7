"""Settings that are lists of names are text with commas."""

from typing import Any

import numpy as np
import pytest

from rnnstudio.core.experiment import compose
from rnnstudio.core.names import names_in


def test_names_with_commas_are_quoted_in_text() -> None:
    experiment = compose("file", {"features": ["a, b", "c"]})
    assert names_in(experiment.flat()["features"]) == ["a, b", "c"]
    assert names_in("a, b ,,c") == ["a", "b", "c"]
    assert names_in("") == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-999.0, "-999"),
        (99.9, "99.9"),
        ([-999.0, "x"], "-999,x"),
        (np.array([-999.0, -99.0]), "-999,-99"),
        (np.float64(-1), "-1"),
        (None, ""),
        (("a, b", 1), '"a, b",1'),
    ],
    ids=repr,
)
def test_numbers_and_scalars_are_names_because_r_sends_them(value: Any, text: str) -> None:
    assert compose("file", {"missing_values": value}).flat()["missing_values"] == text


@pytest.mark.parametrize("value", ["sales", ["sales"], ("sales",), np.array(["sales"]), np.str_("sales")], ids=repr)
def test_one_name_may_be_a_list_of_one(value: Any) -> None:
    assert compose("file", {"target": value}).flat()["target"] == "sales"
    assert compose("arrays", {"task": "classify", "sequence": value}).flat()["sequence"] == "sales"


def test_columns_with_numbers_for_names_and_several_columns_of_a_sequence() -> None:
    assert compose("file", {"target": 2024.0}).flat()["target"] == "2024"
    assert compose("sequences", {"sequence": ["person", "trial"]}).flat()["sequence"] == "person,trial"
