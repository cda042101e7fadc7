"""The caller's own numbers: every form they come in, and what is said about those that cannot be used."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.experiment import compose
from rnnstudio.core.sequence import SequenceData, as_floats
from rnnstudio.library.datasets.arrays import from_arrays

RNG = np.random.default_rng(2)


def data(x: Any, y: Any = None, classes: Any = (), **settings: Any) -> SequenceData:
    chosen = compose("arrays", settings)
    return from_arrays(x, y, chosen.data, chosen.seed, classes)


def test_fortran_order_and_read_only_arrays_are_copied_and_never_written_to() -> None:
    x = np.asfortranarray(RNG.normal(size=(6, 4, 2)))
    x.flags.writeable = False
    before = x.copy()
    taken = data(x, np.arange(6) % 2, task="classify").inputs
    assert taken.flags.c_contiguous
    assert taken.dtype == np.float32
    assert not taken.flags.writeable
    np.testing.assert_array_equal(taken, x.astype(np.float32))
    np.testing.assert_array_equal(x, before)


def test_float32_arrays_in_c_order_are_copied_too() -> None:
    x = np.ones((4, 3, 1), np.float32)
    taken = as_floats(x, "x")
    x[:] = 7
    assert (taken == 1).all()


@pytest.mark.parametrize(
    "x",
    [
        pd.DataFrame({"a": range(40), "b": range(40)}),
        {"a": list(range(40)), "b": list(range(40))},
        [[i, i] for i in range(40)],
        np.column_stack([np.arange(40)] * 2),
    ],
)
def test_frames_dicts_and_lists_are_one_series(x: Any) -> None:
    found = data(x, task="forecast", window=5)
    assert found.inputs.shape == (1, 40, 2)
    np.testing.assert_array_equal(found.inputs[0, :, 1], np.arange(40))
    if isinstance(x, pd.DataFrame):
        assert found.features == ("a", "b")


def test_a_dict_with_columns_of_unequal_length_is_refused() -> None:
    with pytest.raises(DataError, match=r"columns of x must have the same length; received 2, 3"):
        data({"a": [1, 2], "b": [1, 2, 3]}, task="forecast")


def test_a_nan_is_refused_with_its_place() -> None:
    x = np.ones((5, 4, 2))
    x[3, 1, 0] = x[4, 0, 0] = np.nan
    with pytest.raises(DataError, match=r"^x has 2 missing values, the first at index \[3, 1, 0\]\. .*interpolate\.$"):
        data(x, np.arange(5), task="classify")
    x[2, 1, 1] = np.inf
    with pytest.raises(DataError, match=r"x must hold finite numbers; received 1 .* first at index \[2, 1, 1\]"):
        data(x, np.arange(5), task="classify", missing="interpolate")


@pytest.mark.parametrize(
    "x",
    [
        ["a", "b"],
        np.array(["2020-01-01"], "datetime64[D]"),
        np.array([1 + 2j]),
        object(),
        np.array([1e300]),
        pd.DataFrame({"t": pd.to_datetime(["2020-01-01", "2020-01-02"])}),
    ],
)
def test_what_is_no_number_is_refused(x: Any) -> None:
    with pytest.raises(DataError, match=r"x must hold (finite )?numbers"):
        data(x, task="forecast")


@pytest.mark.parametrize(
    ("x", "y", "task", "words"),
    [
        (np.ones((5, 3, 1)), np.arange(4), "classify", "received 5 sequences in x and 4 targets in y"),
        (np.ones(50), np.arange(40) % 2, "label", "received 50 steps in x and 40 targets in y"),
        (np.ones(50), np.ones(40), "regress", "received 50 steps in x and 40 targets in y"),
        (np.ones((50, 2)), np.arange(40) % 2, "label", "same length"),
        (np.ones((5, 3, 1)), np.ones((5, 4)), "regress", r"one target per step, shape \(5, 3\).*received \(5, 4\)"),
        (np.ones((5, 3, 1)), np.ones(5), "regress", r"shape \(5, 3\), for task regress; received \(5,\)\. For one"),
        (np.ones((5, 3, 1)), np.arange(5), "label", r"shape \(5, 3\), for task label; received \(5,\)"),
        (np.ones((4, 3)), np.eye(4), "classify", r"0 and 1 per class for each, shape \(4, 4\).*argmax"),
        (np.ones((4, 3)), np.ones((4, 2)), "classify", r"more than one value for each, shape \(4, 2\)\."),
        (np.ones((2, 3, 1)), np.eye(3)[[[0, 1, 2]] * 2], "label", r"one class per step.*shape \(2, 3, 3\).*argmax"),
        (None, None, "forecast", "x must hold numbers; received None"),
        (None, [0, 1], "classify", "x must hold numbers; received None"),
        (np.ones(30), np.array(None), "regress", "y must hold numbers; received None"),
        (np.ones((4, 3)), np.array(None), "classify", "single value, None"),
        (np.ones(30), 3, "regress", "received the single number 3"),
        (np.ones((2, 2, 2, 2)), [0, 1], "classify", r"shape \(sequences, steps, features\)"),
        (np.ones(5), None, "regress", "y is needed for task regress"),
        (np.ones((5, 3)), None, "classify", "one target per sequence"),
        (np.ones(30), np.ones(30), "forecast", "y must be left out"),
        (np.ones((3, 3, 3)), None, "forecast", "one series"),
        (3.0, None, "forecast", "single number"),
        ([], None, "forecast", "at least one"),
        (np.ones((0, 3, 1)), [], "classify", "at least one"),
        (np.ones((4, 3)), 1, "classify", "single value"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(x: Any, y: Any, task: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        data(x, y, task=task, window=3)


@pytest.mark.parametrize(
    ("y", "names"),
    [
        (["b", "a", "b", "a"], ("a", "b")),
        ([1.0, 2.0, 10.0, 2.0], ("1", "2", "10")),
        (np.array([[3], [1], [3], [1]]), ("1", "3")),
        (pd.Series(["x", "y", "x", "y"]), ("x", "y")),
        (pd.Categorical(["x", "y", "x", "y"]), ("x", "y")),
        ([True, False, True, True], ("False", "True")),
    ],
)
def test_classes_are_sorted_and_counted_from_0(y: Any, names: tuple[str, ...]) -> None:
    found = data(np.ones((4, 3)), y, task="classify")
    assert found.classes == names
    assert found.targets.dtype == np.int32
    raw = np.asarray(y).ravel()
    as_text = [str(int(v)) if isinstance(v, float) else str(v) for v in raw]
    assert [found.classes[i] for i in found.targets] == as_text


@pytest.mark.parametrize("classes", [["walk", "run"], [2.0, 1.0]])
def test_the_callers_order_of_classes_is_kept(classes: Any) -> None:
    y = ["run", "walk", "walk", "run"] if classes[0] == "walk" else [1.0, 2.0, 2.0, 1.0]
    assert data(np.ones((4, 3)), y, classes, task="classify").targets.tolist() == [1, 0, 0, 1]


@pytest.mark.parametrize(
    ("y", "classes", "words"),
    [
        (["a", None, "b", "a"], (), "1 missing"),
        (["a", float("nan"), "b", "a"], (), "1 missing"),
        ([0, 1, np.nan, 1], (), "1 missing"),
        ([0.5, 1, 2, 1], (), "received fractions"),
        (["a", "b", "c", "a"], ["a", "b"], "'c', which is not among classes: a, b"),
        (["a", "a", "a", "a"], (), "at least two classes"),
        (["a", "b", "a", "b"], ["a", "b", "a"], "each class once"),
    ],
)
def test_classes_that_cannot_be_used_are_refused(y: Any, classes: Any, words: str) -> None:
    with pytest.raises(DataError, match=words):
        data(np.ones((4, 3)), y, classes, task="classify")


def test_a_data_frame_of_one_column_labels_a_series() -> None:
    found = data(np.ones((40, 2)), pd.DataFrame({"y": np.arange(40) % 2}), task="label", window=4)
    assert found.targets.shape == (1, 40)


def test_sequences_are_parted_by_seed_without_overlap() -> None:
    x = np.arange(20)[:, None] * np.ones((20, 3))
    found = data(x, np.arange(20) % 2, task="classify", test_fraction=0.2, val_fraction=0.1, seed=1)
    parts = [found.train, found.val, found.test]
    assert list(map(len, parts)) == [14, 2, 4]
    assert sorted(np.concatenate(parts)) == list(range(20))
    again = data(x, np.arange(20) % 2, task="classify", test_fraction=0.2, val_fraction=0.1, seed=2)
    assert again.test.tolist() != found.test.tolist()


def test_a_split_that_leaves_nothing_to_train_on_names_its_setting() -> None:
    with pytest.raises(SettingError, match="none of the 2 sequences") as caught:
        data(np.ones((2, 3)), [0, 1], task="classify", test_fraction=0.9)
    assert caught.value.field == "test_fraction"


@pytest.mark.parametrize("name", ["window", "stride"])
def test_settings_of_windows_are_refused_for_sequences_that_are_read_whole(name: str) -> None:
    with pytest.raises(SettingError, match=f"{name} cuts one long series; x holds 4 sequences of 3 steps") as caught:
        data(np.ones((4, 3, 1)), [0, 1, 0, 1], task="classify", **{name: 2})
    assert caught.value.field == name


def test_a_dict_of_steps_gives_each_sequence_its_targets() -> None:
    found = data(np.ones((4, 2, 3)), {"first": [0, 1, 0, 1], "second": [1, 1, 0, 0]}, task="label")
    np.testing.assert_array_equal(found.targets, [[0, 1], [1, 1], [0, 0], [1, 0]])
