"""Labelled sequences from .ts files, .npz files and long tables (labelled_ts, labelled_npz, labelled_table)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.reading.labelled_npz import read_inputs_npz, read_labelled_npz
from rnnstudio.reading.labelled_table import labelled_from_table
from rnnstudio.reading.sequence_files import read_sequences
from rnnstudio.reading.text_table import read_table

TS_HEADER = "@timeStamps false\n@classLabel true up down\n@data\n"
LONG = "id,x,y,who,class\na,1,2,p,up\nb,5,6,q,down\na,2,3,p,up\nb,6,,q,down\nb,7,8,q,down\n"


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text)
    return file


def test_training_and_test_file_are_read_together_whichever_is_chosen(tmp_path: Path) -> None:
    train = write(tmp_path, "Gun_TRAIN.ts", TS_HEADER + "1,2:up\n3,4:down\n5,6:up\n")
    test = write(tmp_path, "Gun_TEST.ts", TS_HEADER + "7,8:down\n")
    for file in (train, test):
        labelled = read_sequences(file)
        assert labelled.test is not None
        assert labelled.test.tolist() == [False, False, False, True]
        assert labelled.labels.tolist() == ["up", "down", "up", "down"]
        assert "3 training sequences and 1 test sequences" in labelled.notes[0]
        assert labelled.where(3, 1, 0) == "Gun_TEST.ts, line 4, value 2"


def test_training_and_test_file_must_have_the_same_dimensions(tmp_path: Path) -> None:
    train = write(tmp_path, "Gun_TRAIN.ts", TS_HEADER + "1,2:up\n")
    write(tmp_path, "Gun_TEST.ts", TS_HEADER + "7,8:1,2:down\n")
    with pytest.raises(DataError, match="must have the same number of dimensions; received 1 and 2"):
        read_sequences(train)


def test_missing_values_at_the_end_of_a_sequence_are_padding(tmp_path: Path) -> None:
    x = np.array([[1, 2, 3], [4, 5, np.nan], [6, np.nan, np.nan]])
    np.savez(tmp_path / "a.npz", X=x, y=["a", "b", "a"], groups=[1, 2, 2])
    labelled = read_labelled_npz(tmp_path / "a.npz")
    assert [sequence[:, 0].tolist() for sequence in labelled.sequences] == [[1, 2, 3], [4, 5], [6]]
    assert labelled.groups is not None
    assert labelled.groups.tolist() == [1, 2, 2]


def test_arrays_of_training_and_test_sequences_define_the_test_set(tmp_path: Path) -> None:
    file = tmp_path / "b.npz"
    np.savez(file, x_train=np.ones((3, 4, 2)), y_train=[0, 1, 0], x_test=np.ones((2, 4, 2)), y_test=[1, 0])
    labelled = read_labelled_npz(file)
    assert labelled.test is not None
    assert labelled.test.tolist() == [False] * 3 + [True] * 2
    assert labelled.where(3, 1, 0) == "x_test[0, 1, 0]"


def test_sequences_without_classes_are_read_as_inputs(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.ones((3, 4, 2)))
    assert [sequence.shape for sequence in read_inputs_npz(tmp_path / "a.npz")] == [(4, 2)] * 3
    np.savez(tmp_path / "b.npz", wave=np.ones(5))
    with pytest.raises(DataError, match=r"b.npz must contain the array x or x_test. Its arrays: wave"):
        read_inputs_npz(tmp_path / "b.npz")


@pytest.mark.parametrize("suffix", ["", "_test"])
def test_new_sequences_have_the_lengths_of_the_file_as_those_of_the_training(tmp_path: Path, suffix: str) -> None:
    x, lengths = np.arange(36.0).reshape(3, 6, 2), [6, 2, 4]
    arrays = {f"x{suffix}": x, f"y{suffix}": ["a", "b", "a"], f"lengths{suffix}": lengths}
    if suffix:
        arrays |= {"x_train": x + 1, "y_train": ["a", "b", "a"], "lengths_train": [1, 1, 1]}
    np.savez(tmp_path / "a.npz", **arrays)
    inputs = read_inputs_npz(tmp_path / "a.npz")
    assert [sequence.tolist() for sequence in inputs] == [x[n, :end].tolist() for n, end in enumerate(lengths)]
    trained = list(read_labelled_npz(tmp_path / "a.npz").sequences)[-3:]
    assert all(np.array_equal(*pair) for pair in zip(trained, inputs, strict=True))


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"wave": np.ones(300)}, "must contain the arrays x and y, .*Its arrays: wave"),
        ({"x": np.ones((3, 2)), "y": [0, 1]}, r"y in a.npz must have one class per sequence, shape \(3,\); received 2"),
        ({"x": np.ones(3), "y": [0, 1, 0]}, "x in a.npz must be an array of numbers with the shape .*received 3"),
        ({"x": np.full((2, 2), np.inf), "y": [0, 1]}, "x in a.npz must contain finite numbers"),
        ({"x": np.ones((2, 2)), "y": [0, np.nan]}, "y in a.npz must have a class for every sequence"),
        ({"x": np.ones((2, 2)), "y": [0, 1], "lengths": [1, 9]}, "lengths in a.npz must be integers from 1"),
        ({"x": np.ones((2, 2)), "y": [0, 1], "groups": [1]}, "groups in a.npz must have one value per sequence"),
        ({"x": np.ones((2, 2)), "y": [0, 1], "groups": [1, np.nan]}, "groups in a.npz must name .* none at index 1"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(DataError, match=message):
        read_labelled_npz(tmp_path / "a.npz")


def test_sequences_of_a_long_table_are_in_the_order_of_their_first_rows(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "a.csv", LONG))
    labelled = labelled_from_table(table, "id", "class", group="who", missing="past")
    assert labelled.features == ("x", "y")
    np.testing.assert_array_equal(labelled.sequences[0], [[1, 2], [2, 3]])
    np.testing.assert_array_equal(labelled.sequences[1], [[5, 6], [6, np.nan], [7, 8]])
    assert labelled.labels.tolist() == ["up", "down"]
    assert labelled.groups is not None
    assert labelled.groups.tolist() == ["p", "q"]
    assert labelled.where(1, 1, 1) == "row 5, column 'y'"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LONG.replace("a,2,3,p,up", "a,2,3,p,down"), "'class' must .*; id 'a' has 'up' in row 2 and 'down' in row 4"),
        (LONG.replace("a,2,3,p,up", "a,2,3,q,up"), "'who' must .*; id 'a' has 'p' in row 2 and 'q' in row 4"),
        (LONG.replace("a,2,3,p,up", ",2,3,p,up"), "row 4, column 'id': the name of a sequence is expected"),
        (LONG.replace("a,2,3,p,up", "a,2,3,p,").replace("a,1,2,p,up", "a,1,2,p,"), "row 2, column 'class': a class is"),
    ],
)
def test_contradictory_rows_of_a_sequence_are_named(tmp_path: Path, text: str, message: str) -> None:
    table = read_table(write(tmp_path, "a.csv", text))
    with pytest.raises(DataError, match=message):
        labelled_from_table(table, "id", "class", ["x"], group="who", missing="error")
