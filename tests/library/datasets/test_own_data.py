"""Your own series and labelled sequences, from files and from memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.errors import DataError, RnnStudioError, SettingError
from rnnstudio.core.experiment import compose
from rnnstudio.core.names import names_in
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.splitting import split_sequences
from rnnstudio.library.datasets.arrays import from_arrays

RNG = np.random.default_rng(5)
SALES = pd.DataFrame({
    "day": [f"d{i}" for i in range(60)],
    "promo": np.arange(60) % 3,
    "sales": np.sin(np.arange(60) / 3).round(3),
    "state": np.where(np.arange(60) % 10 < 6, "low", "high"),
})  # fmt: skip


def load(file: Path, **settings: Any) -> SequenceData:
    chosen = rs.experiment(str(file), **settings)
    return DATASETS.get(chosen.data.dataset).load(chosen.data, chosen.seed)


def arrays(x: Any, y: Any = None, classes: Any = (), **settings: Any) -> SequenceData:
    chosen = compose("arrays", settings)
    return from_arrays(x, y, chosen.data, chosen.seed, classes)  # type: ignore[arg-type]


def saved(folder: Path, frame: pd.DataFrame = SALES, ending: str = ".csv") -> Path:
    file = folder / f"sales{ending}"
    write = {".csv": frame.to_csv, ".tsv": lambda f, **o: frame.to_csv(f, sep="\t", **o), ".xlsx": frame.to_excel}
    if ending == ".parquet":
        frame.to_parquet(file)
    elif ending == ".npz":
        np.savez(file, sales=frame["sales"], promo=frame["promo"])
    else:
        write[ending](file, index=False)
    return file


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".xlsx", ".parquet", ".npz"])
def test_a_series_is_the_same_from_every_kind_of_file(tmp_path: Path, ending: str) -> None:
    data = load(saved(tmp_path, ending=ending), window=4, target="sales")
    assert data.task == "forecast"
    assert data.autoregressive
    np.testing.assert_array_equal(data.inputs[0, :, 0], SALES["sales"].to_numpy(np.float32))


@pytest.mark.parametrize("features", ["sales, promo", ["sales", "promo"], '"sales",promo'])
def test_a_target_is_told_on_from_several_columns(tmp_path: Path, features: Any) -> None:
    data = load(saved(tmp_path), window=4, horizon=2, target="sales", features=features)
    assert (data.features, data.target_names, data.autoregressive) == (("sales", "promo"), ("sales",), False)
    np.testing.assert_array_equal(data.inputs[0], SALES[["sales", "promo"]].to_numpy(np.float32))
    np.testing.assert_array_equal(data.window_targets(data.train)[0, :, 0], SALES["sales"][4:6].to_numpy(np.float32))


@pytest.mark.parametrize(("features", "offset"), [("sales,promo", 1), ("promo", 0)])
def test_a_value_at_every_step_is_the_next_one_unless_the_features_leave_it_out(
    tmp_path: Path, features: str, offset: int
) -> None:
    data = load(saved(tmp_path), task="regress", window=4, target="sales", features=features)
    assert data.target_offset == offset


def test_a_class_at_every_step_is_told_from_the_other_columns(tmp_path: Path) -> None:
    data = load(saved(tmp_path), task="label", target="state", window=4)
    assert (data.features, data.classes) == (("promo", "sales"), ("high", "low"))
    assert [data.classes[i] for i in data.targets[0]] == SALES["state"].tolist()
    ordered = load(saved(tmp_path), task="label", target="state", window=4, classes="low,high")
    assert ordered.classes == ("low", "high")
    with pytest.raises(DataError, match="names the class 'low', which is not among classes: high, higher"):
        load(saved(tmp_path), task="label", target="state", window=4, classes="high,higher")
    with pytest.raises(SettingError, match=r"target must name the column of classes.*state") as caught:
        load(saved(tmp_path), task="label", window=4)
    assert caught.value.field == "target"


def test_frames_are_for_forecasts_and_classes_of_whole_sequences(tmp_path: Path) -> None:
    assert load(saved(tmp_path), target="sales", window=2, frame=5).span == 10
    with pytest.raises(SettingError, match="frame groups samples into steps for the tasks forecast and classify"):
        load(saved(tmp_path), target="sales", task="regress", window=2, frame=5)


def with_gaps() -> pd.DataFrame:
    frame = SALES.copy()
    frame.loc[[0, 7, 8], "sales"] = np.nan
    return frame


def test_missing_values_of_a_series_are_refused_dropped_or_filled(tmp_path: Path) -> None:
    file = saved(tmp_path, with_gaps())
    with pytest.raises(
        DataError, match=r"sales.csv, row 2, column 'sales'.*empty cell \(3 such cells\).*drop or interpolate"
    ):
        load(file, target="sales", window=4)
    dropped = load(file, target="sales", window=4, missing="drop")
    np.testing.assert_array_equal(dropped.inputs[0, :, 0], with_gaps()["sales"].dropna().to_numpy(np.float32))
    assert dropped.notes == (
        "3 steps of sales.csv with missing values were dropped, the first at row 2, column 'sales'; those around them "
        "follow each other at once.",
    )
    filled = load(file, target="sales", window=4, missing="interpolate")
    values = SALES["sales"].to_numpy()
    step = (values[9] - values[6]) / 3
    np.testing.assert_allclose(filled.inputs[0, 6:9, 0], values[6] + step * np.arange(3), rtol=1e-6)
    assert filled.inputs[0, 0, 0] == filled.inputs[0, 1, 0]
    assert filled.notes[0].startswith("3 missing values of sales.csv filled by straight lines in time, the first at")


def test_a_class_cannot_be_filled_in_but_its_step_can_be_dropped(tmp_path: Path) -> None:
    frame = SALES.copy()
    frame.loc[3, "state"] = None
    settings = {"task": "label", "target": "state", "window": 4}
    with pytest.raises(DataError, match=r"row 5, column 'state'.*A class cannot be interpolated; set missing to drop"):
        load(saved(tmp_path, frame), **settings, missing="interpolate")
    assert load(saved(tmp_path, frame), **settings, missing="drop").inputs.shape == (1, 59, 2)


def test_a_column_without_any_value_cannot_be_filled(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", wave=np.full(20, np.nan))
    with pytest.raises(DataError, match="no value at all to fill from"):
        load(tmp_path / "a.npz", window=3, missing="interpolate")
    with pytest.raises(DataError, match="missing values at every step"):
        load(tmp_path / "a.npz", window=3, missing="drop")


def test_a_feature_that_never_changes_is_told_once(tmp_path: Path) -> None:
    frame = SALES.assign(still=7)
    data = load(saved(tmp_path, frame), target="sales", features="sales,still", window=4)
    assert data.notes == (
        "Feature 'still' never changes in the training part, so scaling makes it 0 and nothing can be learned from it.",
    )
    assert load(saved(tmp_path, frame), target="sales", features="sales,still", window=4, scale="none").notes == ()


def test_a_rate_comes_along_with_sound(tmp_path: Path) -> None:
    from scipy.io import wavfile

    wavfile.write(tmp_path / "a.wav", 8000, (SALES["sales"] * 1000).to_numpy(np.int16))
    assert load(tmp_path / "a.wav", window=4).rate == 8000


# -- labelled sequences ------------------------------------------------------------------------------------------------


def long_frame(lengths: tuple[int, ...] = (5, 3, 4) * 6, **extra: Any) -> pd.DataFrame:
    """Return sequences whose class says whether they rise."""
    parts = [
        pd.DataFrame({
            "id": f"s{i}", "x": (1 if i % 2 else -1) * np.arange(n) + i / 10, "who": f"p{i % 6}",
            "kind": "up" if i % 2 else "down",
        })
        for i, n in enumerate(lengths)
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True).assign(**extra)


COLUMNS = {"sequence": "id", "target": "kind"}


def test_a_long_table_becomes_padded_sequences_with_their_lengths(tmp_path: Path) -> None:
    data = load(saved(tmp_path, long_frame()), **COLUMNS)
    assert (data.task, data.classes, data.features) == ("classify", ("down", "up"), ("x",))
    assert data.inputs.shape == (18, 5, 1)
    assert data.lengths is not None
    assert data.lengths.tolist() == [5, 3, 4] * 6
    np.testing.assert_allclose(data.inputs[1, :, 0], [0.1, 1.1, 2.1, 0, 0])
    frame = arrays(long_frame(), task="classify", **COLUMNS)
    np.testing.assert_array_equal(frame.inputs, data.inputs)
    np.testing.assert_array_equal(frame.test, data.test)


def test_people_are_in_one_part_only(tmp_path: Path) -> None:
    data = load(saved(tmp_path, long_frame()), **COLUMNS, group="who", test_fraction=0.3, val_fraction=0.2)
    assert data.groups is not None
    people = [set(data.groups[part].tolist()) for part in (data.train, data.val, data.test)]
    assert [len(p) for p in people] == [3, 1, 2]
    assert len(set.union(*people)) == 6
    with pytest.raises(SettingError, match="none of the 6 groups to train on"):
        load(saved(tmp_path, long_frame()), **COLUMNS, group="who", test_fraction=0.95)


def test_missing_values_drop_or_fill_whole_sequences(tmp_path: Path) -> None:
    frame = long_frame()
    frame.loc[1, "x"] = np.nan
    with pytest.raises(DataError, match=r"row 3, column 'x'.*received an empty cell.*drop or interpolate"):
        load(saved(tmp_path, frame), **COLUMNS)
    dropped = load(saved(tmp_path, frame), **COLUMNS, missing="drop")
    assert len(dropped.inputs) == 17
    assert dropped.notes[0].startswith("1 of the 18 sequences of sales.csv have missing values and were dropped")
    filled = load(saved(tmp_path, frame), **COLUMNS, missing="interpolate")
    assert filled.inputs[0, 1, 0] == pytest.approx(-1)
    assert "1 missing value of sales.csv filled" in filled.notes[0]


def test_the_published_parts_of_ucr_data_are_kept(tmp_path: Path) -> None:
    head = "@classLabel true a b\n@data\n"
    (tmp_path / "Coffee_TRAIN.ts").write_text(head + "1,2,3:a\n3,2:b\n1,2,4:a\n3,1:b\n")
    (tmp_path / "Coffee_TEST.ts").write_text(head + "3,0:b\n")
    chosen = rs.experiment(tmp_path / "Coffee_TRAIN.ts", val_fraction=0.5)
    assert chosen.data.dataset == "sequences"
    data = DATASETS.get("sequences").load(chosen.data, 0)
    assert (len(data.train), len(data.val), data.test.tolist()) == (2, 2, [4])
    assert sorted(data.targets[data.val]) == [0, 1]
    assert "Coffee_TEST.ts was read together with Coffee_TRAIN.ts" in data.notes[0]


def test_classes_that_are_hardly_there_are_told(tmp_path: Path) -> None:
    frame = long_frame()
    frame.loc[frame["id"] == "s4", "kind"] = "odd"
    data = load(saved(tmp_path, frame), **COLUMNS)
    assert data.notes == ("Class 'odd' has one sequence only, which cannot be both learned from and tested on.",)
    assert data.targets[data.train].tolist().count(data.classes.index("odd")) == 1
    wanted = load(saved(tmp_path, long_frame()), **COLUMNS, classes=["up", "down", "sideways"])
    assert wanted.classes == ("up", "down", "sideways")
    assert "Class 'sideways' is nowhere in the training part" in wanted.notes[0]


@pytest.mark.parametrize(
    ("settings", "words", "field"),
    [
        ({"task": "classify"}, "sequence must name the column of sales.csv with the sequence each row", "sequence"),
        ({"sequence": "id"}, "target must name the column of sales.csv with the class of each sequence", "target"),
        ({"sequence": "id", "target": "class"}, "has no column 'class'. Its columns: id, x, who, kind", ""),
        ({**COLUMNS, "features": "y"}, "has no column 'y'", ""),
        ({"sequence": "id", "target": "x"}, "must have at least one numeric column besides id, x", ""),
        ({"sequence": "id", "target": "id", "features": "kind"}, "'kind': a number is expected; received 'down'", ""),
    ],
)
def test_columns_that_do_not_fit_are_refused(tmp_path: Path, settings: Any, words: str, field: str) -> None:
    with pytest.raises(RnnStudioError, match=words) as caught:
        load(saved(tmp_path, long_frame()), **settings)
    assert getattr(caught.value, "field", "") == field


@pytest.mark.parametrize(
    ("x", "y", "settings", "words"),
    [
        (long_frame(), None, {"task": "classify", "target": "kind"}, "sequence must name the column"),
        (long_frame(), None, {"task": "label", **COLUMNS}, "task must be classify where sequence names a column"),
        (long_frame(), [1], {"task": "classify", **COLUMNS}, "y must be left out where sequence names a column"),
        (
            np.ones((4, 3)),
            None,
            {"task": "classify", **COLUMNS},
            "sequence names a column of a data frame; x is ndarray",
        ),
        ({"a": [1], "b": [1, 2]}, None, {"target": "a"}, "columns of one length"),
        (
            long_frame(),
            None,
            {"task": "classify", "window": 3, **COLUMNS},
            "18 sequences of 3 to 5 steps, which are read",
        ),
        ([[1, 2], [3]], None, {"task": "forecast"}, "2 sequences of unequal length, so task must be classify"),
        ([[1, 2], ["a"]], [0, 1], {"task": "classify"}, r"x\[1\] must hold numbers"),
        ([np.ones((2, 2)), np.ones((3, 1))], [0, 1], {"task": "classify"}, "the same features; received 1 and 2"),
        ([[1, 2], [3]], [[0, 1], [0, 1]], {"task": "label"}, "y must be a list of 2 arrays, each as long as its"),
    ],
)
def test_what_does_not_go_together_is_refused(x: Any, y: Any, settings: Any, words: str) -> None:
    with pytest.raises(RnnStudioError, match=words):
        arrays(x, y, **settings)


def test_a_data_frame_with_a_target_column_is_a_series_as_a_file_is(tmp_path: Path) -> None:
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


def test_gaps_of_arrays_are_mended_when_asked() -> None:
    x = RNG.normal(size=(6, 4, 1))
    x[2, 1, 0] = np.nan
    y = [0, 1, 0, 1, 0, 1]
    assert len(arrays(x, y, task="classify", missing="drop").inputs) == 5
    filled = arrays(x, y, task="classify", missing="interpolate")
    assert filled.inputs[2, 1, 0] == pytest.approx((x[2, 0, 0] + x[2, 2, 0]) / 2, rel=1e-5)
    x[2, 1:, 0] = np.nan
    ended = arrays(x, y, task="classify")
    assert ended.lengths is not None
    assert ended.lengths.tolist() == [4, 4, 1, 4, 4, 4]
    wave = np.sin(np.arange(40.0))
    wave[3] = np.nan
    assert arrays(wave, window=4, missing="drop").inputs.shape == (1, 39, 1)
    assert arrays(wave, wave > 0, task="label", window=4, missing="drop").targets.shape == (1, 39)
    whole = pd.DataFrame({"n": pd.array([1, None, 3, 4, 5, 6], "Int64")})
    assert arrays(whole, window=2, missing="interpolate", test_fraction=0).inputs[0, 1, 0] == 2


# -- parts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_each_class_is_held_out_in_its_share_and_never_whole(seed: int) -> None:
    classes = np.array([0] * 50 + [1] * 20 + [2] * 2 + [3], np.int32)
    train, valid, test = split_sequences(73, seed, test_fraction=0.2, val_fraction=0.1, classes=classes)
    assert sorted(np.concatenate([train, valid, test])) == list(range(73))
    counts = [np.bincount(classes[part], minlength=4).tolist() for part in (train, valid, test)]
    assert (len(valid), len(test)) == (7, 15)
    assert counts[2][:2] in ([10, 4], [11, 4], [10, 5])
    assert min(counts[0]) >= 1
    assert counts[0][3] == 1


def test_parts_differ_by_seed_and_are_the_same_for_one() -> None:
    parts = [split_sequences(40, seed, test_fraction=0.25, val_fraction=0)[2].tolist() for seed in (1, 1, 2)]
    assert parts[0] == parts[1] != parts[2]


def test_names_with_commas_survive_as_text() -> None:
    chosen = compose("file", {"features": ["a, b", "c"]})
    assert names_in(chosen.flat()["features"]) == ["a, b", "c"]
    assert names_in("a, b ,,c") == ["a", "b", "c"]
    assert names_in("") == []


# -- trained -----------------------------------------------------------------------------------------------------------


def test_a_run_of_labelled_sequences_answers_for_sequences_of_any_length(tmp_path: Path, uncompiled: None) -> None:
    run = rs.train(
        saved(tmp_path, long_frame()), **COLUMNS, units=8, updates=50, batch_size=7, learning_rate=0.05, seed=1,
        save=False, verbose=0,
    )  # fmt: skip
    assert run.metrics["test_accuracy"] == 1
    told = run.predict([[0, 1, 2], [0.0, -1.0], [0, 2, 4, 6, 8, 10, 12]])
    assert told.tolist() == ["up", "down", "up"]
    assert run.predict([[0, 1, 2], [0.0, -1.0]], probabilities=True).shape == (2, 2)


def test_a_forecast_from_several_columns_trains(tmp_path: Path, uncompiled: None) -> None:
    run = rs.train(
        saved(tmp_path), target="sales", features="sales,promo", window=6, updates=60, units=8, save=False, verbose=0
    )
    assert "last_value" in run.baseline
    assert run.predict(SALES[["sales", "promo"]].to_numpy()).shape == (55,)
    with pytest.raises(SettingError, match="forecast needs a run that predicts its own series"):
        run.forecast(3)


def test_frames_make_a_long_sequence_fewer_steps_and_what_is_left_over_is_said() -> None:
    x = [np.sin(np.arange(20 + i % 7) * (0.2 + 0.5 * (i % 2)))[:, None] for i in range(12)]
    quick = {"units": 3, "updates": 2, "batch_size": 4, "save": False, "verbose": 0}
    run = rs.train(x, np.arange(12) % 2, task="classify", frame=8, **quick)
    assert run.info.window == 3
    assert run.warnings == ["frame 8 leaves the last 2 of 26 samples unread."]
    assert len(run.predict(x[:5])) == 5
    with pytest.raises(SettingError, match="frame groups samples into steps for the tasks forecast and classify"):
        rs.train(np.zeros((12, 1)), np.arange(12) % 2, task="label", frame=2, window=3, **quick)
