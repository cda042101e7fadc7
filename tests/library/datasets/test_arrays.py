"""The data set `arrays`: every form in which sequences are passed, and the errors for those that do not fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import rnnstudio as rs
from rnnstudio.core.columns import NamedMatrix
from rnnstudio.core.conversion import as_floats
from rnnstudio.core.errors import DataError, RnnStudioError, SettingError
from tests.library.own_data import COLUMNS, SALES, arrays, load, long_frame, saved

pytestmark = pytest.mark.usefixtures("uncompiled")

RNG = np.random.default_rng(2)


def test_fortran_order_and_read_only_arrays_are_copied_and_never_modified() -> None:
    x = np.asfortranarray(RNG.normal(size=(6, 4, 2)))
    x.flags.writeable = False
    before = x.copy()
    inputs = arrays(x, np.arange(6) % 2, task="classify").inputs
    assert inputs.flags.c_contiguous
    assert inputs.dtype == np.float64
    assert not inputs.flags.writeable
    np.testing.assert_array_equal(inputs, x)
    np.testing.assert_array_equal(x, before)


def test_float32_arrays_in_c_order_are_copied() -> None:
    x = np.ones((4, 3, 1), np.float32)
    copied = as_floats(x, "x")
    x[:] = 7
    assert (copied == 1).all()


@pytest.mark.parametrize(
    "x",
    [
        [[i, i] for i in range(40)],
        np.column_stack([np.arange(40)] * 2),
    ],
)
def test_arrays_and_lists_are_one_series_of_which_all_columns_are_predicted(x: Any) -> None:
    data = arrays(x, task="forecast", window=5)
    assert data.inputs.shape == (1, 40, 2)
    np.testing.assert_array_equal(data.inputs[0, :, 1], np.arange(40))
    np.testing.assert_array_equal(data.targets[0], data.inputs[0])


@pytest.mark.parametrize("index", [None, pd.date_range("2024-01-01", periods=40)])
@pytest.mark.parametrize("names", [("a", "b"), ("sales", "a"), ("a", "target", "b")])
def test_a_data_frame_is_read_like_the_csv_file_of_its_content(
    tmp_path: Path, names: tuple[str, ...], index: pd.DatetimeIndex | None
) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({name: rng.normal(size=40).round(3) for name in names}, index=index)
    file = tmp_path / "x.csv"
    frame.to_csv(file, index=index is not None)
    from_file = load(file, window=5)
    assert len(from_file.features) == 1
    for x in (frame, dict(frame.items())) if index is None else (frame,):
        data = arrays(x, task="forecast", window=5)
        assert (data.features, data.target_names) == (from_file.features, from_file.target_names)
        assert [note.replace("x.csv", "x") for note in from_file.notes] == list(data.notes)
        np.testing.assert_array_equal(data.inputs, from_file.inputs)
        np.testing.assert_array_equal(data.targets, from_file.targets)


def test_a_dict_with_columns_of_unequal_length_is_refused() -> None:
    with pytest.raises(DataError, match=r"columns of x must have the same length; received 2, 3"):
        arrays({"a": [1, 2], "b": [1, 2, 3]}, task="forecast")


def test_a_nan_is_refused_with_its_index() -> None:
    x = np.ones((5, 4, 2))
    x[3, 1, 0] = x[4, 0, 0] = np.nan
    with pytest.raises(
        DataError, match=r"^x has 2 missing values, the first at index \[3, 1, 0\]\. .*past, mask or drop\.$"
    ):
        arrays(x, np.arange(5), task="classify", missing="error")
    x[2, 1, 1] = np.inf
    with pytest.raises(DataError, match=r"x must hold finite numbers; received 1 .* first at index \[2, 1, 1\]"):
        arrays(x, np.arange(5), task="classify")


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
def test_values_that_are_not_numbers_are_refused(x: Any) -> None:
    with pytest.raises(DataError, match=r"x must (hold (finite )?numbers|have a numeric column)"):
        arrays(x, task="forecast")


@pytest.mark.parametrize(
    ("x", "y", "task", "message"),
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
def test_shapes_that_do_not_fit_are_refused(x: Any, y: Any, task: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        arrays(x, y, task=task, window=3)


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
def test_classes_are_sorted_and_numbered_from_0(y: Any, names: tuple[str, ...]) -> None:
    data = arrays(np.ones((4, 3)), y, task="classify")
    assert data.classes == names
    assert data.targets.dtype == np.int32
    raw = np.asarray(y).ravel()
    as_text = [str(int(v)) if isinstance(v, float) else str(v) for v in raw]
    assert [data.classes[i] for i in data.targets] == as_text


@pytest.mark.parametrize("classes", [["walk", "run"], [2.0, 1.0]])
def test_the_callers_order_of_classes_is_used(classes: Any) -> None:
    y = ["run", "walk", "walk", "run"] if classes[0] == "walk" else [1.0, 2.0, 2.0, 1.0]
    assert arrays(np.ones((4, 3)), y, classes, task="classify").targets.tolist() == [1, 0, 0, 1]


@pytest.mark.parametrize(
    ("y", "classes", "message"),
    [
        (["a", None, "b", "a"], (), "1 missing"),
        (["a", float("nan"), "b", "a"], (), "1 missing"),
        ([0, 1, np.nan, 1], (), "1 missing"),
        ([None, None, None, None], (), "missing values only"),
        ([0.5, 1, 2, 1], (), "received fractions"),
        (["a", "b", "c", "a"], ["a", "b"], "'c', which is not among classes: a, b"),
        (["a", "a", "a", "a"], (), "at least two classes"),
        (["a", "b", "a", "b"], ["a", "b", "a"], "each class once"),
    ],
)
def test_classes_that_cannot_be_used_are_refused(y: Any, classes: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        arrays(np.ones((4, 3)), y, classes, task="classify", missing="error")


@pytest.mark.parametrize("y", [["a", None, "b", "a"], ["a", float("nan"), "b", "a"], [0, np.nan, 1, 0]])
def test_a_sequence_without_a_class_is_left_out(y: Any) -> None:
    x = np.arange(12.0).reshape(4, 3)
    data = arrays(x, y, task="classify", test_fraction=0)
    assert data.inputs[:, 0, 0].tolist() == [0, 6, 9]
    assert data.targets.tolist() == [0, 1, 0]
    assert data.notes[0] == "1 sequence of x without a class was left out, the first at index [1] of y."


def test_a_data_frame_of_one_column_labels_a_series() -> None:
    data = arrays(np.ones((40, 2)), pd.DataFrame({"y": np.arange(40) % 2}), task="label", window=4)
    assert data.targets.shape == (1, 40)


def test_sequences_are_split_by_seed_without_overlap() -> None:
    x = np.arange(20)[:, None] * np.ones((20, 3))
    data = arrays(x, np.arange(20) % 2, task="classify", test_fraction=0.2, val_fraction=0.1, seed=1)
    splits = [data.train, data.val, data.test]
    assert list(map(len, splits)) == [14, 2, 4]
    assert sorted(np.concatenate(splits)) == list(range(20))
    again = arrays(x, np.arange(20) % 2, task="classify", test_fraction=0.2, val_fraction=0.1, seed=2)
    assert again.test.tolist() != data.test.tolist()


def test_an_empty_training_set_names_the_setting_to_change() -> None:
    with pytest.raises(SettingError, match="none of the 2 sequences") as caught:
        arrays(np.ones((2, 3)), [0, 1], task="classify", test_fraction=0.9)
    assert caught.value.field == "test_fraction"


@pytest.mark.parametrize("name", ["window", "stride"])
def test_settings_of_windows_are_refused_for_separate_sequences(name: str) -> None:
    with pytest.raises(SettingError, match=f"{name} is for one long series; x holds 4 sequences of 3 steps") as caught:
        arrays(np.ones((4, 3, 1)), [0, 1, 0, 1], task="classify", **{name: 2})
    assert caught.value.field == name


def test_targets_may_be_a_dict_with_a_column_per_step() -> None:
    data = arrays(np.ones((4, 2, 3)), {"first": [0, 1, 0, 1], "second": [1, 1, 0, 0]}, task="label")
    np.testing.assert_array_equal(data.targets, [[0, 1], [1, 1], [0, 0], [1, 0]])


# -- data frames and lists of unequal length ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "y", "settings", "message"),
    [
        (long_frame(), None, {"task": "classify", "target": "kind"}, "sequence must name the column"),
        (long_frame(), None, {"task": "label", **COLUMNS}, "task must be classify or regress_sequence where"),
        (long_frame(), [1], {"task": "classify", **COLUMNS}, "y must be left out where sequence names a column"),
        (
            np.ones((4, 3)),
            None,
            {"task": "classify", **COLUMNS},
            "sequence names a column of a data frame, and x is ndarray",
        ),
        ({"a": [1], "b": [1, 2]}, None, {"target": "a"}, "columns of one length"),
        (
            long_frame(),
            None,
            {"task": "classify", "window": 3, **COLUMNS},
            "18 sequences of 3 to 5 steps, each of which is one window",
        ),
        ([[1, 2], [3]], None, {"task": "forecast"}, "2 sequences of unequal length, so task must be classify"),
        ([[1, 2], ["a"]], [0, 1], {"task": "classify"}, r"x\[1\] must hold numbers"),
        ([np.ones((2, 2)), np.ones((3, 1))], [0, 1], {"task": "classify"}, "the same features; received 1 and 2"),
        ([[1, 2], [3]], [[0, 1], [0, 1]], {"task": "label"}, "y must be a list of 2 arrays, each as long as its"),
    ],
)
def test_arguments_that_contradict_each_other_are_refused(x: Any, y: Any, settings: Any, message: str) -> None:
    with pytest.raises(RnnStudioError, match=message):
        arrays(x, y, **settings)


def test_a_data_frame_gives_the_same_series_as_a_file(tmp_path: Path) -> None:
    settings = {"target": "sales", "features": "sales,promo", "window": 4}
    from_frame, from_file = arrays(SALES, **settings), load(saved(tmp_path), **settings)
    np.testing.assert_array_equal(from_frame.inputs, from_file.inputs)
    labelled = arrays({k: SALES[k].tolist() for k in SALES}, task="label", target="state", window=4)
    assert labelled.features == ("promo", "sales")


@pytest.mark.parametrize("task", ["classify", "label", "regress"])
def test_lists_of_unequal_length_are_padded(task: Any) -> None:
    x = [RNG.normal(size=(n, 2)) for n in (3, 5, 4, 5, 2, 3)]
    y = {
        "classify": [0, 1, 0, 1, 0, 1],
        "label": [np.arange(len(s)) % 2 for s in x],
        "regress": [s[:, 0] * 2 for s in x],
    }[task]
    data = arrays(x, y, task=task)
    assert data.inputs.shape == (6, 5, 2)
    assert data.lengths is not None
    assert data.lengths.tolist() == [3, 5, 4, 5, 2, 3]
    assert not data.inputs[0, 3:].any()
    if task == "regress":
        np.testing.assert_allclose(data.targets[4, :, 0], [*x[4][:, 0] * 2, 0, 0, 0], rtol=1e-6)
    if task == "label":
        assert data.targets[1].tolist() == [0, 1, 0, 1, 0]


def test_missing_values_of_arrays_are_dropped_or_filled() -> None:
    x = RNG.normal(size=(6, 4, 1))
    x[2, 1, 0] = np.nan
    y = [0, 1, 0, 1, 0, 1]
    assert len(arrays(x, y, task="classify", missing="drop").inputs) == 5
    imputed = arrays(x, y, task="classify")
    assert imputed.inputs[2, 1, 0] == x[2, 0, 0]
    masked = arrays(x, y, task="classify", missing="mask")
    assert masked.features == ("feature1", "feature1 observed", "feature1 steps since observed")
    assert masked.inputs[2, :, 1:].tolist() == [[1, 0], [0, 1], [1, 0], [1, 0]]
    x[2, 1:, 0] = np.nan
    shorter = arrays(x, y, task="classify")
    assert shorter.lengths is not None
    assert shorter.lengths.tolist() == [4, 4, 1, 4, 4, 4]
    wave = np.sin(np.arange(40.0))
    wave[3] = np.nan
    assert arrays(wave, window=4, missing="drop").inputs.shape == (1, 39, 1)
    assert arrays(wave, wave > 0, task="label", window=4, missing="drop").targets.shape == (1, 39)
    nullable = pd.DataFrame({"n": pd.array([1, None, 3, 4, 5, 6], "Int64")})
    assert arrays(nullable, window=2, test_fraction=0).inputs[0, 1, 0] == 1


@pytest.mark.parametrize("dtype", [float, int, "float32", object])
@pytest.mark.parametrize("form", ["series", "sequences", "list", "unequal", "dict", "target"])
def test_masked_values_of_numpy_are_missing_and_their_hidden_numbers_are_never_read(form: str, dtype: Any) -> None:
    hidden, mask = 9_999, np.arange(48) % 8 == 3
    values = np.ma.masked_array(np.where(mask, hidden, np.arange(48)), mask).astype(dtype)
    rows = values.reshape(8, 6)
    y = np.arange(8) % 2
    data = {
        "series": lambda: arrays(values, task="forecast", window=4),
        "sequences": lambda: arrays(rows, y, task="classify"),
        "list": lambda: arrays(list(rows), y, task="classify"),
        "unequal": lambda: arrays([*rows, rows[0][:5]], [*y, 1], task="classify"),
        "dict": lambda: arrays({"a": values}, task="forecast", window=4),
        "target": lambda: arrays(np.arange(48.0), values, task="regress", window=4),
    }[form]()
    assert np.nanmax(data.inputs) < 48
    assert np.nanmax(data.targets) < 48
    assert any("missing" in note for note in data.notes)
    plain = np.ma.masked_array(np.arange(48.0), np.zeros(48, bool))
    assert not arrays(plain, task="forecast", window=4).notes


def test_classes_of_bytes_and_masked_classes() -> None:
    x = RNG.normal(size=(6, 4))
    data = arrays(x, np.array([b"up", b"down", b"gr\xc3\xbcn"] * 2), task="classify")
    assert data.classes == ("down", "grün", "up")
    masked = arrays(x, np.ma.masked_array([1, 2, 99, 1, 2, 1], [0, 0, 1, 0, 0, 0]), task="classify")
    assert masked.classes == ("1", "2")
    assert len(masked.inputs) == 5


def test_frames_group_samples_and_unread_samples_are_noted() -> None:
    x = [np.sin(np.arange(20 + i % 7) * (0.2 + 0.5 * (i % 2)))[:, None] for i in range(12)]
    tiny = {"units": 3, "updates": 2, "batch_size": 4, "save": False, "verbose": 0}
    run = rs.train(x, np.arange(12) % 2, task="classify", frame=8, **tiny)
    assert run.info.window == 3
    assert run.warnings == [
        "A step is a whole frame of 8 samples: 47 samples at the ends of 10 sequences were not used, at most 7 of each."
    ]
    assert len(run.predict(x[:5])) == 5
    with pytest.raises(SettingError, match="frame must be 1 for task label"):
        rs.train(np.zeros((12, 1)), np.arange(12) % 2, task="label", frame=2, window=3, **tiny)


DAYS = pd.date_range("2024-01-01", periods=40, freq="D")
SALES_BY_DAY = pd.Series(np.arange(40) % 7 + 0.5, index=DAYS, name="sales")


@pytest.mark.parametrize(
    "x",
    [
        SALES_BY_DAY,
        SALES_BY_DAY[::-1],
        SALES_BY_DAY.to_frame(),
        SALES_BY_DAY.to_period("D").to_frame(),
        SALES_BY_DAY.rename_axis("day").reset_index(),
        {"day": DAYS.strftime("%d.%m.%Y").tolist(), "sales": [f"{v:.1f}".replace(".", ",") for v in SALES_BY_DAY]},
    ],
    ids=["series", "newest first", "frame", "periods", "column", "dict of text"],
)
def test_data_with_times_are_read_like_a_file(x: Any) -> None:
    data = arrays(x, task="forecast", window=5)
    np.testing.assert_array_equal(data.inputs[0, :, 0], SALES_BY_DAY)
    np.testing.assert_array_equal(data.times[0], DAYS.to_numpy())
    assert (data.frequency, data.period, data.features) == ("D", 7, ("sales",))


SIXTY_DAYS = pd.date_range("2024-01-01", periods=60)
NUMBERS = np.cumsum(np.random.default_rng(5).normal(size=60)) + 50
TIMES_IN_THE_INDEX = {
    "times": SIXTY_DAYS,
    "text": SIXTY_DAYS.strftime("%Y-%m-%d"),
    "objects": pd.Index([day.date() for day in SIXTY_DAYS]),
    "periods": SIXTY_DAYS.to_period("D"),
}


@pytest.mark.parametrize("form", ["frame", "column"])
@pytest.mark.parametrize("index", TIMES_IN_THE_INDEX)
def test_numbers_with_times_in_their_index_are_sorted_by_it(index: str, form: str) -> None:
    expected = arrays(pd.DataFrame({"day": SIXTY_DAYS, "sales": NUMBERS}), task="forecast", window=5)
    x = pd.Series(NUMBERS, TIMES_IN_THE_INDEX[index], name="sales")[::-1]
    data = arrays(x if form == "column" else x.to_frame(), task="forecast", window=5)
    np.testing.assert_array_equal(data.inputs, expected.inputs)
    np.testing.assert_array_equal(data.times, expected.times)
    assert data.features == ("sales",)


@pytest.mark.parametrize("form", ["frame", "column"])
def test_levels_of_an_index_that_name_series_are_asked_about(form: str) -> None:
    index = pd.MultiIndex.from_product([["A", "B"], SIXTY_DAYS], names=["shop", "day"])
    x = pd.Series(np.tile(NUMBERS, 2), index, name="sales")
    x = x if form == "column" else x.to_frame()
    with pytest.raises(SettingError, match="Set series to shop"):
        arrays(x, task="forecast", window=5)
    assert arrays(x, task="forecast", window=5, series="shop").series == ("A", "B")


@pytest.mark.parametrize(
    "column",
    [
        {"year": range(1950, 2010)},
        {"timestamp": 1_700_000_000 + 3_600 * np.arange(60)},
        {"date": range(20240201, 20240229)},
    ],
    ids=lambda column: next(iter(column)),
)
def test_a_data_frame_of_numbers_with_a_column_of_times_is_read_like_a_file(column: Any, tmp_path: Path) -> None:
    times = list(next(iter(column.values())))
    frame = pd.DataFrame({next(iter(column)): times, "sales": NUMBERS[: len(times)]})
    frame.to_csv(tmp_path / "a.csv", index=False)
    from_file = load(tmp_path / "a.csv", window=2)
    for x in (frame, {name: frame[name].to_numpy() for name in frame}):
        data = arrays(x, task="forecast", window=2)
        np.testing.assert_array_equal(data.inputs, from_file.inputs)
        np.testing.assert_array_equal(data.times, from_file.times)
        assert data.features == ("sales",)


def test_of_a_named_matrix_of_r_all_columns_are_predicted_under_their_names() -> None:
    matrix = NamedMatrix(b=np.arange(40.0), a=np.sin(np.arange(40.0)))
    data = arrays(matrix, task="forecast", window=5)
    assert data.features == data.target_names == ("b", "a")
    assert arrays(dict(matrix), task="forecast", window=5).features != data.features


def test_marks_of_missing_values_are_used_for_data_frames_of_numbers_and_arrays_alike() -> None:
    values = np.where(np.arange(60) % 20 == 7, -999, NUMBERS)
    frame = pd.DataFrame({"sales": values})
    of_frame, of_array = (arrays(x, task="forecast", window=5, missing_values="-999") for x in (frame, values))
    assert of_frame.inputs.min() > 0
    np.testing.assert_array_equal(of_frame.inputs, of_array.inputs)


def test_tables_of_arrow_are_read_like_data_frames() -> None:
    frame = pd.DataFrame({"day": SIXTY_DAYS, "sales": NUMBERS})
    data, expected = (arrays(x, task="forecast", window=5) for x in (pa.Table.from_pandas(frame), frame))
    np.testing.assert_array_equal(data.inputs, expected.inputs)
    np.testing.assert_array_equal(data.times, expected.times)


def test_targets_beside_a_data_frame_whose_times_fall_are_refused() -> None:
    frame = pd.DataFrame({"a": NUMBERS}, SIXTY_DAYS)
    assert arrays(frame, NUMBERS, task="regress", window=5).inputs.shape == (1, 60, 1)
    with pytest.raises(DataError, match=r"must be in order of time where y is passed"):
        arrays(frame[::-1], NUMBERS[::-1], task="regress", window=5)
