"""Labelled sequences from .ts files, .npz files and long tables (labelled_ts, labelled_npz, labelled_table)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.reading.formats.labelled_npz import read_inputs_npz, read_labelled_npz
from rnnstudio.reading.sequence_files import read_sequences
from rnnstudio.reading.series.labelled_table import labelled_from_table
from rnnstudio.reading.table import Table
from rnnstudio.reading.text.text_table import read_table
from rnnstudio.reading.value_columns import frame_table

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
        (
            {"x": np.ones((3, 2)), "y": [0, 1]},
            r"y in a.npz must have one class or value per sequence, shape \(3,\); received 2",
        ),
        ({"x": np.ones(3), "y": [0, 1, 0]}, "x in a.npz must be an array of numbers with the shape .*received 3"),
        ({"x": np.full((2, 2), np.inf), "y": [0, 1]}, "x in a.npz must contain finite numbers"),
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
        (LONG.replace("a,2,3,p,up", "a,2,3,,up"), "row 4, column 'who': the name of a group is expected"),
        (LONG.replace("a,2,3,p,up", "a,2,3,p,").replace("a,1,2,p,up", "a,1,2,p,"), "row 2, column 'class': a class is"),
    ],
)
def test_contradictory_rows_of_a_sequence_are_named(tmp_path: Path, text: str, message: str) -> None:
    table = read_table(write(tmp_path, "a.csv", text))
    with pytest.raises(DataError, match=message):
        labelled_from_table(table, "id", "class", ["x"], group="who", missing="error")


def steps_table(step: str, numbers: Any, order: Any = None, lacking: tuple[int, ...] = ()) -> Table:
    """Return a long table of 5 sequences of 6 steps, with numbers for the steps, its rows in any order."""
    rows = pd.DataFrame({"id": np.repeat(list("abcde"), 6), step: np.tile(numbers, 5), "x": np.arange(30.0) ** 2})
    rows["class"] = np.where(rows["id"].isin(["a", "b"]), "up", "down")
    rows = rows.drop(index=list(lacking))
    shuffled = rows.sample(frac=1, random_state=order) if order is not None else rows
    return frame_table("rows", shuffled.reset_index(drop=True))


@pytest.mark.parametrize(
    ("step", "numbers"),
    [
        ("t", range(6)),
        ("count of the row", range(5, 11)),
        ("frame", range(100, 160, 10)),
        ("seconds", np.arange(6) / 10),
        ("time [s]", np.arange(6) * 0.02 + 3.5),
    ],
)
@pytest.mark.parametrize("lacking", [(), (7, 22)], ids=["all steps", "two steps missing"])
def test_a_column_of_steps_orders_the_rows_of_each_sequence(step: str, numbers: Any, lacking: tuple[int, ...]) -> None:
    if lacking and step == "count of the row":
        pytest.skip("without the name of a step, all must be there")
    labelled = labelled_from_table(steps_table(step, list(numbers), 1, lacking), "id", "class", missing="past")
    assert labelled.features == ("x",)
    expected = [[float(i * i) for i in range(6 * n, 6 * n + 6) if i not in lacking] for n in range(5)]
    assert sorted(np.ravel(values).tolist() for values in labelled.sequences) == expected
    (note,) = labelled.notes
    assert "orders the rows" in note
    assert ("leaves out 2 steps" in note) == bool(lacking)


@pytest.mark.parametrize(
    ("step", "numbers"),
    [
        ("t", [20.1, 19.7, 20.0, 22.9, 21.3, 20.6]),  # a temperature
        ("t", [20, 20, 20, 21, 21, 20]),
        ("x2", [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]),
    ],
)
def test_measured_numbers_are_inputs_and_order_nothing(step: str, numbers: list[float]) -> None:
    labelled = labelled_from_table(steps_table(step, numbers), "id", "class")
    assert labelled.features == (step, "x")
    assert np.concatenate(list(labelled.sequences))[:, 1].tolist() == [i * i for i in range(30)]


def test_steps_that_stand_twice_in_a_sequence_are_asked_about_unless_their_rows_are_in_order() -> None:
    numbers = [0, 1, 2, 0, 1, 2]
    with pytest.raises(SettingError, match=r"'t' seems to count .* but 0 stands twice .* row 1 and row 4, .*features"):
        labelled_from_table(steps_table("t", numbers), "id", "class")
    assert labelled_from_table(steps_table("t", numbers), "id", "class", ["t", "x"]).features == ("t", "x")
    in_order = labelled_from_table(steps_table("t", sorted(numbers)), "id", "class")
    assert in_order.features == ("t", "x")


def test_sequences_of_one_step_each_are_said() -> None:
    rows = pd.DataFrame({"row": range(8), "x": np.arange(8.0) ** 2, "class": ["up", "down"] * 4})
    assert (
        "Each sequence of rows has one step only"
        in labelled_from_table(frame_table("rows", rows), "row", "class").notes[-1]
    )
    twice = rows.assign(row=rows["row"] // 2, **{"class": np.repeat(["up", "down"], 4)})
    assert not labelled_from_table(frame_table("rows", twice), "row", "class").notes
