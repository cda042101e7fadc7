"""The columns of new data that are the inputs of a run."""

from __future__ import annotations

import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.core.input_columns import input_columns, similar_column


@pytest.mark.parametrize(
    ("features", "columns", "found"),
    [
        (["b", "a"], ["a", "b", "c"], ["b", "a"]),  # by name, in the order of the features
        (["Load kW"], ["year", "load_kW", "LOAD  KW"], ["LOAD  KW"]),
        (["a", "b"], ["B ", "x", "a"], ["a", "B "]),
        (["a"], ["0"], ["0"]),  # pandas numbers the columns of an array
        (["a", "b"], ["V1", "V2"], ["V1", "V2"]),  # so does R
        (["feature1", "feature2"], ["u", "v"], ["u", "v"]),  # the run was trained on an array
    ],
)
def test_columns_are_found_by_name_and_without_names_by_position(
    features: list[str], columns: list[str], found: list[str]
) -> None:
    chosen, assumed = input_columns(features, columns, columns, "x")
    assert chosen == found
    assert bool(assumed) == (found != features)


@pytest.mark.parametrize(
    ("features", "columns"),
    [
        (["load"], ["year", "hour", "power"]),
        (["load"], ["power"]),  # one column of another name may be another quantity
        (["a", "b"], ["a", "c"]),
        (["a"], ["A", "a "]),  # two candidates
        (["a"], ["V1", "V2"]),  # more columns than features
        (["2021", "2022"], ["2023", "2024"]),  # a header of years
        (["feature1"], ["u", "v"]),
    ],
)
def test_another_name_is_refused_with_both_lists(features: list[str], columns: list[str]) -> None:
    with pytest.raises(DataError) as caught:
        input_columns(features, columns, columns, "new.csv")
    assert all(repr(name) in str(caught.value) for name in (*features, *columns))


def test_columns_of_text_are_named_without_their_values() -> None:
    features = ["a", "sky=rain", "sky=sun"]
    with pytest.raises(DataError, match=r"on, 'a', 'sky'; 'sky' was not found among its columns 'a', 'b'\. Rename"):
        input_columns(features, ["a", "b"], ["a", "b"], "x")
    with pytest.raises(DataError, match=r"^x, column 'sky': texts such as 'rain' are expected, .*; received none"):
        input_columns(features, ["a", "sky"], ["a", "sky"], "x")


@pytest.mark.parametrize(
    ("columns", "found"), [(["day", "ID "], "ID "), (["id", "ID"], ""), (["Id", "ID"], ""), (["day", "ids"], "")]
)
def test_the_only_column_of_a_similar_name_is_found(columns: list[str], found: str) -> None:
    assert similar_column("id", columns) == found


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_columns_without_names_are_read_by_position_if_there_are_as_many_as_in_the_training(count: int) -> None:
    trained, columns = [f"column{i}" for i in range(1, 5)], [f"column{i}" for i in range(1, count + 1)]
    features = ["column2", "column4", "column1"]
    if count == 3:  # the inputs alone
        chosen, said = input_columns(features, columns, columns, "x", has_names=False, trained=trained)
        assert (chosen, "by their position" in said) == (columns, True)
    elif count == 4:
        chosen, said = input_columns(features, columns, columns, "x", has_names=False, trained=trained)
        assert (chosen, said) == (features, "x names no columns; they are read by position, as in the training.")
    else:
        with pytest.raises(DataError, match=f"must have 4 columns.* or 3, the inputs.* Received {count}"):
            input_columns(features, columns, columns, "x", has_names=False, trained=trained)
