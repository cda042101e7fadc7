"""Named arrays of a file: series, their columns, and the default series."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.reading.formats.variables import Variables


def variables(name: str = "a.mat", **arrays: Any) -> Variables:
    values = {variable: np.asarray(array) for variable, array in arrays.items()}
    return Variables(name, {variable: array.shape for variable, array in values.items()}, values.__getitem__)


def test_vectors_and_matrices_are_series_along_their_longer_axis() -> None:
    file = variables(
        vector=np.zeros(5), row=np.zeros((1, 7)), matrix=np.zeros((2, 9)), cube=np.zeros((2, 3, 4)), scalar=1.0
    )
    assert {name: file.steps(name) for name in file.shapes} == {
        "vector": 5,
        "row": 7,
        "matrix": 9,
        "cube": 0,
        "scalar": 0,
    }


def test_the_default_series_is_the_longest_or_the_drive_end_of_a_bearing() -> None:
    assert variables(short=np.zeros(3), long=np.zeros(5)).default_variable() == "long"
    assert variables(X105_FE_time=np.zeros(5), X105_DE_time=np.zeros(3)).default_variable() == "X105_DE_time"


@pytest.mark.parametrize(
    ("name", "signal"),
    [("99.mat", "X099_DE_time"), ("98.mat", "X098_DE_time"), ("099.mat", "X099_DE_time"),
     ("12k_drive_end_98.mat", "X098_DE_time")],
)  # fmt: skip
def test_of_two_recordings_in_a_file_the_one_with_the_number_of_the_file_is_read(name: str, signal: str) -> None:
    file = variables(
        name, X098_DE_time=np.zeros(9), X098_FE_time=np.zeros(9), X099_DE_time=np.zeros(5), X099_FE_time=np.zeros(5)
    )
    assert file.default_variable() == signal


def test_the_number_of_the_file_counts_without_a_drive_end_signal_too() -> None:
    assert variables("7.mat", X006_FE_time=np.zeros(9), X007_FE_time=np.zeros(5)).default_variable() == "X007_FE_time"


@pytest.mark.parametrize("name", ["97.mat", "normal.mat", "98_99.mat"])
def test_two_recordings_in_a_file_of_another_number_are_asked_about(name: str) -> None:
    file = variables(name, X098_DE_time=np.zeros(9), X099_DE_time=np.zeros(5))
    with pytest.raises(
        SettingError, match=r"recordings 98, 99.*Set variable to one of X098_DE_time, X099_DE_time\."
    ) as asked:
        file.series()
    assert asked.value.field == "variable"
    assert file.series("X099_DE_time")[1] == "X099_DE_time"


def test_one_recording_is_read_whatever_the_file_is_called() -> None:
    assert variables("12.mat", X098_DE_time=np.zeros(9), other=np.zeros(99)).default_variable() == "X098_DE_time"


def test_a_series_comes_with_all_columns_of_the_same_length() -> None:
    file = variables(wave=np.arange(4.0), pair=np.arange(8.0).reshape(2, 4), other=np.zeros(9))
    columns, target = file.series("wave")
    assert (list(columns), target) == (["wave", "pair1", "pair2"], "wave")
    np.testing.assert_array_equal(columns["pair2"], [4, 5, 6, 7])
    assert file.series("pair2")[1] == "pair2"


def test_unknown_variables_and_wrong_shapes_are_refused_with_a_list() -> None:
    file = variables(cube=np.zeros((2, 3, 4)))
    with pytest.raises(DataError, match=r"no variable 'wave' of real numbers. Its variables: cube \(2 x 3 x 4\)"):
        file.load("wave")
    with pytest.raises(DataError, match=r"cube in a.mat must be a series.*received the shape 2 x 3 x 4"):
        file.series("cube")
    with pytest.raises(DataError, match="must contain a series of numbers"):
        file.series()


def test_values_with_another_shape_than_declared_are_refused() -> None:
    file = Variables("a.mat", {"wave": (3,)}, lambda name: np.zeros(2))
    with pytest.raises(DataError, match=r"must have the shape 3, as declared; received 2\. The file may be damaged"):
        file.load("wave")
