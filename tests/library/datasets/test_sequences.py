"""The data set `sequences`: labelled sequences from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnstudio as rs
from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.errors import RnnStudioError, SettingError
from tests.library.own_data import COLUMNS, arrays, load, long_frame, saved

pytestmark = pytest.mark.usefixtures("uncompiled")


def test_a_long_table_becomes_padded_sequences_with_their_lengths(tmp_path: Path) -> None:
    data = load(saved(tmp_path, long_frame()), **COLUMNS)
    assert (data.task, data.classes, data.features) == ("classify", ("down", "up"), ("x",))
    assert data.inputs.shape == (18, 5, 1)
    assert data.lengths is not None
    assert data.lengths.tolist() == [5, 3, 4] * 6
    np.testing.assert_allclose(data.inputs[1, :, 0], [0.1, 1.1, 2.1, 0, 0])
    from_frame = arrays(long_frame(), task="classify", **COLUMNS)
    np.testing.assert_array_equal(from_frame.inputs, data.inputs)
    np.testing.assert_array_equal(from_frame.test, data.test)


def test_each_person_is_in_one_split_only(tmp_path: Path) -> None:
    data = load(saved(tmp_path, long_frame()), **COLUMNS, group="who", test_fraction=0.3, val_fraction=0.2)
    assert data.groups is not None
    people = [set(data.groups[split].tolist()) for split in (data.train, data.val, data.test)]
    assert [len(p) for p in people] == [3, 1, 2]
    assert len(set.union(*people)) == 6
    with pytest.raises(SettingError, match="none of the 6 groups for the training set"):
        load(saved(tmp_path, long_frame()), **COLUMNS, group="who", test_fraction=0.95)


def test_sequences_with_missing_values_are_refused_dropped_or_filled(tmp_path: Path) -> None:
    frame = long_frame()
    frame.loc[1, "x"] = np.nan
    with pytest.raises(RnnStudioError, match=r"row 3, column 'x'.*received an empty cell.*past, mask or drop"):
        load(saved(tmp_path, frame), **COLUMNS, missing="error")
    dropped = load(saved(tmp_path, frame), **COLUMNS, missing="drop")
    assert len(dropped.inputs) == 17
    assert dropped.notes[0].startswith("1 of the 18 sequences of sales.csv have missing values and were dropped")
    filled = load(saved(tmp_path, frame), **COLUMNS)
    assert filled.inputs[0, 1, 0] == filled.inputs[0, 0, 0] == 0
    assert "1 missing value of sales.csv was filled with the last value before, the first at row 3" in filled.notes[0]


def test_the_published_splits_of_ucr_data_are_used(tmp_path: Path) -> None:
    head = "@classLabel true a b\n@data\n"
    (tmp_path / "Coffee_TRAIN.ts").write_text(head + "1,2,3:a\n3,2:b\n1,2,4:a\n3,1:b\n")
    (tmp_path / "Coffee_TEST.ts").write_text(head + "3,0:b\n")
    experiment = rs.experiment(tmp_path / "Coffee_TRAIN.ts", val_fraction=0.5)
    assert experiment.data.dataset == "sequences"
    data = DATASETS.get("sequences").load(experiment.data, 0)
    assert (len(data.train), len(data.val), data.test.tolist()) == (2, 2, [4])
    assert sorted(data.targets[data.val]) == [0, 1]
    assert "Coffee_TEST.ts was read together with Coffee_TRAIN.ts" in data.notes[0]


def test_rare_and_absent_classes_are_noted(tmp_path: Path) -> None:
    frame = long_frame()
    frame.loc[frame["id"] == "s4", "kind"] = "odd"
    data = load(saved(tmp_path, frame), **COLUMNS)
    assert data.notes == ("Class 'odd' has one sequence only, which cannot be in both training and test set.",)
    assert data.targets[data.train].tolist().count(data.classes.index("odd")) == 1
    ordered = load(saved(tmp_path, long_frame()), **COLUMNS, classes=["up", "down", "sideways"])
    assert ordered.classes == ("up", "down", "sideways")
    assert "Class 'sideways' does not occur in the training set" in ordered.notes[0]


@pytest.mark.parametrize(
    ("settings", "message", "field"),
    [
        ({"task": "classify"}, "sequence must name the column of sales.csv with the sequence each row", "sequence"),
        ({"sequence": "id"}, "target must name the column of sales.csv with the class of each sequence", "target"),
        ({"sequence": "id", "target": "class"}, "has no column 'class'. Its columns: id, x, who, kind", ""),
        ({**COLUMNS, "features": "y"}, "has no column 'y'", ""),
        ({"sequence": "id", "target": "x"}, "must have at least one numeric column besides id, x", ""),
    ],
)
def test_columns_that_do_not_fit_are_refused(tmp_path: Path, settings: Any, message: str, field: str) -> None:
    with pytest.raises(RnnStudioError, match=message) as caught:
        load(saved(tmp_path, long_frame()), **settings)
    assert getattr(caught.value, "field", "") == field


def test_a_trained_run_classifies_sequences_of_any_length(tmp_path: Path) -> None:
    run = rs.train(
        saved(tmp_path, long_frame()), **COLUMNS, units=8, updates=50, batch_size=7, learning_rate=0.05, seed=1,
        save=False, verbose=0,
    )  # fmt: skip
    assert run.metrics["test_accuracy"] == 1
    classes = run.predict([[0, 1, 2], [0.0, -1.0], [0, 2, 4, 6, 8, 10, 12]])
    assert classes.tolist() == ["up", "down", "up"]
    assert run.predict([[0, 1, 2], [0.0, -1.0]], probabilities=True).shape == (2, 2)
